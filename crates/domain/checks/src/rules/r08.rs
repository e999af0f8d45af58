//! Review answered.

use std::{collections::BTreeMap, time::Duration};

use lodge_activity::{ActorId, Note};
use lodge_courses::settings::CheckSetting;
use lodge_kernel::StudentId;

use crate::{Outcome, Record, Request, setting::whole, text::is_approval_only};

/// Which share of the threads that other members began on the student's merge
/// requests was answered by the student, or settled, within so many `hours`.
/// One that begins with approval alone needs no answer. One whose hours are not
/// over yet is taken for one without an answer: there is no clock here.
pub(super) fn check(setting: &CheckSetting, student: StudentId, record: &Record<'_>) -> Outcome {
    let hours = u64::try_from(whole(setting, "hours")).unwrap_or(u64::MAX);
    let time = Duration::from_secs(hours.saturating_mul(3_600));
    let mut evidence = Vec::new();
    for (project, request) in record.requests_of(student) {
        for thread in threads(request).values() {
            let Some((first, rest)) = thread.split_first() else { continue };
            let needs_answer = record.is_another_member(first.author, request.it.author)
                && !is_approval_only(&first.body);
            if !needs_answer {
                continue;
            }
            let until = first.created_at.plus(time);
            let answers = if is_alone(first, rest) { &request.notes } else { rest };
            let is_answered = answers.iter().any(|it| {
                let is_in_time = it.created_at > first.created_at && it.created_at <= until;
                is_in_time && record.is(it.author, student)
            });
            let is_settled =
                thread.iter().any(|it| it.resolved == Some(true) && it.updated_at <= until);
            evidence.push(project.note(first, is_answered || is_settled));
        }
    }
    Outcome::share(("review threads", "were answered in time"), evidence)
}

/// The remarks of each thread, oldest first. One without a thread is a thread
/// of its own.
fn threads<'a>(request: &Request<'a>) -> BTreeMap<(bool, &'a str), Vec<&'a Note<ActorId>>> {
    let mut threads: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for it in request.notes.iter().copied() {
        let key = it.thread.as_deref().map_or((false, it.id.as_str()), |thread| (true, thread));
        threads.entry(key).or_default().push(it);
    }
    threads
}

/// A remark that is answered by whatever follows it on the merge request: it has
/// no thread, or is a plain comment, which GitLab makes a thread of its own for
/// (`individual_note`) although people answer with another plain comment.
///
/// Source: <https://docs.gitlab.com/api/discussions/>.
fn is_alone(first: &Note<ActorId>, rest: &[&Note<ActorId>]) -> bool {
    let is_plain = first.path.is_none() && first.resolved.is_none();
    first.thread.is_none() || is_plain && rest.is_empty()
}

#[cfg(test)]
mod tests {
    use lodge_activity::{Fact, Subject};
    use lodge_courses::settings::Param;

    use super::*;
    use crate::{
        Item, Points, Status,
        testing::{ADA, at, note, people, record, request, usual},
    };

    /// The usual 72 hours, in minutes.
    const TIME: i64 = 72 * 60;

    /// A remark on Ada's merge request 1, without a thread.
    fn plain(id: &str, author: u8, minutes: i64) -> Note<ActorId> {
        note(id, Subject::MergeRequest(1), author, minutes, "Why not a map here?")
    }

    /// One on a line, in a thread.
    fn within(thread: &str, it: Note<ActorId>) -> Note<ActorId> {
        let (thread, path) = (Some(thread.to_owned()), Some("src/lib.rs".to_owned()));
        Note { thread, path, ..it }
    }

    fn settled(minutes: i64, it: Note<ActorId>) -> Note<ActorId> {
        Note { resolved: Some(true), updated_at: at(minutes), ..it }
    }

    fn found(notes: &[Note<ActorId>]) -> Outcome {
        let notes = notes.iter().cloned().map(Fact::Note);
        let facts: Vec<_> =
            [Fact::MergeRequest(request(1, 1, 0))].into_iter().chain(notes).collect();
        check(&usual("R08"), ADA, &record(&people(), &facts))
    }

    #[test]
    fn an_answer_stands_in_the_same_thread_and_in_time() {
        let asked = || within("t", plain("a", 2, 0));
        for (answer, expected) in [
            (within("t", plain("b", 1, TIME)), Status::Passed),
            (within("t", plain("b", 3, 5)), Status::Passed),
            (within("t", plain("b", 1, TIME + 1)), Status::Failed),
            (within("t", plain("b", 2, 5)), Status::Failed),
            (within("t", plain("b", 9, 5)), Status::Failed),
            (within("u", plain("b", 1, 5)), Status::Failed),
            (plain("b", 1, 5), Status::Failed),
        ] {
            assert_eq!(found(&[asked(), answer.clone()]).status(), expected, "{answer:?}");
        }
    }

    #[test]
    fn a_thread_may_be_settled_instead() {
        let asked = within("t", plain("a", 2, 0));
        assert_eq!(found(&[settled(TIME, asked.clone())]).status(), Status::Passed);
        assert_eq!(found(&[settled(TIME + 1, asked.clone())]).status(), Status::Failed);
        let open = Note { resolved: Some(false), ..asked };
        assert_eq!(found(&[open]).status(), Status::Failed);
    }

    #[test]
    fn what_has_no_thread_is_answered_by_any_later_remark() {
        assert_eq!(found(&[plain("a", 2, 5), plain("b", 1, 9)]).status(), Status::Passed);
        let before = found(&[plain("a", 1, 1), plain("b", 2, 5), plain("c", 1, 6 + TIME)]);
        assert_eq!(before.status(), Status::Failed);
        // GitLab makes a thread for each plain comment.
        let own_thread = |it: Note<ActorId>| Note { thread: Some(it.id.clone()), ..it };
        let gitlab = [plain("a", 2, 5), plain("b", 1, 9)].map(own_thread);
        assert_eq!(found(&gitlab).status(), Status::Passed);
    }

    #[test]
    fn some_were_answered() {
        let found = found(&[
            within("t", plain("a", 2, 0)),
            within("t", plain("b", 1, 9)),
            within("t", plain("c", 2, 10)),
            within("u", plain("d", 2, 20)),
        ]);
        assert_eq!(found.points, Some(Points::of_hundredths(5_000)));
        assert_eq!(found.because, "1 of 2 review threads were answered in time");
        let seen: Vec<_> = found.evidence.into_iter().map(|it| (it.item, it.fits)).collect();
        assert_eq!(
            seen,
            [("d", false), ("a", true)].map(|(id, fits)| (Item::Note(id.to_owned()), fits))
        );
    }

    #[test]
    fn only_what_another_member_asks_needs_an_answer() {
        let fine = Note { body: "LGTM 👍".to_owned(), ..plain("a", 2, 0) };
        for it in [fine, plain("a", 1, 0), plain("a", 3, 0), plain("a", 4, 0), plain("a", 9, 0)] {
            let found = found(std::slice::from_ref(&it));
            assert_eq!(found.status(), Status::NotApplicable, "{it:?}");
        }
        let elsewhere = Note { on: Subject::Issue(1), ..plain("a", 2, 0) };
        assert_eq!(found(&[elsewhere]).because, "there are no review threads");
    }

    #[test]
    fn a_course_may_give_less_time() {
        let mut setting = usual("R08");
        setting.params = vec![("hours", Param::Whole(1))];
        let notes = [plain("a", 2, 0), plain("b", 1, 61)].map(Fact::Note);
        let facts = [vec![Fact::MergeRequest(request(1, 1, 0))], notes.to_vec()].concat();
        assert_eq!(check(&setting, ADA, &record(&people(), &facts)).status(), Status::Failed);
    }
}
