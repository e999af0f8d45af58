//! Where the secrets of a text are.
//!
//! One pass of one automaton finds where a secret may begin; plain code at that
//! place decides whether it is one, and where it ends. A second, cheap look at
//! the lengths of lines finds armour that a hunk has cut. Both are linear: no
//! byte is looked at again once it was judged.
//!
//! Reading order: [`patterns`], [`shapes`], [`keys`], [`slots`], [`values`],
//! [`judge`], then the topics.

mod armour;
mod assignment;
mod headers;
mod judge;
mod keys;
mod lexicon;
mod logins;
mod names;
mod patterns;
mod scan;
mod shapes;
mod slots;
mod urls;
mod values;
mod words;

#[cfg(test)]
mod tests;

use std::panic::{RefUnwindSafe, UnwindSafe};

use regex_automata::{
    Input, meta,
    util::{pool::Pool, syntax},
};

use self::{patterns::Trigger, scan::Scan};
use crate::RuleId;

/// One secret: bytes of a text, within one line, on character borders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) rule: RuleId,
}

type MakeCache = Box<dyn Fn() -> meta::Cache + Send + Sync + UnwindSafe + RefUnwindSafe>;

/// The compiled pass.
#[derive(Debug)]
pub(crate) struct Detectors {
    regex: meta::Regex,
    /// Borrowed once a text, where the engine alone would once a hit.
    caches: Pool<meta::Cache, MakeCache>,
}

/// The shortest text that can hold a secret: `pwd=1234`.
const SHORTEST: usize = 8;

impl Detectors {
    /// Compiles the pass.
    #[expect(clippy::expect_used, reason = "constant patterns, which every test compiles")]
    pub(crate) fn new() -> Self {
        let patterns = patterns::all();
        let texts: Vec<&str> = patterns.iter().map(|(_, text)| text.as_str()).collect();
        let regex = meta::Builder::new()
            .configure(meta::Config::new().utf8_empty(false))
            .syntax(syntax::Config::new().utf8(false))
            .build_many(&texts)
            .expect("patterns that compile");
        let maker = regex.clone();
        let make: MakeCache = Box::new(move || maker.create_cache());
        Self { regex, caches: Pool::new(make) }
    }

    /// Every pattern of the pass in one.
    pub(crate) fn combined_pattern() -> String {
        let patterns = patterns::all();
        let texts: Vec<&str> = patterns.iter().map(|(_, text)| text.as_str()).collect();
        texts.join("|")
    }

    /// The secrets of `text`, in order, without overlaps.
    pub(crate) fn find(&self, text: &str) -> Vec<Span> {
        if text.len() < SHORTEST { Vec::new() } else { self.scanned(text).into_spans() }
    }

    fn scanned<'a>(&self, text: &'a str) -> Scan<'a> {
        let mut scan = Scan::new(text);
        armour::find(&mut scan);
        let mut cache = self.caches.get();
        let mut at = 0;
        while let Some(found) = self.regex.search_with(&mut cache, &Input::new(text).range(at..)) {
            let start = found.start();
            let next = match Trigger::of(found.pattern()) {
                Trigger::Key => assignment::look(&mut scan, start),
                Trigger::Option => assignment::look_at_option(&mut scan, found.range()),
                Trigger::Login => logins::look(&mut scan, found.range()),
                Trigger::Url => urls::look(&mut scan, found.range()),
                Trigger::Bearer => headers::look_at_bearer(&mut scan, start),
                Trigger::Jwt => headers::look_at_jwt(&mut scan, start),
                Trigger::Armour => armour::look_inside_line(&mut scan, start),
                Trigger::EncodedArmour => armour::look_at_base64(&mut scan, start),
                Trigger::Shape => scan.mask_shape(start),
            };
            at = next.max(start + 1);
        }
        scan
    }
}
