//! What a course chose for a check.

use lodge_courses::settings::{CheckSetting, Param};

/// The parameter `name`, a whole number; 1 where the check has none.
pub(crate) fn whole(setting: &CheckSetting, name: &str) -> usize {
    let found = setting.params.iter().find(|(known, _)| *known == name);
    match found {
        Some((_, Param::Whole(n))) => usize::try_from(*n).unwrap_or(usize::MAX),
        _ => 1,
    }
}

/// The parameter `name`, a regular expression; one that fits everything where
/// the check has none.
pub(crate) fn pattern<'a>(setting: &'a CheckSetting, name: &str) -> &'a str {
    let found = setting.params.iter().find(|(known, _)| *known == name);
    match found {
        Some((_, Param::Pattern(text))) => text,
        _ => "",
    }
}

/// The parameter `name`, patterns of paths; none where the check has none.
pub(crate) fn globs<'a>(setting: &'a CheckSetting, name: &str) -> &'a [String] {
    let found = setting.params.iter().find(|(known, _)| *known == name);
    match found {
        Some((_, Param::Globs(globs))) => globs,
        _ => &[],
    }
}
