//! What every Git host must do, asked of one known repository.
//!
//! A case takes a [`Known`] host; the macro
//! [`provider_contract`](crate::provider_contract!) makes each case a test.
//! [`folder`] makes the known repository with the `git` program.
#![expect(
    clippy::missing_errors_doc,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a case panics when the contract is broken, and passes on what the host says"
)]

pub mod folder;
pub mod pages;

pub use pages::{everything, first_page};

use std::{fmt::Debug, sync::Arc};

use lodge_forge::{Branch, Commit, FileStatus, Repository, Resource, Support, Tag, TreeEntry};
use lodge_pagination::{Limit, Page, PageRequest, Position};
use lodge_provider::{
    CheckFilter, DeploymentFilter, GitProvider, ProviderError, PullRequestFilter, RepositoryRef,
    TreeFilter,
};

use self::pages::{limit_of, pages_join};
use crate::conformance;

/// A host and what is known of it.
#[derive(Clone)]
pub struct Known {
    /// The host.
    pub host: Arc<dyn GitProvider>,
    /// A repository with [`folder::SHAPE`].
    pub full: RepositoryRef,
    /// A repository without commits.
    pub empty: RepositoryRef,
    /// No repository.
    pub missing: RepositoryRef,
}

/// What a case ends with.
pub type Outcome = Result<(), ProviderError>;

impl Known {
    fn has(&self, resource: Resource) -> bool {
        self.host.capabilities().of(resource) != Support::Unsupported
    }

    async fn repositories(&self, page: PageRequest) -> Result<Page<Repository>, ProviderError> {
        self.host.list_repositories(self.full.account, page).await
    }

    async fn branches(&self, page: PageRequest) -> Result<Page<Branch>, ProviderError> {
        self.host.list_branches(self.full.clone(), page).await
    }

    async fn commits(&self, page: PageRequest) -> Result<Page<Commit>, ProviderError> {
        self.host.list_commits(self.full.clone(), None, page).await
    }

    async fn tags(&self, page: PageRequest) -> Result<Page<Tag>, ProviderError> {
        self.host.list_tags(self.full.clone(), page).await
    }

    async fn tree(
        &self,
        recursive: bool,
        page: PageRequest,
    ) -> Result<Page<TreeEntry>, ProviderError> {
        let filter = TreeFilter { recursive, ..TreeFilter::default() };
        self.host.list_tree(self.full.clone(), filter, page).await
    }
}

/// Pages of any size join to the same listing, which is the known one.
pub async fn pages_of_any_size_join_to_the_known_listing(known: Known) -> Outcome {
    let shape = folder::SHAPE;
    let repositories =
        pages_join("repositories", async |page| known.repositories(page).await).await?;
    assert!(repositories.iter().any(|it| it.id == known.full.id), "the repository is not listed");

    let branches = pages_join("branches", async |page| known.branches(page).await).await?;
    assert_eq!(sorted(branches.iter().map(|it| it.name.as_str())), shape.branches);
    let default = branches.iter().filter(|it| it.default == Some(true)).map(|it| it.name.as_str());
    assert_eq!(default.collect::<Vec<_>>(), ["main"]);

    let commits = pages_join("commits", async |page| known.commits(page).await).await?;
    assert_eq!(commits.len(), shape.commits);
    let dates = commits.iter().map(|it| it.committer.as_ref().and_then(|it| it.date));
    assert!(dates.is_sorted_by(|newer, older| newer >= older), "not newest first");

    let tags = pages_join("tags", async |page| known.tags(page).await).await?;
    assert_eq!(sorted(tags.iter().map(|it| it.name.as_str())), shape.tags);

    let host = &known.host;
    if known.has(Resource::Releases) {
        let releases = async |page| host.list_releases(known.full.clone(), page).await;
        let releases = pages_join("releases", releases).await?;
        assert_eq!(releases.iter().map(|it| it.tag.as_str()).collect::<Vec<_>>(), shape.releases);
    }

    let people = async |page| host.list_contributors(known.full.clone(), page).await;
    let people = pages_join("contributors", people).await?;
    assert_eq!(people.len(), shape.contributors);
    assert!(people.is_sorted_by(|more, less| more.commits >= less.commits), "not by activity");

    let tree = pages_join("the whole tree", async |page| known.tree(true, page).await).await?;
    assert_eq!(tree.len(), shape.entries);
    let top = pages_join("the tree's top", async |page| known.tree(false, page).await).await?;
    assert_eq!(top.len(), shape.top_entries);
    Ok(())
}

/// Hosts list branches and tags in orders of their own.
fn sorted<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    names
}

/// A position that another listing wrote, or nobody, is refused.
pub async fn a_foreign_position_is_refused(known: Known) -> Outcome {
    let one = PageRequest { from: None, limit: limit_of("1") };
    let of_branches = known.branches(one.clone()).await?.next;
    let of_commits = known.commits(one.clone()).await?.next;
    let of_tree = known.tree(true, one).await?.next;
    assert!(of_branches.is_some() && of_commits.is_some() && of_tree.is_some());
    let made_up = Position::new().with("page", "2").ok();
    for wrong in [of_branches.as_ref(), of_commits.as_ref(), of_tree.as_ref(), made_up.as_ref()] {
        let from = PageRequest { from: wrong.cloned(), limit: Limit::default() };
        refused("tags", &known.tags(from.clone()).await);
        refused("repositories", &known.repositories(from.clone()).await);
        if wrong != of_branches.as_ref() {
            refused("branches", &known.branches(from.clone()).await);
        }
        if wrong != of_commits.as_ref() {
            refused("commits", &known.commits(from.clone()).await);
        }
        if wrong != of_tree.as_ref() {
            refused("the tree", &known.tree(true, from).await);
        }
    }
    Ok(())
}

fn refused<T: Debug>(name: &str, answer: &Result<Page<T>, ProviderError>) {
    let position = |error: &ProviderError| matches!(error.cause(), ProviderError::Position);
    assert!(answer.as_ref().is_err_and(position), "{name}: {answer:?}");
}

/// What the capabilities do not list answers `Unsupported`, and only that.
pub async fn what_is_unsupported_says_so(known: Known) -> Outcome {
    let (host, full, page) = (&known.host, &known.full, first_page);
    let commit = known.commits(page()).await?.items.into_iter().next().map(|it| it.sha);
    for (resource, support) in host.capabilities().cells() {
        let repository = full.clone();
        let answer = match resource {
            Resource::Profile => host.profile(full.account).await.map(drop),
            Resource::Repositories => known.repositories(page()).await.map(drop),
            Resource::Branches => known.branches(page()).await.map(drop),
            Resource::Commits => known.commits(page()).await.map(drop),
            Resource::CommitDiff => {
                host.commit_diff(repository, commit.clone().unwrap_or_default()).await.map(drop)
            }
            Resource::PullRequests => {
                let filter = PullRequestFilter::default();
                host.list_pull_requests(repository, filter, page()).await.map(drop)
            }
            Resource::PullRequestDiff => host.pull_request_diff(repository, 1).await.map(drop),
            Resource::Contributors => host.list_contributors(repository, page()).await.map(drop),
            Resource::Tags => known.tags(page()).await.map(drop),
            Resource::Releases => host.list_releases(repository, page()).await.map(drop),
            Resource::Checks => {
                host.list_checks(repository, CheckFilter::default(), page()).await.map(drop)
            }
            Resource::Deployments => {
                let filter = DeploymentFilter::default();
                host.list_deployments(repository, filter, page()).await.map(drop)
            }
            Resource::FileTree => known.tree(false, page()).await.map(drop),
            // Not a read: it has a port of its own.
            Resource::Subscriptions => continue,
        };
        let refused =
            matches!(&answer, Err(ProviderError::Unsupported { resource: of }) if *of == resource);
        assert_eq!(refused, support == Support::Unsupported, "{resource}: {answer:?}");
    }
    conformance::supports(&**host);
    Ok(())
}

/// A repository that is not there is not found, whatever is asked of it.
pub async fn a_missing_repository_is_not_found(known: Known) -> Outcome {
    let (host, it, page) = (&known.host, || known.missing.clone(), first_page);
    let (pulls, checks) = (PullRequestFilter::default(), CheckFilter::default());
    let deployments = DeploymentFilter::default();
    let answers = [
        (Resource::Repositories, host.find_repository(it()).await.map(drop)),
        (Resource::Branches, host.list_branches(it(), page()).await.map(drop)),
        (Resource::Commits, host.list_commits(it(), None, page()).await.map(drop)),
        (Resource::CommitDiff, host.commit_diff(it(), "0".repeat(40)).await.map(drop)),
        (Resource::PullRequests, host.list_pull_requests(it(), pulls, page()).await.map(drop)),
        (Resource::PullRequestDiff, host.pull_request_diff(it(), 1).await.map(drop)),
        (Resource::Contributors, host.list_contributors(it(), page()).await.map(drop)),
        (Resource::Tags, host.list_tags(it(), page()).await.map(drop)),
        (Resource::Releases, host.list_releases(it(), page()).await.map(drop)),
        (Resource::Checks, host.list_checks(it(), checks, page()).await.map(drop)),
        (Resource::Deployments, host.list_deployments(it(), deployments, page()).await.map(drop)),
        (Resource::FileTree, host.list_tree(it(), TreeFilter::default(), page()).await.map(drop)),
    ];
    for (resource, answer) in answers.into_iter().filter(|(resource, _)| known.has(*resource)) {
        let missing = |it: &ProviderError| matches!(it.cause(), ProviderError::RepositoryNotFound);
        assert!(answer.as_ref().is_err_and(missing), "{resource}: {answer:?}");
    }
    Ok(())
}

/// An empty repository has empty listings and no default branch.
pub async fn an_empty_repository_has_empty_listings(known: Known) -> Outcome {
    let (host, it, page) = (&known.host, || known.empty.clone(), first_page);
    assert_eq!(host.find_repository(it()).await?.default_branch, None);
    assert_eq!(host.list_branches(it(), page()).await?, Page::empty());
    assert_eq!(host.list_commits(it(), None, page()).await?, Page::empty());
    assert_eq!(host.list_contributors(it(), page()).await?, Page::empty());
    assert_eq!(host.list_tags(it(), page()).await?, Page::empty());
    if known.has(Resource::Releases) {
        assert_eq!(host.list_releases(it(), page()).await?, Page::empty());
    }
    assert_eq!(host.list_tree(it(), TreeFilter::default(), page()).await?, Page::empty());
    Ok(())
}

/// What is not in a repository is not found, and the answer says what.
pub async fn an_unknown_part_is_not_found_by_name(known: Known) -> Outcome {
    let (host, it, page) = (&known.host, || known.full.clone(), first_page);
    let nowhere = |reference: &str, path: Option<&str>| TreeFilter {
        reference: Some(reference.to_owned()),
        path: path.map(str::to_owned),
        recursive: false,
    };
    let answers = [
        ("branch", host.list_commits(it(), Some("nowhere".to_owned()), page()).await.map(drop)),
        ("commit", host.commit_diff(it(), "0".repeat(40)).await.map(drop)),
        ("commit", host.commit_diff(it(), "main".to_owned()).await.map(drop)),
        ("ref", host.list_tree(it(), nowhere("nowhere", None), page()).await.map(drop)),
        ("path", host.list_tree(it(), nowhere("main", Some("nowhere")), page()).await.map(drop)),
    ];
    for (part, answer) in answers {
        let named = |it: &ProviderError| matches!(it.cause(), ProviderError::NotFound { what } if *what == part);
        assert!(answer.as_ref().is_err_and(named), "{part}: {answer:?}");
    }
    Ok(())
}

/// The newest commit's diff is told with its rename and its totals.
pub async fn a_diff_tells_what_changed(known: Known) -> Outcome {
    let newest = known.commits(first_page()).await?.items.into_iter().next();
    let Some(newest) = newest else { panic!("there are no commits") };
    let diff = known.host.commit_diff(known.full.clone(), newest.sha.clone()).await?;
    assert_eq!(diff.head_sha.as_ref(), Some(&newest.sha));
    assert_eq!(diff.base_sha.as_ref(), newest.parents.first());
    let files = diff.files.iter().map(|file| (file.path.as_str(), file.status));
    assert_eq!(
        files.collect::<Vec<_>>(),
        [("docs/guide.md", FileStatus::Renamed), ("notes.txt", FileStatus::Added)]
    );
    assert_eq!((diff.totals.files, diff.totals.additions, diff.totals.deletions), (2, 2, 1));
    assert_eq!(diff.truncated, None);
    Ok(())
}

/// Makes a test of every case.
///
/// `$known` gives a [`Known`] host, and what must live as long as it, for
/// example the folder that it is in.
#[macro_export]
macro_rules! provider_contract {
    ($known:expr) => {
        $crate::provider_contract! { @cases $known;
            pages_of_any_size_join_to_the_known_listing
            a_foreign_position_is_refused
            what_is_unsupported_says_so
            a_missing_repository_is_not_found
            an_empty_repository_has_empty_listings
            an_unknown_part_is_not_found_by_name
            a_diff_tells_what_changed
        }
    };
    (@cases $known:expr; $($case:ident)+) => {$(
        #[tokio::test]
        async fn $case() -> $crate::provider_contract::Outcome {
            let (known, _alive) = $known;
            $crate::provider_contract::$case(known).await
        }
    )+};
}
