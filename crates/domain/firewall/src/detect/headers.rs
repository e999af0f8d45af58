//! Bearer tokens and JSON web tokens, wherever they stand.

use super::{Span, scan::Scan};
use crate::{RuleId, mask};

/// Masks the token behind `Bearer` at `at`; answers where to go on.
pub(super) fn look_at_bearer(scan: &mut Scan<'_>, at: usize) -> usize {
    let start = scan.skip_spaces(at + 6);
    if mask::mask_at(scan.text, start).is_some() {
        return start;
    }
    let end = scan.until(start, |byte| {
        !(byte.is_ascii_alphanumeric()
            || matches!(byte, b'.' | b'_' | b'~' | b'+' | b'/' | b'=' | b'-'))
    });
    let token = scan.slice(start, end);
    let digits = token.bytes().filter(u8::is_ascii_digit).count();
    let letters = token.bytes().filter(u8::is_ascii_alphabetic).count();
    // `Bearer authentication` is prose.
    if token.len() >= 16 && digits >= 2 && letters >= 2 {
        scan.mask(start, end, RuleId::TOKEN);
        return end;
    }
    start
}

/// Masks the JSON web token at `at`; answers where to go on.
///
/// Three parts when signed, five when encrypted:
/// <https://www.rfc-editor.org/rfc/rfc7515#section-3.1>.
pub(super) fn look_at_jwt(scan: &mut Scan<'_>, at: usize) -> usize {
    let part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let mut end = scan.until(at, |byte| !part(byte));
    let first = end;
    let mut parts = 1;
    while scan.byte(end) == b'.' && parts < 5 {
        end = scan.until(end + 1, |byte| !part(byte));
        parts += 1;
    }
    let payload = first + 1;
    if parts < 3 || first - at < 12 || !part(scan.byte(payload)) && parts < 5 {
        return first;
    }
    let end = if scan.byte(end - 1) == b'.' && parts > 3 { end - 1 } else { end };
    scan.push(Span { start: at, end, rule: RuleId::JWT });
    end
}
