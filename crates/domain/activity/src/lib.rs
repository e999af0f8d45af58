//! What happens in course projects: facts as hosts tell them, how two tellings
//! of one fact merge, and what facts come to.
//!
//! A fact is told by whoever saw it: a [`Fact<Actor>`](Fact) comes from a
//! host, with all that it says of people; a [`Fact<ActorId>`](Fact) is kept,
//! and names nobody.
//!
//! Reading order: [`actor`], [`fact`], then one file a kind.

pub mod actor;
pub mod commit;
pub mod fact;
pub mod issue;
mod merge;
pub mod merge_request;
pub mod milestone;
pub mod note;
pub mod pipeline;

pub use actor::{Actor, ActorId};
pub use commit::{ChangedFile, Changes, Commit};
pub use fact::{Fact, FactKey, FactKind};
pub use issue::{Issue, IssueState};
pub use merge_request::{Approval, MergeRequest, MergeRequestState};
pub use milestone::{Milestone, MilestoneKind};
pub use note::{Note, Subject};
pub use pipeline::{CiJob, CiStatus, Pipeline};
