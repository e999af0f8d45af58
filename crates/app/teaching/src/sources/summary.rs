//! What came of a sync, as JSON for people and programs.

use lodge_jobs::{JsonText, TextError};

/// How many failures of each kind a summary names, so that it fits into a job.
const MOST_NAMED: usize = 20;
/// How long an item or a reason may be there, in characters.
const LONGEST: usize = 100;

/// How many things of one kind came to what.
#[derive(Debug, Default)]
pub(super) struct Count {
    pub(super) created: u32,
    pub(super) updated: u32,
    pub(super) unchanged: u32,
    pub(super) gone: u32,
    /// What, and why not.
    pub(super) failed: Vec<(String, String)>,
}

/// What became of one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Became {
    Unchanged,
    Updated,
    Created,
}

impl Count {
    pub(super) fn count(&mut self, became: Became) {
        match became {
            Became::Created => self.created += 1,
            Became::Updated => self.updated += 1,
            Became::Unchanged => self.unchanged += 1,
        }
    }

    fn add(&mut self, other: Self) {
        self.created += other.created;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.gone += other.gone;
        self.failed.extend(other.failed);
    }

    fn json(&self) -> String {
        let Self { created, updated, unchanged, gone, failed } = self;
        let named = failed.iter().take(MOST_NAMED);
        let named = named.map(|(item, reason)| {
            format!("{{\"item\":{},\"reason\":{}}}", quoted(item), quoted(reason))
        });
        let named = named.collect::<Vec<_>>().join(",");
        format!(
            "{{\"created\":{created},\"updated\":{updated},\"unchanged\":{unchanged},\
             \"gone\":{gone},\"failures\":{},\"failed\":[{named}]}}",
            failed.len(),
        )
    }
}

/// What came of a sync.
#[derive(Debug, Default)]
pub(super) struct Summary {
    pub(super) teams: Count,
    pub(super) students: Count,
    pub(super) projects: Count,
    /// Facts that are new, or changed.
    pub(super) facts: u64,
    /// Commits of which it was read what they changed.
    pub(super) commits_read: u64,
    /// What a teacher should know.
    pub(super) remarks: Vec<String>,
}

impl Summary {
    /// And what came of one more thing.
    pub(super) fn add(&mut self, other: Self) {
        self.teams.add(other.teams);
        self.students.add(other.students);
        self.projects.add(other.projects);
        self.facts += other.facts;
        self.commits_read += other.commits_read;
        self.remarks.extend(other.remarks);
    }

    pub(super) fn json(&self) -> Result<JsonText, TextError> {
        let remarks = self.remarks.iter().take(MOST_NAMED).map(|it| quoted(it));
        JsonText::new(format!(
            "{{\"teams\":{},\"students\":{},\"projects\":{},\"facts\":{{\"changed\":{},\
             \"commits_read\":{}}},\"remarks\":[{}]}}",
            self.teams.json(),
            self.students.json(),
            self.projects.json(),
            self.facts,
            self.commits_read,
            remarks.collect::<Vec<_>>().join(","),
        ))
    }
}

/// A JSON string (RFC 8259, section 7), cut at [`LONGEST`] characters.
fn quoted(text: &str) -> String {
    let mut json = String::from("\"");
    for it in text.chars().take(LONGEST) {
        match it {
            '"' | '\\' => json.extend(['\\', it]),
            it if it.is_control() => json.push(' '),
            it => json.push(it),
        }
    }
    json.push('"');
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_host_calls_things_does_not_break_the_summary() {
        assert_eq!(quoted("a\"b\\c\nd"), "\"a\\\"b\\\\c d\"");
        assert_eq!(quoted(&"x".repeat(500)).len(), LONGEST + 2);
    }

    #[test]
    fn a_summary_of_nothing_but_failures_fits_into_a_job() {
        let failed = || vec![("\u{1f41f}".repeat(500), "\u{1f41f}".repeat(500)); 500];
        let bad = || Count { failed: failed(), ..Count::default() };
        let summary = Summary {
            teams: bad(),
            students: bad(),
            projects: bad(),
            remarks: vec!["\u{1f41f}".repeat(500); 500],
            ..Summary::default()
        };
        assert!(summary.json().unwrap().as_str().contains("\"failures\":500"));
    }
}
