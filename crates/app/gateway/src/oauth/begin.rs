//! A browser arrives at the authorization endpoint.

use lodge_access::{
    App, Customer, PermissionSet, Secret, SecretKind, Transaction, connect::TRANSACTION_LIFETIME,
};
use lodge_kernel::{AuthorizationId, ClientId, CustomerId, Digest, Timestamp, TransactionId};
use lodge_storage::{StorageError, UnitOfWork};

use crate::{Gateway, oauth::OAuthErrorCode};

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
    /// A PKCE challenge, decoded: SHA-256 of the verifier.
    pub code_challenge: Option<Digest>,
    /// A connect session's token.
    pub connect_token: Option<String>,
    /// The request came by the app's own server (RFC 9126), which vouches for
    /// the customer's reference.
    pub pushed: bool,
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
struct Asked {
    customer: CustomerId,
    authorization: AuthorizationId,
}

impl Gateway {
    /// Begins a visit to the consent page.
    ///
    /// # Errors
    ///
    /// [`BeginError`]; a connect token is not used up then.
    pub async fn begin_authorization(
        &self,
        request: &AuthorizeRequest,
    ) -> Result<Begun, BeginError> {
        let now = self.now();
        // What a stranger sends wrong does not get as far as the one writer.
        let app = self.find_app(&mut *self.storage.read().await?, request).await?;
        let redirect_uri = registered(&app, request)?;
        let to_app = |code, description: &str| BeginError::Redirect {
            redirect_uri: redirect_uri.clone(),
            state: request.state.clone(),
            code,
            description: description.to_owned(),
        };
        if request.response_type.as_deref() != Some("code") {
            let code = match request.response_type {
                None => OAuthErrorCode::InvalidRequest,
                Some(_) => OAuthErrorCode::UnsupportedResponseType,
            };
            return Err(to_app(code, "response_type must be `code`"));
        }
        let odd = |it: &String| it.len() > 2_000 || it.contains(char::is_control);
        if request.state.as_ref().is_some_and(odd) {
            let description = "state is longer than 2,000 bytes or has a control character";
            return Err(to_app(OAuthErrorCode::InvalidRequest, description));
        }
        let labels = [&request.customer_ref, &request.customer_name];
        if labels.into_iter().flatten().any(|it| it.contains(char::is_control)) {
            let description = "customer_ref and customer_name have no control characters";
            return Err(to_app(OAuthErrorCode::InvalidRequest, description));
        }
        if app.require_pkce && request.code_challenge.is_none() {
            let description = "this app must send a code_challenge with code_challenge_method=S256";
            return Err(to_app(OAuthErrorCode::InvalidRequest, description));
        }
        let scope = match request.scope.as_deref().map(str::trim).filter(|it| !it.is_empty()) {
            None => app.default_permissions,
            Some(text) => PermissionSet::parse(text)
                .map_err(|unknown| to_app(OAuthErrorCode::InvalidScope, &unknown.to_string()))?,
        };
        if scope.is_empty() {
            return Err(to_app(OAuthErrorCode::InvalidScope, "name at least one scope"));
        }
        let mut work = self.storage.begin().await?;
        let asked = match &request.connect_token {
            Some(token) => self.by_connect_token(&mut *work, &app, token, now).await?,
            None => self.by_label(&mut *work, &app, request, now).await?,
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
            state: request.state.clone(),
            scope,
            challenge: request.code_challenge,
            created_at: now,
            expires_at: now.plus(TRANSACTION_LIFETIME),
            ended_at: None,
        };
        work.transactions().add(&transaction).await?;
        work.commit().await?;
        Ok(Begun { transaction: transaction.id, browser })
    }

    async fn find_app(
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
    async fn by_connect_token(
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

    /// A customer of whom the browser only brings a label: a fresh one, unless
    /// the app's server vouched for the label.
    async fn by_label(
        &self,
        work: &mut dyn UnitOfWork,
        app: &App,
        request: &AuthorizeRequest,
        now: Timestamp,
    ) -> Result<Asked, BeginError> {
        let reference = request.customer_ref.as_deref().filter(|it| !it.is_empty());
        if reference.is_some_and(|it| it.chars().count() > 200) {
            return Err(page("customer_ref is longer than 200 characters"));
        }
        let name = request.customer_name.as_deref();
        let customer = match reference {
            Some(reference) if request.pushed => {
                self.vouched_customer(work, app, reference, name, now).await?
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
                customer
            }
        };
        let authorization =
            self.ask(work, app, customer.id, None, TRANSACTION_LIFETIME, now).await?;
        Ok(Asked { customer: customer.id, authorization })
    }
}

fn page(problem: &str) -> BeginError {
    BeginError::Page { problem: problem.to_owned() }
}

fn registered(app: &App, request: &AuthorizeRequest) -> Result<String, BeginError> {
    let given = request.redirect_uri.as_deref().ok_or_else(|| page("redirect_uri is missing"))?;
    let known = app.redirect_uri(given).ok_or_else(|| {
        page("redirect_uri is not one that the app registered, character by character")
    })?;
    Ok(known.as_str().to_owned())
}
