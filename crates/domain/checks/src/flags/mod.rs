//! Patterns that look like work for the count's sake.
//!
//! A flag never changes a score: it asks somebody to look. Only members of the
//! team have flags; what programs did and merge commits are left out, and so
//! are the copies of a commit that rebasing and amending leave behind.
//!
//! Copied code is not among them and not judged: facts have paths and counted
//! lines, but not what stands in the files.
//!
//! Reading order: [`flag`], [`settings`], then one file a pattern.

use std::cmp::Reverse;

use lodge_activity::Period;

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
pub mod settings;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod work;

pub use flag::{Flag, FlagKind, Severity};
pub use settings::FlagSettings;

/// Every pattern that is seen in what a team did, the newest first. `period` is
/// when the team works, for what is done at its end: a side that is not given is
/// the team's first or last commit.
pub fn flags(record: &Record<'_>, settings: &FlagSettings, period: Period) -> Vec<Flag> {
    let mut found = [
        commit_spam::find(record, settings),
        commit_splitting::find(record, settings),
        empty_commits::find(record, settings),
        churn::find(record, settings),
        lgtm_review::find(record, settings),
        review_ring::find(record, settings),
        last_minute_burst::find(record, settings, period),
        create_and_close::find(record, settings),
        self_merge::find(record, settings),
    ]
    .concat();
    found.sort_by_cached_key(|it| (Reverse(it.at), it.key()));
    found
}
