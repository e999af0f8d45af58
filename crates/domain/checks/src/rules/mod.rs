//! The built-in checks, one file each; what each asks for stands in the
//! catalogue of a course's settings.

use lodge_courses::settings::CheckSetting;
use lodge_kernel::StudentId;

use crate::{Outcome, Record};

mod r01;

/// What the check with that code says of a student. `None` when there is no
/// such check.
pub(crate) fn run(
    setting: &CheckSetting,
    student: StudentId,
    record: &Record<'_>,
) -> Option<Outcome> {
    Some(match setting.code {
        "R01" => r01::check(setting, student, record),
        _ => return None,
    })
}
