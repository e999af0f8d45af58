//! Where the secrets of a text are.
//!
//! One pass of one regular expression finds where a secret may begin; plain
//! code at that place decides whether it is one, and where it ends.

use regex_automata::{Input, meta::Regex};

use crate::RuleId;

/// One secret: bytes of a text, within one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) rule: RuleId,
}

/// The compiled pass.
#[derive(Debug)]
pub(crate) struct Detectors {
    regex: Regex,
}

impl Detectors {
    #[expect(clippy::expect_used, reason = "constant patterns, which every test compiles")]
    pub(crate) fn new() -> Self {
        Self { regex: Regex::new(&Self::combined_pattern()).expect("a good pattern") }
    }

    pub(crate) fn combined_pattern() -> String {
        r"(?:gh[pousr]_[A-Za-z0-9]{36}|(?i:password)=[^\s]{4,})".to_owned()
    }

    pub(crate) fn find(&self, text: &str) -> Vec<Span> {
        let rule_of = |text: &str| {
            if text.starts_with("gh") { RuleId::GITHUB } else { RuleId::PASSWORD }
        };
        self.regex
            .find_iter(Input::new(text))
            .filter_map(|found| {
                let rule = rule_of(text.get(found.range())?);
                let start = found.start() + if rule == RuleId::PASSWORD { 9 } else { 0 };
                Some(Span { start, end: found.end(), rule })
            })
            .collect()
    }
}
