//! The customer changes what was approved before.

use lodge_access::{
    Action, Actor, AnswerMode, Authorization, AuthorizationState, ReceiptChange, Transaction,
};
use lodge_kernel::Timestamp;

use crate::{
    Gateway,
    audit::Happened,
    customer::Insider,
    oauth::{
        AnswerError, ConsentPageError, Redirect,
        answer::{Approval, back_to_app},
    },
};

impl Gateway {
    /// Takes what `insider` changes of an approval, in a visit that
    /// [`begin_change`](Self::begin_change) began. No code is issued: the tokens
    /// that the app has read what is approved from now on.
    ///
    /// # Errors
    ///
    /// [`AnswerError`]; nothing has changed then.
    pub async fn change_consent(
        &self,
        insider: &Insider,
        transaction: &str,
        browser: Option<&str>,
        approval: &Approval,
        deadline: impl Future<Output = ()>,
    ) -> Result<Redirect, AnswerError> {
        let mut work = self.storage.read().await?;
        let visit = self.find_transaction(&mut *work, transaction, browser).await?;
        let mine = (visit.customer, visit.client) == (insider.customer.id, insider.app.id);
        if visit.answer != AnswerMode::Change || !mine {
            return Err(ConsentPageError::Unknown.into());
        }
        drop(work);
        self.take_approval(visit, approval, deadline).await
    }

    /// Writes down what the customer changed.
    pub(super) async fn write_change(
        &self,
        visit: &Transaction,
        changed: Authorization,
        now: Timestamp,
    ) -> Result<Redirect, AnswerError> {
        let mut work = self.storage.begin().await?;
        let still = work.authorizations().find(changed.id).await?;
        if !work.transactions().end(visit.id, now).await? {
            return Err(self.why_closed(&mut *work, visit.id).await?.into());
        }
        let is_active = |it: &Authorization| matches!(it.state, AuthorizationState::Active { .. });
        if !still.is_some_and(|it| is_active(&it)) {
            return Err(ConsentPageError::Ended.into());
        }
        work.authorizations().update(&changed).await?;
        self.give_receipt(&mut *work, &changed, ReceiptChange::Changed, now).await?;
        work.touch_access().await?;
        let by = Actor::Customer(visit.customer);
        let happened = Happened::new(changed.tenant, by, Action::ApprovalChanged).to(changed.id);
        self.audit(&mut *work, happened).await?;
        work.commit().await?;
        self.grants.forget();
        Ok(back_to_app(visit, vec![("said", "changed".to_owned())]))
    }
}
