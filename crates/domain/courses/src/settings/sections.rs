//! The small sections of the settings.

use lodge_kernel::Timestamp;

use super::{MOST_DEADLINES, section};
use crate::{Document, Faults, Fields};

/// From which score on a light is green, and below which it is red; 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// Green from here on.
    pub green: u32,
    /// Red below this.
    pub red: u32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { green: 80, red: 50 }
    }
}

impl Thresholds {
    pub(super) fn read(fields: &mut Fields<'_>, faults: &mut Faults) -> Self {
        let usual = Self::default();
        let Some(mut it) = section(fields, "thresholds", faults) else { return usual };
        let green = it.whole("green", 0..=100, usual.green, faults);
        let red = it.whole("red", 0..=100, usual.red, faults);
        if red > green {
            faults.say(it.path("red"), "red ends where green begins, or before");
        }
        it.end(faults);
        Self { green, red }
    }

    pub(super) fn write(self) -> Document {
        let Self { green, red } = self;
        Document::object([("green", green.into()), ("red", red.into())])
    }
}

/// What the overall score is made of, of a hundred.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weights {
    /// The checks.
    pub checks: u32,
    /// The rubric.
    pub rubric: u32,
}

impl Default for Weights {
    fn default() -> Self {
        Self { checks: 100, rubric: 0 }
    }
}

impl Weights {
    pub(super) fn read(fields: &mut Fields<'_>, faults: &mut Faults) -> Self {
        let path = fields.path("weights");
        let Some(mut it) = section(fields, "weights", faults) else { return Self::default() };
        let checks = it.whole("checks", 0..=100, 100, faults);
        let rubric = it.whole("rubric", 0..=100, 100 - checks, faults);
        if checks + rubric != 100 {
            faults.say(path, "`checks` and `rubric` are 100 together");
        }
        it.end(faults);
        Self { checks, rubric }
    }

    pub(super) fn write(self) -> Document {
        let Self { checks, rubric } = self;
        Document::object([("checks", checks.into()), ("rubric", rubric.into())])
    }
}

/// When some work is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// What is due.
    pub name: String,
    /// When.
    pub at: Timestamp,
}

impl Deadline {
    pub(super) fn write(&self) -> Document {
        let at = self.at.to_string();
        Document::object([("name", self.name.as_str().into()), ("at", at.as_str().into())])
    }
}

pub(super) fn deadlines(fields: &mut Fields<'_>, faults: &mut Faults) -> Vec<Deadline> {
    let path = fields.path("deadlines");
    let given = fields.list("deadlines", MOST_DEADLINES, faults);
    let mut deadlines: Vec<Deadline> = Vec::new();
    for (n, it) in given.iter().enumerate() {
        let mut it = Fields::of(it, &format!("{path}[{n}]"), faults);
        let name = it.needed("name", 200, faults);
        let at = it.needed("at", 64, faults);
        match Timestamp::parse(&at) {
            // Kept to the millisecond, as it is written.
            Ok(at) => {
                let at = Timestamp::from_micros(at.as_micros().div_euclid(1_000) * 1_000);
                deadlines.push(Deadline { name, at });
            }
            Err(_) if at.is_empty() => {}
            Err(_) => faults.say(it.path("at"), "this is an instant like 2026-04-02T14:00:00Z"),
        }
        it.end(faults);
    }
    deadlines
}

/// What lateness costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LatePolicy {
    /// So many hours late costs nothing.
    pub grace_hours: u32,
    /// Of a hundred, for each day that was begun after that; 0: nothing.
    pub percent_per_day: u32,
    /// So many days after the deadline nothing is taken any more; 0: always.
    pub most_days: u32,
}

impl LatePolicy {
    pub(super) fn read(fields: &mut Fields<'_>, faults: &mut Faults) -> Self {
        let Some(mut it) = section(fields, "late_policy", faults) else { return Self::default() };
        let policy = Self {
            grace_hours: it.whole("grace_hours", 0..=720, 0, faults),
            percent_per_day: it.whole("percent_per_day", 0..=100, 0, faults),
            most_days: it.whole("most_days", 0..=365, 0, faults),
        };
        it.end(faults);
        policy
    }

    pub(super) fn write(self) -> Document {
        Document::object([
            ("grace_hours", self.grace_hours.into()),
            ("percent_per_day", self.percent_per_day.into()),
            ("most_days", self.most_days.into()),
        ])
    }
}

/// Who sees what of whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Privacy {
    /// Students see the names of the others in their team.
    pub students_see_names: bool,
    /// Students see the results of the others in their team.
    pub students_see_results: bool,
    /// So many days after a course is archived, the personal data of its
    /// students is erased; 0: never by itself.
    pub keep_days: u32,
}

impl Default for Privacy {
    fn default() -> Self {
        Self { students_see_names: true, students_see_results: false, keep_days: 0 }
    }
}

impl Privacy {
    pub(super) fn read(fields: &mut Fields<'_>, faults: &mut Faults) -> Self {
        let usual = Self::default();
        let Some(mut it) = section(fields, "privacy", faults) else { return usual };
        let (names, results) = (usual.students_see_names, usual.students_see_results);
        let privacy = Self {
            students_see_names: it.flag("students_see_names", names, faults),
            students_see_results: it.flag("students_see_results", results, faults),
            keep_days: it.whole("keep_days", 0..=3_650, usual.keep_days, faults),
        };
        it.end(faults);
        privacy
    }

    pub(super) fn write(self) -> Document {
        Document::object([
            ("students_see_names", self.students_see_names.into()),
            ("students_see_results", self.students_see_results.into()),
            ("keep_days", self.keep_days.into()),
        ])
    }
}

/// What students may take with them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StudentExport {
    /// Students may export at all.
    pub enabled: bool,
    /// The evidence of their checks is part of it.
    pub evidence: bool,
}

impl StudentExport {
    pub(super) fn read(fields: &mut Fields<'_>, faults: &mut Faults) -> Self {
        let Some(mut it) = section(fields, "student_export", faults) else {
            return Self::default();
        };
        let export = Self {
            enabled: it.flag("enabled", false, faults),
            evidence: it.flag("evidence", false, faults),
        };
        it.end(faults);
        export
    }

    pub(super) fn write(self) -> Document {
        Document::object([("enabled", self.enabled.into()), ("evidence", self.evidence.into())])
    }
}
