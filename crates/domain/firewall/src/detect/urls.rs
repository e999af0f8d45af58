//! Passwords in URLs.

use std::ops::Range;

use super::scan::Scan;
use crate::{RuleId, mask};

/// Masks the password of the URL whose `://` begins `found`; answers where to
/// go on.
pub(super) fn look(scan: &mut Scan<'_>, found: Range<usize>) -> usize {
    let user = found.start + 3;
    // The colon inside a mask is not the one before a password.
    let masked = mask::mask_at(scan.text, user);
    let sign = masked.unwrap_or(found.end - 1);
    if masked.is_some() && scan.byte(sign) != b':' {
        return sign;
    }
    let has_password = scan.byte(sign) == b':';
    if !has_password {
        // A user alone may be a token; a short one is a name.
        let name = scan.slice(user, sign);
        let digits = name.bytes().filter(u8::is_ascii_digit).count();
        if name.len() >= 20 && digits >= 2 && !name.contains(mask::OPENING) {
            scan.mask(user, sign, RuleId::URL_PASSWORD);
        }
        return sign;
    }
    let start = sign + 1;
    // Passwords in URLs are seldom escaped as they should be, so the last `@`
    // of the word counts, and slashes before it are taken too.
    let mut end = start;
    while !matches!(scan.byte(end), 0..=b' ' | b'"' | b'\'' | b'`' | b'<' | b'>' | b'\\' | b',')
        && !scan.rest(end).starts_with(b"://")
    {
        end += 1;
    }
    let word = scan.slice(start, end);
    let Some(at) = host_sign(word) else { return start };
    let password = word.get(..at).unwrap_or_default();
    let named =
        password.starts_with(['$', '{', '<', '%', '*', '[', '(']) && !password.starts_with("%2");
    let filler = password.bytes().all(|byte| matches!(byte, b'x' | b'X' | b'*' | b'.'));
    if named || filler || mask::mask_at(scan.text, start).is_some() {
        return start;
    }
    scan.mask(start, start + password.len(), RuleId::URL_PASSWORD);
    start + password.len()
}

/// Where the `@` before the host is in `word`, which begins with a password
/// or a port.
fn host_sign(word: &str) -> Option<usize> {
    let first = word.find('@')?;
    let slash = word.find(['/', '?', '#']).unwrap_or(word.len());
    if first > slash {
        let port = word.get(..slash)?;
        // `host:8080/a@b` has a port, and an `@` in its path.
        let is_port = port.bytes().all(|byte| byte.is_ascii_digit());
        return (!is_port).then_some(first);
    }
    word.get(..slash)?.rfind('@')
}
