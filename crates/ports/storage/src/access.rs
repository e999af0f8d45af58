//! Approvals, the ways to them, codes and tokens.

use async_trait::async_trait;
use lodge_access::{
    ApprovedRepository, Authorization, Code, ConnectSession, PushedRequest, Token, Transaction,
};
use lodge_forge::ProviderName;
use lodge_kernel::{
    AuthorizationId, ClientId, Digest, FamilyId, TenantId, Timestamp, TokenId, TransactionId,
};

use crate::StorageError;

/// Approvals.
#[async_trait]
pub trait AuthorizationRepository: Send {
    /// Adds a new one with its connections and repositories.
    async fn add(&mut self, authorization: &Authorization) -> Result<(), StorageError>;
    /// Finds one. `None` when there is none.
    async fn find(&mut self, id: AuthorizationId) -> Result<Option<Authorization>, StorageError>;
    /// Writes everything of a known approval: its repositories MUST be exactly
    /// those given, in the order given.
    async fn update(&mut self, authorization: &Authorization) -> Result<(), StorageError>;
    /// The repositories of an organisation's apps that are approved at `now`,
    /// at `provider` or at every host, in the order of approval and place: at
    /// most `limit` after the approval and place `after`.
    async fn approved(
        &mut self,
        tenant: TenantId,
        provider: Option<&ProviderName>,
        now: Timestamp,
        after: Option<(AuthorizationId, u32)>,
        limit: usize,
    ) -> Result<Vec<ApprovedRepository>, StorageError>;
    /// Takes back every pending and active approval of an app; answers how many.
    async fn revoke_of_client(
        &mut self,
        client: ClientId,
        at: Timestamp,
    ) -> Result<u64, StorageError>;
}

/// Invitations to the consent page.
#[async_trait]
pub trait ConnectSessionRepository: Send {
    /// Adds a new one.
    async fn add(&mut self, session: &ConnectSession) -> Result<(), StorageError>;
    /// Marks one as used and answers it. `None` when there is none, or it was
    /// used before, or it has expired at `now`: MUST answer it at most once,
    /// however many ask at the same time.
    async fn take(
        &mut self,
        digest: Digest,
        now: Timestamp,
    ) -> Result<Option<ConnectSession>, StorageError>;
}

/// Authorization requests that were sent ahead.
#[async_trait]
pub trait PushedRequestRepository: Send {
    /// Adds a new one.
    async fn add(&mut self, request: &PushedRequest) -> Result<(), StorageError>;
    /// As [`ConnectSessionRepository::take`].
    async fn take(
        &mut self,
        digest: Digest,
        now: Timestamp,
    ) -> Result<Option<PushedRequest>, StorageError>;
}

/// Visits to the consent page.
#[async_trait]
pub trait TransactionRepository: Send {
    /// Adds a new one.
    async fn add(&mut self, transaction: &Transaction) -> Result<(), StorageError>;
    /// Finds one. `None` when there is none.
    async fn find(&mut self, id: TransactionId) -> Result<Option<Transaction>, StorageError>;
    /// Ends one. `false` when there is none or it has ended: MUST answer
    /// `true` at most once.
    async fn end(&mut self, id: TransactionId, at: Timestamp) -> Result<bool, StorageError>;
}

/// What comes once.
#[async_trait]
pub trait NonceRepository: Send {
    /// Takes note of what an app sent, until `until`. `false` when it was noted
    /// before for this app: MUST answer `true` at most once, however many ask
    /// at the same time.
    async fn claim(
        &mut self,
        client: ClientId,
        nonce: &str,
        until: Timestamp,
    ) -> Result<bool, StorageError>;
}

/// Authorization codes.
#[async_trait]
pub trait CodeRepository: Send {
    /// Adds a new one.
    async fn add(&mut self, code: &Code) -> Result<(), StorageError>;
    /// Finds one, used or not.
    async fn find(&mut self, digest: Digest) -> Result<Option<Code>, StorageError>;
    /// Marks one as used. `false` when it was: MUST answer `true` at most once.
    async fn mark_used(&mut self, digest: Digest, at: Timestamp) -> Result<bool, StorageError>;
}

/// Which tokens are meant; all when nothing is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokenFilter {
    /// Of this organisation.
    pub tenant: Option<TenantId>,
    /// Of this app.
    pub client: Option<ClientId>,
}

/// Tokens.
#[async_trait]
pub trait TokenRepository: Send {
    /// Adds a new one.
    async fn add(&mut self, token: &Token) -> Result<(), StorageError>;
    /// Finds one by the digest of its text.
    async fn find_by_digest(&mut self, digest: Digest) -> Result<Option<Token>, StorageError>;
    /// Finds one. `None` when there is none.
    async fn find(&mut self, id: TokenId) -> Result<Option<Token>, StorageError>;
    /// The access tokens that are meant, ended ones too, oldest first: at most
    /// `limit` after the token `after`.
    async fn list(
        &mut self,
        filter: TokenFilter,
        after: Option<TokenId>,
        limit: usize,
    ) -> Result<Vec<Token>, StorageError>;
    /// Marks a refresh token as exchanged. `false` when it was, or was taken
    /// back: MUST answer `true` at most once.
    async fn mark_used(&mut self, id: TokenId, at: Timestamp) -> Result<bool, StorageError>;
    /// Takes one back. `false` when there is none or it was taken back before.
    async fn revoke(&mut self, id: TokenId, at: Timestamp) -> Result<bool, StorageError>;
    /// Takes back what is left of a family; answers how many.
    async fn revoke_family(&mut self, family: FamilyId, at: Timestamp)
    -> Result<u64, StorageError>;
    /// Takes back what is left under an approval; answers how many.
    async fn revoke_of_authorization(
        &mut self,
        authorization: AuthorizationId,
        at: Timestamp,
    ) -> Result<u64, StorageError>;
    /// Takes back what is left of an app; answers how many.
    async fn revoke_of_client(
        &mut self,
        client: ClientId,
        at: Timestamp,
    ) -> Result<u64, StorageError>;
}
