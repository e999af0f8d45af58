//! Issues.

use lodge_kernel::Timestamp;

/// Where an issue stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IssueState {
    /// It is to be done.
    Opened,
    /// It is done, or will not be.
    Closed,
}

impl IssueState {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Opened, Self::Closed];

    /// The word in answers and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Closed => "closed",
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
        }
    }
}

/// An issue.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Issue<A> {
    /// Its number in the project: GitLab's `iid`.
    pub number: u64,
    /// The title.
    pub title: String,
    /// The description, at most [`LONGEST`](Self::LONGEST) bytes.
    pub description: Option<String>,
    /// Who wrote it. `None` where the host does not tell.
    pub author: Option<A>,
    /// Where it stands.
    pub state: IssueState,
    /// Labels, by name.
    pub labels: Vec<String>,
    /// Who is to do it.
    pub assignees: Vec<A>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it was last closed, also if it was opened again: see
    /// [`closed`](Self::closed).
    pub closed_at: Option<Timestamp>,
    /// When it is due: the end of that day, UTC.
    pub due_at: Option<Timestamp>,
    /// Its page.
    pub web_url: Option<String>,
}

impl<A> Issue<A> {
    /// How much of a description is kept, in bytes.
    pub const LONGEST: usize = 16_384;

    /// When it was closed, as far as anybody told; `None` when it is open.
    pub fn closed(&self) -> Option<Timestamp> {
        self.closed_at.filter(|_| self.state == IssueState::Closed)
    }
}

impl<A> Issue<A> {
    /// The same, with everybody in it named by `name`.
    pub fn map<B>(self, name: &mut impl FnMut(A) -> B) -> Issue<B> {
        Issue {
            number: self.number,
            title: self.title,
            description: self.description,
            state: self.state,
            labels: self.labels,
            created_at: self.created_at,
            updated_at: self.updated_at,
            closed_at: self.closed_at,
            due_at: self.due_at,
            web_url: self.web_url,
            author: self.author.map(&mut *name),
            assignees: self.assignees.into_iter().map(&mut *name).collect(),
        }
    }
}
