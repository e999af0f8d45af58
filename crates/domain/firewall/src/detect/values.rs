//! Where a value begins and ends.

use super::{
    keys::Key,
    scan::Scan,
    slots::{Join, Slot, is_quote},
};

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Between quotes.
    Quoted,
    /// Bare, the only thing on a line of settings.
    Line,
    /// Bare, amid other code.
    Code,
}

/// One line of a value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) form: Form,
    /// The string goes on behind this line, up to this quote.
    pub(super) goes_on: Option<&'static str>,
}

/// The string that opens at `at` with a quote or an escaped quote.
pub(super) fn quoted(scan: &Scan<'_>, at: usize) -> Value {
    let quote_at = scan.until(at, |byte| byte != b'\\');
    let escapes = quote_at - at;
    let quote = scan.byte(quote_at);
    for (triple, byte) in [("\"\"\"", b'"'), ("'''", b'\''), ("```", b'`')] {
        if quote == byte && scan.rest(quote_at).starts_with(triple.as_bytes()) {
            return long_string(scan, quote_at + 3, triple);
        }
    }
    let start = quote_at + 1;
    let mut end = start;
    loop {
        let byte = scan.byte(end);
        let line_ends = end >= scan.text.len() || matches!(byte, b'\r' | b'\n');
        if line_ends || (matches!(byte, b' ' | b'\t') && end < scan.read_until) {
            let goes_on = (quote == b'`' && escapes == 0 && line_ends).then_some("`");
            return Value { start, end: end.min(scan.text.len()), form: Form::Quoted, goes_on };
        }
        if scan.byte(end) == b'\\' {
            let behind = scan.until(end, |byte| byte != b'\\');
            let run = behind - end;
            let at_quote = scan.byte(behind) == quote;
            if escapes == 0 {
                // Pairs are backslashes; an odd one escapes what follows, but
                // no value holds a line break.
                let odd = run % 2 == 1 && !matches!(scan.byte(behind), b'\r' | b'\n');
                end = behind + usize::from(odd);
            } else if at_quote && run <= escapes {
                break; // As many as at the beginning: the closing quote.
            } else {
                end = behind + usize::from(at_quote);
            }
        } else if scan.byte(end) == quote {
            break;
        } else {
            end += 1;
        }
    }
    Value { start, end, form: Form::Quoted, goes_on: None }
}

/// The first line of a string that opens with three quotes.
fn long_string(scan: &Scan<'_>, start: usize, quote: &'static str) -> Value {
    let mut end = start;
    while !matches!(scan.byte(end), b'\r' | b'\n') && end < scan.text.len() {
        if scan.rest(end).starts_with(quote.as_bytes()) {
            return Value { start, end, form: Form::Quoted, goes_on: None };
        }
        end += 1;
    }
    Value { start, end, form: Form::Quoted, goes_on: Some(quote) }
}

/// The bare value at `slot`.
pub(super) fn bare(scan: &Scan<'_>, slot: Slot) -> Value {
    let start = slot.at;
    let alone = slot.join != Join::Tag && begins_line(scan, slot.name);
    let in_shell = alone && slot.join == Join::Tight && is_shell(scan, slot);
    let end = scan.until(start, |byte| match byte {
        0..=b' ' | b'"' | b'\'' | b'`' | b'<' | b'>' => true,
        b'\\' | b',' | b';' | b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'&' | b'|' => !in_shell,
        _ => false,
    });
    let behind = scan.skip_spaces(end);
    let ends_line = matches!(scan.byte(behind), 0 | b'\r' | b'\n' | b'#' | b'\\');
    // An option's value is a word of its own, whatever follows.
    let ends_word = is_option(scan, slot.name) && behind > end;
    let settings = slot.join != Join::Loose && alone && (ends_line || ends_word);
    let form = if settings || slot.join == Join::Tag { Form::Line } else { Form::Code };
    Value { start, end, form, goes_on: None }
}

/// Whether a tight assignment that begins a line is one of a shell, where the
/// value ends at a space, rather than an argument of a call.
fn is_shell(scan: &Scan<'_>, slot: Slot) -> bool {
    let end = scan.until(slot.at, |byte| matches!(byte, 0..=b' '));
    let word = scan.slice(slot.at, end);
    in_capitals(scan, slot) || !(word.contains('(') || word.ends_with([',', ';', ')', ']', '}']))
}

/// Whether the name in front of `slot` has no small letter, as those of
/// environments.
pub(super) fn in_capitals(scan: &Scan<'_>, slot: Slot) -> bool {
    !scan.slice(slot.name, slot.at).bytes().any(|byte| byte.is_ascii_lowercase())
}

/// Whether the name at `at` is an option of a command, such as `--password`.
fn is_option(scan: &Scan<'_>, at: usize) -> bool {
    scan.rest(at).starts_with(b"--") && scan.byte(at + 2) != b' '
}

/// Whether only marks of a diff, a list, a comment or a shell stand before
/// `at` in its line.
fn begins_line(scan: &Scan<'_>, at: usize) -> bool {
    if is_option(scan, at) {
        return true; // It stands alone wherever it is.
    }
    let from = at.saturating_sub(64);
    let before = scan.text.as_bytes().get(from..at).unwrap_or_default();
    let mark = |byte: &&u8| {
        byte.is_ascii_alphabetic()
            || matches!(byte, b' ' | b'\t' | b'+' | b'-' | b'#' | b'/' | b'*' | b'"' | b'\'' | b'>')
    };
    // From the name backwards, since mostly its neighbour decides.
    let rest = before.len() - before.iter().rev().take_while(mark).count();
    let begins = rest.checked_sub(1).map_or(from == 0, |last| before.get(last) == Some(&b'\n'));
    if !begins {
        return false;
    }
    let line = before.get(rest..).unwrap_or_default();
    let mut words = line.split(|byte| !byte.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    let shell =
        [&b"export"[..], b"set", b"setx", b"env", b"arg", b"local", b"readonly", b"declare"];
    words.all(|word| shell.iter().any(|known| known.eq_ignore_ascii_case(word)))
}

/// The lines that go on a value, each without the mark of a diff and its
/// indentation, until `quote`; at most 64, so that a lost quote costs little.
pub(super) fn more_lines(scan: &Scan<'_>, value: Value, quote: &str) -> Vec<(usize, usize)> {
    let mut lines = Vec::new();
    let mut at = value.end;
    for _ in 0..64 {
        let Some((start, end)) = line_after(scan, at) else { break };
        let line = scan.slice(start, end);
        if line.starts_with("@@") {
            break;
        }
        if let Some(close) = line.find(quote) {
            lines.push((start, start + close));
            break;
        }
        lines.push((start, end));
        at = end;
    }
    lines
}

/// The lines of a YAML block under the name `key`: those that are further in.
pub(super) fn block_lines(scan: &Scan<'_>, key: Key, at: usize) -> Vec<(usize, usize)> {
    let indent_of = |start: usize| {
        let before = scan.text.as_bytes().get(..start).unwrap_or_default();
        before.iter().rev().take_while(|byte| **byte != b'\n').count()
    };
    let outer = indent_of(key.start);
    let mut lines = Vec::new();
    let mut at = scan.line_end(at);
    for _ in 0..64 {
        let Some((start, end)) = line_after(scan, at) else { break };
        if start < end && indent_of(start) <= outer {
            break;
        }
        lines.push((start, end));
        at = end;
    }
    lines
}

/// The line after the one that ends at `at`: from its first character behind
/// the mark of a diff and the indentation, to its end.
fn line_after(scan: &Scan<'_>, at: usize) -> Option<(usize, usize)> {
    let line_break = scan.line_end(at);
    let line = scan.until(line_break, |byte| byte != b'\r');
    (scan.byte(line) == b'\n').then_some(())?;
    let mark = usize::from(matches!(scan.byte(line + 1), b'+' | b'-'));
    let end = scan.line_end(line + 1);
    Some((scan.skip_spaces(line + 1 + mark).min(end), end))
}

/// Whether a YAML block begins at `at`: `|`, `>-` … and nothing else.
pub(super) fn begins_block(scan: &Scan<'_>, at: usize) -> bool {
    let end = scan.until(at + 1, |byte| !matches!(byte, b'-' | b'+' | b'0'..=b'9'));
    matches!(scan.byte(at), b'|' | b'>')
        && matches!(scan.byte(scan.skip_spaces(end)), b'\r' | b'\n')
}

/// Whether the byte at `at` opens a string, escaped or not.
pub(super) fn opens_string(scan: &Scan<'_>, at: usize) -> bool {
    is_quote(scan.byte(scan.until(at, |byte| byte != b'\\')))
}
