//! What happens in course projects: facts as hosts tell them, how two tellings
//! of one fact merge, and what facts come to.
//!
//! A fact is told by whoever saw it: a [`Fact<Actor>`](Fact) comes from a
//! host, with all that it says of people; a [`Fact<ActorId>`](Fact) is kept,
//! and names nobody.
//!
//! Reading order: [`actor`], [`fact`], then one file a kind. What facts come
//! to: [`paths`] and [`authorship`] (whose work a commit is), [`people`] (who is
//! who), then [`mod@timeline`], [`contributions`] and [`ci`].

pub mod actor;
pub mod authorship;
mod brief;
pub mod ci;
pub mod commit;
pub mod contributions;
pub mod fact;
pub mod issue;
mod merge;
pub mod merge_request;
pub mod milestone;
pub mod note;
pub mod paths;
pub mod people;
pub mod period;
pub mod pipeline;
pub mod shares;
#[cfg(test)]
mod testing;
pub mod timeline;

pub use actor::{Actor, ActorId};
pub use authorship::Lines;
pub use ci::{CiMetrics, ci_metrics};
pub use commit::{ChangedFile, Changes, Commit};
pub use contributions::{Contribution, Contributions};
pub use fact::{Fact, FactKey, FactKind};
pub use issue::{Issue, IssueState};
pub use merge_request::{Approval, MergeRequest, MergeRequestState};
pub use milestone::{Milestone, MilestoneKind};
pub use note::{Note, Subject};
pub use people::{People, Who};
pub use period::Period;
pub use pipeline::{CiJob, CiStatus, Pipeline};
pub use timeline::{Happened, Offset, Step, Whose, timeline};
