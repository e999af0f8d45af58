//! The thirteen scopes of the contract.

use std::fmt;

/// A text is not a scope.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not a scope; the scopes are listed at /v1/platform/capabilities")]
pub struct UnknownPermission {
    /// What was given, cut at 64 characters.
    pub given: String,
}

macro_rules! permissions {
    ($($name:ident = $scope:literal, $label:literal, $description:literal;)+) => {
        /// One thing that a customer can allow.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Permission {
            $(#[doc = $description] $name,)+
        }

        impl Permission {
            /// Every permission, in the contract's order.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The scope string of OAuth.
            pub const fn scope(self) -> &'static str {
                match self { $(Self::$name => $scope,)+ }
            }

            /// A short name for people.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label,)+ }
            }

            /// What it allows, in plain words.
            pub const fn description(self) -> &'static str {
                match self { $(Self::$name => $description,)+ }
            }

            const fn bit(self) -> u16 {
                let mut place = 0;
                $(if matches!(self, Self::$name) { return 1 << place; } place += 1;)+
                place
            }
        }
    };
}

permissions! {
    ReadProfile = "read:profile", "Profile", "Read the connected account's profile.";
    ReadRepositories = "read:repositories", "Repositories", "List repositories and read their metadata.";
    ReadBranches = "read:branches", "Branches", "List branches.";
    ReadCommits = "read:commits", "Commits", "List the history: messages, authors and dates.";
    ReadPullRequests = "read:pull-requests", "Pull requests", "Read summaries of pull and merge requests.";
    ReadDiffs = "read:diffs", "Diffs", "Read which files a commit or pull request changes, and how.";
    ReadAuthors = "read:authors", "Authors", "Read who contributed.";
    ReadTags = "read:tags", "Tags", "List tags.";
    ReadReleases = "read:releases", "Releases", "Read releases and their notes.";
    ReadChecks = "read:checks", "Checks", "Read the results of CI.";
    ReadDeployments = "read:deployments", "Deployments", "Read deployment records.";
    ReadFileTree = "read:file-tree", "File tree", "List the names of files and folders.";
    SubscribeEvents = "events:subscribe", "Event subscriptions", "Be told when something happens, where the host supports it.";
}

impl Permission {
    /// Reads a scope string.
    ///
    /// # Errors
    ///
    /// [`UnknownPermission`] when it is none of the thirteen.
    pub fn parse(scope: &str) -> Result<Self, UnknownPermission> {
        let known = Self::ALL.iter().find(|it| it.scope() == scope);
        known.copied().ok_or_else(|| UnknownPermission { given: scope.chars().take(64).collect() })
    }

    /// It is given for the account as a whole, not for one repository.
    pub const fn is_of_account(self) -> bool {
        matches!(self, Self::ReadProfile)
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.scope())
    }
}

/// Some of the thirteen permissions.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct PermissionSet(u16);

impl PermissionSet {
    /// None.
    pub const EMPTY: Self = Self(0);

    /// Reads scopes that are separated by spaces (RFC 6749, 3.3).
    ///
    /// # Errors
    ///
    /// [`UnknownPermission`] at the first text that is no scope.
    pub fn parse(scopes: &str) -> Result<Self, UnknownPermission> {
        scopes.split_ascii_whitespace().map(Permission::parse).collect()
    }

    /// `permission` is among them.
    pub const fn contains(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    /// Nothing is among them.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What is in both.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What is in either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Each of them, in the contract's order.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |it| self.contains(*it))
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self(permissions.into_iter().fold(0, |bits, it| bits | it.bit()))
    }
}

impl fmt::Display for PermissionSet {
    /// Scopes separated by spaces.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, permission) in self.iter().enumerate() {
            if n > 0 {
                f.write_str(" ")?;
            }
            f.write_str(permission.scope())?;
        }
        Ok(())
    }
}

impl fmt::Debug for PermissionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_scope_that_is_not_in_the_catalogue_is_named() {
        let error = PermissionSet::parse("read:commits write:commits").unwrap_err();
        assert_eq!(error.given, "write:commits");
    }

    proptest! {
        #[test]
        fn every_set_survives_its_text(bits in 0_u16..(1 << 13)) {
            let set = PermissionSet(bits);
            prop_assert_eq!(PermissionSet::parse(&set.to_string()), Ok(set));
            prop_assert_eq!(set.iter().collect::<PermissionSet>(), set);
        }
    }
}
