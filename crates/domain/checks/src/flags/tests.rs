//! All patterns together.

use std::{collections::BTreeSet, time::Duration};

use lodge_activity::{ActorId, Approval, Fact, Issue, MergeRequest, Note, Period, Subject};
use proptest::{collection::vec, prelude::*};

use super::{
    FlagKind, FlagSettings,
    testing::{file, flags_of, with},
};
use crate::testing::{approval, at, closed, commit, issue, merged, note, request};

/// Facts of one project, each key once, close to one another.
fn some_facts() -> impl Strategy<Value = Vec<Fact<ActorId>>> {
    let fact = (0..9_u8, 0..40_u64, 1..7_u8, 0..90_i64, any::<(bool, bool)>());
    let fact = fact.prop_map(|(kind, n, by, minutes, (one, other))| {
        let lines = u32::try_from(minutes).unwrap();
        let path = if one { "a.rs" } else { "b.rs" };
        let parents: &[&str] = if minutes % 9 == 0 { &["c1", "c2"] } else { &["c1"] };
        let minutes = if n == 0 { 20_000 } else { minutes };
        let sha = format!("c{n}");
        match kind {
            0..=3 => {
                let (additions, deletions) = if other { (lines, 0) } else { (1, lines) };
                let files = [file(path, additions, deletions), file("c.rs", 1, 1)];
                let files = &files[..usize::from(by) % 3];
                with(files, commit(&sha, parents, by, minutes))
            }
            4 => {
                let it = MergeRequest { head_sha: Some(sha), ..request(n, by, minutes) };
                Fact::MergeRequest(if one { merged(by, minutes + 1, it) } else { it })
            }
            5 => Fact::Approval(Approval { approved: one, ..approval(n, by, minutes) }),
            6 | 7 => {
                let body = if one { "LGTM" } else { "Why is it not a list?" };
                Fact::Note(note(&sha, Subject::MergeRequest(n / 2), by, minutes, body))
            }
            _ => Fact::Issue(closed(minutes + 4, issue(n, by, &[], minutes))),
        }
    });
    vec(fact, 0..90).prop_map(|all| {
        let all = all.into_iter().map(|it| (it.key(), it));
        all.collect::<std::collections::BTreeMap<_, _>>().into_values().collect()
    })
}

/// The fact, a year later and another one.
fn later(it: &Fact<ActorId>) -> Fact<ActorId> {
    let year = |it: lodge_kernel::Timestamp| it.plus(Duration::from_hours(24 * 365));
    let mut it = it.clone();
    match &mut it {
        Fact::Commit(it) => {
            (it.sha, it.authored_at) = (format!("later-{}", it.sha), year(it.authored_at));
        }
        Fact::Issue(Issue { number, created_at, closed_at, .. }) => {
            (*number, *created_at) = (*number + 1_000, year(*created_at));
            *closed_at = closed_at.map(year);
        }
        Fact::MergeRequest(it) => {
            (it.number, it.created_at) = (it.number + 1_000, year(it.created_at));
            it.merged_at = it.merged_at.map(year);
            // It mentions no issue.
            (it.head_sha, it.source_branch) = (None, "search".to_owned());
        }
        Fact::Approval(it) => (it.merge_request, it.at) = (it.merge_request + 1_000, year(it.at)),
        Fact::Note(Note { id, on, created_at, .. }) => {
            (*id, *created_at) = (format!("later-{id}"), year(*created_at));
            if let Subject::MergeRequest(number) = on {
                *number += 1_000;
            }
        }
        _ => {}
    }
    it
}

#[test]
fn what_is_not_looked_for_is_not_seen() {
    let files = [file("a.rs", 1, 0)];
    let spam: Vec<_> = (0..6).map(|n| with(&files, commit(&format!("c{n}"), &[], 1, n))).collect();
    let people = crate::testing::people();
    let record = crate::testing::record(&people, &spam);
    let kinds = |settings: &FlagSettings| -> Vec<_> {
        let all = super::flags(&record, settings, &[]);
        all.into_iter().map(|it| it.kind).collect()
    };
    let mut settings = FlagSettings::default();
    assert!(kinds(&settings).contains(&FlagKind::CommitSpam));
    settings.commit_spam.commits = 7;
    assert!(!kinds(&settings).contains(&FlagKind::CommitSpam));
    settings.commit_spam = FlagSettings::default().commit_spam;
    settings.commit_spam.enabled = false;
    assert_eq!(kinds(&settings), [FlagKind::CommitSplitting]);
    settings.commit_splitting.enabled = false;
    assert_eq!(kinds(&settings), []);
}

proptest! {
    #[test]
    fn the_order_of_facts_does_not_matter(
        (facts, shuffled) in some_facts().prop_flat_map(|it| (Just(it.clone()), Just(it).prop_shuffle())),
        members in 0..4_usize,
    ) {
        let flags = flags_of(members, &facts, Period::default());
        prop_assert_eq!(&flags, &flags_of(members, &shuffled, Period::default()));
        prop_assert!(flags.is_sorted_by(|one, other| one.at >= other.at));
        let keys: BTreeSet<_> = flags.iter().map(super::Flag::key).collect();
        prop_assert_eq!(keys.len(), flags.len());
        for it in &flags {
            prop_assert!(it.evidence.is_sorted_by_key(|it| it.at));
            prop_assert!(!it.evidence.is_empty() && it.evidence.len() <= 50);
            prop_assert_eq!(it.at, it.evidence[0].at);
        }
    }

    /// A flag that does not speak of all that a student did stays what it was.
    #[test]
    fn what_comes_later_changes_no_key(facts in some_facts(), more in some_facts()) {
        let keys = |facts: &[Fact<ActorId>]| -> BTreeSet<_> {
            let flags = flags_of(3, facts, Period { since: Some(at(0)), until: None });
            let local = flags.iter().filter(|it| {
                use super::FlagKind::{LastMinuteBurst, LgtmReview, ReviewRing};
                !matches!(it.kind, LastMinuteBurst | LgtmReview | ReviewRing)
            });
            local.map(super::Flag::key).collect()
        };
        let all = [facts.clone(), more.iter().map(later).collect()].concat();
        prop_assert!(keys(&facts).is_subset(&keys(&all)));
    }
}
