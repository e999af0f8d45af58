//! Values that are assigned to a name.

use std::ops::Range;

use super::{
    judge::is_secret,
    keys::{self, Class, Key},
    scan::Scan,
    shapes,
    slots::{Join, Slot, quote_at, slot_of},
    values::{self, Form, Value},
};
use crate::mask;

/// Calls that pass their text on: `Some("…")`, `String::from("…")`.
const WRAPPERS: &[&str] = &[
    "b64decode",
    "b64encode",
    "buffer",
    "bytes",
    "decode",
    "encode",
    "from",
    "into",
    "new",
    "of",
    "ok",
    "parse",
    "quote",
    "raw",
    "secret",
    "secretstr",
    "secretstring",
    "some",
    "str",
    "string",
    "atob",
    "base64",
    "sensitive",
    "unsecure",
    "guardedstring",
    "text",
    "convertto-securestring",
];

/// How far behind a call or a name a literal is looked for, in bytes.
const REACH: usize = 160;

/// Judges what is assigned to the name at `at`; answers where to go on.
pub(super) fn look(scan: &mut Scan<'_>, at: usize) -> usize {
    if let Some(end) = scan.mask_around(at) {
        return end;
    }
    if shapes::shape_at(scan.text, at).is_some() {
        return scan.mask_shape(at); // `AccountKey=…`
    }
    let key = match keys::key_at(scan, at) {
        Ok(key) => key,
        Err(len) => return at + len,
    };
    match slot_of(scan, key) {
        Some(slot) => look_at(scan, key, slot),
        // The name may go on with a secret of a known shape.
        None => at + 3,
    }
}

/// Judges what follows an option such as `--password`.
pub(super) fn look_at_option(scan: &mut Scan<'_>, found: Range<usize>) -> usize {
    let option = scan.until(found.start, |byte| matches!(byte, b' ' | b'\t'));
    let name = scan.slice(found.start, option);
    let keys = (0..name.len()).filter_map(|by| keys::key_at(scan, found.start + by).ok());
    let Some(key) = { keys }.next() else { return option };
    let at = scan.skip_spaces(option);
    if quote_at(scan, at).is_some() {
        return look_at(scan, key, Slot { at, join: Join::Tight, name: key.start });
    }
    let end =
        scan.until(at, |byte| matches!(byte, 0..=b' ' | b'"' | b'\'' | b'`' | b'<' | b'>' | b'|'));
    judge(scan, key.class, Value { start: at, end, form: Form::Line, goes_on: None })
}

/// Judges the value in `slot`; answers where to go on.
fn look_at(scan: &mut Scan<'_>, key: Key, slot: Slot) -> usize {
    if let Some(end) = mask::mask_at(scan.text, slot.at) {
        return end;
    }
    let string = quote_at(scan, slot.at);
    if key.class == Class::Authorization && slot.join != Join::Tag {
        let open = string.map_or(slot.at, |quote| scan.until(quote, |byte| byte != b'\\') + 1);
        return header(scan, open);
    }
    if let Some(quote) = string {
        let value = values::quoted(scan, quote);
        let command = scan.byte(quote) == b'`' && values::in_capitals(scan, slot);
        if command && slot.join == Join::Tight && scan.slice(value.start, value.end).contains(' ') {
            return value.start; // A shell runs what is inside.
        }
        return judge(scan, key.class, value);
    }
    if matches!(slot.join, Join::Colon) && values::begins_block(scan, slot.at) {
        let lines = values::block_lines(scan, key, slot.at);
        return judge_lines(scan, key.class, slot.at, &lines);
    }
    if slot.join == Join::QuotedOnly || (slot.join == Join::Colon && scan.byte(slot.at) == b':') {
        return slot.at;
    }
    let value = values::bare(scan, slot);
    if slot.join == Join::Tag && !scan.rest(value.end).starts_with(b"</") {
        return slot.at;
    }
    let before = scan.found();
    let end = judge(scan, key.class, value);
    if scan.found() > before {
        return end;
    }
    match literal_behind(scan, value, slot.join) {
        Some(at) => {
            let value = values::quoted(scan, at);
            judge(scan, key.class, value)
        }
        None => end,
    }
}

/// Masks `value` if it is a secret; answers where to go on.
fn judge(scan: &mut Scan<'_>, class: Class, value: Value) -> usize {
    if let Some(end) = mask::mask_at(scan.text, value.start) {
        return end;
    }
    let text = scan.slice(value.start, value.end);

    if let Some(quote) = value.goes_on.filter(|_| value.start >= scan.read_until) {
        let mut lines = vec![(value.start, value.end)];
        lines.extend(values::more_lines(scan, value, quote));
        return judge_lines(scan, class, value.start, &lines);
    }
    if !holds_mask(text) && is_secret(class, text, value.form) {
        let text = text.trim_end();
        let lead = text.len() - text.trim_start().len();
        scan.mask(value.start + lead, value.start + text.len(), class.rule());
        return value.end;
    }
    // Harmless as a whole; what lies inside is still looked through.
    scan.read_until = scan.read_until.max(value.end);
    value.start
}

/// Masks every line if one of them is a secret.
fn judge_lines(scan: &mut Scan<'_>, class: Class, at: usize, lines: &[(usize, usize)]) -> usize {
    let end = lines.last().map_or(at, |(_, end)| *end);
    let secret = lines.iter().any(|(start, end)| {
        let line = scan.slice(*start, *end);
        !holds_mask(line) && is_secret(class, line, Form::Quoted)
    });
    if !secret {
        scan.read_until = scan.read_until.max(end);
        return at + 1;
    }
    for (start, end) in lines {
        let text = scan.slice(*start, *end);
        let armour = text.starts_with("-----");
        if !text.trim().is_empty() && !armour && !holds_mask(text) {
            scan.mask(*start, *start + text.trim_end().len(), class.rule());
        }
    }
    end
}

/// Whether a text was masked before.
fn holds_mask(text: &str) -> bool {
    !text.is_ascii()
        && text.match_indices(mask::OPENING).any(|(at, _)| mask::mask_at(text, at).is_some())
}

/// Judges the value of an authorization header: a scheme, then a credential.
fn header(scan: &mut Scan<'_>, at: usize) -> usize {
    let scheme = scan.until(at, |byte| !(byte.is_ascii_alphanumeric() || byte == b'-'));
    let spaced = scan.skip_spaces(scheme);
    let start = if spaced > scheme { spaced } else { at };
    let end = scan.until(start, |byte| {
        matches!(
            byte,
            0..=b' ' | b'"' | b'\'' | b'`' | b',' | b';' | b'<' | b'>' | b')' | b'(' | b'\\'
        )
    });
    let known = ["basic", "bearer", "token", "digest", "apikey", "negotiate", "bot", "key"];
    let scheme = scan.slice(at, scheme);
    let form = if known.iter().any(|word| word.eq_ignore_ascii_case(scheme)) {
        Form::Line
    } else {
        Form::Code
    };
    let class = if form == Form::Line { Class::Authorization } else { Class::Token };
    judge(scan, class, Value { start, end, form, goes_on: None })
}

/// Behind a bare word that is no secret, the place of a literal that is one:
/// `password: str = "…"`, `Some("…")`, `env.TOKEN || "…"`.
fn literal_behind(scan: &mut Scan<'_>, value: Value, join: Join) -> Option<usize> {
    let from = value.end.max(scan.read_until);
    let line_end = scan.line_end_within(from, REACH);
    if let Some(at) = literal_at(scan, value.start) {
        return Some(at);
    }
    let tail = scan.text.as_bytes().get(from..line_end)?;
    scan.read_until = scan.read_until.max(line_end);

    let signs: [&[u8]; 5] = [b"||", b"??", b" or ", b"?:", b"="];
    let mut at = 0;
    while at < tail.len() {
        let rest = tail.get(at..)?;
        if !matches!(rest.first(), Some(b'|' | b'?' | b' ' | b'=' | b'"' | b'\'' | b';')) {
            at += 1;
            continue;
        }
        if rest.starts_with(b";") {
            return None;
        }
        if let Some(sign) = signs.iter().find(|sign| rest.starts_with(sign)) {
            let behind = scan.skip_spaces(from + at + sign.len());
            let equals = **sign == *b"=";
            let literal = literal_at(scan, behind).filter(|_| !equals || join == Join::Colon);
            if literal.is_some() {
                return literal;
            }
        }
        // `getenv("NAME", "fallback")`: a second text in a call.
        if rest.starts_with(b"\",") || rest.starts_with(b"',") {
            let behind = scan.skip_spaces(from + at + 2);
            if values::opens_string(scan, behind) {
                return quote_at(scan, behind);
            }
        }
        at += 1;
    }
    None
}

/// The place of the literal at `at`, bare or inside calls that pass it on.
fn literal_at(scan: &Scan<'_>, at: usize) -> Option<usize> {
    if values::opens_string(scan, at) {
        return quote_at(scan, at);
    }
    let end = scan.until(at, |byte| {
        !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':' | b'-'))
    });
    if scan.byte(end) != b'(' {
        return None;
    }
    let name = scan.slice(at, end).rsplit(['.', ':', '-']).next()?;
    let inner = scan.skip_spaces(end + 1);
    let wraps = WRAPPERS.iter().any(|known| known.eq_ignore_ascii_case(name));
    let open = wraps && values::opens_string(scan, inner);
    open.then(|| quote_at(scan, inner))?
}
