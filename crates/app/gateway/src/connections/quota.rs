//! How much the connected accounts may still ask of their hosts.

use lodge_access::{Grant, Refusal};
use lodge_forge::ProviderName;
use lodge_kernel::ConnectionId;
use lodge_provider::{Account, Budget};

use crate::Gateway;

/// The budget of one account.
#[derive(Clone, Debug)]
pub struct Quota {
    /// The account.
    pub connection: ConnectionId,
    /// Its host.
    pub provider: ProviderName,
    /// As far as the host told this process; empty before it was asked
    /// anything.
    pub budget: Budget,
}

impl Gateway {
    /// The budgets of every account that the token reaches. No host is asked.
    ///
    /// # Errors
    ///
    /// [`Refusal`] when the token can be used no longer.
    pub fn quotas(&self, grant: &Grant) -> Result<Vec<Quota>, Refusal> {
        grant.check_token(self.now())?;
        let reached = grant.authorization.iter().flat_map(|it| &it.connections);
        let quotas = reached.map(|(connection, provider)| {
            let account = Account { tenant: grant.token.tenant, connection: *connection };
            let host = self.providers.get(provider);
            let budget = host.and_then(|it| it.budget(account)).unwrap_or_default();
            Quota { connection: *connection, provider: provider.clone(), budget }
        });
        Ok(quotas.collect())
    }
}
