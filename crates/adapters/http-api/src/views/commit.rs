//! Branches, commits, people, tags, releases and trees in JSON.

use lodge_forge::{
    Branch, Commit, CommitStats, Contributor, EntryKind, Release, ReleaseAsset, Signature, Tag,
    TreeEntry,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::Time;

/// One branch.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Branch)]
#[expect(missing_docs, reason = "the names are those of the unified schema in lodge-forge")]
pub struct BranchView {
    pub name: String,
    pub sha: String,
    pub protected: Option<bool>,
    pub default: Option<bool>,
    pub committed_at: Option<Time>,
}

impl From<Branch> for BranchView {
    fn from(it: Branch) -> Self {
        Self {
            name: it.name,
            sha: it.sha,
            protected: it.protected,
            default: it.default,
            committed_at: it.committed_at.map(Time::from),
        }
    }
}

/// Who wrote something, and when.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Signature)]
pub struct SignatureView {
    pub name: Option<String>,
    pub email: Option<String>,
    pub date: Option<Time>,
    pub user: Option<String>,
}

impl From<Signature> for SignatureView {
    fn from(it: Signature) -> Self {
        Self { name: it.name, email: it.email, date: it.date.map(Time::from), user: it.user }
    }
}

/// How many lines a commit changed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CommitStats)]
pub struct StatsView {
    pub additions: u64,
    pub deletions: u64,
    pub total: u64,
}

impl From<CommitStats> for StatsView {
    fn from(it: CommitStats) -> Self {
        let total = it.additions.saturating_add(it.deletions);
        Self { additions: it.additions, deletions: it.deletions, total }
    }
}

/// One commit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Commit)]
#[expect(missing_docs, reason = "the names are those of the unified schema in lodge-forge")]
pub struct CommitView {
    pub sha: String,
    pub message: String,
    pub title: String,
    pub author: Option<SignatureView>,
    pub committer: Option<SignatureView>,
    pub parents: Vec<String>,
    pub stats: Option<StatsView>,
    pub verified: Option<bool>,
    pub web_url: Option<String>,
}

impl From<Commit> for CommitView {
    fn from(it: Commit) -> Self {
        Self {
            sha: it.sha,
            message: it.message,
            title: it.title,
            author: it.author.map(SignatureView::from),
            committer: it.committer.map(SignatureView::from),
            parents: it.parents,
            stats: it.stats.map(StatsView::from),
            verified: it.verified,
            web_url: it.web_url,
        }
    }
}

/// One person who wrote commits.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Contributor)]
#[expect(missing_docs, reason = "the names are those of the unified schema in lodge-forge")]
pub struct ContributorView {
    pub key: String,
    pub name: Option<String>,
    pub email: Option<String>,
    pub login: Option<String>,
    pub avatar_url: Option<String>,
    pub commits: u64,
    pub additions: Option<u64>,
    pub deletions: Option<u64>,
    pub source: &'static str,
}

impl From<Contributor> for ContributorView {
    fn from(it: Contributor) -> Self {
        Self {
            key: it.key,
            name: it.name,
            email: it.email,
            login: it.login,
            avatar_url: it.avatar_url,
            commits: it.commits,
            additions: it.additions,
            deletions: it.deletions,
            source: if it.derived { "derived" } else { "native" },
        }
    }
}

/// One tag.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Tag)]
#[expect(missing_docs, reason = "the names are those of the unified schema in lodge-forge")]
pub struct TagView {
    pub name: String,
    pub sha: String,
    pub tag_object_sha: Option<String>,
    pub annotated: Option<bool>,
    pub message: Option<String>,
    pub tagger: Option<SignatureView>,
    pub created_at: Option<Time>,
}

impl From<Tag> for TagView {
    fn from(it: Tag) -> Self {
        Self {
            name: it.name,
            sha: it.sha,
            tag_object_sha: it.tag_object_sha,
            annotated: it.annotated,
            message: it.message,
            tagger: it.tagger.map(SignatureView::from),
            created_at: it.created_at.map(Time::from),
        }
    }
}

/// A file of a release.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReleaseAsset)]
pub struct AssetView {
    pub name: String,
    pub size: Option<u64>,
    pub url: String,
    pub content_type: Option<String>,
}

impl From<ReleaseAsset> for AssetView {
    fn from(it: ReleaseAsset) -> Self {
        Self { name: it.name, size: it.size, url: it.url, content_type: it.content_type }
    }
}

/// One release.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Release)]
#[expect(missing_docs, reason = "the names are those of the unified schema in lodge-forge")]
pub struct ReleaseView {
    pub id: String,
    pub tag: String,
    pub name: Option<String>,
    pub body: Option<String>,
    pub draft: Option<bool>,
    pub prerelease: Option<bool>,
    pub target_commitish: Option<String>,
    pub author: Option<String>,
    pub created_at: Option<Time>,
    pub published_at: Option<Time>,
    pub assets: Vec<AssetView>,
    pub source: &'static str,
    pub traits: Vec<String>,
    pub web_url: Option<String>,
}

impl From<Release> for ReleaseView {
    fn from(it: Release) -> Self {
        Self {
            id: it.id,
            tag: it.tag,
            name: it.name,
            body: it.body,
            draft: it.draft,
            prerelease: it.prerelease,
            target_commitish: it.target_commitish,
            author: it.author,
            created_at: it.created_at.map(Time::from),
            published_at: it.published_at.map(Time::from),
            assets: it.assets.into_iter().map(AssetView::from).collect(),
            source: if it.from_tag { "tags" } else { "native" },
            traits: it.traits,
            web_url: it.web_url,
        }
    }
}

/// One entry of a tree.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TreeEntry)]
#[expect(missing_docs, reason = "the names are those of the unified schema in lodge-forge")]
pub struct TreeEntryView {
    pub path: String,
    pub name: String,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub mode: Option<String>,
    pub sha: Option<String>,
    pub size: Option<u64>,
}

impl From<TreeEntry> for TreeEntryView {
    fn from(it: TreeEntry) -> Self {
        Self {
            path: it.path,
            name: it.name,
            kind: match it.kind {
                EntryKind::Blob => "blob",
                EntryKind::Tree => "tree",
                EntryKind::Commit => "commit",
                EntryKind::Symlink => "symlink",
            },
            mode: it.mode,
            sha: it.sha,
            size: it.size,
        }
    }
}
