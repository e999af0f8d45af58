//! What a teacher chooses for a course.
//!
//! [`Settings::read`] takes a document and says everything that is wrong with
//! it; what it does not name has its usual value. [`Settings::write`] writes
//! every choice, so that reading it again gives the same.

pub mod checks;
pub mod custom;
pub mod flags;
mod sections;

use crate::{Document, Fault, Faults, Fields};

pub use checks::{CheckKind, CheckSetting, Param};
pub use custom::CustomCheck;
pub use flags::FlagSettings;
pub use sections::{Deadline, LatePolicy, Privacy, StudentExport, Thresholds, Weights};

/// How many checks of its own a course may have.
const MOST_CUSTOM_CHECKS: usize = 50;
/// How many deadlines a course may have.
const MOST_DEADLINES: usize = 100;

/// What a teacher chooses for a course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// From which score on a light is green, and below which it is red.
    pub thresholds: Thresholds,
    /// Every built-in check, in the catalogue's order.
    pub checks: Vec<CheckSetting>,
    /// The course's own checks.
    pub custom_checks: Vec<CustomCheck>,
    /// From when on a pattern is pointed out.
    pub flags: FlagSettings,
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
            flags: FlagSettings::default(),
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
            flags: FlagSettings::read(&mut fields, &mut faults),
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
            ("flags", self.flags.write()),
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
    use lodge_kernel::Timestamp;
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

    /// The document with a null in each of its places, one at a time.
    fn with_a_null(document: &Document) -> Vec<Document> {
        let mut all = vec![Document::Null];
        match document {
            Document::List(items) => {
                for (n, it) in items.iter().enumerate() {
                    for one in with_a_null(it) {
                        let mut items = items.clone();
                        items[n] = one;
                        all.push(Document::List(items));
                    }
                }
            }
            Document::Object(fields) => {
                for (n, (name, it)) in fields.iter().enumerate() {
                    for one in with_a_null(it) {
                        let mut fields = fields.clone();
                        fields[n] = (name.clone(), one);
                        all.push(Document::Object(fields));
                    }
                }
            }
            _ => {}
        }
        all
    }

    #[test]
    fn what_is_read_is_read_again_wherever_a_null_stands() {
        let filter = custom::Filter {
            field: "message".to_owned(),
            comparison: custom::Comparison::Contains,
            value: "fix".to_owned(),
        };
        let check = CustomCheck {
            key: "fixes".to_owned(),
            title: "Fixes".to_owned(),
            weight: 5,
            subject: custom::Subject::Commits,
            filters: vec![filter],
            aggregate: custom::Aggregate::Count,
            target: 1,
        };
        let deadline = Deadline { name: "First".to_owned(), at: Timestamp::from_seconds(0) };
        let settings = Settings {
            custom_checks: vec![check],
            deadlines: vec![deadline],
            ..Settings::default()
        };
        for document in with_a_null(&settings.write()) {
            if let Ok(read) = Settings::read(&document, "") {
                assert_eq!(Settings::read(&read.write(), ""), Ok(read), "{document:?}");
            }
        }
        let null = |list: &str, field: &str| {
            let item = Document::object([(field, Document::Null)]);
            let given = Document::object([(list, Document::List(vec![item]))]);
            let faults = Settings::read(&given, "").unwrap_err();
            faults.into_iter().map(|it| (it.field, it.problem)).collect::<Vec<_>>()
        };
        for (list, field) in [("deadlines", "at"), ("custom_checks", "title"), ("checks", "code")] {
            let missing = (format!("{list}[0].{field}"), "this is missing".to_owned());
            assert!(null(list, field).contains(&missing), "{list} {field}");
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
