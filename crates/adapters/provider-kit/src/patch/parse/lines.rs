//! The lines of a text that may have been cut.

/// A place between two lines of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    cut: bool,
}

impl<'a> Lines<'a> {
    pub(super) const fn of(text: &'a [u8], cut: bool) -> Self {
        Self { text, at: 0, cut }
    }

    /// How many bytes lie before this place.
    pub(super) const fn at(&self) -> usize {
        self.at
    }

    /// The bytes from one place to another.
    pub(super) fn between(&self, from: usize, to: usize) -> &'a [u8] {
        self.text.get(from..to).unwrap_or_default()
    }

    /// The next line, without its end. The half line before a cut is none.
    fn peek(&self) -> Option<&'a [u8]> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        match memchr::memchr(b'\n', rest) {
            Some(end) => rest.get(..end),
            None => Some(rest).filter(|_| !self.cut),
        }
    }

    /// Goes over the next line if it fits.
    pub(super) fn next_if(&mut self, fits: impl FnOnce(&[u8]) -> bool) -> Option<&'a [u8]> {
        let line = self.peek().filter(|line| fits(line))?;
        self.at = (self.at + line.len() + 1).min(self.text.len());
        Some(line)
    }

    /// The text was cut, and this is where.
    pub(super) fn is_cut(&self) -> bool {
        self.cut && self.peek().is_none()
    }
}
