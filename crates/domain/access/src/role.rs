//! What a member of an organisation may do in it.

use std::fmt;

/// What a member may do. Each role may do what the next one may, and more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Everything, and the organisation has at least one.
    Owner,
    /// Everything but to make or unmake owners.
    Admin,
    /// Makes apps, and sees what they do.
    Developer,
    /// Sees, and changes nothing.
    Viewer,
}

/// Something that is done in an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// Sees apps, members and what was read.
    See,
    /// Makes and changes apps, and invites customers to them.
    ManageApps,
    /// Invites and removes members, and changes their roles.
    ManageMembers,
    /// Makes somebody an owner, or an owner something else.
    ManageOwners,
}

impl Role {
    /// Every role, from the one that may do most.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Admin, Self::Developer, Self::Viewer];

    /// The one table of what each role may do.
    pub const fn may(self, act: Act) -> bool {
        match act {
            Act::See => true,
            Act::ManageApps => matches!(self, Self::Owner | Self::Admin | Self::Developer),
            Act::ManageMembers => matches!(self, Self::Owner | Self::Admin),
            Act::ManageOwners => matches!(self, Self::Owner),
        }
    }

    /// What a member needs to give somebody this role, or to take it away.
    pub const fn given_by(self) -> Act {
        match self {
            Self::Owner => Act::ManageOwners,
            Self::Admin | Self::Developer | Self::Viewer => Act::ManageMembers,
        }
    }

    /// Its name in answers and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Developer => "developer",
            Self::Viewer => "viewer",
        }
    }

    /// What it means, for people.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Owner => "does everything, and makes other owners",
            Self::Admin => "manages apps and members",
            Self::Developer => "makes and changes apps",
            Self::Viewer => "sees everything and changes nothing",
        }
    }

    /// The role of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == text)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Act {
    /// What it is, as the end of “this role may not …”.
    pub const fn name(self) -> &'static str {
        match self {
            Self::See => "see this",
            Self::ManageApps => "change apps",
            Self::ManageMembers => "manage members",
            Self::ManageOwners => "make or unmake owners",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_may_do_what_every_lower_one_may() {
        let acts = [Act::See, Act::ManageApps, Act::ManageMembers, Act::ManageOwners];
        for pair in Role::ALL.windows(2) {
            for act in acts {
                assert!(pair[0].may(act) || !pair[1].may(act), "{pair:?} {act:?}");
            }
        }
        let may = |role: Role| acts.map(|act| role.may(act));
        assert_eq!(may(Role::Owner), [true, true, true, true]);
        assert_eq!(may(Role::Admin), [true, true, true, false]);
        assert_eq!(may(Role::Developer), [true, true, false, false]);
        assert_eq!(may(Role::Viewer), [true, false, false, false]);
    }

    #[test]
    fn every_role_is_read_by_its_name() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.name()), Some(role));
        }
        assert_eq!(Role::parse("Owner"), None);
    }
}
