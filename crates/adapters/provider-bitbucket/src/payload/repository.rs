//! `repository`, from `GET /repositories/{workspace}` and
//! `GET /repositories/{workspace}/{repo_slug}`, and the workspaces above it,
//! from `GET /user/workspaces`.
//!
//! Source: <https://developer.atlassian.com/cloud/bitbucket/rest/api-group-repositories/>
//! and <https://developer.atlassian.com/cloud/bitbucket/rest/api-group-workspaces/>,
//! API 2.0.

use lodge_forge::{ProviderName, Repository, RepositoryId, Visibility};
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::link::LinksPayload;

#[derive(Debug, Deserialize)]
pub(crate) struct RepositoryPayload<'a> {
    #[serde(borrow)]
    pub(crate) uuid: Text<'a>,
    pub(crate) full_name: Text<'a>,
    description: Option<Text<'a>>,
    is_private: Option<bool>,
    mainbranch: Option<NamePayload<'a>>,
    parent: Option<ParentPayload<'a>>,
    language: Option<Text<'a>>,
    /// Bytes.
    size: Option<u64>,
    created_on: Option<Text<'a>>,
    updated_on: Option<Text<'a>>,
    links: Option<LinksPayload<'a>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct NamePayload<'a> {
    #[serde(borrow)]
    pub(crate) name: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
struct ParentPayload<'a> {
    #[serde(borrow)]
    uuid: Option<Text<'a>>,
}

/// What the account is in a workspace.
#[derive(Debug, Deserialize)]
pub(crate) struct MembershipPayload<'a> {
    #[serde(borrow)]
    pub(crate) workspace: WorkspacePayload<'a>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct WorkspacePayload<'a> {
    #[serde(borrow)]
    pub(crate) uuid: Text<'a>,
    pub(crate) slug: Option<Text<'a>>,
}

/// A UUID without the braces that Bitbucket writes around it: our id.
pub(crate) fn bare(uuid: &str) -> &str {
    uuid.strip_prefix('{').and_then(|it| it.strip_suffix('}')).unwrap_or(uuid)
}

impl RepositoryPayload<'_> {
    /// `None` for an empty repository.
    pub(crate) fn default_branch(self) -> Option<String> {
        self.mainbranch?.name?.filled()
    }

    /// `None` when the id is not one that can stand in a URL: then nobody
    /// could ask for it.
    pub(crate) fn into_repository(self, provider: ProviderName) -> Option<Repository> {
        let id = RepositoryId::parse(bare(&self.uuid)).ok()?;
        let (namespace, name) = self.full_name.split_once('/').unwrap_or(("", &self.full_name));
        let mut links = self.links.unwrap_or_default();
        Some(Repository {
            id,
            provider,
            native_id: self.uuid.into(),
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            description: self.description.and_then(Text::filled),
            default_branch: self.mainbranch.and_then(|it| it.name).and_then(Text::filled),
            // Who is not told otherwise is not told that everybody may see it.
            visibility: match self.is_private {
                Some(false) => Visibility::Public,
                _ => Visibility::Private,
            },
            archived: None,
            fork: Some(self.parent.is_some()),
            parent_id: self.parent.and_then(|it| it.uuid).map(|it| bare(&it).to_owned()),
            language: self.language.and_then(Text::filled),
            size_bytes: self.size,
            object_format: None,
            clone_url: links.clone_url(),
            web_url: links.web_url(),
            created_at: self.created_on.and_then(|it| it.instant()),
            updated_at: self.updated_on.and_then(|it| it.instant()),
            pushed_at: None,
            permissions: None,
            full_name: self.full_name.into(),
        })
    }
}
