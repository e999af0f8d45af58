//! Every payload reads what others recorded of real servers, and has no field
//! that Forgejo's own specification does not know.
//!
//! The recordings are in the folder that `GITLODGE_RECORDINGS` names, one
//! subfolder a source: `swh-lister` (pages of repositories), `webhooks` (Gitea's
//! deliveries) and `forgejo-api` (`swagger.v1.json`).

use std::{any::type_name, fs, path::PathBuf};

use lodge_forge::{Event, ProviderName};
use lodge_kernel::Timestamp;
use lodge_provider::Delivery;
use lodge_testkit::conformance;
use serde::{
    Deserialize, Deserializer,
    de::{Visitor, value::Error},
};
use serde_json::{Map, Value, json};

use super::{
    branch::BranchPayload,
    check::{RunsPayload, StatusPayload},
    commit::CommitPayload,
    event,
    hook::HookPayload,
    profile::UserPayload,
    pull_request::PullRequestPayload,
    release::ReleasePayload,
    repository::RepositoryPayload,
    settings::SettingsPayload,
    tag::TagPayload,
    tree::TreePayload,
};
use crate::facts;

/// The files below a source's folder whose path has `part` in it. `None` when
/// there are no recordings.
fn files(source: &str, part: &str) -> Option<Vec<PathBuf>> {
    let (mut folders, mut found) = (vec![conformance::recordings("gitea", source)?], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_str().is_some_and(|it| it.contains(part)) {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "{source} has no {part}");
    found.sort();
    Some(found)
}

fn provider() -> ProviderName {
    ProviderName::parse("gitea").unwrap()
}

#[test]
fn recorded_repositories_are_read() {
    let mut read = 0;
    for vendor in ["gitea", "forgejo"] {
        let Some(pages) = files("swh-lister", &format!("{vendor}/")) else { return };
        let pages = pages.iter().filter(|it| it.to_str().unwrap().contains("repos_page"));
        for page in pages {
            let body: Value = serde_json::from_slice(&fs::read(page).unwrap()).unwrap();
            for repository in body["data"].as_array().unwrap() {
                let text = repository.to_string();
                let payload: RepositoryPayload<'_> = serde_json::from_str(&text).unwrap();
                let told = payload.into_repository(&provider()).unwrap();
                assert_eq!(told.full_name, repository["full_name"].as_str().unwrap());
                assert_eq!(told.native_id, repository["id"].to_string());
                assert!(told.created_at.is_some() && told.permissions.is_some());
                read += 1;
            }
            conformance::read("gitea", "swh-lister", "repository", 1);
        }
    }
    assert!(read >= 12);
}

#[test]
fn recorded_deliveries_are_read() {
    let Some(deliveries) = files("webhooks", "gitea") else { return };
    let mut told = Vec::new();
    for path in deliveries.iter().filter(|it| it.extension().is_some_and(|it| it == "json")) {
        let file = path.file_stem().unwrap().to_str().unwrap();
        let name = match file.trim_end_matches("-event") {
            name if name.starts_with("pull-request") => "pull_request",
            "issue-comment" => "issue_comment",
            name if name.starts_with("issue") => "issues",
            name => name,
        };
        conformance::read("gitea", "webhooks", "event", 1);
        let body = fs::read(path).unwrap();
        let event: Option<Event> = event::read(&provider(), name, &body).unwrap();
        told.extend(event.map(|it| format!("{file}: {} {}", it.kind, it.repository)));
        let delivery = Delivery { headers: Vec::new(), body, received_at: Timestamp::EPOCH };
        let facts = facts::read(name, &delivery).unwrap();
        told.extend(facts.iter().map(|it| format!("{file}: {} {}", it.kind().name(), it.at())));
    }
    insta::assert_debug_snapshot!(told, @r#"
    [
        "issue-comment-event: note 2022-03-09T07:20:44.000Z",
        "issue-milestone-event: issue 2022-03-09T07:19:00.000Z",
        "pull-request-assign-event: pull_request.updated 1",
        "pull-request-assign-event: merge_request 2022-03-09T07:31:06.000Z",
        "pull-request-event: pull_request.opened 1",
        "pull-request-event: merge_request 2022-03-09T07:31:06.000Z",
        "pull-request-milestone-event: pull_request.updated 1",
        "pull-request-milestone-event: merge_request 2022-03-09T07:31:06.000Z",
        "push-event: push 1",
        "push-event: commit 2022-03-09T07:23:39.000Z",
        "repository-event: repository.updated 5",
    ]
    "#);
}

/// A body as the specification describes it, with every field.
fn sample(definitions: &Value, schema: &Value, depth: u8) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.trim_start_matches("#/definitions/");
        return sample(definitions, &definitions[name], depth);
    }
    match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("integer" | "number"), _) => json!(1),
        (Some("boolean"), _) => json!(true),
        (Some("array" | "object"), _) if depth == 0 => Value::Null,
        (Some("array"), _) => json!([sample(definitions, &schema["items"], depth - 1)]),
        (Some("object"), _) => {
            let fields = schema["properties"].as_object().cloned().unwrap_or_default();
            let fields = fields
                .into_iter()
                .map(|(name, field)| (name, sample(definitions, &field, depth - 1)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        (_, Some("date-time")) => json!("2026-11-22T09:00:00+01:00"),
        _ => json!("a text"),
    }
}

/// The names of a payload's fields, as it asks for them.
fn fields<'de, T: Deserialize<'de>>() -> &'static [&'static str] {
    struct Asked<'a>(&'a mut &'static [&'static str]);

    impl<'de> Deserializer<'de> for Asked<'_> {
        type Error = Error;

        fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
            Err(serde::de::Error::custom("only the names are asked for"))
        }

        fn deserialize_struct<V: Visitor<'de>>(
            self,
            _: &'static str,
            fields: &'static [&'static str],
            visitor: V,
        ) -> Result<V::Value, Error> {
            *self.0 = fields;
            self.deserialize_any(visitor)
        }

        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
            unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
        }
    }

    let mut names: &'static [&'static str] = &[];
    assert!(T::deserialize(Asked(&mut names)).is_err());
    names
}

/// A payload reads a body of this definition, and asks for nothing that is not
/// in it, but for what `elsewhere` names.
macro_rules! agrees {
    ($definitions:expr, $name:literal, $payload:ty $(, $elsewhere:literal)*) => {{
        let body = sample($definitions, &$definitions[$name], 4);
        let elsewhere: &[&str] = &[$($elsewhere),*];
        for field in fields::<$payload>().iter().filter(|it| !elsewhere.contains(it)) {
            assert!(body.get(field).is_some(), "{} has no {field}", $name);
        }
        let text = body.to_string();
        if let Err(error) = serde_json::from_str::<$payload>(&text) {
            panic!("{}: {error}", $name);
        }
        conformance::read("gitea", "forgejo-api", type_name::<$payload>(), 1);
    }};
}

#[test]
fn payloads_agree_with_the_specification() {
    let Some(found) = files("forgejo-api", "swagger.v1.json") else { return };
    let specification: Value = serde_json::from_slice(&fs::read(&found[0]).unwrap()).unwrap();
    let definitions = &specification["definitions"];
    agrees!(definitions, "User", UserPayload<'_>);
    agrees!(definitions, "Repository", RepositoryPayload<'_>);
    agrees!(definitions, "Branch", BranchPayload<'_>);
    agrees!(definitions, "Commit", CommitPayload<'_>);
    agrees!(definitions, "PullRequest", PullRequestPayload<'_>);
    agrees!(definitions, "Tag", TagPayload<'_>);
    agrees!(definitions, "Release", ReleasePayload<'_>);
    // Events have `state`.
    agrees!(definitions, "CommitStatus", StatusPayload<'_>, "state");
    agrees!(definitions, "ListActionRunResponse", RunsPayload<'_>);
    agrees!(definitions, "GitTreeResponse", TreePayload<'_>);
    agrees!(definitions, "Hook", HookPayload);
    agrees!(definitions, "GeneralAPISettings", SettingsPayload);
}
