//! `commit`, from `GET …/commits/{revision}` and `GET …/commit/{commit}`.
//!
//! Source: <https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commits/>,
//! API 2.0. There is one date, and the committer is told by few answers.

use lodge_forge::{Commit, Signature};
use lodge_kernel::Timestamp;
use lodge_provider_kit::{Author, Few, Text};
use serde::Deserialize;

use super::{link::LinksPayload, profile::AccountPayload};

#[derive(Debug, Deserialize)]
pub(crate) struct CommitPayload<'a> {
    #[serde(borrow)]
    pub(crate) hash: Text<'a>,
    message: Option<Text<'a>>,
    date: Option<Text<'a>>,
    author: Option<AuthorPayload<'a>>,
    committer: Option<AuthorPayload<'a>>,
    parents: Option<Few<HashPayload<'a>, 1_000>>,
    links: Option<LinksPayload<'a>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct HashPayload<'a> {
    #[serde(borrow)]
    pub(crate) hash: Text<'a>,
}

/// Who wrote something, and the account with that address.
#[derive(Debug, Deserialize)]
pub(crate) struct AuthorPayload<'a> {
    /// `Name <address>`.
    #[serde(borrow)]
    raw: Option<Text<'a>>,
    user: Option<AccountPayload<'a>>,
}

impl AuthorPayload<'_> {
    pub(crate) fn into_signature(self, date: Option<Timestamp>) -> Signature {
        let author = self.into_author();
        Signature { name: author.name, email: author.email, date, user: author.login }
    }

    pub(crate) fn into_author(self) -> Author {
        let (name, email) = self.raw.as_deref().map(halves).unwrap_or_default();
        let Some(mut user) = self.user else { return Author { name, email, ..Author::default() } };
        Author {
            login: user.known_as(),
            avatar_url: user.avatar_url(),
            account: user.uuid.and_then(Text::filled),
            name,
            email,
        }
    }
}

impl CommitPayload<'_> {
    pub(crate) fn committed_at(&self) -> Option<Timestamp> {
        self.date.as_ref().and_then(Text::instant)
    }

    /// The account of who wrote it.
    pub(crate) fn account(&self) -> Option<&AccountPayload<'_>> {
        self.author.as_ref()?.user.as_ref()
    }

    pub(crate) fn into_author(self) -> Author {
        self.author.map(AuthorPayload::into_author).unwrap_or_default()
    }

    pub(crate) fn first_parent(&self) -> Option<String> {
        self.parents.as_ref()?.first().map(|it| (*it.hash).to_owned())
    }

    /// `None` when they are not told.
    pub(crate) fn parents(&self) -> Option<Vec<String>> {
        Some(self.parents.as_ref()?.iter().map(|it| (*it.hash).to_owned()).collect())
    }

    pub(crate) fn into_commit(self) -> Commit {
        let date = self.committed_at();
        let message: String = self.message.map(Into::into).unwrap_or_default();
        let parents = self.parents.unwrap_or_default();
        Commit {
            sha: self.hash.into(),
            title: message.lines().next().unwrap_or_default().to_owned(),
            message,
            author: self.author.map(|it| it.into_signature(date)),
            committer: self.committer.map(|it| it.into_signature(None)),
            parents: parents.into_iter().map(|it| it.hash.into()).collect(),
            stats: None,
            verified: None,
            web_url: self.links.and_then(|mut it| it.web_url()),
        }
    }
}

/// The name and the address in `Name <address>`.
fn halves(raw: &str) -> (Option<String>, Option<String>) {
    let filled = |text: &str| Some(text.trim().to_owned()).filter(|it| !it.is_empty());
    let raw = raw.trim();
    match raw.strip_suffix('>').and_then(|it| it.rsplit_once('<')) {
        Some((name, email)) => (filled(name), filled(email)),
        None => (filled(raw), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_raw_author_is_a_name_and_an_address() {
        for (raw, name, email) in [
            ("Ada L <ada@example.org>", Some("Ada L"), Some("ada@example.org")),
            ("<ada@example.org>", None, Some("ada@example.org")),
            ("Ada <> <ada@example.org>", Some("Ada <>"), Some("ada@example.org")),
            ("Ada <>", Some("Ada"), None),
            ("ada", Some("ada"), None),
            ("", None, None),
        ] {
            let (n, e) = halves(raw);
            assert_eq!((n.as_deref(), e.as_deref()), (name, email), "{raw}");
        }
    }
}
