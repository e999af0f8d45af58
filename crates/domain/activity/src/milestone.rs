//! Tags, releases and deployments: points that a project has reached.

use lodge_kernel::Timestamp;

/// What has been reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MilestoneKind {
    /// A tag.
    Tag,
    /// A release.
    Release,
    /// A deployment.
    Deployment,
}

impl MilestoneKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Tag, Self::Release, Self::Deployment];

    /// The word in answers and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tag => "tag",
            Self::Release => "release",
            Self::Deployment => "deployment",
        }
    }

    /// The one of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// A point that a project has reached.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Milestone<A> {
    /// What.
    pub kind: MilestoneKind,
    /// The tag's name, or the host's id of it.
    pub id: String,
    /// The name for people: of the tag, the release or the environment.
    pub name: String,
    /// The commit.
    pub sha: Option<String>,
    /// The host's word for how it stands, where it has one.
    pub status: Option<String>,
    /// It is there no more.
    pub removed: bool,
    /// Who reached it.
    pub by: Option<A>,
    /// When it came to stand as it does.
    pub at: Timestamp,
}

impl<A> Milestone<A> {
    /// How far along it stands, by the words of hosts: of two tellings of one
    /// second the one that is further along is the later one.
    pub(crate) fn stage(&self) -> u8 {
        match self.status.as_deref() {
            None => 0,
            Some("created" | "pending" | "queued" | "blocked") => 1,
            Some("running") => 2,
            Some(_) => 3,
        }
    }

    /// The same, with everybody in it named by `name`.
    pub fn map<B>(self, name: &mut impl FnMut(A) -> B) -> Milestone<B> {
        Milestone {
            kind: self.kind,
            id: self.id,
            name: self.name,
            sha: self.sha,
            status: self.status,
            removed: self.removed,
            at: self.at,
            by: self.by.map(&mut *name),
        }
    }
}
