//! The profiles of the connected accounts.

use lodge_access::{Grant, Permission};
use lodge_firewall::Tally;
use lodge_forge::{Profile, Resource, Support};
use lodge_pagination::Limit;
use lodge_provider::{Account, ProviderError};

use crate::{
    Gateway,
    read::{Answer, ReadError},
};

impl Gateway {
    /// The profile of every connected account, or of those at `provider`.
    ///
    /// # Errors
    ///
    /// What can be refused here is refused before a host hears of it.
    pub async fn read_profiles(
        &self,
        grant: &Grant,
        provider: Option<&str>,
    ) -> Result<Answer<Vec<Profile>>, ReadError> {
        let authorization = grant.check(Permission::ReadProfile, self.now())?;
        let wanted = provider.map(|it| self.host(it)).transpose()?.map(|(name, _)| name);
        let chosen = authorization.connections.iter();
        let chosen = chosen.filter(|(_, known)| wanted.is_none_or(|it| it == known));
        let mut answer = Answer {
            data: Vec::new(),
            limit: Limit::default(),
            next_cursor: None,
            has_more: false,
            tally: Tally::default(),
            connection: None,
        };
        for (connection, name) in chosen {
            let (name, host) = self.host(name.as_str())?;
            let failed = |source| ReadError::Provider { provider: name.clone(), source };
            if host.capabilities().of(Resource::Profile) == Support::Unsupported {
                return Err(failed(ProviderError::Unsupported { resource: Resource::Profile }));
            }
            let account = Account { tenant: grant.token.tenant, connection: *connection };
            answer.data.push(host.profile(account).await.map_err(failed)?);
            answer.connection = Some(*connection);
        }
        if let (true, Some(name)) = (answer.data.is_empty(), wanted) {
            return Err(lodge_access::Refusal::NotConnected { provider: name.clone() }.into());
        }
        answer.data = self.review_all(grant, answer.data, &mut answer.tally);
        Ok(answer)
    }
}
