//! The built-in checks, one file each; what each asks for stands in the
//! catalogue of a course's settings.

use lodge_activity::{FactKind, MergeRequestState};
use lodge_courses::settings::CheckSetting;
use lodge_kernel::StudentId;

use crate::{Outcome, ProjectRecord, Record, Request};

mod r01;
mod r02;
mod r03;
mod r04;
mod r05;
mod r06;
mod r07;
mod r08;
mod r09;
mod r10;
mod r11;
mod r12;
mod r13;

/// What the check with that code says of a student. `None` when there is no
/// such check.
pub(crate) fn run(
    setting: &CheckSetting,
    student: StudentId,
    record: &Record<'_>,
) -> Option<Outcome> {
    Some(match setting.code {
        "R01" => r01::check(setting, student, record),
        "R02" => r02::check(setting, student, record),
        "R03" => r03::check(setting, student, record),
        "R04" => r04::check(student, record),
        "R05" => r05::check(setting, student, record),
        "R06" => r06::check(setting, student, record),
        "R07" => r07::check(setting, student, record),
        "R08" => r08::check(setting, student, record),
        "R09" => r09::check(student, record),
        "R10" => r10::check(student, record),
        "R11" => r11::check(student, record),
        "R12" => r12::check(student, record),
        "R13" => r13::check(student, record),
        _ => return None,
    })
}

/// What the check with that code cannot judge without.
pub(crate) fn needs(code: &str) -> Option<FactKind> {
    Some(match code {
        "R01" | "R04" | "R11" => FactKind::Issue,
        "R02" | "R03" | "R05" => FactKind::MergeRequest,
        "R06" | "R07" | "R08" => FactKind::Note,
        "R09" | "R10" => FactKind::Approval,
        "R12" => FactKind::Pipeline,
        _ => return None,
    })
}

/// The merge requests of a student that were taken in.
fn merged_of<'r, 'a>(
    record: &'r Record<'a>,
    student: StudentId,
) -> impl Iterator<Item = (&'r ProjectRecord<'a>, &'r Request<'a>)> {
    record.requests_of(student).filter(|(_, it)| it.it.state == MergeRequestState::Merged)
}
