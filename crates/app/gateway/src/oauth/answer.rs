//! The customer's answer: approve or deny.

use std::{collections::BTreeMap, time::Duration};

use lodge_access::{
    Authorization, AuthorizationState, Code, ConnectionStatus, PermissionSet, RepositoryConsent,
    Secret, SecretKind, Transaction,
};
use lodge_forge::RepositoryId;
use lodge_kernel::{ConnectionId, FamilyId, Timestamp};
use lodge_provider::{Account, ProviderError, RepositoryRef};
use lodge_storage::StorageError;

use crate::{
    Gateway,
    oauth::{ConsentPageError, OAuthErrorCode},
};

/// The longest approval.
pub const LONGEST_DAYS: u32 = 366;

/// One ticked repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Through which account.
    pub connection: ConnectionId,
    /// Which one.
    pub repository: RepositoryId,
    /// What may be read of it.
    pub permissions: PermissionSet,
}

/// What the form of the consent page brings.
#[derive(Clone, Debug)]
pub struct Approval {
    /// The page's token against forged forms.
    pub csrf: String,
    /// The ticked repositories.
    pub choices: Vec<Choice>,
    /// What may be read of the accounts as a whole.
    pub account_permissions: PermissionSet,
    /// For how long, in days: 1 to [`LONGEST_DAYS`].
    pub days: u32,
}

/// Where the browser goes with the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// The app's redirect URI.
    pub redirect_uri: String,
    /// What is added to its query. `iss` (RFC 9207) is added at the edge,
    /// which knows the public address.
    pub parameters: Vec<(&'static str, String)>,
}

/// The answer cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// The visit cannot be continued.
    #[error(transparent)]
    Page(#[from] ConsentPageError),
    /// The form did not come from the page.
    #[error("the form did not come from this page: go back, reload the page and try again")]
    Forged,
    /// Something about the choice must be corrected.
    #[error("{problem}")]
    Choice {
        /// What to correct.
        problem: String,
    },
    /// A host could not say whether a repository is there.
    #[error("the host cannot be asked about a repository at the moment: try again")]
    Host(#[source] ProviderError),
}

impl From<StorageError> for AnswerError {
    fn from(error: StorageError) -> Self {
        Self::Page(ConsentPageError::Storage(error))
    }
}

impl Gateway {
    /// Takes the customer's approval and issues a code.
    ///
    /// # Errors
    ///
    /// [`AnswerError`]; nothing has changed then and the page can be tried
    /// again.
    pub async fn approve_consent(
        &self,
        transaction: &str,
        browser: Option<&str>,
        approval: &Approval,
    ) -> Result<Redirect, AnswerError> {
        let mut work = self.storage.read().await?;
        let visit = self.find_transaction(&mut *work, transaction, browser).await?;
        if !self.is_csrf_token(&visit, &approval.csrf) {
            return Err(AnswerError::Forged);
        }
        let connections = work.connections().of_customer(visit.customer).await?;
        let asked = work.authorizations().find(visit.authorization).await?;
        let asked = asked.ok_or(ConsentPageError::Unknown)?;
        drop(work); // No transaction is open while we wait for a host.

        let now = self.now();
        if !(1..=LONGEST_DAYS).contains(&approval.days) {
            return Err(choice("the approval lasts 1 to 366 days"));
        }
        let expires_at = now.plus(Duration::from_hours(24) * approval.days);
        let account_permissions = approval.account_permissions.intersection(visit.scope);
        let mut consents = Vec::new();
        let mut reached = BTreeMap::new();
        for it in &approval.choices {
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
                let problem = format!("tick what may be read of {}", found.full_name);
                return Err(choice(&problem));
            }
            reached.insert(connection.id, connection.provider.clone());
            consents.push(RepositoryConsent {
                connection: connection.id,
                provider: connection.provider.clone(),
                repository: found.id,
                full_name: found.full_name,
                permissions,
                expires_at,
            });
        }
        if account_permissions.is_empty() && consents.is_empty() {
            return Err(choice("tick at least one repository, or deny the request"));
        }
        if !account_permissions.is_empty() {
            let live = connections.iter().filter(|it| it.status == ConnectionStatus::Active);
            reached.extend(live.map(|it| (it.id, it.provider.clone())));
        }
        let approved = Authorization {
            state: AuthorizationState::Active { since: now },
            account_permissions,
            connections: reached.into_iter().collect(),
            repositories: consents,
            expires_at,
            updated_at: now,
            ..asked
        };
        self.finish(&visit, approved, now).await
    }

    /// Writes approval and code down in one transaction.
    async fn finish(
        &self,
        visit: &Transaction,
        approved: Authorization,
        now: Timestamp,
    ) -> Result<Redirect, AnswerError> {
        let secret = Secret::fresh(SecretKind::Code, &*self.entropy);
        let code = Code {
            digest: self.digest(secret.expose()),
            client: visit.client,
            authorization: approved.id,
            redirect_uri: visit.redirect_uri.clone(),
            challenge: visit.challenge,
            permissions: approved.permissions(now),
            family: FamilyId::fresh(&*self.clock, &*self.entropy),
            issued_at: now,
            used_at: None,
        };
        let mut work = self.storage.begin().await?;
        // The app may have been deleted, or another tab been faster.
        let still = work.authorizations().find(approved.id).await?;
        let app = work.apps().find(visit.client).await?;
        if !app.is_some_and(|it| it.is_active() && it.redirect_uri(&visit.redirect_uri).is_some()) {
            return Err(ConsentPageError::Ended.into());
        }
        let waits = still.is_some_and(|it| it.state == AuthorizationState::Pending);
        if !waits || !work.transactions().end(visit.id, now).await? {
            return Err(ConsentPageError::Ended.into());
        }
        work.authorizations().update(&approved).await?;
        work.codes().add(&code).await?;
        work.touch_access().await?;
        work.commit().await?;
        self.grants.forget();
        Ok(back_to_app(visit, vec![("code", secret.expose().to_owned())]))
    }

    /// Takes the customer's no. Saying it again changes nothing.
    ///
    /// # Errors
    ///
    /// [`ConsentPageError`].
    pub async fn deny_consent(
        &self,
        transaction: &str,
        browser: Option<&str>,
    ) -> Result<Redirect, ConsentPageError> {
        let now = self.now();
        let mut work = self.storage.begin().await?;
        let visit = self.find_transaction(&mut *work, transaction, browser).await?;
        if !work.transactions().end(visit.id, now).await? {
            return Err(ConsentPageError::Ended);
        }
        let asked = work.authorizations().find(visit.authorization).await?;
        if let Some(asked) = asked {
            work.authorizations().update(&asked.revoke(now)).await?;
            work.touch_access().await?;
        }
        work.commit().await?;
        self.grants.forget();
        let description = "the customer did not approve".to_owned();
        let error = OAuthErrorCode::AccessDenied.name().to_owned();
        Ok(back_to_app(&visit, vec![("error", error), ("error_description", description)]))
    }
}

fn back_to_app(visit: &Transaction, mut parameters: Vec<(&'static str, String)>) -> Redirect {
    parameters.extend(visit.state.clone().map(|state| ("state", state)));
    Redirect { redirect_uri: visit.redirect_uri.clone(), parameters }
}

fn choice(problem: &str) -> AnswerError {
    AnswerError::Choice { problem: problem.to_owned() }
}
