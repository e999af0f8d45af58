//! Issue assigned.

use lodge_courses::settings::CheckSetting;
use lodge_kernel::StudentId;

use crate::{Outcome, Record, setting::whole};

/// Issues are assigned to the student: `at_least` of them.
pub(super) fn check(setting: &CheckSetting, student: StudentId, record: &Record<'_>) -> Outcome {
    let issues = record.issues_for(student).map(|(project, it)| project.issue(it, true));
    Outcome::count("issues assigned", whole(setting, "at_least"), issues.collect())
}

#[cfg(test)]
mod tests {
    use lodge_activity::Fact;
    use lodge_courses::settings::Param;

    use super::*;
    use crate::{
        Item, Points, Status,
        testing::{ADA, BOB, closed, issue, people, record, usual},
    };

    #[test]
    fn one_issue_is_enough_open_or_closed_and_under_any_account() {
        let people = people();
        let issues =
            [issue(1, 2, &[3], 0), closed(9, issue(2, 2, &[2, 1], 5)), issue(3, 1, &[], 6)];
        let facts = issues.map(Fact::Issue);
        let of = |student| check(&usual("R01"), student, &record(&people, &facts));
        assert_eq!((of(ADA).status(), of(BOB).status()), (Status::Passed, Status::Passed));
        let seen: Vec<_> = of(ADA).evidence.into_iter().map(|it| it.item).collect();
        assert_eq!(seen, [Item::Issue(1), Item::Issue(2)]);
    }

    #[test]
    fn fewer_than_wanted_is_part_of_it() {
        let people = people();
        let mut setting = usual("R01");
        setting.params = vec![("at_least", Param::Whole(3))];
        let facts = [Fact::Issue(issue(1, 2, &[1], 0))];
        let found = check(&setting, ADA, &record(&people, &facts));
        assert_eq!(found.points, Some(Points::of_hundredths(3_333)));
        assert_eq!(found.because, "1 issues assigned, 3 wanted");
    }

    #[test]
    fn an_issue_that_a_program_opened_or_that_is_for_a_stranger_is_none() {
        let people = people();
        let facts = [issue(1, 4, &[1], 0), issue(2, 1, &[9], 0)].map(Fact::Issue);
        let found = check(&usual("R01"), ADA, &record(&people, &facts));
        assert_eq!((found.status(), found.evidence.len()), (Status::Failed, 0));
    }
}
