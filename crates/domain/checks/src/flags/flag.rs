//! What a flag says.

use lodge_kernel::{StudentId, Timestamp};

use crate::{Evidence, Item, Severity};

/// How much evidence of one flag is kept.
const MOST: usize = 50;

/// What was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FlagKind {
    /// Many commits in a short time that change next to nothing.
    CommitSpam,
    /// One piece of work in many commits.
    CommitSplitting,
    /// Commits that change no file.
    EmptyCommits,
    /// Lines that were added and soon removed.
    Churn,
    /// Reviews that nobody can have done, or that say nothing.
    LgtmReview,
    /// Two who review each other's work and hardly anybody else's.
    ReviewRing,
    /// Most of the work at the very end.
    LastMinuteBurst,
    /// An issue that was closed as soon as it was written.
    CreateAndClose,
    /// A merge request that its author took in, and nobody reviewed.
    SelfMerge,
}

impl FlagKind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::CommitSpam,
        Self::CommitSplitting,
        Self::EmptyCommits,
        Self::Churn,
        Self::LgtmReview,
        Self::ReviewRing,
        Self::LastMinuteBurst,
        Self::CreateAndClose,
        Self::SelfMerge,
    ];

    /// The word in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CommitSpam => "commit_spam",
            Self::CommitSplitting => "commit_splitting",
            Self::EmptyCommits => "empty_commits",
            Self::Churn => "churn",
            Self::LgtmReview => "lgtm_review",
            Self::ReviewRing => "review_ring",
            Self::LastMinuteBurst => "last_minute_burst",
            Self::CreateAndClose => "create_and_close",
            Self::SelfMerge => "self_merge",
        }
    }

    /// The kind of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// There is at most one of the same students.
    const fn is_of_students(self) -> bool {
        matches!(self, Self::EmptyCommits | Self::ReviewRing | Self::LastMinuteBurst)
    }
}

/// One pattern, seen once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// What.
    pub kind: FlagKind,
    /// How much it matters.
    pub severity: Severity,
    /// Whose doing it is: one student, or two of a review ring.
    pub students: Vec<StudentId>,
    /// Why, in one sentence without names.
    pub because: String,
    /// When it began.
    pub at: Timestamp,
    /// Of a burst: the end of the period, where one was given. The next period
    /// has flags of its own.
    pub until: Option<Timestamp>,
    /// What shows it, the newest last: at most 50, from what it began with on.
    pub evidence: Vec<Evidence>,
}

impl Flag {
    /// `None` without evidence, which is given oldest first.
    pub(super) fn new(
        (kind, severity): (FlagKind, Severity),
        mut students: Vec<StudentId>,
        because: String,
        mut evidence: Vec<Evidence>,
    ) -> Option<Self> {
        let at = evidence.first()?.at;
        evidence.truncate(MOST);
        students.sort_unstable();
        Some(Self { kind, severity, students, because, at, until: None, evidence })
    }

    /// What it is told from the other flags of the team by, so that somebody can
    /// decide on it: it stays the same when facts are worked out anew, and
    /// when later ones come. It is the kind, the students, and what the flag
    /// began with; of empty commits, a review ring and a burst, of which there is
    /// one of the same students, only these, and the end of the burst's period. It
    /// may have a path in it, and be long.
    pub fn key(&self) -> String {
        let mut key = self.kind.name().to_owned();
        let students = self.students.iter().map(ToString::to_string);
        let is_file = |it: &&Evidence| matches!(it.item, Item::File(_));
        let file = self.evidence.iter().find(is_file);
        let began = file.into_iter().chain(self.evidence.iter().find(|it| !is_file(it)));
        let began = began.filter(|_| !self.kind.is_of_students());
        let began = began.map(|it| format!("{}/{}:{}", it.project, it.item.kind(), it.item.id()));
        let until = self.until.map(|it| it.as_micros().to_string());
        for part in students.chain(began).chain(until) {
            key.push(' ');
            key.push_str(&part);
        }
        key
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{ADA, BOB, PROJECT, at};

    #[test]
    fn kinds_have_names_of_their_own() {
        for kind in FlagKind::ALL {
            assert_eq!(FlagKind::parse(kind.name()), Some(kind));
        }
        assert_eq!(FlagKind::parse("copied_code"), None);
    }

    #[test]
    fn a_key_is_what_a_flag_began_with() {
        let evidence = |item, minutes| Evidence {
            project: PROJECT,
            item,
            at: at(minutes),
            web_url: None,
            fits: false,
        };
        let flag = |kind, items: &[Item]| {
            let all = (0..).zip(items).map(|(n, it)| evidence(it.clone(), n)).collect();
            Flag::new((kind, Severity::Low), vec![BOB, ADA], String::new(), all).unwrap()
        };
        let (one, other) = (Item::Commit("c1".to_owned()), Item::Commit("c2".to_owned()));
        let spam = |all: &[Item]| flag(FlagKind::CommitSpam, all).key();
        let key = spam(std::slice::from_ref(&one));
        assert_eq!(key, format!("commit_spam {ADA} {BOB} {PROJECT}/commit:c1"));
        assert_eq!(key, spam(&[one.clone(), other.clone()]));
        assert_ne!(key, spam(std::slice::from_ref(&other)));
        let churn = |path: &str, it: &Item| {
            flag(FlagKind::Churn, &[Item::File(path.to_owned()), it.clone()]).key()
        };
        assert_ne!(churn("a", &one), churn("b", &one));
        assert_ne!(churn("a", &one), churn("a", &other));
        let burst = |it: &Item| flag(FlagKind::LastMinuteBurst, std::slice::from_ref(it)).key();
        assert_eq!(burst(&one), burst(&other));
        let one_flag = flag(FlagKind::LastMinuteBurst, std::slice::from_ref(&one));
        let next = Flag { until: Some(at(9)), ..one_flag.clone() };
        assert_ne!(next.key(), one_flag.key());
        let many = flag(FlagKind::CommitSpam, &vec![one; 60]);
        assert_eq!((many.evidence.len(), many.at), (MOST, at(0)));
    }
}
