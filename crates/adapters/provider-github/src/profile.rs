//! The account itself.

use lodge_forge::{Profile, Resource};
use lodge_provider::{Account, ProviderError};
use lodge_provider_kit::Call;

use crate::{api::Api, payload::profile::ProfilePayload};

pub(crate) async fn read(api: &Api, account: Account) -> Result<Profile, ProviderError> {
    let answer = api.client.send(account, call(api)).await?;
    let payload: ProfilePayload<'_> = answer.json(Resource::Profile)?;
    Ok(payload.into_profile(api.name.clone(), account.connection))
}

/// Asks whose token it is.
pub(crate) fn call(api: &Api) -> Call {
    Call::get(&api.base, ["user"])
}
