//! Reviews that nobody can have done, or that say nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use lodge_courses::settings::flags::LgtmReview;
use lodge_kernel::StudentId;

use crate::{
    Evidence, ProjectRecord, Record, Request, Severity,
    flags::{
        Flag, FlagKind,
        work::{count, counted, in_order, lines},
    },
    text,
};

/// An approval by another member less than a minute after a merge request of
/// fifty changed lines was opened: one flag each, and the more lines, the more
/// it matters. And three remarks of a member or more on merge requests of others
/// that all say only that something is fine: one flag for all of them, and
/// the more, the more it matters.
pub(super) fn find(record: &Record<'_>, settings: LgtmReview) -> Vec<Flag> {
    let requests = record.projects.iter().flat_map(|it| it.requests.iter().map(move |of| (it, of)));
    let mut found: Vec<_> =
        requests.flat_map(|(project, it)| unread(record, settings, project, it)).collect();
    found.extend(says_nothing(record, settings));
    found
}

/// Approvals of a merge request by those who cannot have read it.
fn unread(
    record: &Record<'_>,
    settings: LgtmReview,
    project: &ProjectRecord<'_>,
    request: &Request<'_>,
) -> Vec<Flag> {
    let (opened, mut who) = (request.it.created_at, BTreeSet::new());
    let soon = Duration::from_secs(settings.seconds.into());
    let flags = request.approvals.iter().filter_map(|it| {
        let student = record.people.student(it.by)?;
        let passed = it.at.since(opened);
        let is_soon = it.approved && passed < soon;
        if !is_soon || !record.is_another_member(it.by, request.it.author) {
            return None;
        }
        let before = request.commits.iter().copied().filter(|commit| commit.authored_at <= it.at);
        let lines = lines(before);
        if lines < u64::from(settings.lines) || !who.insert(student) {
            return None;
        }
        let severity = Severity::over(lines, settings.lines);
        let because = format!(
            "a merge request of {} was approved {} after it was opened",
            counted(lines, "changed line"),
            counted(passed.as_secs(), "second"),
        );
        let evidence = vec![project.request(request, false)];
        Flag::new((FlagKind::LgtmReview, severity), vec![student], because, evidence)
    });
    flags.collect()
}

/// Those who say of everything that it is fine.
fn says_nothing(record: &Record<'_>, settings: LgtmReview) -> Vec<Flag> {
    let mut said: BTreeMap<StudentId, (bool, Vec<Evidence>)> = BTreeMap::new();
    for project in &record.projects {
        for request in &project.requests {
            let author = request.it.author;
            for note in
                request.notes.iter().filter(|it| record.is_another_member(it.author, author))
            {
                let Some(student) = record.people.student(note.author) else { continue };
                let (only, notes) = said.entry(student).or_insert((true, Vec::new()));
                *only &= text::is_approval_only(&note.body);
                notes.push(project.note(note, false));
            }
        }
    }
    let flags = said.into_iter().filter_map(|(student, (only, mut notes))| {
        let n = count(&notes);
        if !only || n < u64::from(settings.notes) {
            return None;
        }
        in_order(&mut notes);
        let severity = Severity::over(n, settings.notes);
        let because = format!(
            "{} on merge requests of others: none says more than that it is fine",
            counted(n, "remark"),
        );
        Flag::new((FlagKind::LgtmReview, severity), vec![student], because, notes)
    });
    flags.collect()
}

#[cfg(test)]
mod tests {
    use lodge_activity::{ActorId, Approval, Fact, MergeRequest, Subject};
    use lodge_kernel::Timestamp;

    use super::*;
    use crate::{
        flags::testing::{file, ids, seen, with},
        testing::{ADA, BOB, approval, at, commit, note, request},
    };

    fn found(facts: &[Fact<ActorId>]) -> Vec<Flag> {
        seen(FlagKind::LgtmReview, facts)
    }

    /// Ada's merge request of so many lines, approved after so many seconds.
    fn approved(lines: u32, seconds: u64, by: u8) -> [Fact<ActorId>; 3] {
        let later = |it: Timestamp| it.plus(Duration::from_secs(seconds));
        [
            with(&[file("a.rs", lines, 0)], commit("c1", &["0"], 1, 0)),
            Fact::MergeRequest(MergeRequest {
                head_sha: Some("c1".to_owned()),
                ..request(1, 1, 10)
            }),
            Fact::Approval(Approval { at: later(at(10)), ..approval(1, by, 10) }),
        ]
    }

    #[test]
    fn nobody_reads_fifty_lines_in_a_minute() {
        let flags = found(&approved(50, 59, 2));
        let [flag] = &flags[..] else { panic!("{flags:?}") };
        assert_eq!((&flag.students[..], flag.severity), (&[BOB][..], Severity::Low));
        assert_eq!((flag.at, ids(flag)), (at(10), vec!["1".to_owned()]));
        assert_eq!(
            flag.because,
            "a merge request of 50 changed lines was approved 59 seconds after it was opened"
        );
        assert_eq!(found(&approved(50, 60, 2)), []);
        assert_eq!(found(&approved(49, 0, 2)), []);
        assert_eq!(found(&approved(100, 0, 2))[0].severity, Severity::Medium);
        assert_eq!(found(&approved(200, 0, 2))[0].severity, Severity::High);
        // Herself under another account, a program, a stranger.
        for by in [3, 4, 9] {
            assert_eq!(found(&approved(50, 1, by)), []);
        }
        let [commit, request, mut approval] = approved(50, 1, 2);
        let Fact::Approval(it) = &mut approval else { unreachable!() };
        it.approved = false;
        assert_eq!(found(&[commit, request.clone(), approval.clone()]), []);
        // What was not there yet could be no part of it.
        let [_, _, approval] = approved(50, 1, 2);
        let later = with(&[file("a.rs", 90, 0)], crate::testing::commit("c1", &["0"], 1, 20));
        assert_eq!(found(&[later, request, approval]), []);
    }

    fn remarks(author: u8, all: &[&str]) -> Vec<Fact<ActorId>> {
        let one = |(n, body): (i64, &&str)| {
            let id = format!("n{n}");
            Fact::Note(note(&id, Subject::MergeRequest(1), author, 20 + n, body))
        };
        let mut facts: Vec<_> = (0..).zip(all).map(one).collect();
        facts.push(Fact::MergeRequest(request(1, 1, 10)));
        facts
    }

    #[test]
    fn three_remarks_that_say_nothing() {
        let flags = found(&remarks(2, &["LGTM", "👍", "Looks good!"]));
        let [flag] = &flags[..] else { panic!("{flags:?}") };
        assert_eq!((&flag.students[..], flag.severity), (&[BOB][..], Severity::Low));
        assert_eq!((flag.at, ids(flag).join(" ")), (at(20), "n0 n1 n2".to_owned()));
        assert_eq!(
            flag.because,
            "3 remarks on merge requests of others: none says more than that it is fine"
        );
        assert_eq!(found(&remarks(2, &["LGTM", "👍"])), []);
        assert_eq!(found(&remarks(2, &["LGTM", "👍", "ok", "Why a list here?"])), []);
        assert_eq!(found(&remarks(2, &["ok"; 6]))[0].severity, Severity::Medium);
        // On her own, a program's.
        for (by, all) in [(1, ["ok"; 3]), (4, ["ok"; 3])] {
            assert_eq!(found(&remarks(by, &all)), []);
        }
        assert!(found(&remarks(2, &["ok"; 3])).iter().all(|it| it.students != [ADA]));
    }
}
