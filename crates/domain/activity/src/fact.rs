//! One thing that happened, whatever its kind.

use std::cmp::Ordering;

use lodge_kernel::Timestamp;

use crate::{
    ActorId, Approval, CiJob, Commit, Issue, MergeRequest, Milestone, Note, Pipeline, merge,
};

/// The kinds. They stand in the order of their names, as in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FactKind {
    /// [`Commit`].
    Commit,
    /// [`MergeRequest`].
    MergeRequest,
    /// [`Approval`].
    Approval,
    /// [`Note`].
    Note,
    /// [`Issue`].
    Issue,
    /// [`Pipeline`].
    Pipeline,
    /// [`CiJob`].
    CiJob,
    /// [`Milestone`].
    Milestone,
}

impl FactKind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Commit,
        Self::MergeRequest,
        Self::Approval,
        Self::Note,
        Self::Issue,
        Self::Pipeline,
        Self::CiJob,
        Self::Milestone,
    ];

    /// The word in answers and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Commit => "commit",
            Self::MergeRequest => "merge_request",
            Self::Approval => "approval",
            Self::Note => "note",
            Self::Issue => "issue",
            Self::Pipeline => "pipeline",
            Self::CiJob => "job",
            Self::Milestone => "milestone",
        }
    }

    /// The kind of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

impl Ord for FactKind {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name().cmp(other.name())
    }
}

impl PartialOrd for FactKind {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// What one fact of a project is told from the others by: two that have it in
/// common tell of the same thing, and merge.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactKey {
    /// The kind.
    pub kind: FactKind,
    /// A hash, a number, or the host's id: at most [`LONGEST`](Self::LONGEST)
    /// bytes.
    pub id: String,
}

impl FactKey {
    /// How long an id is at most, in bytes: keys of databases have bounds.
    pub const LONGEST: usize = 500;

    /// The key of what is told from the others of its kind by `id`. One that is
    /// too long is cut, and ends in a digest of the whole.
    fn of(kind: FactKind, id: String) -> Self {
        // PostgreSQL keeps no text with this character.
        let id = if id.contains('\0') { id.replace('\0', "\u{fffd}") } else { id };
        if id.len() <= Self::LONGEST {
            return Self { kind, id };
        }
        let digest = format!("~{:032x}", fnv(id.as_bytes()));
        let most = id.floor_char_boundary(Self::LONGEST.saturating_sub(digest.len()));
        Self { kind, id: id.get(..most).unwrap_or_default().to_owned() + &digest }
    }
}

/// FNV-1a with 128 bits: nobody gains by two names of one project that have it
/// in common.
///
/// Source: <https://datatracker.ietf.org/doc/html/rfc9923>.
fn fnv(bytes: &[u8]) -> u128 {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    bytes.iter().fold(BASIS, |hash, byte| (hash ^ u128::from(*byte)).wrapping_mul(PRIME))
}

/// One thing that happened in a project.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact<A> {
    /// A commit.
    Commit(Commit<A>),
    /// A merge request.
    MergeRequest(MergeRequest<A>),
    /// An approval.
    Approval(Approval<A>),
    /// A remark.
    Note(Note<A>),
    /// An issue.
    Issue(Issue<A>),
    /// A run of continuous integration.
    Pipeline(Pipeline<A>),
    /// One job of such a run.
    CiJob(CiJob<A>),
    /// A tag, a release or a deployment.
    Milestone(Milestone<A>),
}

impl<A> Fact<A> {
    /// Its kind.
    pub const fn kind(&self) -> FactKind {
        match self {
            Self::Commit(_) => FactKind::Commit,
            Self::MergeRequest(_) => FactKind::MergeRequest,
            Self::Approval(_) => FactKind::Approval,
            Self::Note(_) => FactKind::Note,
            Self::Issue(_) => FactKind::Issue,
            Self::Pipeline(_) => FactKind::Pipeline,
            Self::CiJob(_) => FactKind::CiJob,
            Self::Milestone(_) => FactKind::Milestone,
        }
    }

    /// When it happened: what listings and reports put it in order by.
    pub const fn at(&self) -> Timestamp {
        match self {
            Self::Commit(it) => it.authored_at,
            Self::MergeRequest(it) => it.created_at,
            Self::Approval(it) => it.at,
            Self::Note(it) => it.created_at,
            Self::Issue(it) => it.created_at,
            Self::Pipeline(it) => it.created_at,
            Self::CiJob(it) => it.created_at,
            Self::Milestone(it) => it.at,
        }
    }

    /// Who did it. `None` where the host does not tell.
    pub const fn author(&self) -> Option<&A> {
        match self {
            Self::Commit(it) => Some(&it.author),
            Self::MergeRequest(it) => it.author.as_ref(),
            Self::Approval(it) => Some(&it.by),
            Self::Note(it) => Some(&it.author),
            Self::Issue(it) => it.author.as_ref(),
            Self::Pipeline(it) => it.by.as_ref(),
            Self::CiJob(it) => it.by.as_ref(),
            Self::Milestone(it) => it.by.as_ref(),
        }
    }

    /// Everybody in it: who did it first, and some perhaps more than once.
    pub fn actors(&self) -> impl Iterator<Item = &A> {
        let (assignees, reviewers, merged_by): (&[A], &[A], _) = match self {
            Self::MergeRequest(it) => (&it.assignees, &it.reviewers, it.merged_by.as_ref()),
            Self::Issue(it) => (&it.assignees, &[], None),
            _ => (&[], &[], None),
        };
        self.author().into_iter().chain(assignees).chain(reviewers).chain(merged_by)
    }

    /// The same fact, with everybody in it named by `name`.
    pub fn map<B>(self, name: &mut impl FnMut(A) -> B) -> Fact<B> {
        match self {
            Self::Commit(it) => Fact::Commit(it.map(name)),
            Self::MergeRequest(it) => Fact::MergeRequest(it.map(name)),
            Self::Approval(it) => Fact::Approval(it.map(name)),
            Self::Note(it) => Fact::Note(it.map(name)),
            Self::Issue(it) => Fact::Issue(it.map(name)),
            Self::Pipeline(it) => Fact::Pipeline(it.map(name)),
            Self::CiJob(it) => Fact::CiJob(it.map(name)),
            Self::Milestone(it) => Fact::Milestone(it.map(name)),
        }
    }
}

impl Fact<ActorId> {
    /// What it is told from the others of its project by. Of an approval that
    /// is the merge request and whose it is.
    pub fn key(&self) -> FactKey {
        let id = match self {
            Self::Commit(it) => it.sha.clone(),
            Self::MergeRequest(it) => it.number.to_string(),
            Self::Approval(it) => format!("{}/{}", it.merge_request, it.by),
            Self::Note(it) => it.id.clone(),
            Self::Issue(it) => it.number.to_string(),
            Self::Pipeline(it) => it.id.clone(),
            Self::CiJob(it) => it.id.clone(),
            Self::Milestone(it) => format!("{}/{}", it.kind.name(), it.id),
        };
        FactKey::of(self.kind(), id)
    }

    /// What two tellings of one fact come to. It is the same whichever came
    /// first, in whatever groups several are merged, and however often one is
    /// merged again. Of two facts with different keys it is the first.
    #[must_use]
    pub fn merged(self, other: Self) -> Self {
        merge::merged(self, other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_short_and_has_no_character_that_databases_refuse() {
        let of = |id: &str| FactKey::of(FactKind::Milestone, id.to_owned()).id;
        assert_eq!(of("tag/v1"), "tag/v1");
        assert_eq!(of("tag/v\u{0}1"), "tag/v\u{fffd}1");
        assert_eq!(of(&"a".repeat(500)), "a".repeat(500));
        let (one, other) = (of(&"ž".repeat(400)), of(&("ž".repeat(400) + "1")));
        assert!(one.len() <= 500 && other.len() <= 500 && one != other, "{one} {other}");
        assert_eq!(one, of(&"ž".repeat(400)));
    }
}
