//! `GET /projects` and `GET /projects/:id`.
//!
//! Source: <https://docs.gitlab.com/api/projects/>, API v4. For privileged
//! callers the body has `runners_token`, which is not read.

use lodge_forge::{ProviderName, Repository, RepositoryId, RepositoryPermissions, Visibility};
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::{Time, filled, plain};

/// May read code: <https://docs.gitlab.com/user/permissions/>.
const REPORTER: u64 = 20;
const DEVELOPER: u64 = 30;
const MAINTAINER: u64 = 40;

#[derive(Debug, Deserialize)]
pub(crate) struct ProjectPayload<'a> {
    id: u64,
    #[serde(borrow)]
    path: Option<Text<'a>>,
    #[serde(borrow)]
    path_with_namespace: Option<Text<'a>>,
    #[serde(borrow)]
    namespace: Option<NamespacePayload<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    default_branch: Option<Text<'a>>,
    empty_repo: Option<bool>,
    #[serde(borrow)]
    visibility: Option<Text<'a>>,
    archived: Option<bool>,
    forked_from_project: Option<ParentPayload>,
    /// Only forks have it, of a parent that cannot be seen too.
    mr_default_target_self: Option<bool>,
    statistics: Option<StatisticsPayload>,
    #[serde(borrow)]
    repository_object_format: Option<Text<'a>>,
    #[serde(borrow)]
    http_url_to_repo: Option<Text<'a>>,
    #[serde(borrow)]
    web_url: Option<Text<'a>>,
    #[serde(default)]
    created_at: Time,
    #[serde(default)]
    updated_at: Time,
    #[serde(default)]
    last_activity_at: Time,
    permissions: Option<PermissionsPayload>,
}

#[derive(Debug, Deserialize)]
struct NamespacePayload<'a> {
    #[serde(borrow)]
    full_path: Option<Text<'a>>,
}

#[derive(Debug, Deserialize)]
struct ParentPayload {
    id: Option<u64>,
}

#[derive(Debug, Deserialize)]
struct StatisticsPayload {
    repository_size: Option<u64>,
}

#[derive(Debug, Deserialize)]
struct PermissionsPayload {
    project_access: Option<AccessPayload>,
    group_access: Option<AccessPayload>,
}

#[derive(Debug, Deserialize)]
struct AccessPayload {
    access_level: Option<u64>,
}

impl ProjectPayload<'_> {
    /// There are no commits. GitLab names a default branch all the same.
    pub(crate) fn is_empty(&self) -> bool {
        self.empty_repo.unwrap_or(self.default_branch.is_none())
    }

    /// `None` when the id cannot be one.
    pub(crate) fn into_repository(self, provider: ProviderName) -> Option<Repository> {
        let id = self.id.to_string();
        let default_branch = if self.is_empty() { None } else { filled(self.default_branch) };
        let visibility = match self.visibility.as_deref() {
            Some("public") => Visibility::Public,
            Some("internal") => Visibility::Internal,
            // What we cannot read is not shown to more people.
            _ => Visibility::Private,
        };
        let full_name = plain(self.path_with_namespace);
        let (above, last) = full_name.rsplit_once('/').unwrap_or(("", &full_name));
        Some(Repository {
            id: RepositoryId::parse(&id).ok()?,
            provider,
            native_id: id,
            namespace: filled(self.namespace.and_then(|it| it.full_path))
                .unwrap_or_else(|| above.to_owned()),
            name: filled(self.path).unwrap_or_else(|| last.to_owned()),
            description: filled(self.description),
            default_branch,
            archived: self.archived,
            fork: Some(self.forked_from_project.is_some() || self.mr_default_target_self.is_some()),
            parent_id: self.forked_from_project.and_then(|it| it.id).map(|it| it.to_string()),
            language: None,
            size_bytes: self.statistics.and_then(|it| it.repository_size),
            object_format: filled(self.repository_object_format),
            clone_url: filled(self.http_url_to_repo),
            web_url: filled(self.web_url),
            created_at: self.created_at.0,
            updated_at: self.updated_at.0.or(self.last_activity_at.0),
            pushed_at: None,
            permissions: self.permissions.and_then(|it| it.into_permissions(visibility)),
            visibility,
            full_name,
        })
    }
}

impl PermissionsPayload {
    /// `None` when the account is a member by an invitation that the body does
    /// not tell.
    fn into_permissions(self, visibility: Visibility) -> Option<RepositoryPermissions> {
        let level = |access: Option<AccessPayload>| access.and_then(|it| it.access_level);
        let level = level(self.project_access).max(level(self.group_access))?;
        Some(RepositoryPermissions {
            read: level >= REPORTER || visibility != Visibility::Private,
            write: level >= DEVELOPER,
            admin: level >= MAINTAINER,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &str) -> Repository {
        let json = format!(r#"{{"id":7,"path_with_namespace":"a/b/c",{fields}}}"#);
        let payload: ProjectPayload<'_> = serde_json::from_str(&json).unwrap();
        payload.into_repository(ProviderName::parse("gitlab").unwrap()).unwrap()
    }

    #[test]
    fn what_the_account_may_do_is_the_most_of_its_roles() {
        let may = |project: &str, group: &str, visibility: &str| {
            let access = format!(r#""project_access":{project},"group_access":{group}"#);
            let fields = format!(r#""permissions":{{{access}}},"visibility":"{visibility}""#);
            read(&fields).permissions.map(|it| (it.read, it.write, it.admin))
        };
        let level = |level: u64| format!(r#"{{"access_level":{level}}}"#);
        assert_eq!(may("null", "null", "private"), None);
        assert_eq!(may(&level(10), "null", "private"), Some((false, false, false)));
        assert_eq!(may(&level(10), "null", "public"), Some((true, false, false)));
        assert_eq!(may(&level(20), &level(30), "private"), Some((true, true, false)));
        assert_eq!(may("null", &level(50), "private"), Some((true, true, true)));
    }

    #[test]
    fn a_project_without_commits_has_no_default_branch() {
        assert_eq!(read(r#""default_branch":"main","empty_repo":true"#).default_branch, None);
        let main = read(r#""default_branch":"main","empty_repo":false"#).default_branch;
        assert_eq!(main.as_deref(), Some("main"));
    }

    #[test]
    fn a_fork_is_one_even_of_a_project_that_cannot_be_seen() {
        let seen = read(r#""forked_from_project":{"id":3}"#);
        assert_eq!((seen.fork, seen.parent_id.as_deref()), (Some(true), Some("3")));
        let unseen = read(r#""mr_default_target_self":false"#);
        assert_eq!((unseen.fork, unseen.parent_id), (Some(true), None));
        assert_eq!(read(r#""forked_from_project":null"#).fork, Some(false));
    }

    #[test]
    fn names_are_parts_of_the_path() {
        let it = read(r#""namespace":null,"path":null"#);
        assert_eq!((it.namespace.as_str(), it.name.as_str()), ("a/b", "c"));
        assert_eq!(it.visibility, Visibility::Private);
    }
}
