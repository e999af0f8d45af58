//! The indicators, one file each: what students may look at, with the same
//! evidence as a check. They weigh nothing unless a course says so, and have no
//! parameters.
//!
//! The team's commits are those of its members: what a project was begun from,
//! and what strangers wrote, says nothing of the team.

use lodge_activity::{ActorId, Commit, FactKind};
use lodge_courses::settings::CheckSetting;
use lodge_kernel::StudentId;

use crate::{Outcome, Points, Record};

mod brought;
mod i01;
mod i02;
mod i03;
mod i04;
mod i05;
mod i06;
mod i07;
mod i08;
mod i09;
mod i10;
mod i11;
mod i12;
mod i13;

/// A remark says something with so many characters.
const CHARACTERS: usize = 15;

/// What the indicator with that code says of a student. `None` when there is no
/// such indicator.
pub(crate) fn run(
    setting: &CheckSetting,
    student: StudentId,
    record: &Record<'_>,
) -> Option<Outcome> {
    let indicate = match setting.code {
        "I01" => i01::indicate,
        "I02" => i02::indicate,
        "I03" => i03::indicate,
        "I04" => i04::indicate,
        "I05" => i05::indicate,
        "I06" => i06::indicate,
        "I07" => i07::indicate,
        "I08" => i08::indicate,
        "I09" => i09::indicate,
        "I10" => i10::indicate,
        "I11" => i11::indicate,
        "I12" => i12::indicate,
        "I13" => i13::indicate,
        _ => return None,
    };
    Some(indicate(student, record))
}

/// What the indicator with that code cannot judge without.
pub(crate) fn needs(code: &str) -> Option<FactKind> {
    Some(match code {
        "I03" | "I04" => FactKind::Issue,
        "I05" | "I09" => FactKind::MergeRequest,
        "I06" | "I07" => FactKind::Pipeline,
        _ => return None,
    })
}

/// The commits of all members.
fn team_commits<'a>(record: &Record<'a>) -> impl Iterator<Item = &'a Commit<ActorId>> {
    record.members.iter().flat_map(|member| record.commits_of(*member)).map(|(_, it)| it)
}

/// The share `part` has of `whole`, all when it is more. `None` of nothing.
fn share(part: u64, whole: u64) -> Option<Points> {
    let [part, whole] = [part, whole].map(|it| usize::try_from(it).unwrap_or(usize::MAX));
    Points::share(part, whole)
}

#[cfg(test)]
mod tests {
    use lodge_courses::Settings;

    use super::*;
    use crate::testing::{ADA, people, record};

    #[test]
    fn every_indicator_of_the_catalogue_is_there_and_judges_nobody_by_nothing() {
        let people = people();
        let nothing = record(&people, &[]);
        for kind in Settings::default().checks {
            let outcome = run(&kind, ADA, &nothing);
            assert_eq!(outcome.is_some(), kind.code.starts_with('I'), "{}", kind.code);
            if let Some(outcome) = outcome {
                assert_ne!(outcome.points, Some(Points::ALL), "{}", kind.code);
                assert_eq!(outcome.evidence, [], "{}", kind.code);
                assert!(!outcome.because.is_empty(), "{}", kind.code);
            }
        }
    }
}
