//! What stands around every page of somebody who is signed in.

use lodge_access::User;

use crate::session::CsrfToken;

/// A place of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// What happened lately, and the apps.
    Overview,
    /// What was read, row by row.
    Requests,
    /// Accounts, and what may be read.
    Connections,
    /// Who else belongs to the organisation.
    Members,
    /// The person's own account.
    Account,
}

impl Place {
    const ALL: [Self; 5] =
        [Self::Overview, Self::Requests, Self::Connections, Self::Members, Self::Account];

    const fn name(self) -> &'static str {
        match self {
            Self::Overview => "Apps and usage",
            Self::Requests => "Requests",
            Self::Connections => "Connections",
            Self::Members => "Members",
            Self::Account => "Your account",
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::Overview => "/app/dashboard",
            Self::Requests => "/app/requests",
            Self::Connections => "/app/connections",
            Self::Members => "/app/members",
            Self::Account => "/app/account",
        }
    }
}

/// An entry of the menu.
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    pub(crate) path: &'static str,
    pub(crate) here: bool,
}

/// What a page of somebody who is signed in begins with.
#[derive(Debug)]
pub(crate) struct Frame {
    /// Who.
    pub(crate) person: String,
    /// What forms prove themselves with.
    pub(crate) csrf: String,
    /// Where in the menu.
    pub(crate) place: Place,
    /// The pages above this one, each with its path.
    pub(crate) crumbs: Vec<(String, String)>,
    /// How the last step went.
    pub(crate) said: Option<&'static str>,
}

impl Frame {
    /// Around a page for `user`.
    pub(crate) fn new(user: &User, csrf: &CsrfToken, place: Place) -> Self {
        Self {
            person: user.name.clone().unwrap_or_else(|| user.email.clone()),
            csrf: csrf.to_string(),
            place,
            crumbs: Vec::new(),
            said: None,
        }
    }

    /// The menu.
    pub(crate) fn places(&self) -> impl Iterator<Item = Entry> + use<> {
        let here = self.place;
        let entry = move |it: Place| Entry { name: it.name(), path: it.path(), here: it == here };
        Place::ALL.into_iter().map(entry)
    }

    /// The same page below those of `crumbs`.
    pub(crate) fn below<const N: usize>(self, crumbs: [(&str, &str); N]) -> Self {
        let crumbs = crumbs.map(|(name, path)| (name.to_owned(), path.to_owned()));
        Self { crumbs: crumbs.into(), ..self }
    }
}
