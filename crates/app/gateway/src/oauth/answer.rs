//! The customer's answer: approve or deny.

use std::{collections::BTreeMap, pin::pin, time::Duration};

use futures_util::future::{Either, select};
use lodge_access::{
    Action, Actor, AnswerMode, Authorization, AuthorizationState, Code, ConnectionStatus,
    PermissionSet, ReceiptChange, Secret, SecretKind, Transaction,
};
use lodge_forge::RepositoryId;
use lodge_kernel::{ConnectionId, FamilyId, Timestamp};
use lodge_provider::ProviderError;
use lodge_storage::StorageError;

use crate::{
    Gateway,
    audit::Happened,
    oauth::{ConsentPageError, OAuthErrorCode, choices::End, consent::connects_only},
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
    /// For how long, in days: 1 to [`LONGEST_DAYS`]. `None`, of a change only,
    /// for as long as before.
    pub days: Option<u32>,
}

/// Where the browser goes with the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// The app's redirect URI.
    pub redirect_uri: String,
    /// How the answer goes there.
    pub answer: AnswerMode,
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
    /// Takes the customer's approval and issues a code. The hosts are asked
    /// about what was ticked until `deadline`.
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
        deadline: impl Future<Output = ()>,
    ) -> Result<Redirect, AnswerError> {
        let mut work = self.storage.read().await?;
        let visit = self.find_transaction(&mut *work, transaction, browser).await?;
        if visit.answer == AnswerMode::Change {
            return Err(ConsentPageError::Unknown.into());
        }
        drop(work);
        self.take_approval(visit, approval, deadline).await
    }

    pub(super) async fn take_approval(
        &self,
        visit: Transaction,
        approval: &Approval,
        deadline: impl Future<Output = ()>,
    ) -> Result<Redirect, AnswerError> {
        let mut work = self.storage.read().await?;
        if !self.is_csrf_token(&visit, &approval.csrf) {
            return Err(AnswerError::Forged);
        }
        let connections = work.connections().of_customer(visit.customer).await?;
        let asked = work.authorizations().find(visit.authorization).await?;
        let asked = asked.ok_or(ConsentPageError::Unknown)?;
        drop(work); // No transaction is open while we wait for a host.
        if connects_only(&visit, &asked) {
            let problem = "this page connects accounts only: to share something, begin in the app";
            return Err(choice(problem));
        }

        let now = self.now();
        let given = Some(&asked).filter(|it| visit.answer == AnswerMode::Change && it.was_given());
        let expires_at = match (approval.days, given) {
            (Some(days), _) if (1..=LONGEST_DAYS).contains(&days) => {
                now.plus(Duration::from_hours(24) * days)
            }
            (None, Some(given)) => given.expires_at,
            _ => return Err(choice("the approval lasts 1 to 366 days")),
        };
        let before = given.map(|it| it.repositories.as_slice()).unwrap_or_default();
        let end = End { at: expires_at, moves: approval.days.is_some() };
        let account_permissions = approval.account_permissions.intersection(visit.scope);
        let asking = self.consents(&visit, &connections, &approval.choices, before, end);
        let consents = match select(pin!(asking), pin!(deadline)).await {
            Either::Left((consents, _)) => consents?,
            Either::Right(_) => return Err(AnswerError::Host(ProviderError::TimedOut)),
        };
        let reached = consents.iter().map(|it| (it.connection, it.provider.clone()));
        let mut reached: BTreeMap<_, _> = reached.collect();
        if account_permissions.is_empty() && consents.is_empty() {
            let problem = match given {
                Some(_) => "tick at least one repository, or go back and revoke everything",
                None => "tick at least one repository, or deny the request",
            };
            return Err(choice(problem));
        }
        if !account_permissions.is_empty() {
            let live = connections.iter().filter(|it| it.status == ConnectionStatus::Active);
            reached.extend(live.map(|it| (it.id, it.provider.clone())));
        }
        let since = match (given, asked.state) {
            (Some(_), AuthorizationState::Active { since }) => since,
            _ => now,
        };
        let approved = Authorization {
            state: AuthorizationState::Active { since },
            account_permissions,
            connections: reached.into_iter().collect(),
            repositories: consents,
            expires_at,
            updated_at: now,
            ..asked
        };
        match visit.answer {
            AnswerMode::Change => self.write_change(&visit, approved, now).await,
            AnswerMode::Query | AnswerMode::WebMessage => self.finish(&visit, approved, now).await,
        }
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
        if !work.transactions().end(visit.id, now).await? {
            return Err(self.why_closed(&mut *work, visit.id).await?.into());
        }
        if !still.is_some_and(|it| it.state == AuthorizationState::Pending) {
            return Err(ConsentPageError::Ended.into());
        }
        work.authorizations().update(&approved).await?;
        work.codes().add(&code).await?;
        self.give_receipt(&mut *work, &approved, ReceiptChange::Given, now).await?;
        work.touch_access().await?;
        let by = Actor::Customer(visit.customer);
        let given = Happened::new(approved.tenant, by, Action::ApprovalGiven).to(approved.id);
        self.audit(&mut *work, given).await?;
        work.commit().await?;
        self.grants.forget();
        Ok(back_to_app(visit, vec![("code", secret.expose().to_owned())]))
    }

    /// Takes the customer's no. Saying it again changes nothing, and leads to
    /// the same place.
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
        let visit = self.find_visit(&mut *work, transaction, browser).await?;
        if !visit.is_open(now) || !work.transactions().end(visit.id, now).await? {
            return match self.why_closed(&mut *work, visit.id).await? {
                ConsentPageError::Answered { approved: false } => Ok(denied(&visit)),
                other => Err(other),
            };
        }
        let asked = work.authorizations().find(visit.authorization).await?;
        // Who leaves a change takes nothing back.
        let asked = asked.filter(|it| it.state == AuthorizationState::Pending);
        if let Some(asked) = asked {
            let by = Actor::Customer(visit.customer);
            let denied = Happened::new(asked.tenant, by, Action::ApprovalDenied).to(asked.id);
            work.authorizations().update(&asked.revoke(now)).await?;
            work.touch_access().await?;
            self.audit(&mut *work, denied).await?;
        }
        work.commit().await?;
        self.grants.forget();
        Ok(denied(&visit))
    }
}

fn denied(visit: &Transaction) -> Redirect {
    if visit.answer == AnswerMode::Change {
        return back_to_app(visit, Vec::new());
    }
    let error = OAuthErrorCode::AccessDenied.name().to_owned();
    let description = "the customer did not approve".to_owned();
    back_to_app(visit, vec![("error", error), ("error_description", description)])
}

pub(super) fn back_to_app(
    visit: &Transaction,
    mut parameters: Vec<(&'static str, String)>,
) -> Redirect {
    parameters.extend(visit.state.clone().map(|state| ("state", state)));
    Redirect { redirect_uri: visit.redirect_uri.clone(), answer: visit.answer, parameters }
}

pub(super) fn choice(problem: &str) -> AnswerError {
    AnswerError::Choice { problem: problem.to_owned() }
}
