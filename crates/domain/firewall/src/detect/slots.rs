//! From a name to the place of its value.

use super::{keys::Key, scan::Scan};

/// What joins a name and its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Join {
    /// `=` without spaces, as in a shell.
    Tight,
    /// `=` with a space, `==`, `:=`, `=>` …
    Loose,
    /// `:`.
    Colon,
    /// `<password>…`.
    Tag,
    /// Something that a bare word cannot follow: `set_password("…")`.
    QuotedOnly,
}

/// The place of a value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub(super) at: usize,
    pub(super) join: Join,
    /// Where the name, or the word `value`, begins: what stands before it in
    /// its line tells settings from code.
    pub(super) name: usize,
}

/// Whether a byte begins and ends a string.
pub(super) const fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

/// Where a string begins whose prefix or opening quote is at `at`: `b"`, `r'`,
/// `\"`. `None` when there is none.
pub(super) fn quote_at(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let prefix = scan.until(at, |byte| {
        !matches!(
            byte,
            b'b' | b'B' | b'r' | b'R' | b'f' | b'F' | b'u' | b'U' | b'L' | b'@' | b'$' | b'N'
        )
    });
    let from = if prefix - at <= 2 { prefix } else { at };
    let quote = scan.until(from, |byte| byte != b'\\');
    is_quote(scan.byte(quote)).then_some(from)
}

/// The place of the value of `key`. `None` when no value follows.
pub(super) fn slot_of(scan: &Scan<'_>, key: Key) -> Option<Slot> {
    let escape = scan.until(key.end, |byte| byte != b'\\');
    let closed = is_quote(scan.byte(escape));
    let mut at = if closed { escape + 1 } else { key.end };
    at = scan.until(at, |byte| !matches!(byte, b']' | b')' | b'?'));
    let sign = scan.skip_spaces(at);
    match scan.byte(sign) {
        b'>' if sign == key.end => Some(Slot { at: sign + 1, join: Join::Tag, name: key.start }),
        b',' if closed => {
            listed_value(scan, sign + 1).or_else(|| quoted(scan, scan.skip_spaces(sign + 1)))
        }
        b'(' if !closed => quoted(scan, scan.skip_spaces(sign + 1)),
        b'!' | b':' | b'?' | b'+' | b'|' | b'=' => assigned(scan, sign, at, key.start),
        _ => listed_value(scan, at),
    }
}

fn quoted(scan: &Scan<'_>, at: usize) -> Option<Slot> {
    quote_at(scan, at).map(|_| Slot { at, join: Join::QuotedOnly, name: at })
}

/// After `:`, `=` and their relatives, possibly on the next line.
fn assigned(scan: &Scan<'_>, sign: usize, after_key: usize, name: usize) -> Option<Slot> {
    let equals = scan.until(sign, |byte| !matches!(byte, b'!' | b':' | b'?' | b'+' | b'|'));
    let (end, join) = if scan.byte(equals) == b'=' && equals - sign <= 2 {
        let end = scan.until(equals, |byte| byte != b'=');
        let arrow = usize::from(scan.byte(end) == b'>');
        let tight = sign == equals && end == equals + 1 && arrow == 0 && sign == after_key;
        let tight = tight && !matches!(scan.byte(end), b' ' | b'\t');
        (end + arrow, if tight { Join::Tight } else { Join::Loose })
    } else if scan.byte(sign) == b':' && equals == sign + 1 {
        (equals, Join::Colon)
    } else {
        return None;
    };
    let at = scan.skip_spaces(end);
    if matches!(scan.byte(at), b'\r' | b'\n') {
        return quoted(scan, next_line(scan, at)?);
    }
    Some(Slot { at, join, name })
}

/// The first character of the line after the line break at `at`, behind the
/// mark of a diff and the indentation.
fn next_line(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let line = scan.until(at, |byte| byte != b'\r');
    (scan.byte(line) == b'\n').then_some(())?;
    let mark = usize::from(matches!(scan.byte(line + 1), b'+' | b'-'));
    Some(scan.skip_spaces(line + 1 + mark))
}

/// After `name: password` comes `value: …`, on this line or the next one.
fn listed_value(scan: &Scan<'_>, at: usize) -> Option<Slot> {
    let comma = usize::from(scan.byte(at) == b',');
    let mut word = scan.skip_spaces(at + comma);
    if matches!(scan.byte(word), b'\r' | b'\n') {
        word = next_line(scan, word)?;
    }
    let open = usize::from(is_quote(scan.byte(word)));
    let front = scan.rest(word + open).get(..5)?;
    front.eq_ignore_ascii_case(b"value").then_some(())?;
    let end = word + open + 5;
    let end = scan.skip_spaces(end + usize::from(is_quote(scan.byte(end))));
    match scan.byte(end) {
        b':' => Some(Slot { at: scan.skip_spaces(end + 1), join: Join::Colon, name: word }),
        b'=' => Some(Slot { at: scan.skip_spaces(end + 1), join: Join::Tight, name: word }),
        _ => None,
    }
}
