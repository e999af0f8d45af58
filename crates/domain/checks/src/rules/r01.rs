//! Issue assigned.

use lodge_courses::settings::CheckSetting;
use lodge_kernel::StudentId;

use crate::{Outcome, Record, setting::whole};

/// Issues are assigned to the student: `at_least` of them.
pub(super) fn check(setting: &CheckSetting, student: StudentId, record: &Record<'_>) -> Outcome {
    let issues = record.issues_for(student).map(|(project, it)| project.issue(it, true));
    Outcome::count("issues assigned", whole(setting, "at_least"), issues.collect())
}
