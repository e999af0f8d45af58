//! What a teacher chooses for a course.
//!
//! [`Settings::read`] takes a document and says everything that is wrong with
//! it; what it does not name has its usual value. [`Settings::write`] writes
//! every choice, so that reading it again gives the same.

pub mod checks;
pub mod custom;
mod sections;

use crate::{Document, Fault, Faults, Fields};

pub use checks::{CheckKind, CheckSetting, Param};
pub use custom::CustomCheck;
pub use sections::{Deadline, LatePolicy, Privacy, StudentExport, Thresholds, Weights};

/// How many checks of its own a course may have.
pub const MOST_CUSTOM_CHECKS: usize = 50;
/// How many deadlines a course may have.
pub const MOST_DEADLINES: usize = 100;

/// What a teacher chooses for a course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// From which score on a light is green, and below which it is red.
    pub thresholds: Thresholds,
    /// Every built-in check, in the catalogue's order.
    pub checks: Vec<CheckSetting>,
    /// The course's own checks.
    pub custom_checks: Vec<CustomCheck>,
    /// What the overall score is made of.
    pub weights: Weights,
    /// When work is due.
    pub deadlines: Vec<Deadline>,
    /// What lateness costs.
    pub late_policy: LatePolicy,
    /// Who sees what of whom.
    pub privacy: Privacy,
    /// What students may take with them.
    pub student_export: StudentExport,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            thresholds: Thresholds::default(),
            checks: checks::CATALOGUE.iter().map(CheckKind::usual).collect(),
            custom_checks: Vec::new(),
            weights: Weights::default(),
            deadlines: Vec::new(),
            late_policy: LatePolicy::default(),
            privacy: Privacy::default(),
            student_export: StudentExport::default(),
        }
    }
}

impl Settings {
    /// Reads what stands at `path`.
    ///
    /// # Errors
    ///
    /// Every field that cannot be used, with its place.
    pub fn read(document: &Document, path: &str) -> Result<Self, Vec<Fault>> {
        let mut faults = Faults::default();
        let mut fields = Fields::of(document, path, &mut faults);
        let settings = Self {
            thresholds: Thresholds::read(&mut fields, &mut faults),
            checks: checks::read(&mut fields, &mut faults),
            custom_checks: custom::read(&mut fields, &mut faults),
            weights: Weights::read(&mut fields, &mut faults),
            deadlines: sections::deadlines(&mut fields, &mut faults),
            late_policy: LatePolicy::read(&mut fields, &mut faults),
            privacy: Privacy::read(&mut fields, &mut faults),
            student_export: StudentExport::read(&mut fields, &mut faults),
        };
        fields.end(&mut faults);
        faults.none().map(|()| settings)
    }

    /// Writes every choice.
    pub fn write(&self) -> Document {
        Document::object([
            ("thresholds", self.thresholds.write()),
            ("checks", Document::List(self.checks.iter().map(CheckSetting::write).collect())),
            (
                "custom_checks",
                Document::List(self.custom_checks.iter().map(CustomCheck::write).collect()),
            ),
            ("weights", self.weights.write()),
            ("deadlines", Document::List(self.deadlines.iter().map(Deadline::write).collect())),
            ("late_policy", self.late_policy.write()),
            ("privacy", self.privacy.write()),
            ("student_export", self.student_export.write()),
        ])
    }
}

/// The fields of the section `name`, if it is there.
fn section<'a>(fields: &mut Fields<'a>, name: &str, faults: &mut Faults) -> Option<Fields<'a>> {
    let path = fields.path(name);
    Some(Fields::of(fields.get(name)?, &path, faults))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(n: u32) -> Document {
        Document::from(n)
    }

    proptest! {
        #[test]
        fn settings_survive_being_written(
            green in 50_u32..=100, red in 0_u32..50, weight in 0_u32..=1_000, enabled: bool,
            grace in 0_u32..=720, percent in 0_u32..=100, names: bool, at_least in 1_u32..=100,
        ) {
            let thresholds = Thresholds { green, red };
            let mut settings = Settings { thresholds, ..Settings::default() };
            settings.late_policy.grace_hours = grace;
            settings.late_policy.percent_per_day = percent;
            settings.privacy.students_see_names = names;
            for check in &mut settings.checks {
                check.enabled = enabled;
                check.weight = weight;
            }
            settings.checks[0].params = vec![("at_least", Param::Whole(at_least))];
            prop_assert_eq!(Settings::read(&settings.write(), ""), Ok(settings));
        }

        #[test]
        fn no_document_makes_the_reader_panic(name in "[a-z_]{1,12}", text: String) {
            for value in [Document::Text(text.clone()), Document::List(vec![Document::Null]),
                          Document::object([(&*text, Document::Null)])] {
                let _ = Settings::read(&Document::object([(&*name, value)]), "settings");
            }
        }
    }

    #[test]
    fn what_is_not_named_has_its_usual_value() {
        assert_eq!(Settings::read(&Document::object([]), ""), Ok(Settings::default()));
        let weights: u32 = Settings::default().checks.iter().map(|it| it.weight).sum();
        assert_eq!(weights, 100);
    }

    #[test]
    fn everything_wrong_is_said_at_once_with_its_place() {
        let check = |code: &str, field: &str, value| {
            Document::object([("code", Document::from(code)), (field, value)])
        };
        let params = Document::object([("pattern", Document::from("("))]);
        let wrong = Document::object([
            ("thresholds", Document::object([("green", number(40)), ("red", number(50))])),
            (
                "checks",
                Document::List(vec![
                    check("R01", "weight", number(9_999)),
                    check("R02", "params", params),
                    check("R99", "weight", number(1)),
                    check("R01", "enabled", Document::from(true)),
                ]),
            ),
            ("colour", Document::from("red")),
        ]);
        let faults = Settings::read(&wrong, "settings").unwrap_err();
        let fields: Vec<_> = faults.iter().map(|it| it.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "settings.thresholds.red",
                "settings.checks[0].weight",
                "settings.checks[1].params.pattern",
                "settings.checks[2].code",
                "settings.checks[3].code",
                "settings.colour",
            ]
        );
    }
}
