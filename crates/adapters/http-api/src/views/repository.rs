//! Accounts and repositories in JSON.

use lodge_forge::{AccountType, Profile, Repository, RepositoryPermissions, Visibility};
use serde::Serialize;
use utoipa::ToSchema;

use super::Time;

/// The account behind a connection.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Profile)]
#[expect(missing_docs, reason = "the names are those of the unified schema in lodge-forge")]
pub struct ProfileView {
    pub provider: String,
    pub id: String,
    pub login: String,
    pub name: Option<String>,
    pub email: Option<String>,
    pub avatar_url: Option<String>,
    pub web_url: Option<String>,
    pub account_type: &'static str,
    pub connection_id: String,
}

impl From<Profile> for ProfileView {
    fn from(it: Profile) -> Self {
        Self {
            provider: it.provider.to_string(),
            id: it.id,
            login: it.login,
            name: it.name,
            email: it.email,
            avatar_url: it.avatar_url,
            web_url: it.web_url,
            account_type: match it.account_type {
                AccountType::User => "user",
                AccountType::Bot => "bot",
                AccountType::Organization => "organization",
            },
            connection_id: it.connection_id.to_string(),
        }
    }
}

/// One repository.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Repository)]
#[expect(missing_docs, reason = "the names are those of the unified schema in lodge-forge")]
pub struct RepositoryView {
    pub provider: String,
    pub id: String,
    pub native_id: String,
    pub full_name: String,
    pub namespace: String,
    pub name: String,
    pub description: Option<String>,
    pub default_branch: Option<String>,
    pub visibility: &'static str,
    pub archived: Option<bool>,
    pub fork: Option<bool>,
    pub parent_id: Option<String>,
    pub language: Option<String>,
    pub size_bytes: Option<u64>,
    pub object_format: Option<String>,
    pub clone_url: Option<String>,
    pub web_url: Option<String>,
    pub created_at: Option<Time>,
    pub updated_at: Option<Time>,
    pub pushed_at: Option<Time>,
    pub permissions: Option<PermissionsView>,
}

/// What the connected account may do with a repository at its host.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RepositoryPermissions)]
pub struct PermissionsView {
    pub read: bool,
    pub write: bool,
    pub admin: bool,
}

impl From<RepositoryPermissions> for PermissionsView {
    fn from(it: RepositoryPermissions) -> Self {
        Self { read: it.read, write: it.write, admin: it.admin }
    }
}

impl From<Repository> for RepositoryView {
    fn from(it: Repository) -> Self {
        Self {
            provider: it.provider.to_string(),
            id: it.id.to_string(),
            native_id: it.native_id,
            full_name: it.full_name,
            namespace: it.namespace,
            name: it.name,
            description: it.description,
            default_branch: it.default_branch,
            visibility: match it.visibility {
                Visibility::Public => "public",
                Visibility::Internal => "internal",
                Visibility::Private => "private",
            },
            archived: it.archived,
            fork: it.fork,
            parent_id: it.parent_id,
            language: it.language,
            size_bytes: it.size_bytes,
            object_format: it.object_format,
            clone_url: it.clone_url,
            web_url: it.web_url,
            created_at: it.created_at.map(Time::from),
            updated_at: it.updated_at.map(Time::from),
            pushed_at: it.pushed_at.map(Time::from),
            permissions: it.permissions.map(PermissionsView::from),
        }
    }
}
