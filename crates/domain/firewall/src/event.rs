//! Events: what hosts tell us has messages, names and paths in it.

use lodge_forge::{Event, Push, PushedCommit, Subject, TagMove};

use crate::{Firewall, Review, Tally, review::Mask};

impl Mask for TagMove {
    fn mask(&mut self, firewall: &Firewall<'_>, tally: &mut Tally) {
        self.name.mask(firewall, tally);
        self.message.mask(firewall, tally);
    }
}

impl Mask for PushedCommit {
    /// A blocked path is left out, as in a tree: its name is all it has.
    fn mask(&mut self, firewall: &Firewall<'_>, tally: &mut Tally) {
        self.message.mask(firewall, tally);
        self.author.mask(firewall, tally);
        for paths in [&mut self.added, &mut self.modified, &mut self.removed] {
            paths.retain(|path| {
                let rule = firewall.blocks_path(path);
                rule.inspect(|rule| firewall.withhold(path, *rule, tally)).is_none()
            });
            paths.mask(firewall, tally);
        }
    }
}

impl Mask for Push {
    fn mask(&mut self, firewall: &Firewall<'_>, tally: &mut Tally) {
        self.branch.mask(firewall, tally);
        self.commits.mask(firewall, tally);
    }
}

impl Review for Event {
    fn review(mut self, firewall: &Firewall<'_>, tally: &mut Tally) -> Option<Self> {
        self.repository_name.mask(firewall, tally);
        self.actor.mask(firewall, tally);
        self.subject = match self.subject {
            Subject::Push(mut push) => {
                push.mask(firewall, tally);
                Subject::Push(push)
            }
            Subject::Tag(mut tag) => {
                tag.mask(firewall, tally);
                Subject::Tag(tag)
            }
            Subject::PullRequest(it) => Subject::PullRequest(Box::new(it.review(firewall, tally)?)),
            Subject::Check(it) => Subject::Check(Box::new(it.review(firewall, tally)?)),
            Subject::Release(it) => Subject::Release(Box::new(it.review(firewall, tally)?)),
            Subject::Deployment(it) => Subject::Deployment(Box::new(it.review(firewall, tally)?)),
            Subject::Repository => Subject::Repository,
        };
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use lodge_forge::{EventKind, ProviderName, RepositoryId, Signature};

    use super::*;
    use crate::testing::{SECRET, firewall};

    #[test]
    fn a_push_leaves_without_blocked_paths_and_without_secrets() {
        let commit = PushedCommit {
            sha: "0".repeat(40),
            message: format!("Use {SECRET}"),
            author: Some(Signature {
                name: Some(SECRET.to_owned()),
                email: None,
                date: None,
                user: None,
            }),
            added: vec![".env".to_owned(), "src/main.rs".to_owned()],
            modified: vec![format!("{SECRET}.txt")],
            removed: vec!["keys/id_rsa".to_owned()],
        };
        let event = Event {
            kind: EventKind::Push,
            provider: ProviderName::parse("local").unwrap(),
            repository: RepositoryId::parse("7").unwrap(),
            repository_name: Some("acme/web".to_owned()),
            occurred_at: None,
            actor: Some("ada".to_owned()),
            subject: Subject::Push(Push {
                branch: "main".to_owned(),
                before: None,
                after: None,
                commits: vec![commit],
                total_commits: Some(1),
                forced: None,
            }),
        };
        let mut tally = Tally::default();
        let reviewed = event.review(&firewall(), &mut tally).unwrap();
        let shown = format!("{reviewed:?}");
        for hidden in [SECRET, ".env", "id_rsa"] {
            assert!(!shown.contains(hidden), "{hidden} in {shown}");
        }
        assert!(shown.contains("src/main.rs"));
        assert_eq!((tally.withheld.len(), tally.masked), (2, 3));
    }
}
