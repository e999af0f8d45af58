//! The hunks of a file, counted as they say.

use super::lines::Lines;

/// The hunks of a file, as far as they are whole.
#[derive(Debug)]
pub(super) struct Hunks<'a> {
    pub(super) text: &'a [u8],
    pub(super) additions: u64,
    pub(super) deletions: u64,
    /// None is missing, as far as one can see.
    pub(super) whole: bool,
}

impl<'a> Hunks<'a> {
    /// The hunks that begin here. `None` when none does.
    pub(super) fn next(lines: &mut Lines<'a>) -> Option<Self> {
        let start = lines.at();
        let mut hunks = Self { text: &[], additions: 0, deletions: 0, whole: true };
        while let Some(head) = lines.next_if(|line| line.starts_with(b"@@ -")) {
            let Some((additions, deletions)) = body(head, lines) else {
                hunks.whole = false;
                break;
            };
            hunks.additions += additions;
            hunks.deletions += deletions;
            hunks.text = lines.between(start, lines.at());
        }
        if lines.at() == start {
            return None;
        }
        hunks.whole &= !lines.is_cut();
        Some(hunks)
    }
}

/// Goes over the lines of a hunk, and counts what came and what went. `None`
/// when they are not as many as `head` says.
fn body(head: &[u8], lines: &mut Lines<'_>) -> Option<(u64, u64)> {
    let (mut before, mut after) = counts(head)?;
    let (mut additions, mut deletions) = (0, 0);
    while before > 0 || after > 0 {
        let line = lines
            .next_if(|line| matches!(line.first(), None | Some(b' ' | b'+' | b'-' | b'\\')))?;
        match line.first() {
            Some(b'+') => {
                after = after.checked_sub(1)?;
                additions += 1;
            }
            Some(b'-') => {
                before = before.checked_sub(1)?;
                deletions += 1;
            }
            Some(b'\\') => {}
            // Some hosts trim an empty line of context.
            _ => (before, after) = (before.checked_sub(1)?, after.checked_sub(1)?),
        }
    }
    // No newline at the end of the file.
    while lines.next_if(|line| line.starts_with(b"\\")).is_some() {}
    Some((additions, deletions))
}

/// The lines before and after of `@@ -first,count +first,count @@`; a count of
/// one is left out.
fn counts(head: &[u8]) -> Option<(u64, u64)> {
    let head = head.strip_prefix(b"@@ -")?;
    let mut ranges = head.splitn(3, |byte| *byte == b' ');
    let (before, after) = (ranges.next()?, ranges.next()?.strip_prefix(b"+")?);
    ranges.next()?.strip_prefix(b"@@")?;
    Some((count(before)?, count(after)?))
}

fn count(range: &[u8]) -> Option<u64> {
    let range = std::str::from_utf8(range).ok()?;
    match range.split_once(',') {
        Some((_, count)) => count.parse().ok(),
        None => range.parse::<u64>().ok().map(|_| 1),
    }
}
