//! Last-minute burst.

use std::{collections::BTreeSet, time::Duration};

use lodge_activity::Period;
use lodge_courses::settings::flags::LastMinuteBurst;
use lodge_kernel::{StudentId, Timestamp};

use crate::{
    Record, Severity,
    flags::{
        Flag, FlagKind,
        work::{counted, is_share, lines, work},
    },
};

/// One day.
const DAY: Duration = Duration::from_hours(24);

/// Three fifths of a student's changed lines or more in the last tenth of a
/// period of seven days or more, and a hundred changed lines in all. It is
/// medium from three quarters on, and high from nine tenths on.
///
/// `period` is the one that is meant; without a beginning or an end the team's
/// first or last commit takes its place, and then the end moves with each commit.
pub(super) fn find(record: &Record<'_>, settings: LastMinuteBurst, period: Period) -> Vec<Flag> {
    let Some((first, last)) = bounds(record, period) else { return Vec::new() };
    let length = last.since(first);
    if length < DAY.saturating_mul(settings.days) {
        return Vec::new();
    }
    let tail = last.minus(length.saturating_mul(settings.last_percent) / 100);
    let one = |student| of(record, settings, period, student, (tail, length));
    record.members.iter().copied().filter_map(one).collect()
}

/// From when until when the team works.
fn bounds(record: &Record<'_>, period: Period) -> Option<(Timestamp, Timestamp)> {
    let commits = record.members.iter().flat_map(|it| record.commits_of(*it));
    let times: BTreeSet<_> =
        commits.map(|(_, it)| it.authored_at).filter(|it| period.has(*it)).collect();
    let (first, last) = (times.first().copied(), times.last().copied());
    Some((period.since.or(first)?, period.until.or(last)?))
}

fn of(
    record: &Record<'_>,
    settings: LastMinuteBurst,
    period: Period,
    student: StudentId,
    (tail, length): (Timestamp, Duration),
) -> Option<Flag> {
    let all = record.projects.iter().flat_map(|project| {
        let own = work(record, project, student).into_iter();
        own.filter(|it| period.has(it.authored_at)).map(move |it| (project, it))
    });
    let mut all: Vec<_> = all.collect();
    let whole = lines(all.iter().map(|(_, it)| *it));
    all.retain(|(_, it)| it.authored_at >= tail && it.own_lines().changed() > 0);
    let late = lines(all.iter().map(|(_, it)| *it));
    if whole < u64::from(settings.lines).max(1) || !is_share(late, whole, settings.percent) {
        return None;
    }
    all.sort_by_key(|(project, it)| (it.authored_at, project.project, &it.sha));
    let severity = if is_share(late, whole, 90) {
        Severity::High
    } else if is_share(late, whole, 75) {
        Severity::Medium
    } else {
        Severity::Low
    };
    let because = format!(
        "{late} of {} are in the last {} % of {}",
        counted(whole, "changed line"),
        settings.last_percent,
        counted(length.as_secs() / DAY.as_secs(), "day"),
    );
    let evidence = all.into_iter().map(|(project, it)| project.commit(it, false)).collect();
    let flag = Flag::new((FlagKind::LastMinuteBurst, severity), vec![student], because, evidence)?;
    Some(Flag { until: period.until, ..flag })
}

#[cfg(test)]
mod tests {
    use lodge_activity::{ActorId, Fact};

    use super::*;
    use crate::{
        flags::testing::{file, flags_of, ids, seen, with},
        testing::{ADA, at, commit},
    };

    /// A commit after so many hours that adds so many lines.
    fn work_of(author: u8, hours: i64, lines: u32) -> Fact<ActorId> {
        let sha = format!("c{author}-{hours}");
        with(&[file("a.rs", lines, 0)], commit(&sha, &["0"], author, 60 * hours))
    }

    fn found(facts: &[Fact<ActorId>]) -> Vec<Flag> {
        seen(FlagKind::LastMinuteBurst, facts)
    }

    #[test]
    fn three_fifths_in_the_last_tenth() {
        // Ten days: the last one begins after 216 hours.
        let of = |early, late, hours| {
            found(&[work_of(1, 0, early), work_of(1, hours, late), work_of(2, 240, 0)])
        };
        let flags = of(40, 60, 216);
        let [flag] = &flags[..] else { panic!("{flags:?}") };
        assert_eq!((&flag.students[..], flag.severity), (&[ADA][..], Severity::Low));
        assert_eq!((flag.at, ids(flag)), (at(60 * 216), vec!["c1-216".to_owned()]));
        assert_eq!(flag.because, "60 of 100 changed lines are in the last 10 % of 10 days");
        assert_eq!(of(40, 60, 215), []);
        assert_eq!(of(41, 59, 216), []);
        assert_eq!(of(39, 60, 216), []);
        let severity = |early, late| of(early, late, 230)[0].severity;
        assert_eq!(
            [severity(26, 74), severity(25, 75), severity(10, 90)],
            [Severity::Low, Severity::Medium, Severity::High]
        );
    }

    #[test]
    fn a_short_period_has_no_last_minute() {
        let of = |hours| found(&[work_of(2, 0, 1), work_of(1, hours, 200)]).len();
        assert_eq!((of(7 * 24 - 1), of(7 * 24)), (0, 1));
        assert_eq!(found(&[]), []);
        assert_eq!(found(&[work_of(4, 0, 1), work_of(9, 100, 1), work_of(1, 240, 200)]), []);
    }

    #[test]
    fn a_period_that_is_given_is_the_one_that_counts() {
        let facts = [work_of(1, 0, 10), work_of(1, 240, 200)];
        let of = |since: i64, until: i64| {
            let period = Period { since: Some(at(60 * since)), until: Some(at(60 * until)) };
            let all = flags_of(3, &facts, period);
            all.into_iter().filter(|it| it.kind == FlagKind::LastMinuteBurst).count()
        };
        assert_eq!((of(0, 241), of(0, 266), of(0, 480), of(0, 240)), (1, 1, 0, 0));
        assert_eq!((of(200, 250), of(0, 267)), (0, 0));
    }

    #[test]
    fn it_is_the_same_one_when_the_end_moves() {
        let facts = [work_of(1, 0, 10), work_of(1, 240, 200), work_of(1, 241, 200)];
        let later = [&facts[..], &[work_of(2, 266, 1)]].concat();
        let (now, then) = (found(&facts), found(&later));
        assert_eq!((now.len(), then.len()), (1, 1));
        assert_ne!(ids(&now[0]), ids(&found(&facts[..2])[0]));
        assert_eq!(now[0].key(), then[0].key());
        let mut merge = facts.to_vec();
        for it in &mut merge {
            let Fact::Commit(it) = it else { unreachable!() };
            it.parents = Some(vec!["1".to_owned(), "2".to_owned()]);
        }
        assert_eq!(found(&merge), []);
    }
}
