//! What the customer ticked, as the hosts know it.

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use lodge_access::{Connection, RepositoryConsent, Transaction};
use lodge_kernel::Timestamp;
use lodge_provider::{Account, ProviderError, RepositoryRef};

use crate::{
    Gateway,
    oauth::answer::{AnswerError, Choice, choice},
};

/// How many repositories the hosts are asked about at the same time.
const AT_ONCE: usize = 8;

impl Gateway {
    /// Asks the hosts about every choice, and answers them in the same order.
    pub(super) async fn consents(
        &self,
        visit: &Transaction,
        connections: &[Connection],
        choices: &[Choice],
        expires_at: Timestamp,
    ) -> Result<Vec<RepositoryConsent>, AnswerError> {
        let asked: Vec<_> =
            choices.iter().map(|it| self.consent(visit, connections, it, expires_at)).collect();
        stream::iter(asked).buffered(AT_ONCE).try_collect().await
    }

    async fn consent(
        &self,
        visit: &Transaction,
        connections: &[Connection],
        it: &Choice,
        expires_at: Timestamp,
    ) -> Result<RepositoryConsent, AnswerError> {
        let permissions = it.permissions.intersection(visit.scope);
        let connection = connections.iter().find(|known| known.id == it.connection);
        let connection = connection.ok_or_else(|| choice("an account is not connected"))?;
        let Some(host) = self.providers.get(&connection.provider) else {
            return Err(choice("a host is no longer available"));
        };
        let account = Account { tenant: visit.tenant, connection: connection.id };
        let repository = RepositoryRef { account, id: it.repository.clone() };
        let found =
            host.find_repository(repository).await.map_err(|error| match error.cause() {
                ProviderError::RepositoryNotFound => choice("a repository is no longer there"),
                _ => AnswerError::Host(error),
            })?;
        if permissions.is_empty() {
            return Err(choice(&format!("tick what may be read of {}", found.full_name)));
        }
        Ok(RepositoryConsent {
            connection: connection.id,
            provider: connection.provider.clone(),
            repository: found.id,
            full_name: found.full_name,
            permissions,
            expires_at,
        })
    }
}
