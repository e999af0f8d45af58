//! A customer disconnects an account.

use lodge_access::{Actor, ConnectionKind, ReceiptChange};
use lodge_kernel::ConnectionId;

use crate::{
    Gateway,
    customer::{ActionError, Insider},
};

/// How many approvals of one customer are looked at.
const MOST: usize = 1_000;

impl Gateway {
    /// Disconnects an account: its credentials are deleted, the host is told,
    /// and what was approved through it ends. An approval with nothing left is
    /// taken back.
    ///
    /// # Errors
    ///
    /// [`ActionError`]; nothing has changed then. Somebody else's account is
    /// not there.
    #[tracing::instrument(name = "gateway.disconnect_account", skip_all)]
    pub async fn disconnect_account(
        &self,
        client: &str,
        cookie: Option<&str>,
        csrf: &str,
        connection: &str,
    ) -> Result<Insider, ActionError> {
        let insider = self.insider(client, cookie, csrf).await?;
        let missing = || ActionError::NotFound { what: "account" };
        let id: ConnectionId = connection.parse().map_err(|_not_an_id| missing())?;
        let now = self.now();
        let mut work = self.storage.begin().await?;
        let found = work.connections().find(id).await?;
        let theirs = found.filter(|it| {
            it.customer == insider.customer.id
                && it.kind != ConnectionKind::Configured
                && it.status.is_kept()
        });
        let connection = theirs.ok_or_else(missing)?;
        let active = work.authorizations().active_of_customer(insider.customer.id, MOST).await?;
        for approval in active {
            if !approval.connections.iter().any(|(known, _)| *known == id) {
                continue;
            }
            let mut rest = approval.clone().without(&[id]);
            if rest.connections.is_empty() {
                self.end_approval(&mut *work, approval, now).await?;
            } else {
                rest.updated_at = now;
                work.authorizations().update(&rest).await?;
                let change = ReceiptChange::Disconnected;
                self.give_receipt(&mut *work, &rest, change, now).await?;
            }
        }
        let by = Actor::Customer(insider.customer.id);
        self.take_away(work, by, connection).await?;
        Ok(insider)
    }
}
