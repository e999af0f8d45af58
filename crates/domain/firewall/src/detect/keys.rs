//! Names that hold secrets.

use super::{
    names::{DESCRIBES, GOES_ON, NOT_PASS, QUALIFIERS, WORDS},
    scan::Scan,
};
use crate::RuleId;

/// How much a name says about its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Any value may be one: people choose them.
    Password,
    /// Mostly made by a program.
    Secret,
    /// Always made by a program; parsers have other tokens.
    Token,
    /// A scheme, then a credential.
    Authorization,
}

impl Class {
    /// The rule that masks such a value.
    pub(super) const fn rule(self) -> RuleId {
        match self {
            Self::Password => RuleId::PASSWORD,
            Self::Secret => RuleId::SECRET,
            Self::Token => RuleId::TOKEN,
            Self::Authorization => RuleId::AUTHORIZATION,
        }
    }
}

/// A name that holds a secret, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    pub(super) class: Class,
    /// Where the whole identifier begins.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
}

/// The name whose word begins at `at`, or how many bytes to go on by.
pub(super) fn key_at(scan: &Scan<'_>, at: usize) -> Result<Key, usize> {
    let rest = scan.rest(at);
    let plain = word(rest);
    // `pass` and `token` begin no qualified key.
    let alone = plain.is_some() && matches!(rest.first(), Some(b't' | b'T' | b'p' | b'P'));
    let qualified = if alone { None } else { compound(rest) };
    let (len, class) = qualified.or(plain).ok_or(1_usize)?;
    let end = at + len;
    let skipped = Err(len);
    let letters = letters_before(scan, at);
    let border = letters.is_empty() || is_hump(scan, at);
    let is =
        |word: &str| rest.get(..len).is_some_and(|it| it.eq_ignore_ascii_case(word.as_bytes()));
    let other_word = !border && is("pass") && NOT_PASS.has(letters);
    if other_word || (!border && is("auth")) {
        return skipped;
    }
    let identifier = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let start = scan.text.as_bytes().get(at.saturating_sub(64)..at).unwrap_or_default();
    let start = at - start.iter().rev().take_while(|byte| identifier(**byte)).count();
    let whole_end =
        scan.until(end, |byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')));
    if holds(scan.slice(at, end), scan.slice(end, whole_end)) {
        Ok(Key { class, start, end: whole_end })
    } else {
        skipped
    }
}

/// Whether `bytes` begin with `word`, which is in lower case.
fn starts(bytes: &[u8], word: &str) -> bool {
    // Most words are ruled out by their second letter.
    let second = bytes.get(1).map(u8::to_ascii_lowercase);
    second.as_ref() == word.as_bytes().get(1)
        && bytes.get(..word.len()).is_some_and(|front| front.eq_ignore_ascii_case(word.as_bytes()))
}

/// A qualified key at the beginning of `rest`: its length.
fn compound(rest: &[u8]) -> Option<(usize, Class)> {
    let qualifiers = QUALIFIERS.like(rest).iter();
    qualifiers.filter(|it| starts(rest, it)).find_map(|qualifier| {
        let tail = rest.get(qualifier.len()..)?;
        let border = usize::from(matches!(tail.first(), Some(b'_' | b'.' | b'-')));
        starts(tail.get(border..)?, "key").then_some((qualifier.len() + border + 3, Class::Secret))
    })
}

/// A single word at the beginning of `rest`.
fn word(rest: &[u8]) -> Option<(usize, Class)> {
    let first = rest.first()?.to_ascii_lowercase();
    let mut words = WORDS.iter().filter(|(word, _)| word.as_bytes().first() == Some(&first));
    words.find(|(word, _)| starts(rest, word)).map(|(word, class)| (word.len(), *class))
}

/// The letters that touch the word at `at` from before, at most 16.
fn letters_before<'a>(scan: &Scan<'a>, at: usize) -> &'a str {
    let before = scan.text.as_bytes().get(at.saturating_sub(16)..at).unwrap_or_default();
    let count = before.iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
    scan.slice(at - count, at)
}

/// Whether a capital follows a small letter at `at`: the border in `dbPass`.
fn is_hump(scan: &Scan<'_>, at: usize) -> bool {
    scan.byte(at).is_ascii_uppercase()
        && at.checked_sub(1).is_some_and(|before| scan.byte(before).is_ascii_lowercase())
}

/// Whether `word`, followed by `suffix` in one identifier, holds the secret
/// itself, rather than its type, its file or its length.
fn holds(word: &str, suffix: &str) -> bool {
    let apart = suffix.starts_with(['_', '-']);
    let suffix = suffix.trim_end_matches(|c: char| c.is_ascii_digit()).trim_matches(['_', '-']);
    let (Some(last), Some(first)) = (word.bytes().last(), suffix.bytes().next()) else {
        return true;
    };
    let split = suffix.find(['_', '-']).unwrap_or(suffix.len());
    let glued = !apart
        && first.is_ascii_alphabetic()
        && first.is_ascii_lowercase() == last.is_ascii_lowercase();
    let glued_len = if glued {
        let front = suffix.get(..split).unwrap_or_default();
        let hump =
            front.bytes().position(|byte| byte.is_ascii_uppercase() != first.is_ascii_uppercase());
        hump.unwrap_or(front.len())
    } else {
        0
    };
    let glue = suffix.get(..glued_len).unwrap_or_default();
    if glued && !GOES_ON.has(glue) {
        return false;
    }
    let last_word = last_word(suffix.get(glued_len..).unwrap_or_default());
    last_word.is_empty() || !DESCRIBES.has(last_word)
}

/// The last word of an identifier in any of the usual cases.
fn last_word(name: &str) -> &str {
    let tail = name.rsplit(['_', '-']).next().unwrap_or(name);
    let has_small = tail.bytes().any(|byte| byte.is_ascii_lowercase());
    let hump = tail.bytes().rposition(|byte| byte.is_ascii_uppercase());
    hump.filter(|_| has_small).and_then(|at| tail.get(at..)).unwrap_or(tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(name: &str, word_at: usize) -> Option<Class> {
        key_at(&Scan::new(name), word_at).ok().map(|key| key.class)
    }

    #[test]
    fn these_names_hold_a_secret() {
        for (name, at) in [
            ("password", 0),
            ("db_password", 3),
            ("DB_PASSWORD_PROD", 3),
            ("dbPass", 2),
            ("dbpass", 2),
            ("SMTP_PASS", 5),
            ("passwordHash", 0),
            ("api_key", 0),
            ("API-Key", 0),
            ("apikey", 0),
            ("secretkey", 0),
            ("client_secret", 7),
            ("token", 0),
            ("authToken", 4),
            ("_authToken", 5),
            ("TOKEN_2", 0),
            ("GITHUB_TOKEN", 7),
            ("secrets", 0),
            ("PWD", 0),
            ("passwd1", 0),
            ("awsSecretAccessKey", 9),
            ("auth", 0),
            ("_auth", 1),
        ] {
            assert!(class(name, at).is_some(), "{name}");
        }
    }

    #[test]
    fn these_names_hold_none() {
        for (name, at) in [
            ("tokenizer", 0),
            ("tokenize", 0),
            ("token_type", 0),
            ("tokenType", 0),
            ("TOKEN_URL", 0),
            ("passwordless", 0),
            ("password_field", 0),
            ("secretName", 0),
            ("secretKeyRef", 0),
            ("secretary", 0),
            ("bypass", 2),
            ("compass", 3),
            ("passing", 0),
            ("passport", 0),
            ("PASSENGER", 0),
            ("author", 0),
            ("oauth", 1),
            ("password_changed_at", 0),
            ("tokenExpiresAt", 0),
            ("PASSWORD_FILE", 0),
        ] {
            assert_eq!(class(name, at), None, "{name}");
        }
    }
}
