//! Accounts and repositories.

use lodge_kernel::{ConnectionId, Timestamp};

use crate::{ProviderName, RepositoryId};

/// What kind of account is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountType {
    /// A person.
    User,
    /// A program.
    Bot,
    /// A group of people.
    Organization,
}

/// The account behind a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The account's id at its host.
    pub id: String,
    /// The host.
    pub provider: ProviderName,
    /// The account's unique name.
    pub login: String,
    /// The person's name.
    pub name: Option<String>,
    /// The address, when the host shows it.
    pub email: Option<String>,
    /// A picture.
    pub avatar_url: Option<String>,
    /// The account's page.
    pub web_url: Option<String>,
    /// Person, program or group.
    pub account_type: AccountType,
    /// The connection that this is the account of.
    pub connection_id: ConnectionId,
}

/// Who can see a repository at its host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Everybody.
    Public,
    /// Everybody with an account.
    Internal,
    /// Members.
    Private,
}

/// What the connected account may do with a repository at its host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RepositoryPermissions {
    /// Read it.
    pub read: bool,
    /// Push to it.
    pub write: bool,
    /// Change its settings.
    pub admin: bool,
}

/// One repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    /// The id in our URLs.
    pub id: RepositoryId,
    /// The host.
    pub provider: ProviderName,
    /// The id in the host's own words.
    pub native_id: String,
    /// `namespace/name`.
    pub full_name: String,
    /// Owner, group or folder.
    pub namespace: String,
    /// The last part of the full name.
    pub name: String,
    /// What the owner says of it.
    pub description: Option<String>,
    /// The branch that is shown first; `None` when there are no commits.
    pub default_branch: Option<String>,
    /// Who can see it at its host.
    pub visibility: Visibility,
    /// Nobody can push any more.
    pub archived: Option<bool>,
    /// A copy of another repository.
    pub fork: Option<bool>,
    /// The id of what it was copied from.
    pub parent_id: Option<String>,
    /// The most used language.
    pub language: Option<String>,
    /// Size on the host's disk, in bytes.
    pub size_bytes: Option<u64>,
    /// `sha1` or `sha256`.
    pub object_format: Option<String>,
    /// Where Git clones it from.
    pub clone_url: Option<String>,
    /// Its page.
    pub web_url: Option<String>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When anything about it changed.
    pub updated_at: Option<Timestamp>,
    /// When somebody last pushed.
    pub pushed_at: Option<Timestamp>,
    /// What the connected account may do.
    pub permissions: Option<RepositoryPermissions>,
}
