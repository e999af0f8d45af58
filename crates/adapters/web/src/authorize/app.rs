//! Which app a request is about, so that even an error page can be framed by
//! that app and by nobody else.

use lodge_access::App;
use lodge_gateway::Gateway;
use lodge_kernel::{ClientId, TransactionId};
use lodge_storage::StorageError;

use crate::answer::Framing;

/// The app that `client_id` names.
pub(crate) async fn app_named(
    gateway: &Gateway,
    client_id: Option<&str>,
) -> Result<Option<App>, StorageError> {
    let id = client_id.and_then(|it| it.parse::<ClientId>().ok());
    let Some(id) = id else { return Ok(None) };
    let app = gateway.storage.read().await?.apps().find(id).await?;
    Ok(app.filter(App::is_active))
}

/// Who may frame the pages of a visit, ended or not. That says nothing of the
/// visit that a stranger must not know: an app's origins are public.
pub(crate) async fn framing_of_visit(gateway: &Gateway, transaction: &str) -> Framing {
    let found = app_of_visit(gateway, transaction).await;
    found.ok().flatten().map_or(Framing::Nobody, |app| Framing::by(&app))
}

async fn app_of_visit(gateway: &Gateway, transaction: &str) -> Result<Option<App>, StorageError> {
    let Ok(id) = transaction.parse::<TransactionId>() else { return Ok(None) };
    let mut work = gateway.storage.read().await?;
    let Some(visit) = work.transactions().find(id).await? else { return Ok(None) };
    let app = work.apps().find(visit.client).await?;
    Ok(app.filter(App::is_active))
}
