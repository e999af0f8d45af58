//! Patterns that look like work for the count's sake.
//!
//! A flag never changes a score: it asks somebody to look. Only members of the
//! team have flags; what programs did and merge commits are left out, and so
//! are the copies of a commit that rebasing and amending leave behind.
//!
//! Copied code is not among them and not judged: facts have paths and counted
//! lines, but not what stands in the files.
//!
//! From when on something is a pattern, a course says
//! ([`FlagSettings`]).
//!
//! Reading order: [`flag`], then one file a pattern.

use std::cmp::Reverse;

use lodge_activity::Period;
use lodge_courses::settings::FlagSettings;

use crate::Record;

mod churn;
mod commit_spam;
mod commit_splitting;
mod create_and_close;
mod empty_commits;
pub mod flag;
mod last_minute_burst;
mod lgtm_review;
mod review_ring;
mod self_merge;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod work;

pub use flag::{Flag, FlagKind};

/// Every pattern that is looked for and seen in what a team did, the newest
/// first. `periods` are when the team works, for what is done at the end of each: a
/// side that is not given is the team's first or last commit.
pub fn flags(record: &Record<'_>, settings: &FlagSettings, periods: &[Period]) -> Vec<Flag> {
    let it = settings;
    let burst = it.last_minute_burst;
    let bursts = || periods.iter().flat_map(|it| last_minute_burst::find(record, burst, *it));
    let found = [
        it.commit_spam.enabled.then(|| commit_spam::find(record, it.commit_spam)),
        it.commit_splitting.enabled.then(|| commit_splitting::find(record, it.commit_splitting)),
        it.empty_commits.enabled.then(|| empty_commits::find(record, it.empty_commits)),
        it.churn.enabled.then(|| churn::find(record, it.churn)),
        it.lgtm_review.enabled.then(|| lgtm_review::find(record, it.lgtm_review)),
        it.review_ring.enabled.then(|| review_ring::find(record, it.review_ring)),
        burst.enabled.then(|| bursts().collect()),
        it.create_and_close.enabled.then(|| create_and_close::find(record, it.create_and_close)),
        it.self_merge.enabled.then(|| self_merge::find(record, it.self_merge)),
    ];
    let mut found: Vec<_> = found.into_iter().flatten().flatten().collect();
    found.sort_by_cached_key(|it| (Reverse(it.at), it.key()));
    found
}
