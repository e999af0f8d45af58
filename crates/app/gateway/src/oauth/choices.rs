//! What the customer ticked, as the hosts know it.

use std::collections::HashMap;

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

/// Until when what is ticked may be read.
#[derive(Clone, Copy)]
pub(super) struct End {
    pub(super) at: Timestamp,
    /// What was approved before ends then, too.
    pub(super) moves: bool,
}

impl Gateway {
    /// Asks the hosts about every choice that is not among those approved
    /// `before`, and answers them in the same order.
    pub(super) async fn consents(
        &self,
        visit: &Transaction,
        connections: &[Connection],
        choices: &[Choice],
        before: &[RepositoryConsent],
        end: End,
    ) -> Result<Vec<RepositoryConsent>, AnswerError> {
        let known: HashMap<_, _> =
            before.iter().map(|it| ((it.connection, &it.repository), it)).collect();
        let asked = choices.iter().map(|it| {
            let known = known.get(&(it.connection, &it.repository)).copied();
            self.consent(visit, connections, it, known, end)
        });
        let asked: Vec<_> = asked.collect();
        stream::iter(asked).buffered(AT_ONCE).try_collect().await
    }

    async fn consent(
        &self,
        visit: &Transaction,
        connections: &[Connection],
        it: &Choice,
        known: Option<&RepositoryConsent>,
        end: End,
    ) -> Result<RepositoryConsent, AnswerError> {
        let permissions = it.permissions.intersection(visit.scope);
        let connection = connections.iter().find(|known| known.id == it.connection);
        let connection = connection.ok_or_else(|| choice("an account is not connected"))?;
        if let Some(known) = known {
            if permissions.is_empty() {
                return Err(choice(&format!("tick what may be read of {}", known.full_name)));
            }
            let expires_at = if end.moves { end.at } else { known.expires_at };
            return Ok(RepositoryConsent { permissions, expires_at, ..known.clone() });
        }
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
            expires_at: end.at,
        })
    }
}
