//! Lists of words, by their first letter.

/// Words in small letters, of which most are ruled out without a comparison:
/// a text that is dense with names is looked up once for every few bytes.
pub(super) struct Lexicon {
    words: &'static [&'static str],
    /// Where the words of each letter end.
    ends: [usize; 26],
}

impl Lexicon {
    /// The list of `words`, which stand in the order of their first letters.
    #[expect(
        clippy::indexing_slicing,
        clippy::as_conversions,
        reason = "the compiler evaluates it, and stops where the order is wrong"
    )]
    pub(super) const fn new(words: &'static [&'static str]) -> Self {
        let mut ends = [0; 26];
        let mut at = 0;
        let mut letter = b'a';
        while letter <= b'z' {
            while at < words.len() && words[at].as_bytes()[0] == letter {
                at += 1;
            }
            ends[(letter - b'a') as usize] = at;
            letter += 1;
        }
        assert!(at == words.len(), "the words are in the order of their first letters");
        Self { words, ends }
    }

    /// The words that begin with the letter that `text` begins with.
    pub(super) fn like(&self, text: &[u8]) -> &'static [&'static str] {
        let first = text.first().map_or(0, u8::to_ascii_lowercase);
        let Some(letter) = first.checked_sub(b'a').map(usize::from) else { return &[] };
        let begin = letter.checked_sub(1).and_then(|before| self.ends.get(before));
        let end = self.ends.get(letter).copied().unwrap_or_default();
        self.words.get(begin.copied().unwrap_or_default()..end).unwrap_or_default()
    }

    /// Whether `text` is one of them, in any case.
    pub(super) fn has(&self, text: &str) -> bool {
        self.like(text.as_bytes()).iter().any(|word| word.eq_ignore_ascii_case(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_in_any_case_and_no_other_is() {
        const WORDS: &[&str] = &["a", "any", "array", "bool", "void", "zeroizing"];
        const LEXICON: Lexicon = Lexicon::new(WORDS);
        for word in WORDS {
            assert!(LEXICON.has(word) && LEXICON.has(&word.to_uppercase()), "{word}");
        }
        for other in ["", "an", "b", "zeroizin", "zeroizings", "{", "`", "ä", "\u{7f}"] {
            assert!(!LEXICON.has(other), "{other}");
        }
    }
}
