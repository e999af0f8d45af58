//! Merge requests, which other hosts call pull requests, and approvals.

use lodge_kernel::Timestamp;

/// Where a merge request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MergeRequestState {
    /// It can be reviewed.
    Opened,
    /// It ended without a merge.
    Closed,
    /// It was taken in.
    Merged,
}

impl MergeRequestState {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Opened, Self::Closed, Self::Merged];

    /// The word in answers and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Closed => "closed",
            Self::Merged => "merged",
        }
    }

    /// The one of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// How far along it stands: of two tellings of one second the one that is
    /// further along is the later one.
    pub(crate) const fn stage(self) -> u8 {
        match self {
            Self::Opened => 0,
            Self::Closed => 1,
            Self::Merged => 2,
        }
    }
}

/// A merge request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MergeRequest<A> {
    /// Its number in the project: GitLab's `iid`.
    pub number: u64,
    /// The title.
    pub title: String,
    /// The description, at most [`LONGEST`](Self::LONGEST) bytes.
    pub description: Option<String>,
    /// Who opened it. `None` where the host does not tell.
    pub author: Option<A>,
    /// Where it stands.
    pub state: MergeRequestState,
    /// Its author says that it is not ready.
    pub draft: bool,
    /// The branch that it brings in.
    pub source_branch: String,
    /// The branch that takes it in.
    pub target_branch: String,
    /// Labels, by name.
    pub labels: Vec<String>,
    /// Who is to do it.
    pub assignees: Vec<A>,
    /// Who is to review it.
    pub reviewers: Vec<A>,
    /// Its newest commit.
    pub head_sha: Option<String>,
    /// Who took it in.
    pub merged_by: Option<A>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it was taken in.
    pub merged_at: Option<Timestamp>,
    /// When it last ended without a merge, also if it was opened again: see
    /// [`closed`](Self::closed).
    pub closed_at: Option<Timestamp>,
    /// Its page.
    pub web_url: Option<String>,
}

impl<A> MergeRequest<A> {
    /// How much of a description is kept, in bytes.
    pub const LONGEST: usize = 16_384;
}

impl<A> MergeRequest<A> {
    /// When it was taken in, as far as anybody told; `None` unless it was.
    pub fn merged(&self) -> Option<Timestamp> {
        self.merged_at.filter(|_| self.state == MergeRequestState::Merged)
    }

    /// When it ended without a merge, as far as anybody told; `None` when it was
    /// opened again.
    pub fn closed(&self) -> Option<Timestamp> {
        self.closed_at.filter(|_| self.state == MergeRequestState::Closed)
    }
}

/// Somebody's word that a merge request may be taken in, or that they take
/// their word back.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Approval<A> {
    /// The merge request's number.
    pub merge_request: u64,
    /// Who.
    pub by: A,
    /// Approved, rather than taken back.
    pub approved: bool,
    /// When.
    pub at: Timestamp,
}

impl<A> MergeRequest<A> {
    /// The same, with everybody in it named by `name`.
    pub fn map<B>(self, name: &mut impl FnMut(A) -> B) -> MergeRequest<B> {
        MergeRequest {
            number: self.number,
            title: self.title,
            description: self.description,
            state: self.state,
            draft: self.draft,
            source_branch: self.source_branch,
            target_branch: self.target_branch,
            labels: self.labels,
            head_sha: self.head_sha,
            created_at: self.created_at,
            updated_at: self.updated_at,
            merged_at: self.merged_at,
            closed_at: self.closed_at,
            web_url: self.web_url,
            author: self.author.map(&mut *name),
            merged_by: self.merged_by.map(&mut *name),
            assignees: self.assignees.into_iter().map(&mut *name).collect(),
            reviewers: self.reviewers.into_iter().map(&mut *name).collect(),
        }
    }
}

impl<A> Approval<A> {
    /// The same, with everybody in it named by `name`.
    pub fn map<B>(self, name: &mut impl FnMut(A) -> B) -> Approval<B> {
        Approval {
            merge_request: self.merge_request,
            approved: self.approved,
            at: self.at,
            by: name(self.by),
        }
    }
}
