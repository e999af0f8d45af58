//! What a check says, and why.

use lodge_kernel::{ProjectId, Timestamp};

use crate::Points;

/// How much evidence of one result is kept.
const MOST: usize = 50;

/// In one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Everything that was asked for is there: 100.
    Passed,
    /// Some of it.
    Partial,
    /// Nothing of it: 0.
    Failed,
    /// There is nothing that could be judged: it is left out of the weights.
    NotApplicable,
}

impl Status {
    /// The word in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::NotApplicable => "not_applicable",
        }
    }
}

/// Something that decided a result.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// The commit of this hash.
    Commit(String),
    /// The merge request of this number.
    MergeRequest(u64),
    /// The issue of this number.
    Issue(u64),
    /// The remark with this id of the host.
    Note(String),
    /// The run with this id of the host.
    Pipeline(String),
    /// The file at this path, as a commit changed it.
    File(String),
}

impl Item {
    /// The word in answers.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Commit(_) => "commit",
            Self::MergeRequest(_) => "merge_request",
            Self::Issue(_) => "issue",
            Self::Note(_) => "note",
            Self::Pipeline(_) => "pipeline",
            Self::File(_) => "file",
        }
    }

    /// The hash, number, id or path.
    pub fn id(&self) -> String {
        match self {
            Self::Commit(id) | Self::Note(id) | Self::Pipeline(id) | Self::File(id) => id.clone(),
            Self::MergeRequest(number) | Self::Issue(number) => number.to_string(),
        }
    }
}

/// A piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// In which project.
    pub project: ProjectId,
    /// What.
    pub item: Item,
    /// When it happened.
    pub at: Timestamp,
    /// Its page, where the host tells of one.
    pub web_url: Option<String>,
    /// It speaks for the student, rather than against.
    pub fits: bool,
}

/// What a check says of one student.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The result. `None` when there is nothing that could be judged.
    pub points: Option<Points>,
    /// Why, in one sentence without names, for example “3 of 4 merge requests
    /// have a description”.
    pub because: String,
    /// What decided it, what speaks against first, then by time: at most 50.
    pub evidence: Vec<Evidence>,
    /// How much more there is.
    pub left_out: usize,
}

impl Outcome {
    /// There is nothing that could be judged, and why not.
    pub fn not_applicable(because: impl Into<String>) -> Self {
        Self { points: None, because: because.into(), evidence: Vec::new(), left_out: 0 }
    }

    /// A result with what decided it.
    pub fn new(points: Points, because: impl Into<String>, mut evidence: Vec<Evidence>) -> Self {
        evidence.sort_by(|one, other| {
            (one.fits, one.at, one.project, &one.item).cmp(&(
                other.fits,
                other.at,
                other.project,
                &other.item,
            ))
        });
        let left_out = evidence.len().saturating_sub(MOST);
        evidence.truncate(MOST);
        Self { points: Some(points), because: because.into(), evidence, left_out }
    }

    /// The share of the evidence that fits; not applicable without any. `what`
    /// says what is counted and what of it is wanted: `("merge requests",
    /// "have a description")`.
    pub fn share((things, wanted): (&str, &str), evidence: Vec<Evidence>) -> Self {
        let all = evidence.len();
        let fit = evidence.iter().filter(|it| it.fits).count();
        match Points::share(fit, all) {
            None => Self::not_applicable(format!("there are no {things}")),
            Some(points) => {
                Self::new(points, format!("{fit} of {all} {things} {wanted}"), evidence)
            }
        }
    }

    /// How far the evidence that fits is on its way to `target` pieces: all of
    /// the points from there on.
    pub fn count(things: &str, target: usize, evidence: Vec<Evidence>) -> Self {
        let fit = evidence.iter().filter(|it| it.fits).count();
        let points = Points::share(fit.min(target), target).unwrap_or(Points::ALL);
        Self::new(points, format!("{fit} {things}, {target} wanted"), evidence)
    }

    /// In one word.
    pub const fn status(&self) -> Status {
        match self.points {
            None => Status::NotApplicable,
            Some(Points::ALL) => Status::Passed,
            Some(Points::NONE) => Status::Failed,
            Some(_) => Status::Partial,
        }
    }
}
