//! What a delivery is about.

/// What a delivery is about, in the words that all hosts share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Commits came to a branch, or the branch went.
    Push,
    /// A tag came or went.
    Tag,
    /// A merge request, which other hosts call a pull request.
    MergeRequest,
    /// A remark: on a merge request, an issue, a commit or a snippet.
    Note,
    /// An issue.
    Issue,
    /// A run of continuous integration.
    Pipeline,
    /// One job of such a run.
    Job,
    /// A release.
    Release,
    /// A deployment.
    Deployment,
    /// Whatever else the host tells.
    Other,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Push,
        Self::Tag,
        Self::MergeRequest,
        Self::Note,
        Self::Issue,
        Self::Pipeline,
        Self::Job,
        Self::Release,
        Self::Deployment,
        Self::Other,
    ];

    /// The word in answers, in metrics and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Push => "push",
            Self::Tag => "tag",
            Self::MergeRequest => "merge_request",
            Self::Note => "note",
            Self::Issue => "issue",
            Self::Pipeline => "pipeline",
            Self::Job => "job",
            Self::Release => "release",
            Self::Deployment => "deployment",
            Self::Other => "other",
        }
    }

    /// The kind of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}
