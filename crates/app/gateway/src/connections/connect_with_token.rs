//! The operator connects an account by a token that was made at its host.

use lodge_access::{Actor, Connection, ConnectionKind, Customer};
use lodge_forge::ProviderName;
use lodge_kernel::{ClientId, ConnectionId, CustomerId, SecretString, Timestamp};
use lodge_provider::{
    Account, AccountKind, HostAccount, HostCredentials, HostToken, HostTokenKind, ProviderError,
};
use lodge_storage::StorageError;

use super::keep::{KeepError, Proved};
use crate::Gateway;

/// Whose account it will be.
#[derive(Clone, Debug)]
pub enum NewOwner {
    /// This customer's.
    Customer(CustomerId),
    /// That of the customer whom an app calls so. The operator vouches.
    Reference {
        /// The app.
        client: ClientId,
        /// What the app calls the customer.
        reference: String,
    },
}

/// An account and its token.
#[derive(Clone, Debug)]
pub struct TokenDraft {
    /// The host's name in URLs.
    pub provider: String,
    /// Whose account it will be.
    pub owner: NewOwner,
    /// The token.
    pub token: SecretString,
    /// When the token ends, if anybody knows.
    pub expires_at: Option<Timestamp>,
}

/// An account cannot be connected by a token.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// No such host, or one without accounts.
    #[error("`{provider}` is not enabled, or has no accounts")]
    UnknownProvider {
        /// What was given, cut at 64 characters.
        provider: String,
    },
    /// The draft.
    #[error("{problem}")]
    Invalid {
        /// What to correct.
        problem: &'static str,
    },
    /// There is no such customer or app.
    #[error("there is no such {what}")]
    NotFound {
        /// What is not there.
        what: &'static str,
    },
    /// The host does not take the token, or did not answer.
    #[error("the host does not say whose token it is")]
    Host {
        /// The host.
        provider: ProviderName,
        /// What it answered.
        #[source]
        source: ProviderError,
    },
    /// It cannot be kept.
    #[error(transparent)]
    Keep(#[from] KeepError),
}

impl From<StorageError> for ConnectError {
    fn from(error: StorageError) -> Self {
        Self::Keep(error.into())
    }
}

impl Gateway {
    /// Connects an account by its token, after the host said whose it is.
    ///
    /// # Errors
    ///
    /// [`ConnectError`]; no connection has changed then.
    #[tracing::instrument(name = "gateway.connect_with_token", skip_all)]
    pub async fn connect_with_token(
        &self,
        by: Actor,
        draft: TokenDraft,
    ) -> Result<Connection, ConnectError> {
        use lodge_kernel::ExposeSecret as _;
        let unknown = || ConnectError::UnknownProvider {
            provider: draft.provider.chars().take(64).collect(),
        };
        let (provider, host) = self.providers.find(&draft.provider).ok_or_else(unknown)?;
        if host.account_kind() != AccountKind::OAuth {
            return Err(unknown());
        }
        let text = draft.token.expose_secret();
        let odd = text.contains(|it: char| !it.is_ascii_graphic());
        if text.is_empty() || text.len() > 8_192 || odd {
            let problem = "`accessToken` has 1 to 8,192 visible ASCII characters";
            return Err(ConnectError::Invalid { problem });
        }
        if draft.expires_at.is_some_and(|end| end <= self.now()) {
            return Err(ConnectError::Invalid { problem: "`expiresAt` has passed" });
        }
        let customer = self.owner(&draft.owner).await?;
        let id = ConnectionId::fresh(&*self.clock, &*self.entropy);
        let token =
            HostToken { text: draft.token.clone(), kind: HostTokenKind::Personal, generation: 1 };
        let found = if let Some(login) = self.providers.login(provider) {
            login.identify(&token).await
        } else {
            let _trial = self.accounts.trial(id, token);
            let account = Account { tenant: customer.tenant, connection: id };
            let profile = host.profile(account).await;
            profile.map(|it| HostAccount { id: it.id, login: it.login })
        };
        let failed = |source| ConnectError::Host { provider: provider.clone(), source };
        let proved = Proved {
            id,
            by,
            tenant: customer.tenant,
            customer: customer.id,
            provider: provider.clone(),
            kind: ConnectionKind::Personal,
            account: found.map_err(failed)?,
            credentials: HostCredentials {
                access: draft.token,
                expires_at: draft.expires_at,
                refresh: None,
                refresh_expires_at: None,
                scopes: Vec::new(),
            },
        };
        Ok(self.keep_connection(&proved).await?)
    }

    async fn owner(&self, owner: &NewOwner) -> Result<Customer, ConnectError> {
        let mut work = self.storage.begin().await?;
        match owner {
            NewOwner::Customer(id) => {
                let customer = work.customers().find(*id).await?;
                customer.ok_or(ConnectError::NotFound { what: "customer" })
            }
            NewOwner::Reference { client, reference } => {
                let length = reference.chars().count();
                if !(1..=200).contains(&length) || reference.contains(char::is_control) {
                    let problem = "`customerRef` has 1 to 200 characters, and no control character";
                    return Err(ConnectError::Invalid { problem });
                }
                let app = work.apps().find(*client).await?;
                let app = app.filter(lodge_access::App::is_active);
                let app = app.ok_or(ConnectError::NotFound { what: "app" })?;
                let now = self.now();
                let customer =
                    self.vouched_customer(&mut *work, &app, reference, None, now).await?;
                work.commit().await?;
                Ok(customer)
            }
        }
    }
}
