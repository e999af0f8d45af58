//! Review rings.

use std::collections::{BTreeMap, BTreeSet};

use lodge_courses::settings::flags::ReviewRing;
use lodge_kernel::{StudentId, Timestamp};

use crate::{
    Evidence, Record, Severity,
    flags::{
        Flag, FlagKind,
        work::{count, in_order, is_share, reviews},
    },
};

/// Two members of a team of three or more, each of whom gives four reviews and
/// four in five of all of theirs to the other. A review is an approval or a
/// remark that says something, once for each merge request. The more the one
/// who reviews less has reviewed, the more it matters.
pub(super) fn find(record: &Record<'_>, settings: ReviewRing) -> Vec<Flag> {
    let members: BTreeSet<_> = record.members.iter().copied().collect();
    if members.len() < 3 {
        return Vec::new();
    }
    let given = given(record, settings);
    let pairs =
        members.iter().flat_map(|one| members.range(one..).skip(1).map(move |it| (one, it)));
    let flags = pairs.filter_map(|(one, other)| {
        let (there, all_there) = between(&given, *one, *other);
        let (back, all_back) = between(&given, *other, *one);
        let (least, most) = (u64::from(settings.reviews), settings.percent);
        let (n, m) = (count(&there), count(&back));
        let is_ring =
            n.min(m) >= least.max(1) && is_share(n, all_there, most) && is_share(m, all_back, most);
        if !is_ring {
            return None;
        }
        let severity = Severity::over(n.min(m), settings.reviews);
        let because = format!(
            "{n} of {all_there} and {m} of {all_back} reviews of two members go to each other"
        );
        let mut evidence: Vec<_> = there.into_iter().chain(back).cloned().collect();
        in_order(&mut evidence);
        Flag::new((FlagKind::ReviewRing, severity), vec![*one, *other], because, evidence)
    });
    flags.collect()
}

/// By who gave it: whose work it is, where anybody knows, and the merge request
/// at the time of the review.
type Given = BTreeMap<StudentId, Vec<(Option<StudentId>, Evidence)>>;

fn given(record: &Record<'_>, settings: ReviewRing) -> Given {
    let mut given = Given::new();
    for project in &record.projects {
        for request in &project.requests {
            let mut first: BTreeMap<StudentId, Timestamp> = BTreeMap::new();
            for (by, at) in reviews(record, settings.characters, request) {
                if let Some(student) = record.people.student(by) {
                    let known = first.entry(student).or_insert(at);
                    *known = at.min(*known);
                }
            }
            let author = request.it.author.and_then(|it| record.people.student(it));
            for (student, at) in first {
                let it = Evidence { at, ..project.request(request, false) };
                given.entry(student).or_default().push((author, it));
            }
        }
    }
    given
}

/// The reviews that one gave the other, and how many they gave at all.
fn between(given: &Given, from: StudentId, to: StudentId) -> (Vec<&Evidence>, u64) {
    let all = given.get(&from).map(Vec::as_slice).unwrap_or_default();
    let there = all.iter().filter(|(author, _)| *author == Some(to)).map(|(_, it)| it);
    (there.collect(), count(all))
}

#[cfg(test)]
mod tests {
    use lodge_activity::{ActorId, Fact, Subject};

    use super::*;
    use crate::{
        flags::testing::{CARA, ids, seen, seen_of},
        testing::{ADA, BOB, approval, at, note, request},
    };

    /// Merge requests of these authors, each approved by somebody.
    fn reviews(all: &[(u8, u8)]) -> Vec<Fact<ActorId>> {
        let one = |(n, (author, by)): (u8, &(u8, u8))| {
            let (number, minutes) = (u64::from(n), 10 * i64::from(n));
            [
                Fact::MergeRequest(request(number, *author, minutes)),
                Fact::Approval(approval(number, *by, minutes + 5)),
            ]
        };
        (1..).zip(all).flat_map(one).collect()
    }

    fn found(all: &[(u8, u8)]) -> Vec<Flag> {
        seen(FlagKind::ReviewRing, &reviews(all))
    }

    const FOUR_EACH: [(u8, u8); 8] =
        [(1, 2), (2, 1), (1, 2), (2, 1), (1, 2), (2, 1), (1, 2), (2, 1)];

    #[test]
    fn four_each_and_four_in_five() {
        let flags = found(&FOUR_EACH);
        let [flag] = &flags[..] else { panic!("{flags:?}") };
        assert_eq!((&flag.students[..], flag.severity), (&[ADA, BOB][..], Severity::Low));
        assert_eq!((flag.at, ids(flag).len()), (at(15), 8));
        assert_eq!(flag.because, "4 of 4 and 4 of 4 reviews of two members go to each other");
        assert_eq!(found(&FOUR_EACH[..7]), []);
        let with = |more: &[(u8, u8)]| found(&[&FOUR_EACH[..], more].concat());
        // Each gives Cara one of five, or somebody nobody knows; then one two of six.
        assert_eq!(with(&[(5, 1), (9, 2)]).len(), 1);
        assert_eq!(with(&[(5, 1), (5, 1)]), []);
        assert_eq!(with(&[(9, 2), (9, 2)]), []);
        assert_eq!(with(&FOUR_EACH)[0].severity, Severity::Medium);
        assert_eq!(with(&FOUR_EACH)[0].key(), flag.key());
        assert!(flags.iter().all(|it| !it.students.contains(&CARA)));
    }

    #[test]
    fn in_a_team_of_two_there_is_nobody_else() {
        assert_eq!(seen_of(2, FlagKind::ReviewRing, &reviews(&FOUR_EACH)), []);
    }

    #[test]
    fn a_merge_request_is_reviewed_once() {
        let mut facts = reviews(&FOUR_EACH[..7]);
        let again = |n: u8, body: &str| {
            let on = Subject::MergeRequest(2);
            Fact::Note(note(&n.to_string(), on, 1, 90 + i64::from(n), body))
        };
        facts.extend([again(1, "Why is this not a list?"), again(2, "And what of this one?")]);
        assert_eq!(seen(FlagKind::ReviewRing, &facts), []);
        // A remark that says something is a review, another is none.
        facts.push(Fact::MergeRequest(request(8, 2, 80)));
        let on = Subject::MergeRequest(8);
        let said = |body| Fact::Note(note("9", on.clone(), 1, 99, body));
        let with = |it| seen(FlagKind::ReviewRing, &[&facts[..], &[it]].concat()).len();
        assert_eq!((with(said("LGTM LGTM")), with(said("Please say why it is so"))), (0, 1));
        // Nor is a program's, or one of hers on her own.
        assert_eq!(found(&[&FOUR_EACH[..7], &[(2, 4), (1, 3)]].concat()), []);
    }
}
