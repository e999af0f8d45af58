//! A student of a course, and what they go by at hosts.

use lodge_access::parse_email;
use lodge_forge::ProviderName;
use lodge_kernel::{CourseId, StudentId, TenantId, Timestamp, UserId};

/// The longest student number or username, in characters.
const LONGEST: usize = 100;
/// How many things a student may go by.
pub const MOST_IDENTITIES: usize = 50;

/// Where a student stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StudentState {
    /// Takes the course.
    Active,
    /// Has left it.
    Dropped,
    /// Nothing is known of the person any more.
    Erased,
}

impl StudentState {
    /// The word in answers and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Dropped => "dropped",
            Self::Erased => "erased",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Active, Self::Dropped, Self::Erased].into_iter().find(|it| it.name() == name)
    }
}

/// A student.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Student {
    /// The id.
    pub id: StudentId,
    /// The organisation.
    pub tenant: TenantId,
    /// The course.
    pub course: CourseId,
    /// The number that the school gave, unique in the course.
    pub number: Option<String>,
    /// The name; empty once it is erased.
    pub name: String,
    /// The address, in lower case, unique in the course.
    pub email: Option<String>,
    /// The account of the person here, with which they see their team.
    pub user: Option<UserId>,
    /// Where the student stands.
    pub state: StudentState,
    /// Grows by one with every change; 1 at first.
    pub revision: u64,
    /// When the student was added.
    pub created_at: Timestamp,
    /// When something last changed.
    pub updated_at: Timestamp,
}

impl Student {
    /// What students are put in order by.
    pub fn name_key(&self) -> String {
        self.name.to_lowercase()
    }

    /// What a search looks into.
    pub fn search_key(&self) -> String {
        let of = |it: &Option<String>| it.clone().unwrap_or_default();
        format!("{} {} {}", self.name, of(&self.number), of(&self.email)).to_lowercase()
    }

    /// The same student after a change at `now`.
    #[must_use]
    pub fn changed(self, now: Timestamp) -> Self {
        Self { revision: self.revision + 1, updated_at: now, ..self }
    }

    /// The same row without the person. Where it stood in its team stays, so
    /// that the results of the others do.
    #[must_use]
    pub fn erased(self, now: Timestamp) -> Self {
        let blank = Self {
            number: None,
            name: String::new(),
            email: None,
            user: None,
            state: StudentState::Erased,
            ..self
        };
        blank.changed(now)
    }
}

/// A kind of thing that a student goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdentityKind {
    /// An address in commits.
    Email,
    /// A name at a host.
    Username,
    /// A host's id of the account.
    HostUser,
}

impl IdentityKind {
    /// The word in answers and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Username => "username",
            Self::HostUser => "host_user",
        }
    }

    /// The kind of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Email, Self::Username, Self::HostUser].into_iter().find(|it| it.name() == name)
    }
}

/// Something that a student goes by, unique in a course.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity {
    /// Its kind.
    pub kind: IdentityKind,
    /// The host; `None` for whichever. An address has none.
    pub host: Option<ProviderName>,
    /// The address, name or id.
    pub value: String,
}

impl Identity {
    /// Something that a student goes by, if `value` can be one.
    ///
    /// # Errors
    ///
    /// What it takes.
    pub fn new(
        kind: IdentityKind,
        host: Option<ProviderName>,
        value: &str,
    ) -> Result<Self, &'static str> {
        let value = match kind {
            IdentityKind::Email if host.is_some() => return Err("an address has no host"),
            IdentityKind::Email => parse_email(value)
                .map_err(|_not_an_address| "an e-mail address is like ada@example.org")?,
            IdentityKind::Username => parse_word(value.trim().trim_start_matches('@'))?,
            IdentityKind::HostUser if host.is_none() => {
                return Err("an id means something at its host only: name the `host`");
            }
            IdentityKind::HostUser => parse_word(value)?,
        };
        Ok(Self { kind, host, value })
    }

    /// What identities are compared by.
    pub fn key(&self) -> String {
        self.value.to_lowercase()
    }
}

/// A student number or username: 1 to 100 characters without blanks.
///
/// # Errors
///
/// What it takes.
pub fn parse_word(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    let odd = |it: char| it.is_whitespace() || it.is_control();
    if text.is_empty() || text.chars().count() > LONGEST || text.contains(odd) {
        return Err("this has 1 to 100 characters and no blanks");
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_student_goes_by_is_kept_in_one_form() {
        let of = |kind, text| Identity::new(kind, None, text).map(|it| it.value);
        assert_eq!(of(IdentityKind::Email, " Ada@Example.ORG "), Ok("ada@example.org".to_owned()));
        assert_eq!(of(IdentityKind::Username, "@Ada"), Ok("Ada".to_owned()));
        assert!(of(IdentityKind::HostUser, "17").is_err());
        assert!(of(IdentityKind::Username, "a b").is_err());
    }
}
