//! What happened when.

use std::collections::BTreeMap;

use lodge_kernel::{Day, StudentId, Timestamp};

use crate::{
    ActorId, Fact, FactKind, Lines, Period,
    people::{People, Who},
};

/// How wide a step of a timeline is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// One day.
    Day,
    /// One week, from Monday to Sunday (ISO 8601).
    Week,
}

/// Whose doing a timeline shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's but programs', also of those whom nobody knows.
    Everybody,
    /// One student's.
    Student(StudentId),
}

/// How many seconds clocks are ahead of UTC at an instant, in the time zone of
/// a course: whoever has a database of time zones knows.
pub type Offset<'a> = &'a dyn Fn(Timestamp) -> i32;

/// UTC, for courses whose time zone nobody knows.
pub const UTC: Offset<'static> = &|_| 0;

/// What happened in one step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Happened {
    /// Commits but merges, by when they were written.
    pub commits: u64,
    /// The lines that they changed ([`Commit::own_lines`](crate::Commit::own_lines)).
    pub lines: Lines,
    /// Merge requests that were opened.
    pub merge_requests_opened: u64,
    /// Merge requests that were taken in; they are their author's.
    pub merge_requests_merged: u64,
    /// Remarks.
    pub notes: u64,
    /// Issues that were written.
    pub issues_opened: u64,
    /// Issues that were closed; they are of those who were to do them.
    pub issues_closed: u64,
    /// Runs of continuous integration that were made.
    pub pipelines: u64,
}

/// The kinds that are counted.
pub const KINDS: [FactKind; 5] =
    [FactKind::Commit, FactKind::MergeRequest, FactKind::Note, FactKind::Issue, FactKind::Pipeline];

/// What happened within `period` in each step, by its first day. What was opened
/// before may have ended in it, and so is to be among the facts. Steps in which nothing
/// happened are left out: one commit with a clock that is wrong by decades does
/// not make a long list.
pub fn timeline<'a>(
    facts: impl IntoIterator<Item = &'a Fact<ActorId>>,
    people: &People,
    whose: Whose,
    period: Period,
    (step, offset): (Step, Offset<'_>),
) -> BTreeMap<Day, Happened> {
    let mut line = BTreeMap::new();
    let is_meant = |it: Option<ActorId>| match (whose, it.map(|it| people.who(it))) {
        (Whose::Everybody, who) => who != Some(Who::Bot),
        (Whose::Student(student), who) => who == Some(Who::Student(student)),
    };
    for fact in facts {
        for (at, by, add) in moments(fact) {
            if !period.has(at) {
                continue;
            }
            if by.is_empty() && is_meant(None) || by.iter().any(|it| is_meant(Some(*it))) {
                let day = Day::of(at, offset(at));
                let start = if step == Step::Week { day.monday() } else { day };
                let happened: &mut Happened = line.entry(start).or_default();
                add.to(happened);
            }
        }
    }
    line
}

/// What is added to a step.
enum Add {
    Commit(Lines),
    One(fn(&mut Happened) -> &mut u64),
}

impl Add {
    fn to(self, it: &mut Happened) {
        let count = match self {
            Self::Commit(lines) => {
                it.lines += lines;
                &mut it.commits
            }
            Self::One(count) => count(it),
        };
        *count = count.saturating_add(1);
    }
}

/// When something of the fact happened, and whose doing it was.
fn moments(fact: &Fact<ActorId>) -> Vec<(Timestamp, Vec<ActorId>, Add)> {
    let by: Vec<_> = fact.author().into_iter().copied().collect();
    match fact {
        Fact::Commit(it) if it.is_merge() => Vec::new(),
        Fact::Commit(it) => vec![(it.authored_at, by, Add::Commit(it.own_lines()))],
        Fact::MergeRequest(it) => {
            let merged = it
                .merged()
                .map(|at| (at, by.clone(), Add::One(|it| &mut it.merge_requests_merged)));
            let opened = (it.created_at, by, Add::One(|it| &mut it.merge_requests_opened));
            [Some(opened), merged].into_iter().flatten().collect()
        }
        Fact::Note(it) => vec![(it.created_at, by, Add::One(|it| &mut it.notes))],
        Fact::Issue(it) => {
            let closed = it
                .closed()
                .map(|at| (at, it.assignees.clone(), Add::One(|it| &mut it.issues_closed)));
            let opened = (it.created_at, by, Add::One(|it| &mut it.issues_opened));
            [Some(opened), closed].into_iter().flatten().collect()
        }
        Fact::Pipeline(it) => vec![(it.created_at, by, Add::One(|it| &mut it.pipelines))],
        Fact::Approval(_) | Fact::CiJob(_) | Fact::Milestone(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{
        ADA, BOB, a_commit, a_merge_request, a_note, a_pipeline, an_issue, at, people, who,
    };

    fn days(line: &BTreeMap<Day, Happened>) -> Vec<String> {
        line.keys().map(Day::to_string).collect()
    }

    #[test]
    fn a_day_is_one_of_the_course_and_a_week_begins_on_monday() {
        // 23:30 UTC of a Sunday is Monday in Bratislava.
        let facts = [a_commit("a", who(1), at("2026-11-22T23:30:00Z"), 3)];
        let bratislava: Offset<'_> = &|_| 3_600;
        let of = |step, offset| {
            let all = Period::default();
            days(&timeline(&facts, &people(), Whose::Everybody, all, (step, offset)))
        };
        assert_eq!(of(Step::Day, UTC), ["2026-11-22"]);
        assert_eq!(of(Step::Week, UTC), ["2026-11-16"]);
        assert_eq!(of(Step::Day, bratislava), ["2026-11-23"]);
        assert_eq!(of(Step::Week, bratislava), ["2026-11-23"]);
    }

    #[test]
    fn each_student_has_their_own() {
        let (first, second) = (at("2026-11-02T10:00:00Z"), at("2026-11-03T10:00:00Z"));
        let facts = [
            a_commit("a", who(1), first, 3),
            a_commit("b", who(2), first, 5),
            a_commit("c", who(9), first, 7),
            a_commit("d", who(4), first, 100),
            a_merge_request(1, Some(who(1)), first, Some(second)),
            a_note("n", 1, who(2), second),
            an_issue(1, Some(who(2)), &[who(1)], first, Some(second)),
            a_pipeline("p", Some(who(1)), second),
        ];
        let of = |whose| timeline(&facts, &people(), whose, Period::default(), (Step::Day, UTC));
        let lines = |additions| Lines { additions, deletions: 0 };
        let ada = [
            Happened {
                commits: 1,
                lines: lines(3),
                merge_requests_opened: 1,
                ..Happened::default()
            },
            Happened {
                merge_requests_merged: 1,
                issues_closed: 1,
                pipelines: 1,
                ..Happened::default()
            },
        ];
        let bob = [
            Happened { commits: 1, lines: lines(5), issues_opened: 1, ..Happened::default() },
            Happened { notes: 1, ..Happened::default() },
        ];
        // Programs are left out (4), strangers are not (9).
        let all = [
            Happened {
                commits: 3,
                lines: lines(15),
                merge_requests_opened: 1,
                issues_opened: 1,
                ..Happened::default()
            },
            Happened {
                merge_requests_merged: 1,
                notes: 1,
                issues_closed: 1,
                pipelines: 1,
                ..Happened::default()
            },
        ];
        for (whose, expected) in
            [(Whose::Student(ADA), ada), (Whose::Student(BOB), bob), (Whose::Everybody, all)]
        {
            let line = of(whose);
            assert_eq!(days(&line), ["2026-11-02", "2026-11-03"]);
            assert_eq!(line.into_values().collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn what_was_opened_before_a_period_may_end_in_it() {
        let (first, second) = (at("2026-11-02T10:00:00Z"), at("2026-11-03T10:00:00Z"));
        let facts = [
            a_merge_request(1, Some(who(1)), first, Some(second)),
            an_issue(1, Some(who(2)), &[who(1)], first, Some(second)),
        ];
        let of = |period| timeline(&facts, &people(), Whose::Everybody, period, (Step::Day, UTC));
        let after = of(Period { since: Some(second), until: None });
        let ended = Happened { merge_requests_merged: 1, issues_closed: 1, ..Happened::default() };
        assert_eq!(after.into_values().collect::<Vec<_>>(), [ended]);
        let before = of(Period { since: None, until: Some(second) });
        let opened = Happened { merge_requests_opened: 1, issues_opened: 1, ..Happened::default() };
        assert_eq!(before.into_values().collect::<Vec<_>>(), [opened]);
    }

    #[test]
    fn nothing_happened_in_nothing() {
        let (whose, all) = (Whose::Everybody, Period::default());
        assert!(timeline(&[], &people(), whose, all, (Step::Day, UTC)).is_empty());
    }

    proptest! {
        #[test]
        fn the_order_of_facts_does_not_matter(mut facts in crate::testing::some_facts()) {
            let of = |facts: &[Fact<ActorId>]| {
                let all = Period::default();
                timeline(facts, &people(), Whose::Everybody, all, (Step::Week, UTC))
            };
            let before = of(&facts);
            facts.reverse();
            prop_assert_eq!(before, of(&facts));
        }
    }
}
