//! The approvals behind grants.

use lodge_access::{Authorization, PlatformGrant};
use lodge_kernel::{ClientId, Timestamp};
use lodge_storage::{GrantFilter, StorageError, UnitOfWork};

use super::grants::GrantDetails;

/// Grants, each with its approval.
pub(super) async fn details(
    work: &mut dyn UnitOfWork,
    grants: Vec<PlatformGrant>,
) -> Result<Vec<GrantDetails>, StorageError> {
    let mut all = Vec::with_capacity(grants.len());
    for grant in grants {
        let authorization = work.authorizations().find(grant.authorization).await?;
        let authorization = authorization.ok_or(StorageError::Orphan { entity: "grant" })?;
        all.push(GrantDetails { grant, authorization });
    }
    Ok(all)
}

/// The approvals of the grants of `client` that can be read under at `now`: no
/// more than two, since more than one is too many to choose from.
pub(crate) async fn live_grants(
    work: &mut dyn UnitOfWork,
    client: ClientId,
    now: Timestamp,
) -> Result<Vec<Authorization>, StorageError> {
    let filter = GrantFilter { client: Some(client), ..GrantFilter::default() };
    let (mut live, mut after) = (Vec::new(), None);
    loop {
        let page = work.grants().list(filter, after, 100).await?;
        let Some(last) = page.last() else { return Ok(live) };
        after = Some(last.id);
        let page = details(work, page).await?;
        live.extend(page.into_iter().filter(|it| it.is_live(now)).map(|it| it.authorization));
        if live.len() > 1 {
            live.truncate(2);
            return Ok(live);
        }
    }
}
