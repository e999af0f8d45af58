//! The checks that a course makes for itself.

use std::collections::{BTreeMap, BTreeSet};

use lodge_activity::FactKind;
use lodge_courses::settings::{
    CustomCheck,
    custom::{Aggregate, Subject},
};
use lodge_kernel::StudentId;

use crate::{Evidence, Outcome, Points, ProjectRecord, Record, Request};

mod condition;
mod fields;

use condition::Condition;
use fields::Thing;

/// What a course's own check cannot judge without.
pub(crate) fn needs(check: &CustomCheck) -> Option<FactKind> {
    match check.subject {
        Subject::Commits | Subject::Files => None,
        Subject::MergeRequests => Some(FactKind::MergeRequest),
        Subject::Issues => Some(FactKind::Issue),
        Subject::Notes => Some(FactKind::Note),
        Subject::Pipelines => Some(FactKind::Pipeline),
    }
}

/// What a course's own check says of a student. A thing fits when all conditions
/// hold; without conditions every one fits.
pub(crate) fn run(check: &CustomCheck, student: StudentId, record: &Record<'_>) -> Outcome {
    let conditions: Vec<_> = check.filters.iter().map(Condition::of).collect();
    let mut evidence = Vec::new();
    for project in &record.projects {
        for thing in things(check.subject, student, project, record) {
            let holds = |it: &Condition<'_>| it.holds(&thing.field(it.field, record));
            evidence.push(thing.evidence(project, conditions.iter().all(holds)));
        }
    }
    outcome(check, evidence)
}

/// What a check looks at in one project.
fn things<'r, 'a>(
    subject: Subject,
    student: StudentId,
    project: &'r ProjectRecord<'a>,
    record: &'r Record<'a>,
) -> Vec<Thing<'r, 'a>> {
    let is_own = |it: &Request<'_>| it.it.author.is_some_and(|by| record.is(by, student));
    let own = project.requests.iter().filter(|it| is_own(it));
    let commits = project.commits.iter().copied().filter(|it| record.is(it.author, student));
    match subject {
        Subject::Commits => {
            let on = requests_by_commit(project);
            let on = |sha: &str| on.get(sha).cloned().unwrap_or_default();
            commits.map(|it| Thing::Commit(it, on(&it.sha))).collect()
        }
        Subject::MergeRequests => own.map(Thing::Request).collect(),
        Subject::Issues => {
            let issues = project.issues.values().copied();
            let is_for = |who| record.is(who, student);
            issues.filter(|it| it.assignees.iter().copied().any(is_for)).map(Thing::Issue).collect()
        }
        Subject::Notes => {
            let notes = project.requests.iter().filter(|it| !is_own(it)).flat_map(|it| &it.notes);
            notes.copied().filter(|it| record.is(it.author, student)).map(Thing::Note).collect()
        }
        Subject::Pipelines => {
            let mut seen = BTreeSet::new();
            let runs = own.flat_map(|it| &it.pipelines).copied();
            runs.filter(|it| seen.insert(it.id.as_str())).map(Thing::Pipeline).collect()
        }
        Subject::Files => {
            let files = commits.flat_map(|it| it.own_files().map(move |file| (it, file)));
            files.map(|(it, file)| Thing::File(it, file)).collect()
        }
    }
}

/// The merge requests that commits lie on.
fn requests_by_commit<'r, 'a>(
    project: &'r ProjectRecord<'a>,
) -> BTreeMap<&'a str, Vec<&'r Request<'a>>> {
    let mut found: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for request in &project.requests {
        for it in &request.commits {
            found.entry(it.sha.as_str()).or_default().push(request);
        }
    }
    found
}

/// What is made of what was found.
fn outcome(check: &CustomCheck, evidence: Vec<Evidence>) -> Outcome {
    let things = words(check.subject);
    let target = usize::try_from(check.target).unwrap_or(usize::MAX);
    let all = evidence.len();
    let fit = evidence.iter().filter(|it| it.fits).count();
    let none = || Outcome::not_applicable(format!("there are no {things}"));
    let either = |is_passed| if is_passed { Points::ALL } else { Points::NONE };
    let fitting = format!("{fit} of {all} {things} fit");
    match check.aggregate {
        Aggregate::Count => Outcome::count(&format!("{things} that fit"), target, evidence),
        Aggregate::Share | Aggregate::All if all == 0 => none(),
        Aggregate::Share => {
            let wanted = all.saturating_mul(target);
            let points = Points::share(fit.saturating_mul(100), wanted).unwrap_or(Points::ALL);
            Outcome::new(points, format!("{fitting}, {target} % wanted"), evidence)
        }
        Aggregate::Any => Outcome::new(either(fit > 0), format!("{fitting}, 1 wanted"), evidence),
        Aggregate::All => {
            Outcome::new(either(fit == all), format!("{fitting}, all wanted"), evidence)
        }
    }
}

/// What is looked at, in words.
const fn words(subject: Subject) -> &'static str {
    match subject {
        Subject::Commits => "commits",
        Subject::MergeRequests => "merge requests",
        Subject::Issues => "issues assigned",
        Subject::Notes => "review notes",
        Subject::Pipelines => "pipelines",
        Subject::Files => "changed files",
    }
}

#[cfg(test)]
mod tests;
