//! A database's URL, as libpq writes it.

use std::{borrow::Cow, path::PathBuf};

use url::form_urlencoded;

/// A URL taken apart: what the driver reads, and what it does not know.
///
/// Source: <https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS>.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// Without what the driver does not know.
    pub(super) url: String,
    /// `sslrootcert`: certificates (PEM) to trust instead of the public ones.
    pub(super) root_certificates: Option<PathBuf>,
}

impl Address {
    pub(super) fn read(url: &str) -> Self {
        let Some((place, query)) = url.split_once('?') else {
            return Self { url: url.to_owned(), root_certificates: None };
        };
        let mut root_certificates = None;
        let mut pairs = Vec::new();
        for pair in query.split('&') {
            match pair.split_once('=') {
                Some(("sslrootcert", "system")) => {}
                Some(("sslrootcert", _)) => {
                    let value = form_urlencoded::parse(pair.as_bytes()).next();
                    root_certificates = value.map(|(_, path)| PathBuf::from(path.into_owned()));
                }
                // Whoever asks for TLS gets a certificate that was checked.
                Some(("sslmode", "verify-ca" | "verify-full")) => {
                    pairs.push(Cow::Borrowed("sslmode=require"));
                }
                _ => pairs.push(Cow::Borrowed(pair)),
            }
        }
        let query = pairs.join("&");
        let url = if query.is_empty() { place.to_owned() } else { format!("{place}?{query}") };
        Self { url, root_certificates }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_driver_is_given_what_it_knows() {
        for (url, known, roots) in [
            ("postgresql://db/lodge", "postgresql://db/lodge", None),
            (
                "postgresql://db/lodge?sslmode=verify-full&sslrootcert=%2Fetc%2Four%20ca.pem",
                "postgresql://db/lodge?sslmode=require",
                Some("/etc/our ca.pem"),
            ),
            (
                "postgresql:///l?sslrootcert=a.pem&host=/run",
                "postgresql:///l?host=/run",
                Some("a.pem"),
            ),
            ("postgresql:///l?sslrootcert=system", "postgresql:///l", None),
        ] {
            let address = Address::read(url);
            assert_eq!(address.url, known);
            assert_eq!(address.root_certificates, roots.map(PathBuf::from), "{url}");
        }
    }
}
