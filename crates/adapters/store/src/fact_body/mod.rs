//! Facts, as the text of a column holds them: JSON, with the version of its form.
//!
//! The structures mirror those of the domain: a field that one of them has and
//! the other has not does not compile.

mod bodies;
mod parts;

use lodge_activity::{
    ActorId, Approval, CiJob, Commit, Fact, Issue, MergeRequest, Milestone, Note, Pipeline,
};
use lodge_storage::StorageError;
use serde::{Deserialize, Serialize};

use self::bodies::{
    ApprovalBody, CiJobBody, CommitBody, IssueBody, MergeRequestBody, MilestoneBody, NoteBody,
    PipelineBody,
};
use crate::convert;

/// What a fact is called in errors.
pub(crate) const ENTITY: &str = "fact";

/// The version of the form. Another one is written by a newer program, and is
/// not guessed at.
const VERSION: u8 = 1;

#[derive(Serialize)]
struct Written<'a> {
    v: u8,
    #[serde(serialize_with = "FactBody::serialize")]
    fact: &'a Fact<ActorId>,
}

#[derive(Deserialize)]
struct Form {
    v: u8,
}

#[derive(Deserialize)]
struct Read {
    #[serde(with = "FactBody")]
    fact: Fact<ActorId>,
}

/// The text of a fact.
pub(crate) fn write(fact: &Fact<ActorId>) -> Result<String, StorageError> {
    let text = serde_json::to_string(&Written { v: VERSION, fact });
    text.map_err(|error| StorageError::Other(error.into()))
}

/// The fact of a text.
pub(crate) fn read(text: &str) -> Result<Fact<ActorId>, StorageError> {
    let row = convert::Row(ENTITY);
    let form: Form = serde_json::from_str(text).map_err(|error| row.corrupt(error))?;
    if form.v != VERSION {
        return Err(row.corrupt(format!("version {} of a fact is unknown", form.v)));
    }
    let read: Read = serde_json::from_str(text).map_err(|error| row.corrupt(error))?;
    Ok(read.fact)
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Fact<ActorId>", rename_all = "snake_case")]
enum FactBody {
    Commit(#[serde(with = "CommitBody")] Commit<ActorId>),
    MergeRequest(#[serde(with = "MergeRequestBody")] MergeRequest<ActorId>),
    Approval(#[serde(with = "ApprovalBody")] Approval<ActorId>),
    Note(#[serde(with = "NoteBody")] Note<ActorId>),
    Issue(#[serde(with = "IssueBody")] Issue<ActorId>),
    Pipeline(#[serde(with = "PipelineBody")] Pipeline<ActorId>),
    CiJob(#[serde(with = "CiJobBody")] CiJob<ActorId>),
    Milestone(#[serde(with = "MilestoneBody")] Milestone<ActorId>),
}

#[cfg(test)]
mod tests {
    use lodge_kernel::{Digest, Timestamp};

    use super::*;

    fn an_approval() -> Fact<ActorId> {
        Fact::Approval(Approval {
            merge_request: 7,
            by: ActorId(Digest([0xab; 32])),
            approved: true,
            at: Timestamp::from_seconds(5),
        })
    }

    #[test]
    fn a_fact_reads_as_it_was_written() {
        let text = write(&an_approval()).unwrap();
        let who = "ab".repeat(32);
        let known = format!(
            r#"{{"v":1,"fact":{{"approval":{{"merge_request":7,"by":"{who}","approved":true,"at":5000000}}}}}}"#
        );
        assert_eq!(text, known);
        assert_eq!(read(&text).unwrap(), an_approval());
    }

    #[test]
    fn what_is_broken_or_newer_is_corrupt() {
        let text = write(&an_approval()).unwrap();
        for broken in [
            text.replace("\"v\":1", "\"v\":2"),
            text.replace("approval", "applause"),
            text.replace("abab", "xyxy"),
            text.replace("true", "7"),
            text.replace("\"at\":5000000", "\"on\":5"),
            String::new(),
        ] {
            let answer = read(&broken);
            assert!(matches!(answer, Err(StorageError::Corrupt { .. })), "{broken}: {answer:?}");
        }
    }
}
