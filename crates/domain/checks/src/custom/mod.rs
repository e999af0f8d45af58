//! The checks that a course makes for itself.

use lodge_courses::settings::CustomCheck;
use lodge_kernel::StudentId;

use crate::{Outcome, Record};

/// What a course's own check says of a student.
pub(crate) fn run(check: &CustomCheck, student: StudentId, record: &Record<'_>) -> Outcome {
    let _ = (check, student, record);
    Outcome::not_applicable("")
}
