//! Whose account it is.
//!
//! The vendor's profile spans organisations, and asks for a token that does. A
//! token of one organisation, and a server, only know the person there: where
//! the operator named the organisations, the first of them is asked.

use lodge_forge::{AccountType, Profile, Resource};
use lodge_provider::{Account, HostAccount, HostToken, ProviderError};
use lodge_provider_kit::{Answer, Call};

use crate::{
    azure::{Azure, VERSION},
    payload::{
        Text,
        profile::{ConnectionPayload, ProfilePayload},
    },
};

/// A person, from either answer.
struct Person {
    id: String,
    login: Option<String>,
    name: Option<String>,
    email: Option<String>,
}

impl Azure {
    pub(crate) async fn profile(&self, account: Account) -> Result<Profile, ProviderError> {
        let answer = self.client.send(account, self.whose()).await?;
        let person = self.person(&answer)?;
        Ok(Profile {
            login: person.login(),
            id: person.id,
            provider: self.name.clone(),
            name: person.name,
            email: person.email,
            avatar_url: None,
            web_url: None,
            account_type: AccountType::User,
            connection_id: account.connection,
        })
    }

    /// Whose token it is, before it is kept.
    pub(crate) async fn identify(&self, token: &HostToken) -> Result<HostAccount, ProviderError> {
        let answer = self.client.send_with(token, self.whose()).await?;
        let person = self.person(&answer)?;
        Ok(HostAccount { login: person.login(), id: person.id })
    }

    fn whose(&self) -> Call {
        match self.organizations.first() {
            Some(organization) => {
                let path = [organization.as_str(), "_apis", "connectionData"];
                // It never left its preview.
                Call::get(&self.sites.main, path).query("api-version", "7.1-preview.1")
            }
            None => Call::get(&self.sites.profile, ["_apis", "profile", "profiles", "me"])
                .query("api-version", VERSION),
        }
    }

    fn person(&self, answer: &Answer) -> Result<Person, ProviderError> {
        if self.organizations.is_empty() {
            let told: ProfilePayload<'_> = answer.json(Resource::Profile)?;
            let email = told.email_address.and_then(Text::filled);
            return Ok(Person {
                id: told.id.into_owned(),
                login: email.clone(),
                name: told.display_name.and_then(Text::filled),
                email,
            });
        }
        let told: ConnectionPayload<'_> = answer.json(Resource::Profile)?;
        let id = told.authenticated_user.id.clone().into_owned();
        let (name, login) = told.authenticated_user.names();
        // A server's account is `DOMAIN\name`, the vendor's is an address.
        let email = login.clone().filter(|it| it.contains('@') && !it.contains('\\'));
        Ok(Person { id, login, name, email })
    }
}

impl Person {
    /// What the person is known by: who has no account name still has an id.
    fn login(&self) -> String {
        let known = self.login.as_ref().or(self.name.as_ref());
        known.unwrap_or(&self.id).clone()
    }
}
