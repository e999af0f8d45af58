//! When what a delivery tells happened.
//!
//! Source: <https://docs.gitlab.com/user/project/integrations/webhook_events/>.

use lodge_kernel::Timestamp;
use lodge_provider::BoxError;
use lodge_provider_kit::read_json;
use serde::Deserialize;

use super::Time;

/// Every instant that a body of some kind can have of what it tells.
#[derive(Debug, Deserialize)]
struct OccurrencePayload {
    /// Of merge requests, notes, issues and pipelines.
    object_attributes: Option<AttributesPayload>,
    /// Of pushes.
    #[serde(default)]
    commits: Vec<CommitPayload>,
    /// Of deployments.
    status_changed_at: Option<Time>,
    /// Of releases.
    released_at: Option<Time>,
    /// Of jobs.
    build_finished_at: Option<Time>,
    build_started_at: Option<Time>,
    build_created_at: Option<Time>,
}

#[derive(Debug, Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names that GitLab gives them")]
struct AttributesPayload {
    created_at: Option<Time>,
    updated_at: Option<Time>,
    finished_at: Option<Time>,
}

#[derive(Debug, Deserialize)]
struct CommitPayload {
    timestamp: Option<Time>,
}

/// The latest instant of `body`; `None` where it has none, as a pushed tag.
///
/// # Errors
///
/// When a part of it is not as GitLab writes it.
pub(crate) fn read(body: &[u8]) -> Result<Option<Timestamp>, BoxError> {
    let told: OccurrencePayload = read_json(body)?;
    let of_object = told.object_attributes.into_iter();
    let of_object = of_object.flat_map(|it| [it.created_at, it.updated_at, it.finished_at]);
    let of_commits = told.commits.into_iter().map(|it| it.timestamp);
    let others = [
        told.status_changed_at,
        told.released_at,
        told.build_finished_at,
        told.build_started_at,
        told.build_created_at,
    ];
    Ok(of_object.chain(of_commits).chain(others).flatten().filter_map(|it| it.0).max())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_latest_instant_of_each_kind_is_read() {
        for (body, read_as) in [
            (
                r#"{"object_kind":"push","commits":[{"timestamp":"2012-01-03T23:36:29+02:00"},{"timestamp":"2011-12-12T14:27:31+02:00"}]}"#,
                Some("2012-01-03T21:36:29.000Z"),
            ),
            (
                r#"{"object_kind":"merge_request","object_attributes":{"created_at":"2013-12-03T17:23:34Z","updated_at":"2013-12-03 17:24:34 UTC"}}"#,
                Some("2013-12-03T17:24:34.000Z"),
            ),
            (
                r#"{"object_kind":"deployment","status_changed_at":"2021-04-28 21:50:00 +0200"}"#,
                Some("2021-04-28T19:50:00.000Z"),
            ),
            (
                r#"{"object_kind":"build","build_finished_at":null,"build_started_at":"2021-02-23 02:41:37 UTC"}"#,
                Some("2021-02-23T02:41:37.000Z"),
            ),
            (r#"{"object_kind":"tag_push","commits":[]}"#, None),
        ] {
            let read = read(body.as_bytes()).unwrap();
            assert_eq!(read.map(|it| it.to_string()).as_deref(), read_as, "{body}");
        }
        assert!(read(br#"{"object_kind":"push","commits":17}"#).is_err());
    }

    proptest! {
        #[test]
        fn no_body_makes_the_reader_panic(bytes: Vec<u8>) {
            let _ = read(&bytes);
        }
    }
}
