//! The connected account.

use lodge_forge::{Profile, Resource};
use lodge_provider::{Account, ProviderError};
use lodge_provider_kit::{Call, Text};

use crate::{
    host::Bitbucket,
    payload::{
        page::PagePayload,
        profile::{AccountPayload, EmailPayload},
    },
};

impl Bitbucket {
    pub(crate) async fn whoami(&self, account: Account) -> Result<Profile, ProviderError> {
        let user = self.client.send(account, Call::get(&self.api, ["user"]));
        let (user, email) = tokio::join!(user, self.email(account));
        let (user, email) = (user?, email?);
        let payload: AccountPayload<'_> = user.json(Resource::Profile)?;
        let profile = payload.into_profile(self.name.clone(), email, account.connection);
        profile.ok_or_else(|| ProviderError::Malformed {
            resource: Resource::Profile,
            source: "the account has no id".into(),
        })
    }

    /// The account's main address. `None` where it was connected without the
    /// scope for it, or is not a person's.
    async fn email(&self, account: Account) -> Result<Option<String>, ProviderError> {
        let call = Call::get(&self.api, ["user", "emails"]).missing("address");
        let answer = match self.client.send(account, call).await {
            Ok(answer) => answer,
            Err(error) => {
                return match error.cause() {
                    ProviderError::InsufficientScope
                    | ProviderError::Forbidden
                    | ProviderError::NotFound { .. } => Ok(None),
                    _ => Err(error),
                };
            }
        };
        let payload: PagePayload<'_, EmailPayload<'_>> = answer.json(Resource::Profile)?;
        let main = payload.values.into_iter().find(|it| it.is_primary);
        Ok(main.and_then(|it| it.email).and_then(Text::filled))
    }
}
