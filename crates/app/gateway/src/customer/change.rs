//! A customer sets out to change what is shared: a visit to the consent page
//! that begins with what was approved before.

use lodge_access::{
    AnswerMode, Authorization, AuthorizationState, PermissionSet, Secret, SecretKind, Transaction,
    connect::TRANSACTION_LIFETIME,
};
use lodge_kernel::{AuthorizationId, ClientId, Timestamp, TransactionId};

use crate::{
    Gateway,
    customer::{ActionError, Insider},
    oauth::Begun,
};

/// Where an access page is.
pub fn access_path(client: ClientId) -> String {
    format!("/app/company/apps/{client}")
}

impl Gateway {
    /// Begins a visit that changes the approval `authorization`, or, without
    /// one, that connects accounts only.
    ///
    /// # Errors
    ///
    /// [`ActionError`]; nothing has changed then.
    #[tracing::instrument(name = "gateway.begin_change", skip_all)]
    pub async fn begin_change(
        &self,
        client: &str,
        cookie: Option<&str>,
        csrf: &str,
        authorization: Option<&str>,
    ) -> Result<Begun, ActionError> {
        let insider = self.insider(client, cookie, csrf).await?;
        let now = self.now();
        let mut work = self.storage.begin().await?;
        let (authorization, given) = if let Some(id) = authorization {
            let missing = || ActionError::NotFound { what: "approval" };
            let id: AuthorizationId = id.parse().map_err(|_not_an_id| missing())?;
            let found = work.authorizations().find(id).await?;
            let found = found.filter(|it| can_change(it, &insider, now)).ok_or_else(missing)?;
            (id, permissions_of(&found))
        } else {
            let (app, customer) = (&insider.app, insider.customer.id);
            let patience = TRANSACTION_LIFETIME;
            let asked = self.ask(&mut *work, app, customer, None, patience, now).await?;
            (asked, PermissionSet::EMPTY)
        };
        let browser = Secret::fresh(SecretKind::Browser, &*self.entropy);
        let transaction = Transaction {
            id: TransactionId::fresh(&*self.clock, &*self.entropy),
            browser: self.digest(browser.expose()),
            tenant: insider.app.tenant,
            client: insider.app.id,
            customer: insider.customer.id,
            authorization,
            redirect_uri: access_path(insider.app.id),
            answer: AnswerMode::Change,
            state: None,
            scope: insider.app.default_permissions.union(given),
            challenge: None,
            created_at: now,
            expires_at: now.plus(TRANSACTION_LIFETIME),
            ended_at: None,
        };
        work.transactions().add(&transaction).await?;
        work.commit().await?;
        Ok(Begun { transaction: transaction.id, browser })
    }
}

fn can_change(it: &Authorization, insider: &Insider, now: Timestamp) -> bool {
    it.customer == insider.customer.id
        && it.client == insider.app.id
        && matches!(it.state, AuthorizationState::Active { .. })
        && now < it.expires_at
}

/// Everything that was given, to whichever repository.
fn permissions_of(it: &Authorization) -> PermissionSet {
    let all = it.repositories.iter().map(|it| it.permissions);
    all.fold(it.account_permissions, PermissionSet::union)
}
