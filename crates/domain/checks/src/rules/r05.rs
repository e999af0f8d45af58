//! Merge request description.

use lodge_courses::settings::CheckSetting;
use lodge_kernel::StudentId;

use crate::{Outcome, Record, setting::whole, text::without_template};

/// Which share of the student's merge requests has a description of so many
/// `characters` beside what a template puts there.
pub(super) fn check(setting: &CheckSetting, student: StudentId, record: &Record<'_>) -> Outcome {
    let wanted = whole(setting, "characters");
    let fits = |text: &str| length(&without_template(text)) >= wanted;
    let requests = record
        .requests_of(student)
        .map(|(project, it)| project.request(it, it.it.description.as_deref().is_some_and(fits)));
    Outcome::share(("merge requests", "have a description"), requests.collect())
}

/// In characters, with one space between two words.
fn length(text: &str) -> usize {
    let words = text.split_whitespace().map(|it| it.chars().count() + 1);
    words.sum::<usize>().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use lodge_activity::{ActorId, Fact, MergeRequest};

    use super::*;
    use crate::{
        Points, Status,
        testing::{ADA, people, record, request, usual},
    };

    fn saying(description: Option<&str>, number: u64, author: u8) -> Fact<ActorId> {
        let description = description.map(str::to_owned);
        Fact::MergeRequest(MergeRequest { description, ..request(number, author, 0) })
    }

    fn found(facts: &[Fact<ActorId>]) -> Outcome {
        check(&usual("R05"), ADA, &record(&people(), facts))
    }

    #[test]
    fn thirty_characters_are_a_description() {
        let long = "ž".repeat(30);
        let template = format!("## What\n<!-- Say what -->\n{long}");
        let facts = [saying(Some(&long), 1, 1), saying(Some(&template), 2, 3)];
        assert_eq!(found(&facts).status(), Status::Passed);
    }

    #[test]
    fn fewer_space_and_what_a_template_says_are_none() {
        let short = "x".repeat(29);
        let spaced = format!("  {}{}\n\n", "x\n\t ".repeat(10), "x");
        let template = "## What is this all about, and why?\n- [ ] I have run all of the tests";
        for text in [None, Some(""), Some(&*short), Some(&*spaced), Some(template)] {
            assert_eq!(found(&[saying(text, 1, 1)]).status(), Status::Failed, "{text:?}");
        }
    }

    #[test]
    fn some_have_one() {
        let long = "Searches titles as well as texts now.";
        let facts = [saying(Some(long), 1, 1), saying(None, 2, 1), saying(None, 3, 1)];
        let found = found(&facts);
        assert_eq!(found.points, Some(Points::of_hundredths(3_333)));
        assert_eq!(found.because, "1 of 3 merge requests have a description");
    }

    #[test]
    fn those_of_others_and_of_programs_are_not_judged() {
        let facts = [saying(None, 1, 2), saying(None, 2, 4), saying(None, 3, 9)];
        assert_eq!(found(&facts).status(), Status::NotApplicable);
    }
}
