//! One text while it is looked through.

use super::{Span, shapes};
use crate::{RuleId, mask};

/// One text, and what was found in it so far.
pub(super) struct Scan<'a> {
    pub(super) text: &'a str,
    spans: Vec<Span>,
    /// Up to here a value was read and found harmless. A value inside it ends
    /// at a space, so that no byte is read for more than two values.
    pub(super) read_until: usize,
    /// The last `curl` before `curl_until`.
    curl: Option<usize>,
    curl_until: usize,
    /// How many bytes were looked at one by one.
    #[cfg(test)]
    pub(super) looked_at: std::cell::Cell<usize>,
}

/// How far behind `curl` its options are looked for, in bytes.
const COMMAND: usize = 256;

impl<'a> Scan<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self {
            text,
            spans: Vec::new(),
            read_until: 0,
            curl: None,
            curl_until: 0,
            #[cfg(test)]
            looked_at: std::cell::Cell::new(0),
        }
    }

    /// The byte at `at`; zero behind the end.
    pub(super) fn byte(&self, at: usize) -> u8 {
        #[cfg(test)]
        self.looked_at.update(|count| count + 1);
        self.text.as_bytes().get(at).copied().unwrap_or_default()
    }

    /// The bytes from `at` on.
    pub(super) fn rest(&self, at: usize) -> &'a [u8] {
        self.text.as_bytes().get(at..).unwrap_or_default()
    }

    /// The first place from `at` on whose byte `stop` takes; the end if none.
    pub(super) fn until(&self, at: usize, stop: impl Fn(u8) -> bool) -> usize {
        let rest = self.rest(at);
        let count = rest.iter().position(|byte| stop(*byte)).unwrap_or(rest.len());
        #[cfg(test)]
        self.looked_at.update(|before| before + count);
        at + count
    }

    /// Where the line of `at` ends, without its line break.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let rest = self.rest(at);
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let cr = rest.get(..end).is_some_and(|line| line.last() == Some(&b'\r'));
        at + end - usize::from(cr)
    }

    /// As [`line_end`](Self::line_end), but at most `reach` bytes away.
    pub(super) fn line_end_within(&self, at: usize, reach: usize) -> usize {
        let rest = self.rest(at);
        let near = rest.get(..reach).unwrap_or(rest);
        at + near.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(near.len())
    }

    /// The first place from `at` on that is neither a space nor a tab.
    pub(super) fn skip_spaces(&self, at: usize) -> usize {
        self.until(at, |byte| !matches!(byte, b' ' | b'\t'))
    }

    /// The slice from `start` to `end`; empty when that is no slice.
    pub(super) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// Masks from `start` to `end`, under the rule of a shape when the value
    /// begins with one.
    pub(super) fn mask(&mut self, start: usize, end: usize, rule: RuleId) {
        let shape = shapes::shape_at(self.text, start).filter(|span| span.end <= end);
        let armour = self.rest(start).starts_with(super::armour::ENCODED.as_bytes());
        let rule = if armour { RuleId::PRIVATE_KEY } else { shape.map_or(rule, |span| span.rule) };
        self.push(Span { start, end, rule });
    }

    /// Takes a span down.
    pub(super) fn push(&mut self, span: Span) {
        if span.start < span.end && self.text.get(span.start..span.end).is_some() {
            self.spans.push(span);
        }
    }

    /// Masks the shape at `at`, if there is one; answers where to go on.
    pub(super) fn mask_shape(&mut self, at: usize) -> usize {
        match shapes::shape_at(self.text, at) {
            Some(span) => {
                self.push(span);
                span.end
            }
            None => at + 1,
        }
    }

    /// Where the mask ends whose kind holds the place `at`. `None` outside.
    pub(super) fn mask_around(&self, at: usize) -> Option<usize> {
        let before = self.text.as_bytes().get(at.saturating_sub(24)..at)?;
        let kind = |byte: &&u8| byte.is_ascii_lowercase() || **byte == b'-';
        let begins = at - before.iter().rev().take_while(kind).count();
        let start = begins.checked_sub(mask::OPENING.len())?;
        mask::mask_at(self.text, start)
    }

    /// Whether `at` belongs to a command line of `curl`, which goes on in the
    /// next line behind a backslash. Asked from left to right.
    pub(super) fn is_after_curl(&mut self, at: usize) -> bool {
        let from = self.curl_until.saturating_sub(b"curl".len());
        let unread = self.text.as_bytes().get(from..at).unwrap_or_default();
        let last = memchr::memmem::rfind(unread, b"curl").map(|place| from + place);
        self.curl = last.or(self.curl);
        self.curl_until = self.curl_until.max(at);
        let Some(between) = self
            .curl
            .filter(|curl| at - curl <= COMMAND)
            .and_then(|curl| self.text.as_bytes().get(curl..at))
        else {
            return false;
        };
        let before = |place: usize| place.checked_sub(1).and_then(|it| between.get(it));
        memchr::memchr_iter(b'\n', between).all(|place| before(place) == Some(&b'\\'))
    }

    /// How many spans there are.
    pub(super) fn found(&self) -> usize {
        self.spans.len()
    }

    /// Forgets the spans after the first `count`.
    pub(super) fn forget_after(&mut self, count: usize) {
        self.spans.truncate(count);
    }

    /// What was found, in order and without overlaps: of two that overlap, the
    /// one that begins first counts, as long as both.
    pub(super) fn into_spans(mut self) -> Vec<Span> {
        if !self.spans.is_sorted_by(|one, next| one.end <= next.start) {
            self.spans.sort_by_key(|span| (span.start, span.end));
            self.spans.dedup_by(|next, one| {
                let overlaps = next.start < one.end;
                if overlaps {
                    one.end = one.end.max(next.end);
                }
                overlaps
            });
        }
        self.spans
    }
}
