//! The connected account.

use lodge_forge::{AccountType, Profile, Resource};
use lodge_provider::{Account, HostAccount, HostToken, ProviderError};
use lodge_provider_kit::Call;

use crate::{
    instance::Instance,
    payload::{filled, profile::UserPayload},
};

pub(crate) async fn read(instance: &Instance, account: Account) -> Result<Profile, ProviderError> {
    let answer = instance.client.send(account, call(instance)).await?;
    let user: UserPayload<'_> = answer.json(Resource::Profile)?;
    Ok(Profile {
        id: user.id.to_string(),
        provider: instance.name.clone(),
        login: user.login.into(),
        name: filled(user.full_name),
        email: filled(user.email),
        avatar_url: filled(user.avatar_url),
        web_url: filled(user.html_url),
        // An organisation has no tokens, and a bot is a person here.
        account_type: AccountType::User,
        connection_id: account.connection,
    })
}

/// Whose token it is.
pub(crate) async fn of_token(
    instance: &Instance,
    token: &HostToken,
) -> Result<HostAccount, ProviderError> {
    let answer = instance.client.send_with(token, call(instance)).await?;
    let user: UserPayload<'_> = answer.json(Resource::Profile)?;
    Ok(HostAccount { id: user.id.to_string(), login: user.login.into() })
}

fn call(instance: &Instance) -> Call {
    Call::get(&instance.api, ["user"]).missing("account")
}
