//! A person's tokens for their own programs.

use std::{fmt, time::Duration};

use lodge_kernel::{Digest, PersonalTokenId, TenantId, Timestamp, UserId};

/// How long a token lives when nobody says otherwise.
pub const USUAL_LIFE: Duration = Duration::from_hours(90 * 24);
/// The longest life of a token.
pub const LONGEST_LIFE: Duration = Duration::from_hours(366 * 24);
/// How many live tokens a person may have.
pub const MOST_TOKENS: usize = 50;
/// How exact the time of the last use is.
const USE_STEP: Duration = Duration::from_mins(1);

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenScope {
    /// Read what its person sees.
    CoursesRead,
    /// Read, and change what its person may change.
    CoursesWrite,
    /// All of that, and manage people and tokens.
    Admin,
}

impl TokenScope {
    /// Every scope, from the one that may do least.
    pub const ALL: [Self; 3] = [Self::CoursesRead, Self::CoursesWrite, Self::Admin];

    /// The word in answers and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CoursesRead => "courses:read",
            Self::CoursesWrite => "courses:write",
            Self::Admin => "admin",
        }
    }

    const fn bit(self) -> u8 {
        match self {
            Self::CoursesRead => 1,
            Self::CoursesWrite => 2,
            Self::Admin => 4,
        }
    }
}

/// A text is not a scope of personal tokens.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not a scope; the scopes are courses:read, courses:write and admin")]
pub struct UnknownTokenScope {
    /// What was given, cut at 64 characters.
    pub given: String,
}

/// Some of the scopes. A larger one includes the smaller ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokenScopes(u8);

impl TokenScopes {
    /// Every scope: what a session has.
    pub const ALL: Self = Self(7);

    /// Reads names of scopes.
    ///
    /// # Errors
    ///
    /// [`UnknownTokenScope`] at the first text that is no scope.
    pub fn parse<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, UnknownTokenScope> {
        names.into_iter().try_fold(Self::default(), |all, name| {
            let known = TokenScope::ALL.into_iter().find(|it| it.name() == name);
            let unknown = || UnknownTokenScope { given: name.chars().take(64).collect() };
            Ok(Self(all.0 | known.ok_or_else(unknown)?.bit()))
        })
    }

    /// They allow what `scope` is for.
    pub fn allow(self, scope: TokenScope) -> bool {
        self.0 >= scope.bit()
    }

    /// Nothing is among them.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The names of each of them.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let has = move |it: &TokenScope| self.0 & it.bit() != 0;
        TokenScope::ALL.into_iter().filter(has).map(TokenScope::name)
    }
}

impl fmt::Display for TokenScopes {
    /// Scopes separated by blanks.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().collect::<Vec<_>>().join(" "))
    }
}

/// A person's token for their own programs, in one organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonalToken {
    /// The id, which may be shown.
    pub id: PersonalTokenId,
    /// The organisation.
    pub tenant: TenantId,
    /// Whose it is.
    pub user: UserId,
    /// What it is for, in the person's words.
    pub name: String,
    /// SHA-256 of the token.
    pub digest: Digest,
    /// What it may do of what the person may.
    pub scopes: TokenScopes,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When somebody ended it.
    pub revoked_at: Option<Timestamp>,
}

impl PersonalToken {
    /// It can be used at `now`.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }

    /// That it is used at `now` should be written down.
    pub fn is_to_be_noted(&self, now: Timestamp) -> bool {
        self.last_used_at.is_none_or(|last| now.since(last) >= USE_STEP)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_larger_scope_includes_the_smaller_ones_and_no_other_way() {
        let of = |name| TokenScopes::parse([name]).unwrap();
        let allows = |it: TokenScopes| TokenScope::ALL.map(|scope| it.allow(scope));
        assert_eq!(allows(of("courses:read")), [true, false, false]);
        assert_eq!(allows(of("courses:write")), [true, true, false]);
        assert_eq!(allows(of("admin")), [true, true, true]);
        assert_eq!(allows(TokenScopes::default()), [false, false, false]);
        let two = TokenScopes::parse(["admin", "courses:read"]).unwrap();
        assert_eq!(two.to_string(), "courses:read admin");
        assert_eq!(TokenScopes::parse(["root"]).unwrap_err().given, "root");
    }
}
