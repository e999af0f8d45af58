//! Quality of commit messages.

use std::collections::BTreeSet;

use lodge_kernel::StudentId;

use crate::{Outcome, Record};

/// Words that say that something was done, and not what: English and Slovak, in
/// small letters.
const FILLERS: &[&str] = &[
    "a", "all", "asdf", "bug", "bugfix", "bugs", "change", "changed", "changes", "code", "commit",
    "commits", "done", "edit", "edited", "edits", "file", "files", "final", "finish", "finished",
    "fix", "fixed", "fixes", "fixing", "in", "it", "last", "minor", "misc", "more", "my", "new",
    "now", "of", "progress", "project", "push", "qwerty", "save", "small", "some", "stuff", "temp",
    "test", "the", "thing", "things", "this", "tmp", "update", "updated", "updates", "updating",
    "upload", "various", "version", "wip", "work", "working", "oprava", "opravy", "uprava",
    "upravy", "úprava", "úpravy", "zmena", "zmeny",
];

/// The share of the student's commits with a good first line: it has 10 to 72
/// characters, says what changed (“small fixes” does not), and is not that of
/// the student's commit before in the project. `feat: ` and the like may stand
/// before it.
pub(super) fn indicate(student: StudentId, record: &Record<'_>) -> Outcome {
    let mut evidence = Vec::new();
    for project in &record.projects {
        let mut before = None;
        for it in project.commits.iter().filter(|it| record.is(it.author, student)) {
            let line = it.message.trim_start().lines().next().unwrap_or_default().trim_end();
            let now = (it.authored_at, line);
            // A rebase writes a commit anew with the time that it had.
            let is_same = |(at, said)| said == line && at != it.authored_at;
            let fits = is_good(line) && !before.is_some_and(is_same);
            before = Some(now);
            evidence.push(project.commit(it, fits));
        }
    }
    Outcome::share(("commits", "have a good message"), evidence)
}

fn is_good(line: &str) -> bool {
    (10..=72).contains(&line.chars().count()) && !is_filler(without_kind(line))
}

/// Without `feat: `, `fix(search)!: ` and the like.
///
/// Source: <https://www.conventionalcommits.org/en/v1.0.0/#specification>.
fn without_kind(line: &str) -> &str {
    match line.split_once(':') {
        Some((kind, rest)) if !kind.contains(char::is_whitespace) => rest,
        _ => line,
    }
}

/// It has no words but fillers and numbers, or hardly any letters.
fn is_filler(text: &str) -> bool {
    let text = text.to_lowercase();
    let letters: BTreeSet<_> = text.chars().filter(|it| it.is_alphabetic()).collect();
    let mut words = text
        .split(|it: char| !it.is_alphanumeric())
        .filter(|it| it.contains(|it: char| it.is_alphabetic()));
    letters.len() <= 4 || words.all(|it| FILLERS.contains(&it))
}

#[cfg(test)]
mod tests {
    use lodge_activity::{Commit, Fact};
    use proptest::prelude::*;

    use super::*;
    use crate::{
        Status,
        testing::{ADA, BOB, commit, people, record},
    };

    fn indicated(student: StudentId, commits: &[(&str, u8, i64, &str)]) -> Outcome {
        let written = |(sha, author, minutes, message): &(&str, _, _, &str)| {
            let it = commit(sha, &["root"], *author, *minutes);
            Fact::Commit(Commit { message: (*message).to_owned(), ..it })
        };
        let facts: Vec<_> = commits.iter().map(written).collect();
        indicate(student, &record(&people(), &facts))
    }

    #[test]
    fn a_good_line_says_what_changed() {
        for line in [
            "Add a search",
            "feat: Add a search",
            "fix(search)!: off by one",
            "Oprava prihlásenia",
            "Update README.md",
            "Initial commit",
            "Note: tests may be slow",
            "docs: explain",
            "Add search",
            &"ab cde fgh".repeat(8)[..72],
        ] {
            assert!(is_good(line), "{line}");
        }
        for line in [
            "",
            "update",
            "Add it",
            "small fixes",
            "Some more changes!!",
            "fix: fixed stuff",
            "WIP WIP WIP 2",
            "final final version 3",
            "asdfasdfasdf",
            "............",
            "1234567890 1",
            "úpravy a zmeny",
            &"ab cde fgh".repeat(8)[..73],
        ] {
            assert!(!is_good(line), "{line}");
        }
    }

    #[test]
    fn some_good_messages_are_partial() {
        let commits = [
            ("a", 1, 0, "Add a search\n\nIt finds text."),
            ("b", 1, 1, "wip"),
            ("c", 2, 2, "fix"),
            ("d", 3, 3, "\nSort the results"),
        ];
        let ada = indicated(ADA, &commits);
        assert_eq!(ada.because, "2 of 3 commits have a good message");
        assert!(!ada.evidence[0].fits);
        assert_eq!(indicated(BOB, &commits).status(), Status::Failed);
        assert_eq!(indicated(BOB, &commits[..2]).status(), Status::NotApplicable);
        assert_eq!(indicated(ADA, &commits[..1]).status(), Status::Passed);
    }

    #[test]
    fn a_line_that_is_said_again_is_not_good() {
        let commits = [
            ("a", 1, 0, "Add a search"),
            ("b", 2, 1, "Add a search"),
            ("c", 1, 2, "Add a search"),
            ("d", 1, 2, "Add a search"),
        ];
        assert_eq!(indicated(ADA, &commits[..2]).status(), Status::Passed);
        assert_eq!(indicated(BOB, &commits).status(), Status::Passed);
        assert_eq!(indicated(ADA, &commits[..3]).because, "1 of 2 commits have a good message");
        // The same commit on another branch.
        assert_eq!(indicated(ADA, &commits[1..]).status(), Status::Passed);
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read(line in any::<String>()) {
            prop_assert!(!is_good(&line) || line.chars().count() >= 10);
        }
    }
}
