//! Unified hunks, as `git diff -U3` writes them.

use std::{io::Write as _, ops::Range};

use gix_imara_diff::{Algorithm, Diff, Hunk, InternedInput, Token, sources::byte_lines};

/// How many lines stand around a change.
const CONTEXT: u32 = 3;
/// The longest patch of one file, in bytes.
const LONGEST: usize = 256 << 10;
/// How much of a heading is shown, in bytes.
const HEADING: usize = 80;

/// The hunks between two versions.
#[derive(Debug, Default)]
pub struct Patch {
    /// The hunks, without a file header.
    pub text: Vec<u8>,
    /// Lines added.
    pub additions: u64,
    /// Lines removed.
    pub deletions: u64,
    /// The last hunks did not fit.
    pub cut: bool,
}

impl Patch {
    /// The hunks from `before` to `after`: whole ones, of at most `room` bytes.
    pub fn between(before: &[u8], after: &[u8], room: usize) -> Self {
        let input = InternedInput::new(byte_lines(before), byte_lines(after));
        let mut diff = Diff::compute(Algorithm::Myers, &input);
        diff.postprocess_lines(&input);
        let mut writer = Writer {
            before: lines(&input, &input.before),
            after: lines(&input, &input.after),
            heading: None,
            looked: 0,
        };
        let mut patch = Self {
            additions: diff.count_additions().into(),
            deletions: diff.count_removals().into(),
            ..Self::default()
        };
        let room = room.min(LONGEST);
        let mut hunks = diff.hunks().peekable();
        while let Some(first) = hunks.next() {
            let mut group = vec![first];
            // Two changes share a hunk when their contexts touch.
            while let Some(next) = hunks.next_if(|next| {
                let end = group.last().map_or(0, |last: &Hunk| last.before.end);
                next.before.start - end <= 2 * CONTEXT
            }) {
                group.push(next);
            }
            let whole = patch.text.len();
            writer.write(&group, &mut patch.text);
            if patch.text.len() > room {
                patch.text.truncate(whole);
                patch.cut = true;
                break;
            }
        }
        patch
    }

    /// This patch and then `other`.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        if !self.cut {
            self.text.extend(other.text);
        }
        Self {
            text: self.text,
            additions: self.additions + other.additions,
            deletions: self.deletions + other.deletions,
            cut: self.cut || other.cut,
        }
    }
}

fn lines<'a>(input: &InternedInput<&'a [u8]>, tokens: &[Token]) -> Vec<&'a [u8]> {
    tokens.iter().map(|token| input.interner[*token]).collect()
}

/// Writes hunks one after the other, and remembers the heading between them.
struct Writer<'a> {
    before: Vec<&'a [u8]>,
    after: Vec<&'a [u8]>,
    heading: Option<&'a [u8]>,
    /// How many lines were looked through for a heading.
    looked: usize,
}

impl Writer<'_> {
    fn write(&mut self, group: &[Hunk], text: &mut Vec<u8>) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { return };
        let above = CONTEXT.min(first.before.start).min(first.after.start);
        let left = |lines: &[&[u8]], end: u32| {
            u32::try_from(lines.len()).unwrap_or(u32::MAX).saturating_sub(end)
        };
        let below = left(&self.before, last.before.end).min(left(&self.after, last.after.end));
        let below = below.min(CONTEXT);
        let before = first.before.start - above..last.before.end + below;
        let after = first.after.start - above..last.after.end + below;

        self.look_for_heading(before.start);
        text.extend(b"@@ -");
        range(&before, text);
        text.extend(b" +");
        range(&after, text);
        text.extend(b" @@");
        if let Some(heading) = self.heading {
            text.push(b' ');
            text.extend(heading);
        }
        text.push(b'\n');

        let mut at = before.start;
        for hunk in group {
            put(text, b' ', &self.before, at..hunk.before.start);
            put(text, b'-', &self.before, hunk.before.clone());
            put(text, b'+', &self.after, hunk.after.clone());
            at = hunk.before.end;
        }
        put(text, b' ', &self.before, at..before.end);
    }

    /// The nearest line above the hunk that begins with a letter, `_` or `$`;
    /// the last hunk's heading when there is none since that hunk.
    fn look_for_heading(&mut self, start: u32) {
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        let since = self.before.get(self.looked..start).unwrap_or_default();
        let heads = |line: &&&[u8]| {
            line.first().is_some_and(|byte| byte.is_ascii_alphabetic() || b"_$".contains(byte))
        };
        if let Some(line) = since.iter().rev().find(heads) {
            let shown = line.get(..HEADING).unwrap_or(line);
            self.heading = Some(trim_end(shown));
        }
        self.looked = start.max(self.looked);
    }
}

/// As C's `isspace` has it, vertical tabs included.
fn trim_end(line: &[u8]) -> &[u8] {
    let space = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0x0b;
    let end = line.iter().rposition(|byte| !space(byte)).map_or(0, |last| last + 1);
    line.get(..end).unwrap_or_default()
}

/// `first,count`: the count only when it is not one, and of no lines the
/// number of the line before them.
fn range(lines: &Range<u32>, text: &mut Vec<u8>) {
    let count = lines.end - lines.start;
    let first = if count == 0 { lines.start } else { lines.start + 1 };
    // Writing to memory cannot fail.
    let _ = if count == 1 { write!(text, "{first}") } else { write!(text, "{first},{count}") };
}

fn put(text: &mut Vec<u8>, sign: u8, lines: &[&[u8]], range: Range<u32>) {
    let index = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
    for line in lines.get(index(range.start)..index(range.end)).unwrap_or_default() {
        text.push(sign);
        text.extend(*line);
        if !line.ends_with(b"\n") {
            text.extend(b"\n\\ No newline at end of file\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patch(before: &str, after: &str) -> String {
        String::from_utf8(Patch::between(before.as_bytes(), after.as_bytes(), usize::MAX).text)
            .unwrap()
    }

    #[test]
    fn hunks_read_as_git_writes_them() {
        assert_eq!(patch("", "a\n"), "@@ -0,0 +1 @@\n+a\n");
        assert_eq!(patch("a\nb\n", ""), "@@ -1,2 +0,0 @@\n-a\n-b\n");
        assert_eq!(
            patch("a\nb", "a\nc"),
            "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n\\ No newline at end of file\n"
        );
        assert_eq!(patch("a\n", "a\n"), "");
    }

    #[test]
    fn a_heading_is_the_nearest_line_above_that_begins_a_thing() {
        let body = "  1\n  2\n  3\n  4\n  5\n";
        let before = format!("fn one() {{  \n{body}  x\n{body}");
        let after = format!("fn one() {{  \n{body}  y\n{body}");
        assert!(patch(&before, &after).starts_with("@@ -4,7 +4,7 @@ fn one() {\n"));
    }

    #[test]
    fn a_patch_that_is_too_long_ends_with_a_whole_hunk() {
        let gap = "=\n".repeat(20);
        let patch = Patch::between(
            format!("a\n{gap}b\n").as_bytes(),
            format!("A\n{gap}B\n").as_bytes(),
            40,
        );
        assert!(patch.cut);
        assert_eq!((patch.additions, patch.deletions), (2, 2));
        assert_eq!(patch.text, b"@@ -1,4 +1,4 @@\n-a\n+A\n =\n =\n =\n");
    }

    proptest::proptest! {
        #[test]
        fn any_two_texts_can_be_compared(before: Vec<u8>, after: Vec<u8>) {
            let patch = Patch::between(&before, &after, usize::MAX);
            proptest::prop_assert_eq!(patch.text.is_empty(), before == after);
        }
    }
}
