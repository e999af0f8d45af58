//! What passes the firewall, and how.

use lodge_forge::{
    Branch, Check, Commit, Contributor, Deployment, Profile, PullRequest, PullRequestSide,
    ReleaseAsset, Repository, Signature, Tag,
};

use crate::{Firewall, Tally};

/// Something that leaves only through the firewall.
pub trait Review: Sized {
    /// The same with every secret masked. `None` when it is held back whole.
    /// What was done is added to `tally`.
    #[must_use]
    fn review(self, firewall: &Firewall<'_>, tally: &mut Tally) -> Option<Self>;
}

/// Something whose texts are masked in place.
pub(crate) trait Mask {
    fn mask(&mut self, firewall: &Firewall<'_>, tally: &mut Tally);
}

impl Mask for String {
    fn mask(&mut self, firewall: &Firewall<'_>, tally: &mut Tally) {
        if let Some(masked) = firewall.masked(self, tally) {
            *self = masked;
        }
    }
}

impl<T: Mask> Mask for Option<T> {
    fn mask(&mut self, firewall: &Firewall<'_>, tally: &mut Tally) {
        if let Some(inner) = self {
            inner.mask(firewall, tally);
        }
    }
}

impl<T: Mask> Mask for Vec<T> {
    fn mask(&mut self, firewall: &Firewall<'_>, tally: &mut Tally) {
        for inner in self {
            inner.mask(firewall, tally);
        }
    }
}

/// Names the texts of a type. What is left out is a hash, a number, a date or
/// a word of ours, and cannot hold a secret.
macro_rules! masks {
    ($($kind:ident { $($field:ident),+ })+) => {$(
        impl Mask for $kind {
            fn mask(&mut self, firewall: &Firewall<'_>, tally: &mut Tally) {
                $(self.$field.mask(firewall, tally);)+
            }
        }
    )+};
}

masks! {
    Repository {
        full_name, namespace, name, description, default_branch, language, clone_url, web_url
    }
    Branch { name }
    Signature { name, email, user }
    Contributor { key, name, email, login, avatar_url }
    Tag { name, message, tagger }
    ReleaseAsset { name, url, content_type }
    PullRequestSide { branch }
    PullRequest {
        title, body, native_state, author, source, target, labels, reviewers, traits, web_url
    }
    Check { name, traits, reference, summary, url, app }
    Deployment { environment, environment_url, reference, creator, traits, url }
    Profile { login, name, email, avatar_url, web_url }
}

impl Mask for Commit {
    fn mask(&mut self, firewall: &Firewall<'_>, tally: &mut Tally) {
        let before = tally.masked;
        let repeats_the_message = self.message.starts_with(&self.title);
        self.message.mask(firewall, tally);
        // A title that repeats a clean message is clean.
        if before != tally.masked || !repeats_the_message {
            self.title.mask(firewall, tally);
        }
        self.author.mask(firewall, tally);
        self.committer.mask(firewall, tally);
        self.web_url.mask(firewall, tally);
    }
}

macro_rules! always_passes {
    ($($kind:ident)+) => {$(
        impl Review for $kind {
            fn review(mut self, firewall: &Firewall<'_>, tally: &mut Tally) -> Option<Self> {
                self.mask(firewall, tally);
                Some(self)
            }
        }
    )+};
}

always_passes! {
    Repository Branch Commit Contributor Tag PullRequest Check Deployment Profile
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{SECRET, firewall};

    fn commit(message: &str, title: &str) -> Commit {
        Commit {
            sha: "0".repeat(40),
            message: message.to_owned(),
            title: title.to_owned(),
            author: Some(Signature {
                name: Some(SECRET.to_owned()),
                email: None,
                date: None,
                user: None,
            }),
            committer: None,
            parents: Vec::new(),
            stats: None,
            verified: None,
            web_url: None,
        }
    }

    #[test]
    fn every_text_of_a_commit_is_masked() {
        let mut tally = Tally::default();
        let message = format!("Use {SECRET}\n\nand {SECRET}");
        let title = format!("Use {SECRET}");
        let reviewed = commit(&message, &title).review(&firewall(), &mut tally).unwrap();
        assert!(!format!("{reviewed:?}").contains(SECRET), "{reviewed:?}");
        assert_eq!(tally.masked, 4);
    }

    #[test]
    fn a_title_that_is_not_in_the_message_is_masked_too() {
        let mut tally = Tally::default();
        let reviewed = commit("Nothing", SECRET).review(&firewall(), &mut tally).unwrap();
        assert!(!format!("{reviewed:?}").contains(SECRET), "{reviewed:?}");
    }

    #[test]
    fn a_branch_and_a_tag_are_masked_everywhere() {
        let mut tally = Tally::default();
        let branch = Branch {
            name: format!("fix/{SECRET}"),
            sha: "0".repeat(40),
            protected: None,
            default: None,
            committed_at: None,
        };
        let tag = Tag {
            name: SECRET.to_owned(),
            sha: "0".repeat(40),
            tag_object_sha: None,
            annotated: Some(true),
            message: Some(SECRET.to_owned()),
            tagger: Some(Signature {
                name: None,
                email: Some(SECRET.to_owned()),
                date: None,
                user: Some(SECRET.to_owned()),
            }),
            created_at: None,
        };
        let branch = branch.review(&firewall(), &mut tally).unwrap();
        let tag = tag.review(&firewall(), &mut tally).unwrap();
        let shown = format!("{branch:?}{tag:?}");
        assert!(!shown.contains(SECRET), "{shown}");
        assert_eq!(tally.masked, 5);
    }
}
