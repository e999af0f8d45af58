//! Cases about what is approved, repository by repository.

use lodge_access::{ApprovedRepository, Authorization, AuthorizationState};

use super::{Fresh, Outcome, access::another_authorization};
use crate::builders::{MONTH, NOW, a_connection, an_authorization, local, move_in, tenant_id};

/// `AuthorizationRepository::approved`: what is in force, of one organisation,
/// in pages.
pub async fn repositories_that_are_approved_come_in_pages(storage: Fresh) -> Outcome {
    move_in(&*storage).await?;
    let revoked = an_authorization(3).revoke(NOW);
    let pending = Authorization { state: AuthorizationState::Pending, ..an_authorization(4) };
    let mut work = storage.begin().await?;
    work.connections().add(&a_connection(2)).await?;
    let other = Authorization {
        state: AuthorizationState::Active { since: NOW },
        ..another_authorization(2)
    };
    for it in [other.clone(), revoked, pending] {
        work.authorizations().add(&it).await?;
    }
    work.commit().await?;

    let mut work = storage.read().await?;
    let all = work.authorizations().approved(tenant_id(1), None, NOW, None, 9).await?;
    let expected = [an_authorization(1), other].into_iter().flat_map(|it| {
        (0..).zip(it.repositories).map(move |(position, consent)| ApprovedRepository {
            authorization: it.id,
            position,
            client: it.client,
            customer: it.customer,
            consent,
        })
    });
    let expected: Vec<_> = expected.filter(|it| NOW < it.consent.expires_at).collect();
    assert_eq!(all, expected);
    assert!(all.len() > 1, "{all:?}");

    let first = work.authorizations().approved(tenant_id(1), None, NOW, None, 1).await?;
    assert_eq!(Some(&first[..]), all.get(..1));
    let place = first.first().map(|it| (it.authorization, it.position));
    let rest = work.authorizations().approved(tenant_id(1), None, NOW, place, 9).await?;
    assert_eq!(Some(&rest[..]), all.get(1..));

    let here = |it: &&ApprovedRepository| it.consent.provider == local();
    let of_host =
        work.authorizations().approved(tenant_id(1), Some(&local()), NOW, None, 9).await?;
    assert_eq!(of_host.iter().collect::<Vec<_>>(), all.iter().filter(here).collect::<Vec<_>>());
    let later = NOW.plus(MONTH * 99);
    assert_eq!(work.authorizations().approved(tenant_id(1), None, later, None, 9).await?, []);
    assert_eq!(work.authorizations().approved(tenant_id(2), None, NOW, None, 9).await?, []);
    Ok(())
}
