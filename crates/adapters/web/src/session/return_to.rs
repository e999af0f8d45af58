//! Where somebody goes after logging in.

use url::{Url, form_urlencoded};

/// Where everybody goes who did not want to go anywhere else.
pub(crate) const HOME: &str = "/app/dashboard";
/// The longest address that is remembered.
const LONGEST: usize = 1_000;
/// An origin that nobody has (RFC 6761, 6.4).
const NOWHERE: &str = "https://nowhere.invalid";

/// `text`, if it is a path of our own; [`HOME`] otherwise. What a browser would
/// read as the address of another host is none of ours, however it is spelled.
pub(crate) fn path(text: Option<&str>) -> &str {
    text.filter(|it| is_own_path(it)).unwrap_or(HOME)
}

fn is_own_path(text: &str) -> bool {
    let plain = text.len() <= LONGEST
        && text.starts_with('/')
        && !text.contains(|it: char| it == '\\' || it.is_control() || it.is_whitespace());
    let base = Url::parse(NOWHERE);
    let joined = base.and_then(|it| it.join(text));
    plain && joined.is_ok_and(|it| it.origin().ascii_serialization() == NOWHERE)
}

/// The login page that leads back to `path`.
pub(crate) fn login(path: &str) -> String {
    let query: String = form_urlencoded::byte_serialize(path.as_bytes()).collect();
    format!("/app/login?returnTo={query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_of_our_own_is_gone_to() {
        for own in ["/app/account", "/app/dashboard?page=2&x=%2F#top", "/"] {
            assert_eq!(path(Some(own)), own);
        }
        let long = format!("/{}", "a".repeat(1_000));
        for foreign in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            " //evil.example",
            "javascript:alert(1)",
            "app/account",
            "",
            &long,
        ] {
            assert_eq!(path(Some(foreign)), HOME, "{foreign:?}");
        }
        assert_eq!(path(None), HOME);
        assert_eq!(login("/a?b=c&d"), "/app/login?returnTo=%2Fa%3Fb%3Dc%26d");
    }
}
