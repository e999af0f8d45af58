//! Create and close.

use std::{collections::BTreeSet, time::Duration};

use lodge_courses::settings::flags::CreateAndClose;

use crate::{
    ProjectRecord, Record, Severity,
    flags::{Flag, FlagKind, work::counted},
    text,
};

/// An issue of a member that is closed less than five minutes after it was
/// written, and that no commit or merge request mentions. It never matters much:
/// medium when it was closed within a fifth of that time.
pub(super) fn find(record: &Record<'_>, settings: CreateAndClose) -> Vec<Flag> {
    let in_project = |project| in_project(record, settings, project);
    record.projects.iter().flat_map(in_project).collect()
}

fn in_project(
    record: &Record<'_>,
    settings: CreateAndClose,
    project: &ProjectRecord<'_>,
) -> Vec<Flag> {
    let soon = Duration::from_secs(60 * u64::from(settings.minutes));
    let messages = project.commits.iter().flat_map(|it| text::mentioned(&it.message));
    let requests = project.requests.iter().flat_map(|it| it.issues.iter().copied());
    let mentioned: BTreeSet<_> = messages.chain(requests).collect();
    let flags = project.issues.values().filter_map(|it| {
        let student = it.author.and_then(|author| record.people.student(author))?;
        let lasted = it.closed()?.since(it.created_at);
        let is_member = record.members.contains(&student);
        if lasted >= soon || mentioned.contains(&it.number) || !is_member {
            return None;
        }
        let severity = if lasted < soon / 5 { Severity::Medium } else { Severity::Low };
        let because = format!(
            "an issue was closed {} after it was written, and no commit or merge request \
             mentions it",
            counted(lasted.as_secs(), "second"),
        );
        let evidence = vec![project.issue(it, false)];
        Flag::new((FlagKind::CreateAndClose, severity), vec![student], because, evidence)
    });
    flags.collect()
}

#[cfg(test)]
mod tests {
    use lodge_activity::{ActorId, Commit, Fact, Issue, IssueState, MergeRequest};

    use super::*;
    use crate::{
        flags::testing::{ids, seen},
        testing::{ADA, at, closed, commit, issue, request},
    };

    fn found(facts: &[Fact<ActorId>]) -> Vec<Flag> {
        seen(FlagKind::CreateAndClose, facts)
    }

    /// An issue that is closed after so many seconds.
    fn short(author: u8, seconds: u64) -> Issue<ActorId> {
        let it = closed(10, issue(17, author, &[], 10));
        Issue { closed_at: Some(at(10).plus(Duration::from_secs(seconds))), ..it }
    }

    #[test]
    fn five_minutes_are_no_work() {
        let flags = found(&[Fact::Issue(short(1, 299))]);
        let [flag] = &flags[..] else { panic!("{flags:?}") };
        assert_eq!((&flag.students[..], flag.severity), (&[ADA][..], Severity::Low));
        assert_eq!((flag.at, ids(flag)), (at(10), vec!["17".to_owned()]));
        assert_eq!(
            flag.because,
            "an issue was closed 299 seconds after it was written, and no commit or merge \
             request mentions it"
        );
        assert_eq!(found(&[Fact::Issue(short(1, 300))]), []);
        let severity = |seconds| found(&[Fact::Issue(short(1, seconds))])[0].severity;
        assert_eq!([severity(60), severity(59)], [Severity::Low, Severity::Medium]);
        // A program, somebody nobody knows, and one that was opened again.
        let again = Issue { state: IssueState::Opened, ..short(1, 1) };
        for it in [short(4, 1), short(9, 1), again, Issue { author: None, ..short(1, 1) }] {
            assert_eq!(found(&[Fact::Issue(it)]), []);
        }
    }

    #[test]
    fn what_is_mentioned_has_work() {
        let with = |it| found(&[Fact::Issue(short(1, 9)), it]).len();
        let says = |message: &str| {
            Fact::Commit(Commit { message: message.to_owned(), ..commit("a", &[], 2, 0) })
        };
        assert_eq!((with(says("Closes #17")), with(says("Closes #18"))), (0, 1));
        let named = |branch: &str| {
            let source_branch = branch.to_owned();
            Fact::MergeRequest(MergeRequest { source_branch, ..request(1, 2, 0) })
        };
        assert_eq!((with(named("17-search")), with(named("search"))), (0, 1));
    }
}
