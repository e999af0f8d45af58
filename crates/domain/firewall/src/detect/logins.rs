//! Passwords in the login option of `curl`: `curl -u user:password`.

use std::ops::Range;

use super::scan::Scan;
use crate::{RuleId, mask};

/// The longest name of a user that is looked for, in bytes.
const LONGEST_USER: usize = 64;

/// Masks the password behind the user whose first byte ends `found`; answers
/// where to go on.
pub(super) fn look(scan: &mut Scan<'_>, found: Range<usize>) -> usize {
    let user = found.end - 1;
    if !scan.is_after_curl(found.start) {
        return user; // `docker run -u 1000:1000`
    }
    let name = scan.rest(user).iter().take(LONGEST_USER);
    let in_name = |byte: &&u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'@' | b'+' | b'-')
    };
    let sign = user + name.take_while(in_name).count();
    if scan.byte(sign) != b':' {
        return user;
    }
    let start = sign + 1;
    let end = scan
        .until(start, |byte| matches!(byte, 0..=b' ' | b'"' | b'\'' | b'`' | b'<' | b'>' | b'\\'));
    let password = scan.slice(start, end);
    let named = password.starts_with(['$', '{', '%', '[', '(']);
    let filler = password.bytes().all(|byte| matches!(byte, b'x' | b'X' | b'*' | b'.'));
    if named || filler || mask::mask_at(scan.text, start).is_some() {
        return user;
    }
    scan.mask(start, end, RuleId::PASSWORD);
    end
}
