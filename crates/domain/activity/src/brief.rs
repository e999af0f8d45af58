//! Facts without what people wrote at length, to be counted: many are in memory
//! at once.

use crate::{ChangedFile, Changes, Commit, Fact, Issue, Lines, MergeRequest, Note};

/// How many characters of a text are left.
const LINE: usize = 200;

impl<A> Fact<A> {
    /// The same fact, with as much of it as is counted and listed in one line:
    /// of a text its first line, at most 200 characters, and of the files of a
    /// commit their [`own_lines`](Commit::own_lines), as those of one file.
    #[must_use]
    pub fn brief(self) -> Self {
        match self {
            Self::Commit(it) => Self::Commit(commit(it)),
            Self::MergeRequest(it) => Self::MergeRequest(MergeRequest {
                title: line(&it.title),
                description: None,
                labels: Vec::new(),
                ..it
            }),
            Self::Note(it) => Self::Note(Note { body: line(&it.body), ..it }),
            Self::Issue(it) => Self::Issue(Issue {
                title: line(&it.title),
                description: None,
                labels: Vec::new(),
                ..it
            }),
            short @ (Self::Approval(_)
            | Self::Pipeline(_)
            | Self::CiJob(_)
            | Self::Milestone(_)) => short,
        }
    }
}

fn commit<A>(it: Commit<A>) -> Commit<A> {
    let Lines { additions, deletions } = it.own_lines();
    let lines = |n| Some(u32::try_from(n).unwrap_or(u32::MAX));
    let (additions, deletions) = (lines(additions), lines(deletions));
    let changes = it.changes.as_ref().map(|all| Changes {
        files: vec![ChangedFile { path: String::new(), additions, deletions }],
        left_out: all.left_out,
    });
    Commit { message: line(&it.message), changes, ..it }
}

fn line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(LINE).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        ActorId, Contributions, Period, Step, Whose,
        testing::{a_commit, a_merge_request, a_note, an_issue, at, people, some_facts, who},
        timeline,
        timeline::UTC,
    };

    #[test]
    fn what_is_written_at_length_is_not_held() {
        let (now, long) = (at("2026-11-02T10:00:00Z"), "ž".repeat(4_000) + "\nmore");
        let mut facts = [
            a_commit("a", who(1), now, 3),
            a_merge_request(1, Some(who(1)), now, None),
            a_note("n", 1, who(2), now),
            an_issue(1, Some(who(2)), &[who(1)], now, None),
        ];
        for fact in &mut facts {
            match fact {
                Fact::Commit(it) => {
                    it.message = long.clone();
                    let files = &mut it.changes.as_mut().unwrap().files;
                    let file = |n| ChangedFile {
                        path: format!("src/{n}/{long}"),
                        additions: Some(1),
                        deletions: Some(2),
                    };
                    files.extend((1..300).map(file));
                }
                Fact::MergeRequest(it) => {
                    (it.title, it.description) = (long.clone(), Some(long.clone()));
                    it.labels = vec![long.clone(); 9];
                }
                Fact::Note(it) => it.body = long.clone(),
                Fact::Issue(it) => {
                    (it.title, it.description) = (long.clone(), Some(long.clone()));
                    it.labels = vec![long.clone(); 9];
                }
                _ => {}
            }
        }
        for fact in facts {
            let brief = fact.clone().brief();
            assert!(format!("{brief:?}").len() < 2_000, "{brief:?}");
            if let (Fact::Commit(before), Fact::Commit(after)) = (&fact, &brief) {
                assert_eq!(before.own_lines(), after.own_lines());
            }
            assert_eq!(brief.key(), fact.key());
        }
    }

    proptest! {
        #[test]
        fn it_comes_to_the_same(facts in some_facts()) {
            let people = people();
            let period = Period::default();
            let counted = |facts: &[Fact<ActorId>]| {
                let mut all = Contributions::default();
                all.add(facts, &people, period);
                let line = timeline(facts, &people, Whose::Everybody, period, (Step::Day, UTC));
                (all, line)
            };
            let brief: Vec<_> = facts.iter().cloned().map(Fact::brief).collect();
            prop_assert_eq!(counted(&facts), counted(&brief));
        }
    }
}
