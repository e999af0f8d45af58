//! The payloads against what others recorded of the real Bitbucket. The
//! recordings are not ours: they are in the folder that `GITLODGE_RECORDINGS`
//! names, one folder a source.

use std::{
    any::type_name,
    fs,
    path::{Path, PathBuf},
};

use lodge_forge::ProviderName;
use lodge_kernel::Timestamp;
use lodge_provider::Delivery;
use lodge_testkit::conformance;
use serde::de::IgnoredAny;

use crate::{
    SCHEME,
    payload::{
        branch::BranchPayload, check::StatusPayload, commit::CommitPayload, event::EventPayload,
        hook::HookPayload, page::PagePayload, profile::AccountPayload,
        pull_request::PullRequestPayload, repository::RepositoryPayload, tag::TagPayload,
    },
};

/// The type of a payload; parses a body, and gives how many objects were in it.
type Reader = (fn() -> &'static str, fn(&str) -> Result<usize, serde_json::Error>);

macro_rules! one {
    ($payload:ty) => {
        (type_name::<$payload>, |body| serde_json::from_str::<$payload>(body).map(|_| 1))
    };
}
macro_rules! page {
    ($payload:ty) => {
        (type_name::<PagePayload<'_, $payload>>, |body| {
            serde_json::from_str::<PagePayload<'_, $payload>>(body).map(|it| it.values.len())
        })
    };
}

/// Bodies by the end of their path: `pybitbucket` 0.12.0, `atlassian-python-api`
/// 5.0.5, `swh.lister` 7.4.0.
const BODIES: &[(&str, Reader)] = &[
    ("tests/Branch.json", one!(BranchPayload<'_>)),
    ("tests/Branch_list.json", page!(BranchPayload<'_>)),
    ("tests/Ref_list.json", page!(BranchPayload<'_>)),
    ("tests/Tag.json", one!(TagPayload<'_>)),
    ("tests/Tag_list.json", page!(TagPayload<'_>)),
    ("tests/Commit.json", one!(CommitPayload<'_>)),
    ("tests/Commit_list.json", page!(CommitPayload<'_>)),
    ("tests/PullRequest.json", one!(PullRequestPayload<'_>)),
    ("tests/PullRequest.decline.json", one!(PullRequestPayload<'_>)),
    ("tests/PullRequest.merge.json", one!(PullRequestPayload<'_>)),
    ("tests/PullRequest_list.json", page!(PullRequestPayload<'_>)),
    ("tests/Repository.json", one!(RepositoryPayload<'_>)),
    ("tests/Repository_list.json", page!(RepositoryPayload<'_>)),
    ("tests/User.json", one!(AccountPayload<'_>)),
    ("tests/User_list.json", page!(AccountPayload<'_>)),
    ("tests/example_members.json", page!(AccountPayload<'_>)),
    ("tests/BuildStatus.json", one!(StatusPayload<'_>)),
    ("tests/Hook.json", one!(HookPayload<'_>)),
    ("tests/Hook_list.json", page!(HookPayload<'_>)),
    ("tests/example_modified_webhook.json", one!(HookPayload<'_>)),
    ("tests/repoPush.json", one!(EventPayload<'_>)),
    ("repositories/TestWorkspace1/GET", page!(RepositoryPayload<'_>)),
    ("testrepository1/GET", one!(RepositoryPayload<'_>)),
    ("TestRepositoryCreated/POST", one!(RepositoryPayload<'_>)),
    ("testrepository1/default-reviewers/GET", page!(AccountPayload<'_>)),
    ("testrepository1/pullrequests/GET", page!(PullRequestPayload<'_>)),
    ("testrepository1/pullrequests/POST", one!(PullRequestPayload<'_>)),
    ("testrepository1/pullrequests/1/GET", one!(PullRequestPayload<'_>)),
    ("testrepository1/pullrequests/25/GET", one!(PullRequestPayload<'_>)),
    ("testrepository1/pullrequests/1/decline/POST", one!(PullRequestPayload<'_>)),
    ("testrepository1/pullrequests/1/merge/POST", one!(PullRequestPayload<'_>)),
    ("testrepository1/pullrequests/1/commits/GET", page!(CommitPayload<'_>)),
    ("testrepository1/pullrequests/1/statuses/GET", page!(StatusPayload<'_>)),
    // Asked for with a choice of fields, the id not among them.
    ("bb_api_repositories_page1.json", page!(IgnoredAny)),
    ("bb_api_repositories_page2.json", page!(IgnoredAny)),
];

/// Deliveries, each with its event key, and how many events and facts it tells.
/// The commit of the push has no date there.
const DELIVERIES: &[(&str, &str, usize, usize)] = &[
    ("commit-comment-created.json", "repo:commit_comment_created", 0, 1),
    ("issue-created.json", "issue:created", 0, 1),
    ("pull-request-approval-removed.json", "pullrequest:unapproved", 0, 1),
    ("pull-request-comment-created.json", "pullrequest:comment_created", 0, 1),
    ("pull-request-comment-updated.json", "pullrequest:comment_updated", 0, 1),
    ("pull-request-declined.json", "pullrequest:rejected", 1, 1),
    ("pull-request-updated.json", "pullrequest:updated", 1, 1),
    ("repo-commit-status-updated.json", "repo:commit_status_updated", 1, 1),
    ("repo-push.json", "repo:push", 1, 0),
];

#[test]
fn what_others_recorded_can_be_read() {
    for (source, expected) in [("pybitbucket", 21), ("atlassian-python-api", 12), ("swh-lister", 2)]
    {
        let Some(folder) = conformance::recordings("bitbucket", source) else { continue };
        let mut bodies = 0;
        for file in files(&folder) {
            let path = file.to_string_lossy().replace('\\', "/");
            let ours = source != "atlassian-python-api" || path.contains("bitbucket/cloud/2.0");
            let found = BODIES.iter().find(|(end, _)| ours && path.ends_with(end));
            let Some((end, (payload, reader))) = found else { continue };
            bodies += 1;
            for body in bodies_of(&fs::read_to_string(&file).unwrap()) {
                reader(&body).unwrap_or_else(|error| panic!("{path}: {error}"));
            }
            if source == "swh-lister" {
                let reason = "asked for with a choice of fields, the id not among them";
                conformance::unread("bitbucket", source, end, reason);
            } else {
                conformance::read("bitbucket", source, payload(), 1);
            }
        }
        assert_eq!(bodies, expected, "bodies of {source}");
    }
}

#[test]
fn recorded_deliveries_are_read() {
    let Some(folder) = conformance::recordings("bitbucket", "webhooks") else { return };
    let provider = ProviderName::parse("bitbucket").unwrap();
    for (name, key, events, facts) in DELIVERIES {
        let body = fs::read(folder.join("bitbucket").join(name)).unwrap();
        let payload: EventPayload<'_> =
            serde_json::from_slice(&body).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(payload.into_events(key, &provider).map(|it| it.len()), Some(*events), "{name}");
        let headers = vec![("x-event-key".to_owned(), (*key).to_owned())];
        let told = SCHEME.facts(&Delivery { headers, body, received_at: Timestamp::EPOCH });
        assert_eq!(told.unwrap().len(), *facts, "{name}");
    }
    conformance::read("bitbucket", "webhooks", "event", DELIVERIES.len());
}

/// Every file below `folder`, in no order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found
}

/// The JSON in a file: itself, or what `responses[…] =` gives in Python.
fn bodies_of(text: &str) -> Vec<String> {
    if !text.starts_with("responses[") {
        return vec![text.to_owned()];
    }
    let given = text.split("\nresponses[").filter_map(|it| it.split_once("] = "));
    given.map(|(_, literal)| json_of(literal)).collect()
}

/// A Python literal as JSON: other words, and no comma before a bracket.
fn json_of(literal: &str) -> String {
    let mut json = String::new();
    let mut rest = literal;
    while let Some(next) = rest.chars().next() {
        let (piece, told) = match next {
            '"' | '\'' => string(rest, next),
            _ if next.is_ascii_alphabetic() => {
                let end = rest.find(|it: char| !it.is_ascii_alphabetic()).unwrap_or(rest.len());
                let word = &rest[..end];
                let told = match word {
                    "True" => "true",
                    "False" => "false",
                    "None" => "null",
                    other => other,
                };
                (word, told.to_owned())
            }
            '}' | ']' => {
                json.truncate(json.trim_end().trim_end_matches(',').len());
                (&rest[..1], next.to_string())
            }
            _ => (&rest[..next.len_utf8()], next.to_string()),
        };
        json.push_str(&told);
        rest = &rest[piece.len()..];
    }
    json
}

/// The string that `text` begins with, as it is and in JSON.
fn string(text: &str, mark: char) -> (&str, String) {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, it)| {
        let ends = *it == mark && !escaped;
        escaped = *it == '\\' && !escaped;
        ends
    });
    let piece = &text[..=end.unwrap().0];
    let inside = &piece[1..piece.len() - 1];
    let told = if mark == '"' { inside.to_owned() } else { inside.replace('"', "\\\"") };
    (piece, format!("\"{told}\""))
}

#[test]
fn a_python_literal_is_read_as_json() {
    let bodies = bodies_of(
        "responses[None] = {\n \"a\": True, 'b': ['say \"x\"', None,],\n}\nresponses['q'] = {}",
    );
    assert_eq!(bodies.len(), 2);
    let body: serde_json::Value = serde_json::from_str(&bodies[0]).unwrap();
    assert_eq!(body, serde_json::json!({"a": true, "b": ["say \"x\"", null]}));
}
