//! The decision: may this token read that, now?

use std::collections::HashMap;

use lodge_forge::{ProviderName, RepositoryId};
use lodge_kernel::Timestamp;

use crate::{
    App, Authorization, AuthorizationState, Permission, PermissionSet, RepositoryConsent, Token,
};

/// Why a read is refused. The order of the variants is the order of the checks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The token is too old.
    #[error("the access token has expired")]
    TokenExpired,
    /// The token, its app or its approval was taken back.
    #[error("the access token has been revoked")]
    TokenRevoked,
    /// The token was issued without a customer's approval.
    #[error("no customer has approved anything for this token")]
    ApprovalRequired,
    /// The app asked; the customer has not answered.
    #[error("the customer has not yet answered")]
    ApprovalPending,
    /// The approval was given, and has ended.
    #[error("the approval has ended")]
    ApprovalExpired,
    /// The token or the approval is without this permission.
    #[error("this needs the scope `{required}`")]
    InsufficientScope {
        /// The missing permission.
        required: Permission,
        /// What is given in its place, for the same thing.
        granted: PermissionSet,
    },
    /// No account at this host is part of the approval.
    #[error("no account at `{provider}` is connected")]
    NotConnected {
        /// The host.
        provider: ProviderName,
    },
    /// The repository is not part of the approval. Said of repositories that
    /// do not exist, too: a stranger cannot tell.
    #[error("the repository is not approved")]
    RepositoryNotApproved,
}

/// All that is known of a token when a request comes in. It is put together
/// once, kept for as long as nothing changes, and asked at every request.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The token.
    pub token: Token,
    /// Its app.
    pub app: App,
    /// The approval it reads under.
    pub authorization: Option<Authorization>,
    /// Where in the approval a repository stands: a consent may hold
    /// thousands, and each item of a listing is looked up.
    places: HashMap<RepositoryId, Vec<usize>>,
}

impl Grant {
    /// Puts together what is known.
    pub fn new(token: Token, app: App, authorization: Option<Authorization>) -> Self {
        let mut places = HashMap::<_, Vec<_>>::new();
        for (place, it) in authorization.iter().flat_map(|it| &it.repositories).enumerate() {
            places.entry(it.repository.clone()).or_default().push(place);
        }
        Self { token, app, authorization, places }
    }

    /// What was approved of one repository, ended or not.
    pub fn consent(
        &self,
        provider: &ProviderName,
        repository: &RepositoryId,
    ) -> Option<&RepositoryConsent> {
        let all = &self.authorization.as_ref()?.repositories;
        let places = self.places.get(repository)?;
        places.iter().filter_map(|place| all.get(*place)).find(|it| it.provider == *provider)
    }

    /// The token itself can be used at `now`.
    ///
    /// # Errors
    ///
    /// [`Refusal::TokenRevoked`] or [`Refusal::TokenExpired`].
    pub fn check_token(&self, now: Timestamp) -> Result<(), Refusal> {
        let taken_back =
            |it: &Authorization| matches!(it.state, AuthorizationState::Revoked { .. });
        let revoked = self.token.revoked_at.is_some()
            || !self.app.is_active()
            || self.authorization.as_ref().is_some_and(taken_back);
        if revoked {
            Err(Refusal::TokenRevoked)
        } else if now >= self.token.expires_at {
            Err(Refusal::TokenExpired)
        } else {
            Ok(())
        }
    }

    /// The approval that allows `permission` for at least one thing at `now`.
    ///
    /// # Errors
    ///
    /// Why there is none, in the order of [`Refusal`].
    pub fn check(&self, permission: Permission, now: Timestamp) -> Result<&Authorization, Refusal> {
        self.check_token(now)?;
        let authorization = self.authorization.as_ref().ok_or(Refusal::ApprovalRequired)?;
        match authorization.state {
            AuthorizationState::Pending => return Err(Refusal::ApprovalPending),
            AuthorizationState::Revoked { .. } => return Err(Refusal::TokenRevoked),
            AuthorizationState::Active { .. } => {}
        }
        if now >= authorization.expires_at {
            return Err(Refusal::ApprovalExpired);
        }
        let granted = self.permissions(now);
        if granted.contains(permission) {
            Ok(authorization)
        } else {
            Err(Refusal::InsufficientScope { required: permission, granted })
        }
    }

    /// What the token can do at `now`: what it was issued with, as far as the
    /// approval still gives it.
    pub fn permissions(&self, now: Timestamp) -> PermissionSet {
        let approved = self.authorization.as_ref().map(|it| it.permissions(now));
        self.token.permissions.intersection(approved.unwrap_or_default())
    }

    /// The approval of one repository for `permission` at `now`. Decided
    /// before the host hears of the repository.
    ///
    /// # Errors
    ///
    /// Why there is none, in the order of [`Refusal`].
    pub fn check_repository(
        &self,
        permission: Permission,
        provider: &ProviderName,
        repository: &RepositoryId,
        now: Timestamp,
    ) -> Result<&RepositoryConsent, Refusal> {
        let authorization = self.check(permission, now)?;
        if !authorization.connections.iter().any(|(_, known)| known == provider) {
            return Err(Refusal::NotConnected { provider: provider.clone() });
        }
        let consent = self
            .consent(provider, repository)
            .filter(|it| now < it.expires_at)
            .ok_or(Refusal::RepositoryNotApproved)?;
        if consent.permissions.contains(permission) {
            Ok(consent)
        } else {
            let granted = self.token.permissions.intersection(consent.permissions);
            Err(Refusal::InsufficientScope { required: permission, granted })
        }
    }
}
