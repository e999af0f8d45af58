//! Self-merge.

use lodge_courses::settings::flags::SelfMerge;

use crate::{
    ProjectRecord, Record, Request, Severity,
    flags::{
        Flag, FlagKind,
        work::{counted, lines, reviews},
    },
};

/// A merge request that its author took in before another member approved it
/// or said something of it. A team of one has no other member. It is medium from
/// as many changed lines on as nobody reads in a minute (`lgtm_lines`), and high
/// from four times as many.
pub(super) fn find(record: &Record<'_>, settings: SelfMerge) -> Vec<Flag> {
    let members = record.members;
    let others = |student| members.iter().any(|it| *it != student);
    let of = |student| {
        let own = record.requests_of(student);
        own.filter_map(move |(project, it)| {
            is_unreviewed(record, settings, it).then(|| flag(settings, project, it, student))?
        })
    };
    members.iter().copied().filter(|it| others(*it)).flat_map(of).collect()
}

fn is_unreviewed(record: &Record<'_>, settings: SelfMerge, request: &Request<'_>) -> bool {
    let it = request.it;
    let (Some(author), Some(by), Some(merged)) = (it.author, it.merged_by, it.merged()) else {
        return false;
    };
    let mut reviews = reviews(record, settings.characters, request);
    record.people.is_same(author, by) && !reviews.any(|(_, at)| at <= merged)
}

fn flag(
    settings: SelfMerge,
    project: &ProjectRecord<'_>,
    request: &Request<'_>,
    student: lodge_kernel::StudentId,
) -> Option<Flag> {
    let lines = lines(request.commits.iter().copied());
    let medium = u64::from(settings.lines);
    let severity = Severity::from_on(lines, medium, medium.saturating_mul(4));
    let because = format!(
        "a merge request of {} was merged by its author without a review by another member",
        counted(lines, "changed line"),
    );
    let mut evidence = project.request(request, false);
    evidence.at = request.it.merged()?;
    Flag::new((FlagKind::SelfMerge, severity), vec![student], because, vec![evidence])
}

#[cfg(test)]
mod tests {
    use lodge_activity::{ActorId, Fact, MergeRequest, MergeRequestState, Subject};

    use super::*;
    use crate::{
        flags::testing::{file, ids, seen, seen_of, with},
        testing::{ADA, approval, at, commit, merged, note, request},
    };

    fn found(facts: &[Fact<ActorId>]) -> Vec<Flag> {
        seen(FlagKind::SelfMerge, facts)
    }

    /// Ada's, taken in by somebody.
    fn taken_in(by: u8) -> Fact<ActorId> {
        let it = MergeRequest { head_sha: Some("c1".to_owned()), ..request(1, 1, 10) };
        Fact::MergeRequest(merged(by, 60, it))
    }

    #[test]
    fn who_takes_their_own_work_in_asks_nobody() {
        let flags = found(&[taken_in(1)]);
        let [flag] = &flags[..] else { panic!("{flags:?}") };
        assert_eq!((&flag.students[..], flag.severity), (&[ADA][..], Severity::Low));
        assert_eq!((flag.at, ids(flag)), (at(60), vec!["1".to_owned()]));
        assert_eq!(
            flag.because,
            "a merge request of 0 changed lines was merged by its author without a review by \
             another member"
        );
        let of = |lines| {
            let it = with(&[file("a.rs", lines, 0)], commit("c1", &["0"], 1, 0));
            found(&[taken_in(1), it])[0].severity
        };
        assert_eq!(
            [of(49), of(50), of(199), of(200)],
            [Severity::Low, Severity::Medium, Severity::Medium, Severity::High]
        );
        // Under another account, and by somebody else.
        assert_eq!((found(&[taken_in(3)]).len(), found(&[taken_in(2)]).len()), (1, 0));
        let Fact::MergeRequest(mut open) = taken_in(1) else { unreachable!() };
        open.state = MergeRequestState::Opened;
        assert_eq!(found(&[Fact::MergeRequest(open)]), []);
        assert_eq!(seen_of(1, FlagKind::SelfMerge, &[taken_in(1)]), []);
    }

    #[test]
    fn a_review_comes_before() {
        let with = |it| found(&[taken_in(1), it]).len();
        let approved = |by, minutes| with(Fact::Approval(approval(1, by, minutes)));
        assert_eq!((approved(2, 60), approved(2, 61)), (0, 1));
        // Herself, a program, somebody nobody knows.
        assert_eq!((approved(3, 20), approved(4, 20), approved(9, 20)), (1, 1, 1));
        let said = |by, minutes, body| {
            with(Fact::Note(note("n", Subject::MergeRequest(1), by, minutes, body)))
        };
        assert_eq!((said(2, 60, "Why not a list here?"), said(2, 60, "LGTM")), (0, 1));
        assert_eq!((said(2, 61, "Why not a list here?"), said(1, 20, "Why not a list?")), (1, 1));
    }
}
