//! What a course chose for a check.

use lodge_courses::settings::{CheckSetting, Param};

/// The parameter `name`, a whole number; 1 where the check has none.
pub(crate) fn whole(setting: &CheckSetting, name: &str) -> usize {
    match param(setting, name) {
        Some(Param::Whole(n)) => usize::try_from(*n).unwrap_or(usize::MAX),
        _ => 1,
    }
}

/// The parameter `name`, a regular expression; one that fits everything where
/// the check has none.
pub(crate) fn pattern<'a>(setting: &'a CheckSetting, name: &str) -> &'a str {
    match param(setting, name) {
        Some(Param::Pattern(text)) => text,
        _ => "",
    }
}

/// The parameter `name`, patterns of paths; none where the check has none.
pub(crate) fn globs<'a>(setting: &'a CheckSetting, name: &str) -> &'a [String] {
    match param(setting, name) {
        Some(Param::Globs(globs)) => globs,
        _ => &[],
    }
}

fn param<'a>(setting: &'a CheckSetting, name: &str) -> Option<&'a Param> {
    setting.params.iter().find(|(known, _)| *known == name).map(|(_, it)| it)
}
