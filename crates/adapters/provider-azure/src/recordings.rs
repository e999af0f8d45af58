//! The vendor's recorded examples, read by our payloads. They are not ours:
//! they lie in the folder that `GITLODGE_RECORDINGS` names, in the subfolders
//! `azure-devops` and `webhooks/azuredevops`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use lodge_activity::Fact;
use lodge_forge::ProviderName;
use lodge_kernel::Timestamp;
use lodge_provider::Delivery;
use lodge_testkit::conformance;
use serde_json::Value;

use crate::{
    SCHEME,
    payload::{
        List,
        branch::RefPayload,
        check::StatusPayload,
        commit::CommitPayload,
        deployment::{DeploymentPayload, ReleasePayload, Source},
        diff::{ChangesPayload, EntriesPayload},
        event::{EnvelopePayload, ResourcePayload},
        hook::SubscriptionPayload,
        profile::{AccountPayload, ProfilePayload},
        pull_request::PullRequestPayload,
        repository::RepositoryPayload,
        tag::TagPayload,
        tree::{PathPayload, TreePayload},
    },
};

/// The type of a payload, and how many of it a body has.
type Reader = (fn() -> &'static str, fn(&str) -> Result<usize, serde_json::Error>);

/// Reads one `$payload` or a list of them; `$fits` holds for each.
macro_rules! reads {
    ($payload:ty, $fits:expr) => {
        (std::any::type_name::<$payload>, |body| {
            let fits: fn($payload) -> bool = $fits;
            if let Ok(list) = serde_json::from_str::<List<$payload>>(body) {
                let count = list.value.len();
                assert!(list.value.into_iter().all(fits), "{body}");
                return Ok(count);
            }
            let one = serde_json::from_str::<$payload>(body)?;
            assert!(fits(one), "{body}");
            Ok(1)
        })
    };
}

/// The folders with what we read, and how.
#[rustfmt::skip]
const FOLDERS: &[(&str, Reader)] = &[
    ("account/7.1/httpExamples/accounts", reads!(AccountPayload<'_>, |it| {
        !it.account_name.is_empty()
    })),
    ("profile/7.1/httpExamples/profiles", reads!(ProfilePayload<'_>, |it| {
        it.email_address.is_some()
    })),
    ("git/7.1/httpExamples/repositories", reads!(RepositoryPayload<'_>, |it| {
        let provider = ProviderName::parse("azure").unwrap();
        it.into_repository(&provider, "fabrikam").is_some_and(|it| !it.name.is_empty())
    })),
    ("git/7.1/httpExamples/refs", reads!(RefPayload<'_>, |it| it.name.starts_with("refs/"))),
    ("git/7.1/httpExamples/annotatedTags", reads!(TagPayload<'_>, |it| {
        it.message.is_some() && it.tagged_by.is_some_and(|it| it.into_signature().date.is_some())
    })),
    ("git/7.1/httpExamples/commits", reads!(CommitPayload<'_>, is_commit)),
    ("git/7.1/httpExamples/commitsBatch", reads!(CommitPayload<'_>, is_commit)),
    ("git/7.1/httpExamples/changes", reads!(ChangesPayload<'_>, |it| !it.changes.is_empty())),
    ("git/7.1/httpExamples/commitDiffs", reads!(ChangesPayload<'_>, |it| !it.changes.is_empty())),
    ("git/7.1/httpExamples/pullRequests", reads!(PullRequestPayload<'_>, |it| {
        let it = it.into_pull_request("fabrikam", None);
        it.number > 0 && it.author.is_some() && it.created_at.is_some() && it.traits.is_empty()
    })),
    ("git/7.1/httpExamples/pullRequestIterationChanges", reads!(EntriesPayload<'_>, |it| {
        !it.change_entries.is_empty()
    })),
    ("git/7.1/httpExamples/statuses", reads!(StatusPayload<'_>, |it| {
        let it = it.into_check("0f0f", None);
        it.name.contains("Build123") && it.conclusion.is_some() && it.url.is_some()
    })),
    ("git/7.1/httpExamples/items", reads!(PathPayload<'_>, |it| it.path.is_some())),
    ("git/7.1/httpExamples/trees", reads!(TreePayload<'_>, |it| {
        let mut entries = it.tree_entries.into_iter().map(|it| it.into_entry("a/"));
        entries.all(|it| it.mode.is_some_and(|it| it.len() == 6) && it.path.starts_with("a/"))
    })),
    ("hooks/7.1/httpExamples/subscriptions", reads!(SubscriptionPayload<'_>, |it| {
        it.id.len() == 36
    })),
    ("release/7.1/httpExamples/deployments", reads!(DeploymentPayload<'_>, |it| {
        let it = it.into_deployment(Source::default());
        !it.environment.is_empty() && it.created_at.is_some() && it.url.is_some()
    })),
    ("release/7.1/httpExamples/releases", reads!(ReleasePayload<'_>, |it| {
        let mut artifacts = it.artifacts.into_iter().flatten();
        artifacts.all(|it| it.kind.is_some() && it.reference("definition").is_some())
    })),
];

fn is_commit(it: CommitPayload<'_>) -> bool {
    let it = it.into_commit();
    it.sha.len() == 40 && !it.title.is_empty() && it.committer.is_some_and(|it| it.date.is_some())
}

/// Answers of other resources, which lie among ours.
const STRANGERS: &[&str] = &[
    "GET__git_repositories__remoteurl.json",
    "PATCH__git_repositories__repositoryId__refs.json",
    "POST__git_repositories__repositoryId__refs.json",
];

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    let mut files = entries.map(|it| it.unwrap().path()).collect::<Vec<_>>();
    files.retain(|it| !STRANGERS.iter().any(|stranger| it.ends_with(stranger)));
    files.sort();
    files
}

/// The bodies of an example: one for each status. Files begin with a byte
/// order mark.
fn bodies(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap();
    let example: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap();
    let responses = example["responses"].as_object().cloned().unwrap_or_default();
    responses.values().filter_map(|it| it.get("body")).map(Value::to_string).collect()
}

#[test]
fn every_recorded_body_of_a_resource_is_read() {
    let source = "azure-devops";
    let Some(root) = conformance::recordings("azure", source) else { return };
    let mut read = 0;
    for (folder, (payload, reader)) in FOLDERS {
        let bodies: Vec<_> =
            files(&root.join(folder)).into_iter().flat_map(|it| bodies(&it)).collect();
        for body in &bodies {
            reader(body).unwrap_or_else(|error| panic!("{folder}: {error}: {body}"));
        }
        conformance::read("azure", source, payload(), bodies.len());
        read += bodies.len();
    }
    assert!(read >= 55, "only {read} bodies were read");
    for stranger in STRANGERS {
        let reason = "an answer of another resource, which lies among ours";
        conformance::unread("azure", source, stranger, reason);
    }
}

#[test]
fn every_recorded_delivery_is_read() {
    let Some(root) = conformance::recordings("azure", "webhooks") else { return };
    let files = files(&root.join("azuredevops"));
    for file in &files {
        let body = fs::read(file).unwrap();
        let envelope = EnvelopePayload::read(&body).unwrap();
        let kind = envelope.event_type.unwrap();
        assert!(kind.starts_with("git.pullrequest."), "{}", file.display());
        let resource: PullRequestPayload<'_> = ResourcePayload::read(&body).unwrap();
        assert!(resource.repository.is_some() && resource.pull_request_id == 1);
        let delivery = Delivery { headers: Vec::new(), body, received_at: Timestamp::EPOCH };
        let told = SCHEME.facts(&delivery).unwrap();
        assert!(matches!(told.as_slice(), [Fact::MergeRequest(_)]), "{told:?}");
    }
    conformance::read("azure", "webhooks", "event", files.len());
}
