//! The address that every question to a host begins with.

use std::fmt;

use url::Url;

/// An address that cannot be a host's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BaseError {
    /// Not a URL at all.
    #[error("it is not a URL")]
    NotAUrl,
    /// Neither `https` nor `http`.
    #[error("it is neither https nor http")]
    Scheme,
    /// It carries a name, a password, a query or a fragment.
    #[error("it has more than scheme, host, port and path")]
    TooMuch,
}

/// Scheme, host, port and path prefix of a host's API, as the operator set
/// them. Tokens are sent to nothing else.
#[derive(Clone, PartialEq, Eq)]
pub struct Base(Url);

impl Base {
    /// Reads an address such as `https://api.github.com`.
    ///
    /// # Errors
    ///
    /// [`BaseError`] with what is wrong.
    pub fn parse(text: &str) -> Result<Self, BaseError> {
        let mut url =
            Url::parse(text.trim_end_matches('/')).map_err(|_not_a_url| BaseError::NotAUrl)?;
        if !["https", "http"].contains(&url.scheme()) || url.host().is_none() {
            return Err(BaseError::Scheme);
        }
        let credentials = !url.username().is_empty() || url.password().is_some();
        if credentials || url.query().is_some() || url.fragment().is_some() {
            return Err(BaseError::TooMuch);
        }
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty();
        }
        Ok(Self(url))
    }

    /// The address at the path made of `segments`, each encoded, below this
    /// one.
    #[must_use]
    pub fn below<'a>(&self, segments: impl IntoIterator<Item = &'a str>) -> Self {
        let mut url = self.0.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        Self(url)
    }

    /// The origin that a question goes to.
    pub(crate) fn of(url: &Url) -> Self {
        Self(url.clone())
    }

    /// The address.
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// `url` leads to the same scheme, host and port.
    pub(crate) fn is_origin_of(&self, url: &Url) -> bool {
        self.0.origin() == url.origin()
    }
}

impl fmt::Debug for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_without_its_last_slash() {
        assert_eq!(Base::parse("https://git.example.com/api/v3/").unwrap().0.path(), "/api/v3");
        assert!(Base::parse("https://api.github.com").is_ok());
    }

    #[test]
    fn what_is_below_an_address_keeps_its_path() {
        for (base, below) in [
            ("https://github.com", "https://github.com/login/oauth"),
            ("https://git.example.com/x/", "https://git.example.com/x/login/oauth"),
        ] {
            let base = Base::parse(base).unwrap().below(["login", "oauth"]);
            assert_eq!(base.url().as_str(), below);
        }
    }

    #[test]
    fn what_carries_more_is_refused() {
        for (wrong, why) in [
            ("git.example.com", BaseError::NotAUrl),
            ("ftp://git.example.com", BaseError::Scheme),
            ("https://me:secret@git.example.com", BaseError::TooMuch),
            ("https://git.example.com?a=b", BaseError::TooMuch),
        ] {
            assert_eq!(Base::parse(wrong), Err(why), "{wrong}");
        }
    }
}
