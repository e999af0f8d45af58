//! Which commits came in by merge requests.

use std::collections::BTreeSet;

use lodge_activity::{ActorId, Commit, MergeRequestState};
use lodge_kernel::Timestamp;

use crate::Request;

/// What merge requests brought, or are to bring.
pub(super) struct Brought<'a> {
    commits: BTreeSet<(ActorId, Timestamp)>,
    merged: BTreeSet<&'a str>,
}

impl<'a> Brought<'a> {
    /// By those merge requests of one project.
    pub(super) fn by<'r>(requests: impl Iterator<Item = &'r Request<'a>>) -> Self
    where
        'a: 'r,
    {
        let (mut commits, mut merged) = (BTreeSet::new(), BTreeSet::new());
        for request in requests {
            commits.extend(request.commits.iter().map(|it| (it.author, it.authored_at)));
            if request.it.state == MergeRequestState::Merged {
                merged.insert(request.it.title.trim());
            }
        }
        Self { commits, merged }
    }

    /// The commit lies on one of them, is the same as one that does, written
    /// anew by a rebase, or is what a merged one was squashed into: it has its
    /// title.
    pub(super) fn has(&self, commit: &Commit<ActorId>) -> bool {
        let line = commit.message.lines().next().unwrap_or_default().trim();
        let without_number = match line.rsplit_once(" (") {
            Some((title, number)) if number.starts_with(['#', '!']) => title,
            _ => line,
        };
        self.commits.contains(&(commit.author, commit.authored_at))
            || self.merged.contains(line)
            || self.merged.contains(without_number)
    }
}

#[cfg(test)]
mod tests {
    use lodge_activity::Fact;

    use super::*;
    use crate::testing::{commit, merged, people, record, request};

    #[test]
    fn commits_are_known_again_after_a_rebase_and_a_squash() {
        let mut open = request(1, 1, 5);
        open.head_sha = Some("a".to_owned());
        open.title = "Sort the list".to_owned();
        let facts = [
            Fact::Commit(commit("a", &["root"], 1, 1)),
            Fact::MergeRequest(open),
            Fact::MergeRequest(merged(1, 9, request(2, 1, 5))),
        ];
        let people = people();
        let record = record(&people, &facts);
        let brought = Brought::by(record.projects[0].requests.iter());
        let written = |author, minutes, message: &str| {
            let mut it = commit("b", &["root"], author, minutes);
            message.clone_into(&mut it.message);
            it
        };
        for (it, is_brought) in [
            (written(1, 1, "Rebased"), true),
            (written(2, 1, "By somebody else"), false),
            (written(1, 8, "Add a search"), true),
            (written(1, 8, "Add a search (#2)\n\nMore"), true),
            (written(1, 8, "Add a search (again)"), false),
            (written(1, 8, "Sort the list"), false),
            (written(1, 8, ""), false),
        ] {
            assert_eq!(brought.has(&it), is_brought, "{}", it.message);
        }
    }
}
