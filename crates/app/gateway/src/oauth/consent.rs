//! What the consent page shows.

use lodge_access::{
    AnswerMode, App, Authorization, Connection, ConnectionStatus, Customer, PermissionSet, Secret,
    SecretKind, Transaction,
};
use lodge_forge::{ProviderName, Repository};
use lodge_kernel::{Digest, Timestamp, TransactionId};
use lodge_pagination::{Limit, PageRequest};
use lodge_provider::{Account, AccountKind, GitProvider, ProviderError};
use lodge_storage::{StorageError, UnitOfWork};

use crate::Gateway;

/// How many repositories of one account the page shows at most.
pub const MOST_REPOSITORIES: usize = 1_000;

/// The page cannot be shown, or its answer cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum ConsentPageError {
    /// No such visit, or the browser is another one.
    #[error("this page belongs to another browser, or does not exist")]
    Unknown,
    /// The customer answered before.
    #[error("{}", if *.approved { "you have approved this request" } else { "you have denied this request: nothing was shared" })]
    Answered {
        /// With yes.
        approved: bool,
    },
    /// The customer took too long, or the app has taken the question back.
    #[error("this request is older than an hour, or the app has taken it back")]
    Ended,
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// One account with its repositories.
#[derive(Debug)]
pub struct AccountChoice {
    /// The account.
    pub connection: Connection,
    /// The host's name for people.
    pub provider_label: String,
    /// Its repositories, in the host's order.
    pub repositories: Vec<Repository>,
    /// There are more than are shown.
    pub more: bool,
    /// Why they cannot be listed.
    pub problem: Option<String>,
    /// The customer must connect the account again.
    pub needs_reconnect: bool,
}

/// A host that the customer can connect accounts at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostChoice {
    /// Its name in URLs.
    pub provider: ProviderName,
    /// Its name for people.
    pub label: String,
}

/// What the consent page shows.
#[derive(Debug)]
pub struct ConsentPage {
    /// The visit.
    pub transaction: Transaction,
    /// The app.
    pub app: App,
    /// The customer.
    pub customer: Customer,
    /// What the app says it is for.
    pub purpose: Option<String>,
    /// What the app asks for.
    pub scope: PermissionSet,
    /// What was approved before, of a visit that changes it.
    pub given: Option<Authorization>,
    /// The connected accounts.
    pub accounts: Vec<AccountChoice>,
    /// Where the customer can connect another one, by a login.
    pub hosts: Vec<HostChoice>,
    /// What the page's forms must bring back.
    pub csrf: String,
    /// The instant the page was made.
    pub now: Timestamp,
}

impl Gateway {
    /// What the page of a visit shows to the browser that began it.
    ///
    /// # Errors
    ///
    /// [`ConsentPageError`].
    pub async fn consent_page(
        &self,
        transaction: &str,
        browser: Option<&str>,
    ) -> Result<ConsentPage, ConsentPageError> {
        let mut work = self.storage.read().await?;
        let transaction = self.find_transaction(&mut *work, transaction, browser).await?;
        let app = work.apps().find(transaction.client).await?;
        let app = app.filter(App::is_active).ok_or(ConsentPageError::Ended)?;
        let customer = work.customers().find(transaction.customer).await?;
        let customer = customer.ok_or(ConsentPageError::Unknown)?;
        let authorization = work.authorizations().find(transaction.authorization).await?;
        let authorization = authorization.ok_or(ConsentPageError::Unknown)?;
        let connections = work.connections().of_customer(customer.id).await?;
        drop(work); // No transaction is open while we wait for a host.

        let changes = transaction.answer == AnswerMode::Change;
        // Where there is nothing to approve, no host is asked for repositories.
        let connects_only = connects_only(&transaction, &authorization);
        let mut accounts = Vec::new();
        for connection in connections {
            let host = self.providers.get(&connection.provider);
            let Some(host) = host.filter(|_| connection.status.is_kept()) else { continue };
            accounts.push(if connects_only {
                AccountChoice::of(&**host, connection)
            } else {
                AccountChoice::listed(&**host, connection).await
            });
        }
        Ok(ConsentPage {
            csrf: self.csrf_token(&transaction),
            scope: transaction.scope,
            purpose: authorization.purpose.clone(),
            given: Some(authorization).filter(|it| changes && it.was_given()),
            hosts: self.hosts_to_connect(),
            app,
            customer,
            accounts,
            transaction,
            now: self.now(),
        })
    }

    /// Where customers can connect accounts, by a login.
    pub(crate) fn hosts_to_connect(&self) -> Vec<HostChoice> {
        let hosts = self.providers.iter().filter(|it| it.account_kind() == AccountKind::OAuth);
        let hosts = hosts.map(|it| HostChoice { provider: it.name(), label: it.label() });
        hosts.filter(|it| self.providers.login(&it.provider).is_some()).collect()
    }

    /// The visit `id` of the browser whose cookie is `browser`, open or not.
    pub(super) async fn find_visit(
        &self,
        work: &mut dyn UnitOfWork,
        id: &str,
        browser: Option<&str>,
    ) -> Result<Transaction, ConsentPageError> {
        let id: TransactionId = id.parse().map_err(|_not_an_id| ConsentPageError::Unknown)?;
        let cookie = browser.and_then(|it| Secret::parse(SecretKind::Browser, it));
        let cookie = cookie.ok_or(ConsentPageError::Unknown)?;
        let found = work.transactions().find(id).await?;
        let mine = found.filter(|it| it.browser == self.digest(cookie.expose()));
        mine.ok_or(ConsentPageError::Unknown)
    }

    /// The same, if it is open.
    pub(super) async fn find_transaction(
        &self,
        work: &mut dyn UnitOfWork,
        id: &str,
        browser: Option<&str>,
    ) -> Result<Transaction, ConsentPageError> {
        let visit = self.find_visit(work, id, browser).await?;
        if visit.is_open(self.now()) {
            Ok(visit)
        } else {
            Err(self.why_closed(work, visit.id).await?)
        }
    }

    /// What became of a visit that is not open.
    pub(super) async fn why_closed(
        &self,
        work: &mut dyn UnitOfWork,
        id: TransactionId,
    ) -> Result<ConsentPageError, StorageError> {
        // Read afresh: another request may have answered in the meantime.
        let visit = work.transactions().find(id).await?;
        let Some(visit) = visit.filter(|it| it.ended_at.is_some()) else {
            return Ok(ConsentPageError::Ended);
        };
        let asked = work.authorizations().find(visit.authorization).await?;
        let approved = asked.is_some_and(|it| it.was_given());
        Ok(ConsentPageError::Answered { approved })
    }

    /// The open visit `id` of a browser that brings these cookies.
    pub(crate) async fn find_visit_of(
        &self,
        work: &mut dyn UnitOfWork,
        id: &str,
        browsers: &[&str],
    ) -> Result<Transaction, ConsentPageError> {
        for browser in browsers {
            match self.find_transaction(work, id, Some(browser)).await {
                Err(ConsentPageError::Unknown) => {}
                found => return found,
            }
        }
        Err(ConsentPageError::Unknown)
    }

    /// What a form of this visit must bring back: sealed, so that a page of
    /// another origin cannot know it.
    fn csrf_token(&self, transaction: &Transaction) -> String {
        self.keys.seal(&csrf_context(transaction.id), &transaction.browser.0)
    }

    /// `token` is the one that the page of this visit was given.
    pub(crate) fn is_csrf_token(&self, transaction: &Transaction, token: &str) -> bool {
        let opened = self.keys.open(&csrf_context(transaction.id), token);
        let opened = opened.and_then(|it| <[u8; 32]>::try_from(it).ok()).map(Digest);
        opened == Some(transaction.browser)
    }
}

fn csrf_context(id: TransactionId) -> Vec<u8> {
    format!("consent.csrf.v1|{id}").into_bytes()
}

/// `visit` was begun to connect accounts: nothing that is asked could be given
/// in it.
pub(super) fn connects_only(visit: &Transaction, asked: &Authorization) -> bool {
    visit.answer == AnswerMode::Change && !asked.was_given()
}

impl AccountChoice {
    /// The account, with nothing to choose from.
    fn of(host: &dyn GitProvider, connection: Connection) -> Self {
        let choice = Self {
            provider_label: host.label(),
            repositories: Vec::new(),
            more: false,
            problem: None,
            needs_reconnect: false,
            connection,
        };
        if choice.connection.status == ConnectionStatus::NeedsReconnect {
            return choice.refused(&ProviderError::CredentialsRefused);
        }
        choice
    }

    /// The account with its repositories; a host that fails spoils only its own.
    async fn listed(host: &dyn GitProvider, connection: Connection) -> Self {
        let account = Account { tenant: connection.tenant, connection: connection.id };
        let mut choice = Self::of(host, connection);
        if choice.needs_reconnect {
            return choice;
        }
        let mut from = None;
        loop {
            let page = PageRequest { from, limit: Limit::MAX };
            match host.list_repositories(account, page).await {
                Ok(page) => {
                    choice.repositories.extend(page.items);
                    from = page.next;
                }
                Err(error) => return choice.refused(&error),
            }
            if from.is_none() {
                return choice;
            }
            if choice.repositories.len() >= MOST_REPOSITORIES {
                choice.more = true;
                return choice;
            }
        }
    }

    fn refused(self, error: &ProviderError) -> Self {
        let needs_reconnect = matches!(
            error.cause(),
            ProviderError::CredentialsRefused | ProviderError::InsufficientScope
        );
        Self { problem: Some(in_plain_words(error).to_owned()), needs_reconnect, ..self }
    }
}

fn in_plain_words(error: &ProviderError) -> &'static str {
    match error.cause() {
        ProviderError::CredentialsRefused | ProviderError::InsufficientScope => {
            "The host no longer accepts this connection: connect the account again."
        }
        ProviderError::RateLimited { .. } => {
            "The host asked us to wait: try again in a few minutes."
        }
        _ => "The host cannot be reached at the moment: try again later.",
    }
}
