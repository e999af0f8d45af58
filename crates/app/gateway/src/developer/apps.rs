//! Creating, listing and changing apps.

use lodge_access::{
    Act, Action, Actor, App, AppError, ClientSecret, PermissionSet, RedirectUri, Secret, SecretKind,
};
use lodge_kernel::{ClientId, TenantId, UserId};
use lodge_storage::StorageError;

use crate::{Gateway, Visitor, audit::Happened, people::Denied};

/// An app cannot be made, found or changed.
#[derive(Debug, thiserror::Error)]
pub enum AppProblem {
    /// A rule of apps is broken.
    #[error(transparent)]
    Invalid(#[from] AppError),
    /// The role of who asks is too small.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A secret cannot live on for so long.
    #[error("a secret works for at most 720 hours, 30 days, beside a new one")]
    Overlap,
    /// The organisation has no such app.
    #[error("there is no such app")]
    NotFound,
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// What a developer says of a new app.
#[derive(Clone, Debug)]
pub struct AppDraft {
    /// What customers see.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Where codes may be sent.
    pub redirect_uris: Vec<String>,
    /// Who may frame the consent page.
    pub embed_origins: Vec<String>,
    /// What is asked for when nothing is said.
    pub default_permissions: PermissionSet,
    /// PKCE must be used.
    pub require_pkce: bool,
}

/// What a developer changes; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct AppChange {
    /// What customers see.
    pub name: Option<String>,
    /// What it is for; an empty text takes it away.
    pub description: Option<String>,
    /// Where codes may be sent.
    pub redirect_uris: Option<Vec<String>>,
    /// Who may frame the consent page.
    pub embed_origins: Option<Vec<String>>,
    /// What is asked for when nothing is said.
    pub default_permissions: Option<PermissionSet>,
    /// PKCE must be used.
    pub require_pkce: Option<bool>,
}

/// A new app with its secret, which is shown once.
#[derive(Debug)]
pub struct CreatedApp {
    /// The app.
    pub app: App,
    /// Its secret.
    pub secret: Secret,
}

impl Gateway {
    /// Makes an app of the visitor's organisation.
    ///
    /// # Errors
    ///
    /// [`AppProblem::Denied`], or [`AppProblem::Invalid`] with the first rule that
    /// is broken.
    pub async fn create_app(
        &self,
        visitor: &Visitor,
        draft: AppDraft,
    ) -> Result<CreatedApp, AppProblem> {
        visitor.check(Act::ManageApps)?;
        self.create_app_for(Actor::User(visitor.user.id), visitor.tenant, visitor.user.id, draft)
            .await
    }

    /// Makes an app of a member of an organisation, as `by` wants it.
    pub(crate) async fn create_app_for(
        &self,
        by: Actor,
        tenant: TenantId,
        owner: UserId,
        draft: AppDraft,
    ) -> Result<CreatedApp, AppProblem> {
        let now = self.now();
        let secret = Secret::fresh(SecretKind::ClientSecret, &*self.entropy);
        let digest = self.digest(secret.expose());
        let app = App {
            id: ClientId::fresh(&*self.clock, &*self.entropy),
            tenant,
            owner,
            name: draft.name,
            description: draft.description,
            redirect_uris: parse_uris(&draft.redirect_uris)?,
            embed_origins: draft.embed_origins,
            default_permissions: draft.default_permissions,
            require_pkce: draft.require_pkce,
            secrets: vec![ClientSecret { digest, created_at: now, expires_at: None }],
            created_at: now,
            updated_at: now,
            deleted_at: None,
        };
        let app = app.validate()?;
        let mut work = self.storage.begin().await?;
        work.apps().add(&app).await?;
        let happened = Happened::new(tenant, by, Action::AppCreated).to(app.id);
        self.audit(&mut *work, happened).await?;
        work.commit().await?;
        Ok(CreatedApp { app, secret })
    }

    /// The apps of the visitor's organisation, oldest first: at most `limit` after `after`.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn list_apps(
        &self,
        visitor: &Visitor,
        after: Option<ClientId>,
        limit: usize,
    ) -> Result<Vec<App>, StorageError> {
        self.storage.read().await?.apps().of_tenant(visitor.tenant, after, limit).await
    }

    /// One app of the visitor's organisation.
    ///
    /// # Errors
    ///
    /// [`AppProblem::NotFound`], or [`AppProblem::Storage`].
    pub async fn show_app(&self, visitor: &Visitor, id: ClientId) -> Result<App, AppProblem> {
        let found = self.storage.read().await?.apps().find(id).await?;
        owned(found, visitor)
    }

    /// Changes an app, for its next request and for visits that are open.
    ///
    /// # Errors
    ///
    /// [`AppProblem`]; nothing has changed then.
    pub async fn update_app(
        &self,
        visitor: &Visitor,
        id: ClientId,
        change: AppChange,
    ) -> Result<App, AppProblem> {
        visitor.check(Act::ManageApps)?;
        let mut work = self.storage.begin().await?;
        let app = owned(work.apps().find(id).await?, visitor)?;
        let redirect_uris = change.redirect_uris.map(|it| parse_uris(&it)).transpose()?;
        let app = App {
            name: change.name.unwrap_or(app.name),
            description: match change.description {
                None => app.description,
                Some(text) => Some(text).filter(|it| !it.is_empty()),
            },
            redirect_uris: redirect_uris.unwrap_or(app.redirect_uris),
            embed_origins: change.embed_origins.unwrap_or(app.embed_origins),
            default_permissions: change.default_permissions.unwrap_or(app.default_permissions),
            require_pkce: change.require_pkce.unwrap_or(app.require_pkce),
            updated_at: self.now(),
            ..app
        };
        let app = app.validate()?;
        work.apps().update(&app).await?;
        work.touch_access().await?;
        let happened = visitor.did(Action::AppChanged).to(app.id);
        self.audit(&mut *work, happened).await?;
        work.commit().await?;
        self.grants.forget();
        Ok(app)
    }
}

/// The app, if it is a live one of the visitor's organisation. Another's looks
/// like none.
pub(crate) fn owned(found: Option<App>, visitor: &Visitor) -> Result<App, AppProblem> {
    found.filter(|it| it.is_active() && it.tenant == visitor.tenant).ok_or(AppProblem::NotFound)
}

fn parse_uris(texts: &[String]) -> Result<Vec<RedirectUri>, AppError> {
    texts.iter().map(|it| RedirectUri::parse(it)).collect()
}
