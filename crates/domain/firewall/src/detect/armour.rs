//! Private keys in PEM or PGP armour: whole, cut by a hunk, on one line, or in
//! base64 once more.
//!
//! <https://www.rfc-editor.org/rfc/rfc7468>: lines of base64 are 64 characters
//! long, OpenSSH's are 70, MIME's 76.

use super::{Span, scan::Scan};
use crate::RuleId;

/// Characters of a full line.
const FULL: [usize; 3] = [64, 70, 76];

/// What the armour around a line holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// No armour that we know of.
    Nothing,
    /// A private key.
    Private,
    /// A certificate, a public key, a signature: anybody may see it.
    Public,
}

/// Masks every line of private armour. A run of full lines whose armour a hunk
/// has cut is taken for private, unless its end says otherwise.
pub(super) fn find(scan: &mut Scan<'_>) {
    let text = scan.text;
    let mut inside = Inside::Nothing;
    // How many spans there were before the run of base64 lines above this line.
    let mut run: Option<usize> = None;
    let mut masking = false;
    let mut at = 0;
    while at < text.len() {
        let rest = scan.rest(at);
        let len = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        if inside != Inside::Nothing || run.is_some() || may_matter(scan, at, len) {
            let line = Line::of(scan, at, len);
            if let Some((begins, kind)) = line.border(scan) {
                if begins {
                    inside = kind;
                } else {
                    if inside == Inside::Nothing {
                        if let Some(found) = run {
                            scan.forget_after(found);
                        }
                        if kind == Inside::Private {
                            mask_above(scan, at);
                        }
                    }
                    inside = Inside::Nothing;
                }
                run = None;
                masking = false;
            } else if line.is_hunk(scan) {
                (inside, run, masking) = (Inside::Nothing, None, false);
            } else if inside == Inside::Private {
                mask_words(scan, line);
            } else if inside == Inside::Nothing && line.is_base64(scan) {
                let full = line.is_full(scan);
                run = run.or_else(|| Some(scan.found()));
                if full || masking {
                    scan.push(line.span());
                }
                masking |= full;
            } else {
                (run, masking) = (None, false);
            }
        }
        at += len + 1;
    }
}

/// Whether a line outside armour is worth a closer look: it may be a full line,
/// or end in the hyphens of a border.
fn may_matter(scan: &Scan<'_>, at: usize, len: usize) -> bool {
    let [shortest, ..] = FULL;
    let ends_in_hyphen = len >= 20 && (1..=4).any(|back| scan.byte(at + len - back) == b'-');
    let looks_dense = || [2, 3, 5].iter().all(|part| is_base64(scan.byte(at + len - len / part)));
    ends_in_hyphen || (len >= shortest && looks_dense())
}

/// One line behind the mark of a diff, its indentation and its quotes.
#[derive(Clone, Copy)]
struct Line {
    start: usize,
    end: usize,
}

impl Line {
    fn of(scan: &Scan<'_>, at: usize, len: usize) -> Self {
        let mark = |byte: u8| {
            matches!(byte, b'+' | b'-' | b' ' | b'\t' | b'>' | b'|' | b'*' | b'#' | b'"' | b'\'')
        };
        let mut start = at;
        // Five hyphens are the armour's own.
        while start < at + len && mark(scan.byte(start)) && !scan.rest(start).starts_with(b"-----")
        {
            start += 1;
        }
        let line = scan.text.as_bytes().get(start..at + len).unwrap_or_default();
        let loose =
            |byte: &&u8| matches!(**byte, b'\r' | b' ' | b'\t' | b'"' | b'\'' | b',' | b';' | b'+');
        let mut end = at + len - line.iter().rev().take_while(loose).count();
        // `\n` in a string.
        if scan.slice(start, end).ends_with("\\n") {
            end -= 2;
        }
        Self { start, end }
    }

    fn text<'a>(&self, scan: &Scan<'a>) -> &'a str {
        scan.slice(self.start, self.end)
    }

    const fn span(self) -> Span {
        Span { start: self.start, end: self.end, rule: RuleId::PRIVATE_KEY }
    }

    /// Whether the line begins or ends armour, and of what kind.
    fn border(&self, scan: &Scan<'_>) -> Option<(bool, Inside)> {
        let line = self.text(scan).strip_prefix("-----")?;
        let (begins, label) = match (line.strip_prefix("BEGIN "), line.strip_prefix("END ")) {
            (Some(label), _) => (true, label),
            (None, Some(label)) => (false, label),
            (None, None) => return None,
        };
        // What follows on the same line is looked at by the other pass.
        let label = label.strip_suffix("-----")?;
        let private = label.contains("PRIVATE KEY");
        Some((begins, if private { Inside::Private } else { Inside::Public }))
    }

    fn is_hunk(&self, scan: &Scan<'_>) -> bool {
        self.text(scan).starts_with("@@ ")
    }

    /// Only base64, as the last line of a key may be.
    fn is_base64(&self, scan: &Scan<'_>) -> bool {
        let line = self.text(scan);
        !line.is_empty() && line.len() <= 80 && line.bytes().all(is_base64)
    }

    /// A full line that looks drawn by chance.
    fn is_full(&self, scan: &Scan<'_>) -> bool {
        let line = self.text(scan).as_bytes();
        FULL.contains(&line.len())
            && line.iter().any(u8::is_ascii_digit)
            && line.iter().any(u8::is_ascii_uppercase)
            && line.iter().any(u8::is_ascii_lowercase)
    }
}

const fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// Masks the base64 lines right above the line at `end`.
fn mask_above(scan: &mut Scan<'_>, end: usize) {
    let mut above = Vec::new();
    let mut at = end;
    while at > 0 {
        let before = scan.text.as_bytes().get(..at - 1).unwrap_or_default();
        let start = memchr::memrchr(b'\n', before).map_or(0, |line_break| line_break + 1);
        let line = Line::of(scan, start, at - 1 - start);
        if !line.is_base64(scan) {
            break;
        }
        above.push(line.span());
        at = start;
    }
    above.into_iter().rev().for_each(|span| scan.push(span));
}

/// Masks a line inside armour. Headers such as `DEK-Info:` stay.
fn mask_words(scan: &mut Scan<'_>, line: Line) {
    let text = line.text(scan);
    if text.contains(": ") || text.is_empty() || text.starts_with('‹') {
        return;
    }
    scan.push(line.span());
}

/// Masks a key whose armour begins at `at` and goes on in the same line, as in
/// a string with `\n`; answers where to go on.
pub(super) fn look_inside_line(scan: &mut Scan<'_>, at: usize) -> usize {
    let label_end = scan.until(at + 5, |byte| byte == b'-' || byte == b'\n');
    if !scan.rest(label_end).starts_with(b"-----") {
        return label_end;
    }
    let start = label_end + 5;
    let mut end = start;
    while !matches!(scan.byte(end), b'\r' | b'\n' | b'"' | b'\'' | b'`')
        && end < scan.text.len()
        && !scan.rest(end).starts_with(b"-----END")
    {
        end += 1;
    }
    let body = scan.slice(start, end);
    let escapes = ["\\n", "\\r", "\\\\n", " "];
    let lead = escapes.iter().fold(body, |rest, escape| rest.trim_start_matches(escape));
    let kept = escapes.iter().fold(lead, |rest, escape| rest.trim_end_matches(escape));
    let from = start + body.len() - lead.len();
    if kept.len() >= 4 && !kept.starts_with('‹') {
        scan.push(Span { start: from, end: from + kept.len(), rule: RuleId::PRIVATE_KEY });
    }
    end
}

/// What armour in base64 begins with: `-----BEGIN` once more.
pub(super) const ENCODED: &str = "LS0tLS1CRUdJTi";

/// Armour in base64 once more; what it begins with when it is public.
const PUBLIC: [&str; 4] = [
    "LS0tLS1CRUdJTiBDRVJUSUZJQ0FUR", // CERTIFICATE
    "LS0tLS1CRUdJTiBQVUJMSUMgS0VZ",  // PUBLIC KEY
    "LS0tLS1CRUdJTiBQR1AgUFVCTElD",  // PGP PUBLIC
    "LS0tLS1CRUdJTiBQR1AgU0lHTkFU",  // PGP SIGNATURE
];

/// Masks armour in base64 at `at`; answers where to go on.
pub(super) fn look_at_base64(scan: &mut Scan<'_>, at: usize) -> usize {
    let end = scan.until(at, |byte| !(is_base64(byte) || matches!(byte, b'_' | b'-')));
    let text = scan.slice(at, end);
    if text.len() >= 40 && !PUBLIC.iter().any(|public| text.starts_with(public)) {
        scan.push(Span { start: at, end, rule: RuleId::PRIVATE_KEY });
    }
    end
}
