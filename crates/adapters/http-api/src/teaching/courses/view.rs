//! A course, as answers show it, and as bodies name it.

use lodge_courses::{Course, CourseRole, Details, Semester};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    teaching::{problem::Refusal, zone},
    views::Time,
};

/// A course.
#[derive(Serialize, ToSchema)]
pub(crate) struct CourseView {
    id: String,
    code: String,
    name: String,
    /// For example `2026/2027`.
    academic_year: String,
    /// `winter` or `summer`.
    semester: &'static str,
    /// In which deadlines and weeks are meant; an IANA name.
    time_zone: String,
    auto_sync: bool,
    /// `active` or `archived`.
    state: &'static str,
    /// What the caller is in it: `admin`, `teacher`, `assistant` or `student`.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    /// In an archived course whose settings have `privacy.keep_days`: from then
    /// on, its students' personal data is erased by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    personal_data_due_at: Option<Time>,
    revision: u64,
    created_at: Time,
    updated_at: Time,
}

impl From<Course> for CourseView {
    fn from(it: Course) -> Self {
        let personal_data_due_at = it.personal_data_due_at().map(Time::from);
        let Details { code, name, academic_year, semester, time_zone, auto_sync } = it.details;
        Self {
            id: it.id.to_string(),
            code,
            name,
            academic_year,
            semester: semester.name(),
            time_zone,
            auto_sync,
            state: it.state.name(),
            role: None,
            personal_data_due_at,
            revision: it.revision,
            created_at: it.created_at.into(),
            updated_at: it.updated_at.into(),
        }
    }
}

impl CourseView {
    /// The same, with what the caller is in it.
    pub(super) fn seen_by(self, role: CourseRole) -> Self {
        Self { role: Some(role.name()), ..self }
    }
}

/// What is said of a new course.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CourseBody {
    /// 1 to 32 letters, digits, `.`, `_` or `-`: unique in the organisation.
    pub(super) code: String,
    pub(super) name: String,
    /// For example `2026/2027`.
    pub(super) academic_year: String,
    /// `winter` or `summer`.
    pub(super) semester: String,
    /// `UTC` when absent.
    pub(super) time_zone: Option<String>,
    #[serde(default)]
    pub(super) auto_sync: bool,
}

impl CourseBody {
    /// What is wrong with any field is said at once.
    pub(super) fn details(self) -> Result<Details, Refusal> {
        let semester = semester(&self.semester);
        let zone = time_zone("time_zone", self.time_zone.as_deref().unwrap_or("UTC"));
        let others = Details {
            code: self.code,
            name: self.name,
            academic_year: self.academic_year,
            semester: Semester::Winter,
            time_zone: String::new(),
            auto_sync: self.auto_sync,
        };
        match (others.checked(), semester, zone) {
            (Ok(others), Ok(semester), Ok(time_zone)) => {
                Ok(Details { semester, time_zone, ..others })
            }
            (others, semester, zone) => {
                let mut faults = others.err().unwrap_or_default();
                let more = [semester.err(), zone.err()].into_iter().flatten();
                faults.extend(more.flat_map(|it| it.details));
                Err(Refusal::unprocessable(faults))
            }
        }
    }
}

/// The semester of that name.
pub(super) fn semester(text: &str) -> Result<Semester, Refusal> {
    let unknown = || Refusal::field("semester", "this is `winter` or `summer`");
    Semester::parse(text).ok_or_else(unknown)
}

/// A zone that the IANA database has, as it writes it.
pub(super) fn time_zone(field: &str, name: &str) -> Result<String, Refusal> {
    let unknown =
        || Refusal::field(field, "this is an IANA time zone, for example Europe/Bratislava");
    zone::known(name).ok_or_else(unknown)
}
