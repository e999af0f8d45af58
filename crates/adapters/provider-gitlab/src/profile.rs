//! Whose account it is.

use lodge_forge::{Profile, Resource};
use lodge_provider::{Account, HostAccount, HostToken, ProviderError};
use lodge_provider_kit::Call;

use crate::{
    api::Api,
    payload::{plain, profile::UserPayload},
};

pub(crate) async fn read(api: &Api, account: Account) -> Result<Profile, ProviderError> {
    let answer = api.client.send(account, Call::get(&api.base, ["user"])).await?;
    let user: UserPayload<'_> = answer.json(Resource::Profile)?;
    Ok(user.into_profile(api.name.clone(), account.connection))
}

/// Whose `token` is.
pub(crate) async fn identify(api: &Api, token: &HostToken) -> Result<HostAccount, ProviderError> {
    let answer = api.client.send_with(token, Call::get(&api.base, ["user"])).await?;
    let user: UserPayload<'_> = answer.json(Resource::Profile)?;
    Ok(HostAccount { id: user.id.to_string(), login: plain(user.username) })
}
