//! Organisations, people and customers.

use std::time::Duration;

use lodge_kernel::{ClientId, CustomerId, Digest, SessionId, TenantId, Timestamp, UserId};

use crate::Role;

/// How long a session lives without being used (ASVS 5.0, 7.3.1).
pub const SESSION_IDLE: Duration = Duration::from_hours(8);
/// How long a session lives at most (ASVS 5.0, 7.3.2).
pub const SESSION_LIFETIME: Duration = Duration::from_hours(7 * 24);
/// How exactly it is known when a session was used: it is not written at every
/// request.
pub const SESSION_SEEN: Duration = Duration::from_mins(5);
/// The longest address (RFC 5321, 4.5.3.1.3, without the angle brackets).
pub const EMAIL_MOST: usize = 254;
/// The longest name of a person or an organisation, in characters.
pub const NAME_MOST: usize = 100;

/// What a person said of themself cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PersonError {
    /// Not an address.
    #[error("an e-mail address is like ada@example.org and has at most 254 characters")]
    Email,
    /// No name, or a very long one.
    #[error("a name has 1 to 100 characters and no control characters")]
    Name,
}

/// One organisation that owns apps. No data crosses from one to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// One person. What the person may do stands in a [`Membership`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The id.
    pub id: UserId,
    /// The address, in lower case, unique.
    pub email: String,
    /// The person's name.
    pub name: Option<String>,
    /// When the person was added.
    pub created_at: Timestamp,
}

/// One person's place in one organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The organisation.
    pub tenant: TenantId,
    /// The person.
    pub user: UserId,
    /// What the person may do there.
    pub role: Role,
    /// Since when.
    pub created_at: Timestamp,
}

/// An address as it is kept: without space around it, in lower case.
///
/// # Errors
///
/// [`PersonError::Email`].
pub fn parse_email(text: &str) -> Result<String, PersonError> {
    let email = text.trim().to_lowercase();
    let parts = email.split_once('@').filter(|(name, host)| {
        let odd = |it: char| it.is_whitespace() || it.is_control();
        let dotted = host.contains('.') && !host.starts_with('.') && !host.ends_with('.');
        !name.is_empty() && dotted && !host.contains('@') && !email.contains(odd)
    });
    if parts.is_none() || email.len() > EMAIL_MOST {
        return Err(PersonError::Email);
    }
    Ok(email)
}

/// A name as it is kept: without space around it.
///
/// # Errors
///
/// [`PersonError::Name`].
pub fn parse_name(text: &str) -> Result<String, PersonError> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > NAME_MOST || name.contains(char::is_control) {
        return Err(PersonError::Name);
    }
    Ok(name.to_owned())
}

/// One session of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The id.
    pub id: SessionId,
    /// SHA-256 of the session token.
    pub digest: Digest,
    /// Whose it is.
    pub user: UserId,
    /// In which of the person's organisations it is at the moment.
    pub tenant: Option<TenantId>,
    /// What the person's program called itself, cut at 200 characters.
    pub agent: Option<String>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to within [`SESSION_SEEN`].
    pub seen_at: Timestamp,
    /// When it ends by itself, however much it is used.
    pub expires_at: Timestamp,
    /// When somebody ended it.
    pub revoked_at: Option<Timestamp>,
}

impl Session {
    /// It can be used at `now`.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.ends_at()
    }

    /// When it ends if it is not used any more.
    pub fn ends_at(&self) -> Timestamp {
        self.expires_at.min(self.seen_at.plus(SESSION_IDLE))
    }

    /// That it is used at `now` should be written down.
    pub fn is_to_be_seen(&self, now: Timestamp) -> bool {
        now.since(self.seen_at) >= SESSION_SEEN
    }
}

/// One customer of one app: whose accounts are connected and who approves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// The id.
    pub id: CustomerId,
    /// The organisation of the app.
    pub tenant: TenantId,
    /// The app.
    pub client: ClientId,
    /// What the app calls this customer. A label, never a credential.
    pub reference: Option<String>,
    /// What the app says the customer is named.
    pub name: Option<String>,
    /// The app itself vouched for the reference, by a connect session, a
    /// pushed request or a signature. A reference that only stood in a URL opens a fresh
    /// customer that is never found again by it.
    pub vouched: bool,
    /// When it was first seen.
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_in_lower_case_and_what_is_none_is_refused() {
        assert_eq!(parse_email("  Ada@Example.ORG "), Ok("ada@example.org".to_owned()));
        let long = format!("{}@example.org", "a".repeat(250));
        for wrong in [
            "",
            "ada",
            "@example.org",
            "ada@",
            "ada@example",
            "a b@c.de",
            "a@b@c.de",
            "a@.de",
            &long,
        ] {
            assert_eq!(parse_email(wrong), Err(PersonError::Email), "{wrong}");
        }
    }

    #[test]
    fn a_session_ends_when_it_is_not_used_and_at_its_time() {
        let start = Timestamp::from_seconds(0);
        let session = Session {
            id: SessionId::from_uuid(uuid::Uuid::nil()),
            digest: Digest([0; 32]),
            user: UserId::from_uuid(uuid::Uuid::nil()),
            tenant: None,
            agent: None,
            created_at: start,
            seen_at: start,
            expires_at: start.plus(SESSION_LIFETIME),
            revoked_at: None,
        };
        assert!(session.is_live(Timestamp::from_seconds(8 * 3_600 - 1)));
        assert!(!session.is_live(Timestamp::from_seconds(8 * 3_600)));
        let used = Session { seen_at: start.plus(SESSION_LIFETIME), ..session.clone() };
        assert!(!used.is_live(start.plus(SESSION_LIFETIME)));
        assert!(!Session { revoked_at: Some(start), ..session.clone() }.is_live(start));
        assert!(!session.is_to_be_seen(Timestamp::from_seconds(299)));
        assert!(session.is_to_be_seen(Timestamp::from_seconds(300)));
    }
}
