//! What files are called.

use std::{fmt, str::FromStr};

use lodge_kernel::{Entropy, Timestamp, hex};
use lodge_services::ReportFormat;

/// How much of a course's code or a team's name stands in a file's name.
const LONGEST_PART: usize = 60;

/// The name of a report's file: `pv-2026-team-01-20261122-233000-0a1b2c3d.pdf`.
/// It has letters and digits of ASCII, `-`, and one dot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName(String);

impl FileName {
    /// The longest name, in bytes.
    pub const LONGEST: usize = 160;

    /// A name that no other file has.
    pub(super) fn fresh(
        parts: [&str; 2],
        at: Timestamp,
        entropy: &dyn Entropy,
        format: ReportFormat,
    ) -> Self {
        let mut chance = [0; 4];
        entropy.fill(&mut chance);
        let [first, second] = parts.map(plain);
        let (at, chance) = (stamp(at), hex::encode(&chance));
        Self(format!("{first}-{second}-{at}-{chance}.{}", format.extension()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What kind of file it is.
    pub fn format(&self) -> Option<ReportFormat> {
        let (_, ending) = self.0.rsplit_once('.')?;
        ReportFormat::ALL.into_iter().find(|it| it.extension() == ending)
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text is not the name of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not the name of a report")]
pub struct ParseFileNameError;

impl FromStr for FileName {
    type Err = ParseFileNameError;

    fn from_str(text: &str) -> Result<Self, ParseFileNameError> {
        let is_plain = |it: u8| it.is_ascii_alphanumeric() || it == b'-';
        let stem = text.rsplit_once('.').map(|(stem, _)| stem).unwrap_or_default();
        let fits = text.len() <= Self::LONGEST && !stem.is_empty() && stem.bytes().all(is_plain);
        let name = Some(Self(text.to_owned())).filter(|it| fits && it.format().is_some());
        name.ok_or(ParseFileNameError)
    }
}

/// What is left of a text that anybody wrote: letters and digits of ASCII, in
/// small letters, with one `-` for whatever lies between.
pub(super) fn plain(text: &str) -> String {
    let parts = text.split(|it: char| !it.is_ascii_alphanumeric()).filter(|it| !it.is_empty());
    let mut plain = parts.collect::<Vec<_>>().join("-").to_ascii_lowercase();
    plain.truncate(LONGEST_PART);
    let plain = plain.trim_end_matches('-');
    if plain.is_empty() { "x".to_owned() } else { plain.to_owned() }
}

/// `20261122-233000`, in UTC.
pub(super) fn stamp(at: Timestamp) -> String {
    let text = at.to_string();
    let digits = |part: &str| part.chars().filter(char::is_ascii_digit).collect::<String>();
    let (day, clock) = text.split_once('T').unwrap_or((&text, ""));
    let mut clock = digits(clock);
    clock.truncate(6);
    format!("{}-{clock}", digits(day))
}

#[cfg(test)]
mod tests {
    use lodge_testkit::CountingEntropy;
    use proptest::prelude::*;

    use super::*;

    fn name(parts: [&str; 2]) -> FileName {
        let at = Timestamp::parse("2026-11-22T23:30:05.678Z").unwrap();
        FileName::fresh(parts, at, &CountingEntropy::seeded(1), ReportFormat::Markdown)
    }

    #[test]
    fn a_name_says_what_of_whom_and_when() {
        let text = name(["PV-2026", "Tím 1: „Ľudia“"]).to_string();
        let (said, chance) = text.split_at("pv-2026-t-m-1-udia-20261122-233005-".len());
        assert_eq!(said, "pv-2026-t-m-1-udia-20261122-233005-");
        assert_eq!((chance.len(), &chance[8..]), (11, ".md"));
        assert!(name(["", "…"]).as_str().starts_with("x-x-2026"));
    }

    #[test]
    fn what_is_no_name_is_refused() {
        let long = format!("{}.pdf", "a".repeat(FileName::LONGEST));
        for wrong in ["", ".pdf", "a", "a.exe", "../a.pdf", "a/b.pdf", "a.b.pdf", "a\0.pdf", &long]
        {
            assert_eq!(wrong.parse::<FileName>(), Err(ParseFileNameError), "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_people_call_things_a_name_is_one(course: String, team: String) {
            let name = name([&course, &team]);
            prop_assert_eq!(name.as_str().parse(), Ok(name.clone()));
            prop_assert_eq!(name.format(), Some(ReportFormat::Markdown));
        }
    }
}
