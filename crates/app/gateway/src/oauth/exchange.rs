//! The token endpoint: a code, a refresh token, or the app's own credentials
//! against tokens.

use lodge_access::{
    Action, Actor, App, AuthorizationState, GrantType, PermissionSet, RedeemCodeError, Secret,
    SecretKind, Token, TokenKind,
    token::{ACCESS_LIFETIME, REFRESH_LIFETIME},
};
use lodge_kernel::{AuthorizationId, ConnectionId, Digest, FamilyId, TokenId};
use lodge_storage::UnitOfWork;

use crate::{
    Gateway,
    audit::Happened,
    oauth::{ClientCredentials, OAuthError, OAuthErrorCode, own_behalf::own_behalf},
};

/// What an app sends to the token endpoint.
#[derive(Clone, Default)]
pub struct TokenRequest {
    /// `authorization_code`, `refresh_token` or `client_credentials`.
    pub grant_type: Option<String>,
    /// The code.
    pub code: Option<String>,
    /// The redirect URI of the authorization request.
    pub redirect_uri: Option<String>,
    /// The PKCE verifier.
    pub code_verifier: Option<String>,
    /// The refresh token.
    pub refresh_token: Option<String>,
    /// What the token should be able to do; all that is possible when absent.
    pub scope: Option<String>,
    /// For `client_credentials`: the approval to read under.
    pub authorization_id: Option<String>,
}

/// What the token endpoint answers.
#[derive(Debug)]
pub struct Issued {
    /// The access token, as it is kept.
    pub token: Token,
    /// Its text, shown once.
    pub access: Secret,
    /// The refresh token, where there is one.
    pub refresh: Option<Secret>,
    /// The accounts it reaches.
    pub connections: Vec<ConnectionId>,
    /// Whole seconds that it lives.
    pub expires_in: u64,
}

/// What new tokens are made from.
pub(super) struct Basis {
    pub(super) authorization: Option<AuthorizationId>,
    pub(super) family: FamilyId,
    pub(super) issued_by: GrantType,
    /// What the access token can do.
    pub(super) permissions: PermissionSet,
    /// What the refresh token stands for, however narrow an access token was
    /// asked for (RFC 6749, 6).
    pub(super) full: PermissionSet,
}

impl Gateway {
    /// Exchanges what the app brings against tokens.
    ///
    /// # Errors
    ///
    /// [`OAuthError`]. A code or refresh token that comes a second time
    /// revokes everything that was issued from it.
    pub async fn exchange_token(
        &self,
        credentials: &ClientCredentials,
        request: &TokenRequest,
    ) -> Result<Issued, OAuthError> {
        let grant_type = request.grant_type.as_deref().ok_or_else(|| missing("grant_type"))?;
        let grant_type = GrantType::parse(grant_type).ok_or_else(|| {
            OAuthError::refused(
                OAuthErrorCode::UnsupportedGrantType,
                "grant_type is `authorization_code`, `refresh_token` or `client_credentials`",
            )
        })?;
        // A stranger does not get as far as the one writer.
        let app = self.authenticate_client(&mut *self.storage.read().await?, credentials).await?;
        let mut work = self.storage.begin().await?;
        let basis = match grant_type {
            GrantType::AuthorizationCode => self.redeem_code(&mut work, &app, request).await,
            GrantType::RefreshToken => self.redeem_refresh(&mut work, &app, request).await,
            GrantType::ClientCredentials => own_behalf(self, &mut *work, &app, request).await,
        };
        match basis {
            Ok(basis) => self.issue(work, &app, basis).await,
            Err(Redeemed::Refused(error)) => Err(error),
            Err(Redeemed::Replay(family, what)) => {
                let revoked = work.tokens().revoke_family(family, self.now()).await?;
                work.touch_access().await?;
                let replayed =
                    Happened::new(app.tenant, Actor::Client(app.id), Action::TokenReplayed);
                let replayed = replayed.to(family).because(format!("a {what} came a second time"));
                self.audit(&mut *work, replayed.refused()).await?;
                work.commit().await?;
                self.grants.forget();
                tracing::warn!(client = %app.id, %family, revoked, "a {what} came a second time");
                Err(OAuthError::grant(what))
            }
        }
    }

    async fn redeem_code(
        &self,
        work: &mut Box<dyn UnitOfWork>,
        app: &App,
        request: &TokenRequest,
    ) -> Result<Basis, Redeemed> {
        const WHAT: &str = "code";
        let now = self.now();
        let text = request.code.as_deref().ok_or_else(|| missing("code"))?;
        let secret =
            Secret::parse(SecretKind::Code, text).ok_or_else(|| OAuthError::grant(WHAT))?;
        let digest = self.digest(secret.expose());
        let code = work.codes().find(digest).await.map_err(OAuthError::from)?;
        let code = code.ok_or_else(|| OAuthError::grant(WHAT))?;
        let verifier = request.code_verifier.as_deref().map(|it| self.digest(it));
        match code.check(app.id, request.redirect_uri.as_deref(), verifier, now) {
            Ok(()) => {}
            Err(RedeemCodeError::Replayed) => return Err(Redeemed::Replay(code.family, WHAT)),
            Err(reason) => {
                tracing::info!(client = %app.id, %reason, "a code was refused");
                return Err(OAuthError::grant(WHAT).into());
            }
        }
        if !work.codes().mark_used(digest, now).await.map_err(OAuthError::from)? {
            return Err(Redeemed::Replay(code.family, WHAT));
        }
        Ok(Basis {
            authorization: Some(code.authorization),
            family: code.family,
            issued_by: GrantType::AuthorizationCode,
            permissions: narrowed(code.permissions, request)?,
            full: code.permissions,
        })
    }

    async fn redeem_refresh(
        &self,
        work: &mut Box<dyn UnitOfWork>,
        app: &App,
        request: &TokenRequest,
    ) -> Result<Basis, Redeemed> {
        const WHAT: &str = "refresh token";
        let now = self.now();
        let refused = || OAuthError::grant(WHAT);
        let text = request.refresh_token.as_deref().ok_or_else(|| missing("refresh_token"))?;
        let secret = Secret::parse(SecretKind::RefreshToken, text).ok_or_else(refused)?;
        let digest = self.digest(secret.expose());
        let token = work.tokens().find_by_digest(digest).await.map_err(OAuthError::from)?;
        let mine = |it: &Token| it.client == app.id && it.kind == TokenKind::Refresh;
        let token = token.filter(mine).ok_or_else(refused)?;
        if token.used_at.is_some() {
            return Err(Redeemed::Replay(token.family, WHAT));
        }
        if !token.is_live(now) {
            return Err(refused().into());
        }
        let permissions = narrowed(token.permissions, request)?;
        if !work.tokens().mark_used(token.id, now).await.map_err(OAuthError::from)? {
            return Err(Redeemed::Replay(token.family, WHAT));
        }
        Ok(Basis {
            authorization: token.authorization,
            family: token.family,
            issued_by: GrantType::RefreshToken,
            permissions,
            full: token.permissions,
        })
    }

    /// Writes the new tokens down.
    async fn issue(
        &self,
        mut work: Box<dyn UnitOfWork>,
        app: &App,
        basis: Basis,
    ) -> Result<Issued, OAuthError> {
        let now = self.now();
        let authorization = match basis.authorization {
            Some(id) => work.authorizations().find(id).await?,
            None => None,
        };
        let revoked = |it: &AuthorizationState| matches!(it, AuthorizationState::Revoked { .. });
        if authorization.as_ref().is_some_and(|it| revoked(&it.state)) {
            let description = "the customer has taken the approval back";
            return Err(OAuthError::refused(OAuthErrorCode::InvalidGrant, description));
        }
        let access = Secret::fresh(SecretKind::AccessToken, &*self.entropy);
        let token = Token {
            id: TokenId::fresh(&*self.clock, &*self.entropy),
            digest: self.digest(access.expose()),
            kind: TokenKind::Access,
            tenant: app.tenant,
            client: app.id,
            authorization: basis.authorization,
            family: basis.family,
            issued_by: basis.issued_by,
            permissions: basis.permissions,
            issued_at: now,
            expires_at: now.plus(ACCESS_LIFETIME),
            used_at: None,
            revoked_at: None,
        };
        work.tokens().add(&token).await?;
        let refresh = if basis.issued_by == GrantType::ClientCredentials {
            None
        } else {
            let refresh = Secret::fresh(SecretKind::RefreshToken, &*self.entropy);
            let digest = self.digest(refresh.expose());
            let row = refresh_token(&token, basis.full, digest, self);
            work.tokens().add(&row).await?;
            Some(refresh)
        };
        let issued = Happened::new(app.tenant, Actor::Client(app.id), Action::TokenIssued);
        self.audit(&mut *work, issued.to(token.id).because(token.issued_by.name())).await?;
        work.commit().await?;
        let connections = authorization.map(|it| it.connections).unwrap_or_default();
        Ok(Issued {
            token,
            access,
            refresh,
            connections: connections.into_iter().map(|(id, _)| id).collect(),
            expires_in: ACCESS_LIFETIME.as_secs(),
        })
    }
}

/// A code or refresh token was refused, or came a second time.
pub(super) enum Redeemed {
    Refused(OAuthError),
    Replay(FamilyId, &'static str),
}

impl From<OAuthError> for Redeemed {
    fn from(error: OAuthError) -> Self {
        Self::Refused(error)
    }
}

/// The refresh token beside `access`.
fn refresh_token(
    access: &Token,
    permissions: PermissionSet,
    digest: Digest,
    gateway: &Gateway,
) -> Token {
    Token {
        id: TokenId::fresh(&*gateway.clock, &*gateway.entropy),
        digest,
        kind: TokenKind::Refresh,
        permissions,
        expires_at: access.issued_at.plus(REFRESH_LIFETIME),
        ..access.clone()
    }
}

/// What the request asks for, which must lie within `most`.
pub(super) fn narrowed(
    most: PermissionSet,
    request: &TokenRequest,
) -> Result<PermissionSet, OAuthError> {
    let Some(text) = request.scope.as_deref().map(str::trim).filter(|it| !it.is_empty()) else {
        return Ok(most);
    };
    let asked = PermissionSet::parse(text).map_err(|unknown| {
        OAuthError::refused(OAuthErrorCode::InvalidScope, unknown.to_string())
    })?;
    if asked.intersection(most) == asked {
        Ok(asked)
    } else {
        let description = format!("scope goes beyond what was approved: `{most}`");
        Err(OAuthError::refused(OAuthErrorCode::InvalidScope, description))
    }
}

fn missing(parameter: &str) -> OAuthError {
    OAuthError::refused(OAuthErrorCode::InvalidRequest, format!("`{parameter}` is missing"))
}
