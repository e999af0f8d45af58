//! A browser arrives at the authorization endpoint.

use lodge_access::{
    AnswerMode, App, Customer, CustomerSigError, Secret, SecretKind, Transaction,
    connect::TRANSACTION_LIFETIME,
};
use lodge_kernel::{AuthorizationId, ClientId, CustomerId, Timestamp, TransactionId};
use lodge_storage::{StorageError, UnitOfWork};

use crate::{
    Gateway,
    oauth::{
        OAuthErrorCode,
        check::{Unusable, answer_mode, registered},
    },
};

/// The parameters of an authorization request (RFC 6749, 4.1.1).
#[derive(Clone, Debug, Default)]
pub struct AuthorizeRequest {
    /// Must be `code`.
    pub response_type: Option<String>,
    /// The app.
    pub client_id: Option<String>,
    /// Where the answer goes: one of the app's, character by character.
    pub redirect_uri: Option<String>,
    /// What the app asks for; its default permissions when absent.
    pub scope: Option<String>,
    /// What the app wants to see again.
    pub state: Option<String>,
    /// What the app calls the customer. A label, never a credential.
    pub customer_ref: Option<String>,
    /// What the app says the customer is named.
    pub customer_name: Option<String>,
    /// The app's signature under `customer_ref` ([`lodge_access::customer_sig`]).
    pub customer_sig: Option<String>,
    /// The challenge of PKCE.
    pub code_challenge: Option<String>,
    /// Must be `S256` beside a challenge.
    pub code_challenge_method: Option<String>,
    /// How the answer comes back: `query`, which it does when absent, or
    /// `web_message`.
    pub response_mode: Option<String>,
    /// A connect session's token.
    pub connect_token: Option<String>,
    /// A request that was sent ahead cannot stand for another one (RFC 9126,
    /// 2.1): this is only to be refused.
    pub request_uri: Option<String>,
    /// The request came by the app's own server (RFC 9126), which vouches for
    /// the customer's reference.
    pub pushed: bool,
}

impl AuthorizeRequest {
    /// What the app calls the customer, unless it says nothing.
    pub(crate) fn reference(&self) -> Option<&str> {
        self.customer_ref.as_deref().filter(|it| !it.is_empty())
    }
}

/// The page cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// The app or its redirect URI is not known: the person is told, and
    /// nothing is sent anywhere (RFC 6749, 4.1.2.1).
    #[error("{problem}")]
    Page {
        /// What was wrong and what to do.
        problem: String,
    },
    /// The app is told, at its redirect URI.
    #[error("{description}")]
    Redirect {
        /// Where to.
        redirect_uri: String,
        /// How it is told.
        answer: AnswerMode,
        /// What the app wants to see again.
        state: Option<String>,
        /// In the words of the RFC.
        code: OAuthErrorCode,
        /// What was wrong and what to do.
        description: String,
    },
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A visit to the consent page that has begun.
#[derive(Debug)]
pub struct Begun {
    /// The visit.
    pub transaction: TransactionId,
    /// What the browser keeps in its cookie.
    pub browser: Secret,
}

/// The customer, and the approval that waits for an answer.
pub(crate) struct Asked {
    pub(crate) customer: CustomerId,
    authorization: AuthorizationId,
}

impl Gateway {
    /// Begins a visit to the consent page.
    ///
    /// # Errors
    ///
    /// [`BeginError`]; neither a connect token nor a signature is used up then.
    pub async fn begin_authorization(
        &self,
        request: &AuthorizeRequest,
    ) -> Result<Begun, BeginError> {
        let now = self.now();
        // What a stranger sends wrong does not get as far as the one writer.
        let app = self.find_app(&mut *self.storage.read().await?, request).await?;
        let redirect_uri = registered(&app, request).map_err(page)?;
        let to_app = |it: Unusable| BeginError::Redirect {
            redirect_uri: redirect_uri.clone(),
            answer: answer_mode(request, &redirect_uri).unwrap_or(AnswerMode::Query),
            state: request.state.clone(),
            code: it.code,
            description: it.description,
        };
        let checked = self.check_request(&app, request).map_err(to_app)?;
        let mut work = self.storage.begin().await?;
        if let Some(it) = &checked.signature
            && !work.nonces().claim(app.id, it.nonce(), it.expires_at()).await?
        {
            return Err(to_app(CustomerSigError::Used.into()));
        }
        let vouched = request.pushed || checked.signature.is_some();
        let asked = match &request.connect_token {
            Some(token) => self.by_connect_token(&mut *work, &app, token, now).await?,
            None => self.by_reference(&mut *work, &app, request, vouched, now).await?,
        };
        let browser = Secret::fresh(SecretKind::Browser, &*self.entropy);
        let transaction = Transaction {
            id: TransactionId::fresh(&*self.clock, &*self.entropy),
            browser: self.digest(browser.expose()),
            tenant: app.tenant,
            client: app.id,
            customer: asked.customer,
            authorization: asked.authorization,
            redirect_uri,
            answer: checked.answer,
            state: request.state.clone(),
            scope: checked.scope,
            challenge: checked.challenge,
            created_at: now,
            expires_at: now.plus(TRANSACTION_LIFETIME),
            ended_at: None,
        };
        work.transactions().add(&transaction).await?;
        work.commit().await?;
        Ok(Begun { transaction: transaction.id, browser })
    }

    pub(crate) async fn find_app(
        &self,
        work: &mut dyn UnitOfWork,
        request: &AuthorizeRequest,
    ) -> Result<App, BeginError> {
        let text = request.client_id.as_deref().ok_or_else(|| page("client_id is missing"))?;
        let unknown = || page("no app has this client_id");
        let id: ClientId = text.parse().map_err(|_not_an_id| unknown())?;
        work.apps().find(id).await?.filter(App::is_active).ok_or_else(unknown)
    }

    /// The customer of a connect session, which is used up by it.
    pub(crate) async fn by_connect_token(
        &self,
        work: &mut dyn UnitOfWork,
        app: &App,
        token: &str,
        now: Timestamp,
    ) -> Result<Asked, BeginError> {
        let refused = || {
            page(
                "this link was opened before or is older than ten minutes: \
                 go back to the app and ask for a new one",
            )
        };
        let secret = Secret::parse(SecretKind::ConnectToken, token).ok_or_else(refused)?;
        let digest = self.digest(secret.expose());
        let session = work.connect_sessions().take(digest, now).await?;
        let session = session.filter(|it| it.client == app.id).ok_or_else(refused)?;
        Ok(Asked { customer: session.customer, authorization: session.authorization })
    }

    /// The customer whom the app calls so: a known one if the app `vouched`
    /// for the reference, and a fresh one if it is only a label that a browser
    /// brought.
    async fn by_reference(
        &self,
        work: &mut dyn UnitOfWork,
        app: &App,
        request: &AuthorizeRequest,
        vouched: bool,
        now: Timestamp,
    ) -> Result<Asked, BeginError> {
        let customer = self.referred(work, app, request, vouched, now).await?;
        let authorization =
            self.ask(work, app, customer.id, None, TRANSACTION_LIFETIME, now).await?;
        Ok(Asked { customer: customer.id, authorization })
    }

    /// The customer that a reference means.
    pub(crate) async fn referred(
        &self,
        work: &mut dyn UnitOfWork,
        app: &App,
        request: &AuthorizeRequest,
        vouched: bool,
        now: Timestamp,
    ) -> Result<Customer, StorageError> {
        let name = request.customer_name.as_deref();
        let reference = request.reference();
        match reference {
            Some(reference) if vouched => {
                self.vouched_customer(work, app, reference, name, now).await
            }
            _ => {
                let customer = Customer {
                    id: CustomerId::fresh(&*self.clock, &*self.entropy),
                    tenant: app.tenant,
                    client: app.id,
                    reference: reference.map(str::to_owned),
                    name: name.map(|it| it.chars().take(200).collect()),
                    vouched: false,
                    created_at: now,
                };
                work.customers().add(&customer).await?;
                Ok(customer)
            }
        }
    }
}

fn page(problem: &str) -> BeginError {
    BeginError::Page { problem: problem.to_owned() }
}
