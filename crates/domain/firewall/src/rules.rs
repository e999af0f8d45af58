//! A set of rules, compiled once and shared.

use crate::{
    RuleId,
    detect::Detectors,
    path::{BlockedPaths, FLOOR},
};

/// An operator's patterns cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RulesError {
    /// A pattern is empty, too long, an exception, or not a glob.
    #[error(
        "`{pattern}` is not a path pattern: write 1 to 256 bytes such as `*.secret`, `private/` or \
         `/only/at/the/root`; exceptions (`!`) are not taken, since the floor cannot be lowered"
    )]
    Pattern {
        /// The pattern, cut at 64 characters.
        pattern: String,
    },
    /// Together they are too large.
    #[error("at most 500 path patterns can be added")]
    TooMany,
}

/// What is blocked and looked for. Built once, then shared by every request.
#[derive(Debug)]
pub struct Rules {
    paths: BlockedPaths,
    patterns: Vec<String>,
    detectors: Detectors,
    version: String,
}

impl Rules {
    /// The version of everything that is built in. It grows with every change
    /// of a rule.
    const BUILT_IN: &'static str = "1";

    /// The rules that are always there.
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "constant patterns, which every test compiles"
    )]
    pub fn built_in() -> Self {
        Self::with_blocked_paths(&[]).expect("the floor is made of good patterns")
    }

    /// The rules that are always there, and `patterns`.
    ///
    /// A pattern fits a file or a folder, in any case. Without a leading slash
    /// it fits anywhere in a repository.
    ///
    /// # Errors
    ///
    /// [`RulesError`] when a pattern is not usable.
    pub fn with_blocked_paths(patterns: &[String]) -> Result<Self, RulesError> {
        let version = if patterns.is_empty() {
            Self::BUILT_IN.to_owned()
        } else {
            format!("{}+{:016x}", Self::BUILT_IN, fingerprint(patterns))
        };
        Ok(Self {
            paths: BlockedPaths::new(patterns)?,
            patterns: patterns.to_vec(),
            detectors: Detectors::new(),
            version,
        })
    }

    /// These rules, and `more` patterns.
    ///
    /// # Errors
    ///
    /// [`RulesError`] when a pattern is not usable.
    pub fn and_blocked_paths(&self, more: &[String]) -> Result<Self, RulesError> {
        Self::with_blocked_paths(&[&self.patterns, more].concat())
    }

    /// The version in answers: equal rules have equal versions.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The path patterns that nobody can take away.
    pub const fn floor() -> &'static [&'static str] {
        FLOOR
    }

    /// Every pattern of the one pass over a text, as one regular expression.
    pub fn combined_pattern() -> String {
        Detectors::combined_pattern()
    }

    /// The rule that blocks `path`. `None` when none does.
    pub(crate) fn blocks_path(&self, path: &str) -> Option<RuleId> {
        self.paths.contains(path).then_some(RuleId::BLOCKED_PATH)
    }

    /// What looks for secrets.
    pub(crate) const fn detectors(&self) -> &Detectors {
        &self.detectors
    }
}

/// FNV-1a, which is the same in every process and version.
fn fingerprint(patterns: &[String]) -> u64 {
    let bytes = patterns.iter().flat_map(|pattern| pattern.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_rules_have_equal_versions_and_others_do_not() {
        let version = |patterns: &[&str]| {
            let patterns: Vec<String> = patterns.iter().map(|&text| text.to_owned()).collect();
            Rules::with_blocked_paths(&patterns).unwrap().version().to_owned()
        };
        assert_eq!(version(&[]), Rules::built_in().version());
        assert_eq!(version(&["a", "b"]), version(&["a", "b"]));
        assert_ne!(version(&["a", "b"]), version(&["ab"]));
        assert_ne!(version(&["a"]), version(&[]));
    }
}
