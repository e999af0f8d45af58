//! A customer takes everything back.

use lodge_access::{Action, Actor, Authorization, ReceiptChange};
use lodge_kernel::Timestamp;
use lodge_storage::{StorageError, UnitOfWork};

use crate::{
    Gateway,
    audit::Happened,
    customer::{ActionError, Insider},
};

/// How many approvals are taken back at a time.
const AT_ONCE: usize = 100;

impl Gateway {
    /// Takes back every approval of this customer for the app, with every token
    /// under them, at once and in one transaction.
    ///
    /// # Errors
    ///
    /// [`ActionError`]; nothing has changed then.
    #[tracing::instrument(name = "gateway.revoke_all", skip_all)]
    pub async fn revoke_all(
        &self,
        client: &str,
        cookie: Option<&str>,
        csrf: &str,
    ) -> Result<Insider, ActionError> {
        let insider = self.insider(client, cookie, csrf).await?;
        let now = self.now();
        let mut work = self.storage.begin().await?;
        loop {
            let customer = insider.customer.id;
            let active = work.authorizations().active_of_customer(customer, AT_ONCE).await?;
            if active.is_empty() {
                break;
            }
            for it in active {
                let by = Actor::Customer(customer);
                let revoked = Happened::new(it.tenant, by, Action::ApprovalRevoked).to(it.id);
                self.audit(&mut *work, revoked).await?;
                self.end_approval(&mut *work, it, now).await?;
            }
        }
        work.touch_access().await?;
        work.commit().await?;
        self.grants.forget();
        Ok(insider)
    }

    /// Takes one approval back, with every token under it and a receipt. The
    /// caller says [`UnitOfWork::touch_access`].
    pub(crate) async fn end_approval(
        &self,
        work: &mut dyn UnitOfWork,
        approval: Authorization,
        now: Timestamp,
    ) -> Result<(), StorageError> {
        let (id, was_given) = (approval.id, approval.was_given());
        let revoked = approval.revoke(now);
        work.authorizations().update(&revoked).await?;
        work.tokens().revoke_of_authorization(id, now).await?;
        if was_given && revoked.updated_at == now {
            self.give_receipt(work, &revoked, ReceiptChange::TakenBack, now).await?;
        }
        Ok(())
    }
}
