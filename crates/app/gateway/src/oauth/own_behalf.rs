//! Client credentials: the app acts for itself.

use lodge_access::{App, AuthorizationState, GrantType};
use lodge_kernel::{AuthorizationId, FamilyId};
use lodge_storage::UnitOfWork;

use crate::{
    Gateway,
    administration::live_grants::live_grants,
    oauth::{
        OAuthError, OAuthErrorCode, TokenRequest,
        exchange::{Basis, Redeemed, narrowed},
    },
};

/// The app acts for itself: with no customer's data, unless it names an
/// approval that a customer gave to it, or an administrator granted it one
/// connection.
pub(super) async fn own_behalf(
    gateway: &Gateway,
    work: &mut dyn UnitOfWork,
    app: &App,
    request: &TokenRequest,
) -> Result<Basis, Redeemed> {
    let (authorization, most) = match request.authorization_id.as_deref() {
        None => {
            let mut live =
                live_grants(work, app.id, gateway.now()).await.map_err(OAuthError::from)?;
            match (live.pop(), live.is_empty()) {
                (None, _) => (None, app.default_permissions),
                (Some(it), true) => (Some(it.id), it.permissions(gateway.now())),
                (Some(_), false) => {
                    let description =
                        "this app has several grants: name one by its authorization_id";
                    let code = OAuthErrorCode::InvalidRequest;
                    return Err(OAuthError::refused(code, description).into());
                }
            }
        }
        Some(text) => {
            let unknown = || {
                OAuthError::refused(
                    OAuthErrorCode::InvalidRequest,
                    "authorization_id names no approval of this app",
                )
            };
            let id: AuthorizationId = text.parse().map_err(|_not_an_id| unknown())?;
            let found = work.authorizations().find(id).await.map_err(OAuthError::from)?;
            let found = found.filter(|it| it.client == app.id).ok_or_else(unknown)?;
            let most = match found.state {
                // What will be approved is not known yet; each read asks again.
                AuthorizationState::Pending => app.default_permissions,
                _ => found.permissions(gateway.now()),
            };
            (Some(id), most)
        }
    };
    Ok(Basis {
        authorization,
        family: FamilyId::fresh(&*gateway.clock, &*gateway.entropy),
        issued_by: GrantType::ClientCredentials,
        permissions: narrowed(most, request)?,
        full: most,
    })
}
