//! Administration: keys for programs, grants without a consent page, and what
//! the firewall blocks beyond what is built in.

use std::fmt;

use lodge_kernel::{
    AdminKeyId, AuthorizationId, ClientId, ConnectionId, Digest, GrantId, TenantId, Timestamp,
};

/// A text is not a scope of admin keys.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not a scope of admin keys; the scopes are {}", AdminScopes::ALL)]
pub struct UnknownAdminScope {
    /// What was given, cut at 64 characters.
    pub given: String,
}

macro_rules! scopes {
    ($($name:ident = $text:literal, $meaning:literal;)+) => {
        /// One thing that an admin key can be for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum AdminScope {
            $(#[doc = $meaning] $name,)+
        }

        impl AdminScope {
            /// Every scope.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The scope in answers and in the database.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            const fn bit(self) -> u16 {
                let mut place = 0;
                $(if matches!(self, Self::$name) { return 1 << place; } place += 1;)+
                place
            }
        }
    };
}

#[rustfmt::skip]
scopes! {
    TenantsRead      = "tenants:read",      "See the organisations.";
    TenantsWrite     = "tenants:write",     "Make organisations.";
    ClientsRead      = "clients:read",      "See the apps.";
    ClientsWrite     = "clients:write",     "Make apps.";
    GrantsRead       = "grants:read",       "See the grants.";
    GrantsWrite      = "grants:write",      "Make grants, and take them back.";
    TokensRead       = "tokens:read",       "See which tokens there are, and ask what one is.";
    TokensWrite      = "tokens:write",      "Take tokens back.";
    FirewallRead     = "firewall:read",     "See the firewall's settings.";
    FirewallWrite    = "firewall:write",    "Change the firewall's settings.";
    ConnectionsRead  = "connections:read",  "See the accounts at hosts.";
    ConnectionsWrite = "connections:write", "Connect accounts, switch them off and take them away.";
    MetricsRead      = "metrics:read",      "Read what is counted.";
    AuditRead        = "audit:read",        "Read the audit trail.";
}

impl AdminScope {
    /// The scope of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name() == name)
    }
}

/// Some of the scopes. Each stands for itself: who may change may not look,
/// unless that is said, too.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct AdminScopes(u16);

impl AdminScopes {
    /// Every scope.
    pub const ALL: Self = {
        let (mut bits, mut rest) = (0, AdminScope::ALL);
        while let [scope, others @ ..] = rest {
            bits |= scope.bit();
            rest = others;
        }
        Self(bits)
    };

    /// Reads scopes that are separated by blanks or commas.
    ///
    /// # Errors
    ///
    /// [`UnknownAdminScope`] at the first text that is no scope.
    pub fn parse(text: &str) -> Result<Self, UnknownAdminScope> {
        let words = text.split([' ', ',']).filter(|it| !it.is_empty());
        let scopes = words.map(|word| {
            let unknown = || UnknownAdminScope { given: word.chars().take(64).collect() };
            AdminScope::parse(word).ok_or_else(unknown)
        });
        let mut bits = scopes.map(|it| it.map(AdminScope::bit));
        bits.try_fold(0, |all, bit| Ok(all | bit?)).map(Self)
    }

    /// `scope` is among them.
    pub const fn contains(self, scope: AdminScope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// Nothing is among them.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = AdminScope> {
        AdminScope::ALL.iter().copied().filter(move |it| self.contains(*it))
    }
}

impl fmt::Display for AdminScopes {
    /// Scopes separated by blanks.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, scope) in self.iter().enumerate() {
            let blank = if n > 0 { " " } else { "" };
            write!(f, "{blank}{}", scope.name())?;
        }
        Ok(())
    }
}

impl fmt::Debug for AdminScopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// A named key for a program of the administrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminKey {
    /// The id, which may be shown.
    pub id: AdminKeyId,
    /// What it is for, in the administrator's words.
    pub name: String,
    /// SHA-256 of the key.
    pub digest: Digest,
    /// What it may do.
    pub scopes: AdminScopes,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When somebody ended it.
    pub revoked_at: Option<Timestamp>,
}

impl AdminKey {
    /// It can be used at `now`.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

/// An administrator's leave for an app to read a connection without a consent
/// page. What may be read stands in its approval, as if a customer had given it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformGrant {
    /// The id.
    pub id: GrantId,
    /// The organisation of app and connection.
    pub tenant: TenantId,
    /// The app.
    pub client: ClientId,
    /// The connection.
    pub connection: ConnectionId,
    /// The approval under which the app reads.
    pub authorization: AuthorizationId,
    /// Why, in the administrator's words.
    pub reason: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What an administrator made of the firewall at run time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FirewallSettings {
    /// Grows with every change; 0 before the first.
    pub version: u64,
    /// Until when the patterns below do not count.
    pub suspended_until: Option<Timestamp>,
    /// Path patterns beside those that are always there.
    pub patterns: Vec<String>,
    /// When it last changed; `None` before the first change.
    pub changed_at: Option<Timestamp>,
}

impl FirewallSettings {
    /// The patterns that count at `now`.
    pub fn in_force(&self, now: Timestamp) -> &[String] {
        if self.suspended_until.is_some_and(|end| now < end) { &[] } else { &self.patterns }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_survive_their_text_and_each_stands_for_itself() {
        let scopes = AdminScopes::parse("tenants:read,grants:write audit:read").unwrap();
        assert_eq!(scopes.to_string(), "tenants:read grants:write audit:read");
        assert_eq!(AdminScopes::parse(&scopes.to_string()), Ok(scopes));
        assert!(scopes.contains(AdminScope::GrantsWrite));
        assert!(!scopes.contains(AdminScope::GrantsRead));
        assert_eq!(AdminScopes::ALL.iter().count(), AdminScope::ALL.len());
        assert!(AdminScopes::parse("").unwrap().is_empty());
        assert_eq!(AdminScopes::parse("root").unwrap_err().given, "root");
    }

    #[test]
    fn suspended_patterns_count_again_by_themselves() {
        let end = Timestamp::from_seconds(10);
        let settings = FirewallSettings {
            suspended_until: Some(end),
            patterns: vec!["*.secret".to_owned()],
            ..FirewallSettings::default()
        };
        assert!(settings.in_force(Timestamp::from_seconds(9)).is_empty());
        assert_eq!(settings.in_force(end), ["*.secret"]);
    }
}
