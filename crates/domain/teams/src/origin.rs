//! Where a team or a project comes from.

use lodge_forge::ProviderName;

/// The longest id or address of something at a host, in characters.
const LONGEST: usize = 1_024;

/// What a team or a project is at a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The host.
    pub host: ProviderName,
    /// The host's id of it.
    pub remote_id: String,
    /// Where people see it.
    pub web_url: Option<String>,
}

impl Origin {
    /// Checks the parts.
    ///
    /// # Errors
    ///
    /// The field, and what it takes.
    pub fn check(&self) -> Result<(), (&'static str, &'static str)> {
        let fits = |text: &str| {
            !text.is_empty() && text.len() <= LONGEST && !text.contains(char::is_control)
        };
        if !fits(&self.remote_id) {
            return Err(("remote_id", "the host's id has 1 to 1,024 characters"));
        }
        let web =
            |it: &String| fits(it) && (it.starts_with("https://") || it.starts_with("http://"));
        if !self.web_url.as_ref().is_none_or(web) {
            return Err(("web_url", "an address begins with https:// or http://"));
        }
        Ok(())
    }
}

/// Whether it is still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OriginState {
    /// It is.
    Active,
    /// Its host has it no more; what is known of it stays.
    Gone,
}

impl OriginState {
    /// The word in answers and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Gone => "gone",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Active, Self::Gone].into_iter().find(|it| it.name() == name)
    }
}
