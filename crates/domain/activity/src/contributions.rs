//! Who has done how much.

use std::collections::BTreeMap;

use lodge_kernel::StudentId;

use crate::{
    ActorId, Fact, FactKind, IssueState, Lines, MergeRequestState, Period, Subject,
    people::{People, Who},
    shares::shares,
};

/// What somebody has done. Merges, and files that nobody wrote, are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contribution {
    /// Commits but merges.
    pub commits: u64,
    /// The lines that they changed ([`Commit::own_lines`](crate::Commit::own_lines)).
    pub lines: Lines,
    /// Merge requests that they opened.
    pub merge_requests_opened: u64,
    /// Merge requests of theirs that were taken in, by whomever.
    pub merge_requests_merged: u64,
    /// Remarks on merge requests of others.
    pub notes_given: u64,
    /// Merge requests of others that they approve of.
    pub approvals_given: u64,
    /// Issues that they wrote.
    pub issues_opened: u64,
    /// Issues that they are to do, or were.
    pub issues_assigned: u64,
    /// Issues that they were to do, and that were closed.
    pub issues_closed: u64,
}

/// What everybody of a team has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contributions {
    /// The students, also those who have done nothing.
    pub students: BTreeMap<StudentId, Contribution>,
    /// What was done by people of whom nobody knows whether they are students,
    /// and what hosts do not tell the doer of. Programs are nowhere.
    pub others: Contribution,
}

impl Contributions {
    /// The kinds that are counted.
    pub const KINDS: [FactKind; 5] = [
        FactKind::Commit,
        FactKind::MergeRequest,
        FactKind::Approval,
        FactKind::Note,
        FactKind::Issue,
    ];

    /// Nothing yet of these students.
    pub fn none_of(students: impl IntoIterator<Item = StudentId>) -> Self {
        let students = students.into_iter().map(|it| (it, Contribution::default()));
        Self { students: students.collect(), others: Contribution::default() }
    }

    /// Adds what happened within `period` of the facts of one project: numbers
    /// of merge requests mean something inside one only. Each fact is there
    /// once, and those that were opened before are there, too: they say whose
    /// they are, and may have ended in it.
    pub fn add(&mut self, facts: &[Fact<ActorId>], people: &People, period: Period) {
        let authors = authors(facts);
        let is_own = |number: u64, by: ActorId| {
            authors.get(&number).is_some_and(|author| people.is_same(*author, by))
        };
        for fact in facts {
            let by = fact.author().copied();
            let is_meant = period.has(fact.at());
            match fact {
                Fact::Commit(it) if it.is_merge() || !is_meant => {}
                Fact::Commit(it) => self.of(by, people, |all| {
                    all.lines += it.own_lines();
                    &mut all.commits
                }),
                Fact::MergeRequest(it) => {
                    if is_meant {
                        self.of(by, people, |all| &mut all.merge_requests_opened);
                    }
                    // Of one that ended nobody knows when, its last change is as
                    // near as can be.
                    let ended = it.merged_at.unwrap_or(it.updated_at);
                    if it.state == MergeRequestState::Merged && period.has(ended) {
                        self.of(by, people, |all| &mut all.merge_requests_merged);
                    }
                }
                Fact::Note(it) => {
                    if let Subject::MergeRequest(number) = it.on
                        && is_meant
                        && !is_own(number, it.author)
                    {
                        self.of(by, people, |all| &mut all.notes_given);
                    }
                }
                Fact::Approval(it) => {
                    if it.approved && is_meant && !is_own(it.merge_request, it.by) {
                        self.of(by, people, |all| &mut all.approvals_given);
                    }
                }
                Fact::Issue(it) => {
                    if is_meant {
                        self.of(by, people, |all| &mut all.issues_opened);
                    }
                    let ended = it.closed_at.unwrap_or(it.updated_at);
                    let is_done = it.state == IssueState::Closed && period.has(ended);
                    for assignee in persons(&it.assignees, people) {
                        if is_meant {
                            self.of(Some(assignee), people, |all| &mut all.issues_assigned);
                        }
                        if is_done {
                            self.of(Some(assignee), people, |all| &mut all.issues_closed);
                        }
                    }
                }
                Fact::Pipeline(_) | Fact::CiJob(_) | Fact::Milestone(_) => {}
            }
        }
    }

    /// What share each student has of what all students have of something, in
    /// hundredths of a percent: they add up to 10,000, or are all zero.
    pub fn shares_of(&self, what: impl Fn(&Contribution) -> u64) -> BTreeMap<StudentId, u32> {
        let parts: Vec<_> = self.students.values().map(what).collect();
        self.students.keys().copied().zip(shares(&parts)).collect()
    }

    /// Counts one for whoever did it.
    fn of(
        &mut self,
        by: Option<ActorId>,
        people: &People,
        count: impl Fn(&mut Contribution) -> &mut u64,
    ) {
        let all = match by.map_or(Who::Unknown, |by| people.who(by)) {
            Who::Student(student) => self.students.entry(student).or_default(),
            Who::Unknown => &mut self.others,
            Who::Bot => return,
        };
        let count = count(all);
        *count = count.saturating_add(1);
    }
}

/// Who opened which merge request.
fn authors(facts: &[Fact<ActorId>]) -> BTreeMap<u64, ActorId> {
    let of = |fact: &Fact<ActorId>| match fact {
        Fact::MergeRequest(it) => Some((it.number, it.author?)),
        _ => None,
    };
    facts.iter().filter_map(of).collect()
}

/// Each person once, with whichever of their accounts.
fn persons(actors: &[ActorId], people: &People) -> Vec<ActorId> {
    let mut persons: Vec<ActorId> = Vec::new();
    for it in actors {
        if !persons.iter().any(|known| people.is_same(*known, *it)) {
            persons.push(*it);
        }
    }
    persons
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{
        ADA, BOB, EVE, a_commit, a_merge_commit, a_merge_request, a_note, an_approval, an_issue,
        at, people, some_facts, who,
    };

    fn of(facts: &[Fact<ActorId>]) -> Contributions {
        let mut all = Contributions::none_of([ADA, BOB, EVE]);
        all.add(facts, &people(), Period::default());
        all
    }

    #[test]
    fn everybody_has_what_they_did() {
        let now = at("2026-11-02T10:00:00Z");
        // Ada is 1 and 3, Bob is 2, 4 is a program, 9 is a stranger.
        let facts = [
            a_commit("a", who(1), now, 30),
            a_commit("b", who(3), now, 10),
            a_commit("c", who(2), now, 20),
            a_commit("d", who(9), now, 7),
            a_commit("e", who(4), now, 900),
            a_merge_commit("f", who(1), now, 800),
            a_merge_request(1, Some(who(1)), now, Some(now)),
            a_merge_request(2, Some(who(2)), now, None),
            a_merge_request(3, None, now, None),
            // On their own, also under another account, they are no reviews.
            a_note("1", 1, who(1), now),
            a_note("2", 1, who(3), now),
            a_note("3", 1, who(2), now),
            a_note("4", 2, who(1), now),
            a_note("5", 2, who(4), now),
            an_approval(1, who(2), true, now),
            an_approval(2, who(1), false, now),
            an_approval(2, who(2), true, now),
            an_issue(1, Some(who(1)), &[who(1), who(3), who(2)], now, Some(now)),
            an_issue(2, Some(who(1)), &[who(2)], now, None),
        ];
        let all = of(&facts);
        let lines = |additions| Lines { additions, deletions: 0 };
        let ada = Contribution {
            commits: 2,
            lines: lines(40),
            merge_requests_opened: 1,
            merge_requests_merged: 1,
            notes_given: 1,
            approvals_given: 0,
            issues_opened: 2,
            issues_assigned: 1,
            issues_closed: 1,
        };
        let bob = Contribution {
            commits: 1,
            lines: lines(20),
            merge_requests_opened: 1,
            merge_requests_merged: 0,
            notes_given: 1,
            approvals_given: 1,
            issues_opened: 0,
            issues_assigned: 2,
            issues_closed: 1,
        };
        let expected = [(ADA, ada), (BOB, bob), (EVE, Contribution::default())];
        assert_eq!(all.students, BTreeMap::from(expected));
        let others = Contribution {
            commits: 1,
            lines: lines(7),
            merge_requests_opened: 1,
            ..Contribution::default()
        };
        assert_eq!(all.others, others);
        let shares = all.shares_of(|it| it.lines.changed());
        assert_eq!(shares, BTreeMap::from([(ADA, 6_667), (BOB, 3_333), (EVE, 0)]));
        assert_eq!(all.shares_of(|it| it.commits)[&ADA], 6_667);
    }

    #[test]
    fn whose_a_merge_request_is_does_not_depend_on_the_period() {
        let (first, second) = (at("2026-11-02T10:00:00Z"), at("2026-11-03T10:00:00Z"));
        let facts = [
            a_merge_request(1, Some(who(1)), first, Some(second)),
            a_note("1", 1, who(1), second),
            an_approval(1, who(3), true, second),
            a_note("2", 1, who(2), second),
            an_issue(1, Some(who(2)), &[who(2)], first, Some(second)),
        ];
        let mut all = Contributions::none_of([ADA, BOB]);
        all.add(&facts, &people(), Period { since: Some(second), until: None });
        // Ada is 1 and 3: on their own it is no review.
        let ada = Contribution { merge_requests_merged: 1, ..Contribution::default() };
        let bob = Contribution { notes_given: 1, issues_closed: 1, ..Contribution::default() };
        assert_eq!(all.students, BTreeMap::from([(ADA, ada), (BOB, bob)]));
    }

    #[test]
    fn nothing_has_no_shares() {
        let shares = of(&[]).shares_of(|it| it.commits);
        assert_eq!(shares, BTreeMap::from([(ADA, 0), (BOB, 0), (EVE, 0)]));
        assert_eq!(Contributions::default().shares_of(|it| it.commits), BTreeMap::new());
    }

    #[test]
    fn merge_requests_of_two_projects_are_not_mixed_up() {
        let now = at("2026-11-02T10:00:00Z");
        let one = [a_merge_request(1, Some(who(1)), now, None), a_note("1", 1, who(2), now)];
        let other = [a_merge_request(1, Some(who(2)), now, None), a_note("1", 1, who(1), now)];
        let mut all = of(&one);
        all.add(&other, &people(), Period::default());
        assert_eq!(all.students[&ADA].notes_given, 1);
        assert_eq!(all.students[&BOB].notes_given, 1);
    }

    proptest! {
        #[test]
        fn the_order_of_facts_does_not_matter(mut facts in some_facts()) {
            let before = of(&facts);
            facts.reverse();
            prop_assert_eq!(&before, &of(&facts));
            let sum: u32 = before.shares_of(|it| it.lines.changed()).values().sum();
            prop_assert!(sum == 0 || sum == 10_000);
        }
    }
}
