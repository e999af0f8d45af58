//! A course, and the rules of its parts.

use std::time::Duration;

use lodge_kernel::{CourseId, TenantId, Timestamp};

use crate::{Fault, Faults, Settings};

/// The longest code, in characters.
const CODE_MOST: usize = 32;
/// The longest name, in characters.
pub const NAME_MOST: usize = 200;

/// Which half of the academic year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Semester {
    /// Autumn and winter.
    Winter,
    /// Spring and summer.
    Summer,
}

impl Semester {
    /// The word in answers and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Winter => "winter",
            Self::Summer => "summer",
        }
    }

    /// The semester of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Winter, Self::Summer].into_iter().find(|it| it.name() == name)
    }
}

/// Where a course stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CourseState {
    /// It runs.
    Active,
    /// It is over: it can be read, and is not changed.
    Archived,
}

impl CourseState {
    /// The word in answers and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Archived => "archived",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Active, Self::Archived].into_iter().find(|it| it.name() == name)
    }
}

/// What a teacher says of a course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// What the course goes by, for example `PV-2025`: unique in an
    /// organisation, in either case of its letters.
    pub code: String,
    /// Its name.
    pub name: String,
    /// For example `2025/2026`.
    pub academic_year: String,
    /// Which half of it.
    pub semester: Semester,
    /// The IANA name of the time zone in which deadlines and weeks are meant.
    /// That there is such a zone is checked where it comes in.
    pub time_zone: String,
    /// What hosts have is fetched by itself.
    pub auto_sync: bool,
}

/// A code as it is kept: 1 to 32 letters, digits, `.`, `_` and `-`.
fn parse_code(text: &str) -> Result<String, &'static str> {
    let code = text.trim();
    let fits = code.chars().all(|it| it.is_alphanumeric() || matches!(it, '.' | '_' | '-'));
    if code.is_empty() || code.chars().count() > CODE_MOST || !fits {
        return Err("a code has 1 to 32 letters, digits, `.`, `_` or `-`, for example PV-2025");
    }
    Ok(code.to_owned())
}

/// A name as it is kept: 1 to 200 characters, without space around it.
///
/// # Errors
///
/// What a name is.
pub fn parse_name(text: &str) -> Result<String, &'static str> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > NAME_MOST || name.contains(char::is_control) {
        return Err("a name has 1 to 200 characters and no control characters");
    }
    Ok(name.to_owned())
}

/// An academic year: two years in a row.
fn parse_academic_year(text: &str) -> Result<String, &'static str> {
    let year = |text: &str| {
        let digits = text.len() == 4 && text.bytes().all(|it| it.is_ascii_digit());
        text.parse::<u16>().ok().filter(|_| digits)
    };
    let years = text.split_once('/').and_then(|(from, to)| Some((year(from)?, year(to)?)));
    match years {
        Some((from, to)) if to == from + 1 => Ok(text.to_owned()),
        _ => Err("an academic year is two years in a row, for example 2025/2026"),
    }
}

impl Details {
    /// The same, as it is kept.
    ///
    /// # Errors
    ///
    /// Every field that cannot be used.
    pub fn checked(self) -> Result<Self, Vec<Fault>> {
        let mut faults = Faults::default();
        let code = faults.take("code", parse_code(&self.code));
        let name = faults.take("name", parse_name(&self.name));
        let year = faults.take("academic_year", parse_academic_year(&self.academic_year));
        faults.none()?;
        Ok(Self {
            code: code.unwrap_or_default(),
            name: name.unwrap_or_default(),
            academic_year: year.unwrap_or_default(),
            ..self
        })
    }
}

/// A course.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// The id.
    pub id: CourseId,
    /// The organisation.
    pub tenant: TenantId,
    /// What a teacher says of it.
    pub details: Details,
    /// What a teacher chose for it.
    pub settings: Settings,
    /// Where it stands.
    pub state: CourseState,
    /// Grows by one with every change; 1 at first.
    pub revision: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Course {
    /// What codes are compared by.
    pub fn code_key(code: &str) -> String {
        code.to_lowercase()
    }

    /// What courses are put in order by.
    pub fn name_key(&self) -> String {
        self.details.name.to_lowercase()
    }

    /// What a search looks into.
    pub fn search_key(&self) -> String {
        let Details { code, name, academic_year, .. } = &self.details;
        format!("{code} {name} {academic_year}").to_lowercase()
    }

    /// The same course after a change at `now`.
    #[must_use]
    pub fn changed(self, now: Timestamp) -> Self {
        Self { revision: self.revision + 1, updated_at: now, ..self }
    }

    /// When it was put away; `None` while it runs. Nothing but being taken out
    /// again changes an archived course, so that this is when it last changed.
    const fn archived_at(&self) -> Option<Timestamp> {
        match self.state {
            CourseState::Active => None,
            CourseState::Archived => Some(self.updated_at),
        }
    }

    /// From when on its students' personal data is erased by itself. `None`
    /// while it runs, and when its settings say never.
    pub fn personal_data_due_at(&self) -> Option<Timestamp> {
        let archived_at = self.archived_at()?;
        let days = self.settings.privacy.keep_days;
        (days > 0).then(|| archived_at.plus(Duration::from_hours(24 * u64::from(days))))
    }

    /// Its students' personal data is to be erased by itself.
    pub fn is_to_be_forgotten(&self, now: Timestamp) -> bool {
        self.personal_data_due_at().is_some_and(|at| at <= now)
    }
}

/// What goes with a course when it is deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CourseContents {
    /// Its teams.
    pub teams: u64,
    /// Its students.
    pub students: u64,
    /// Its projects.
    pub projects: u64,
    /// Its teachers and assistants.
    pub staff: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_academic_year_is_two_years_in_a_row() {
        assert!(parse_academic_year("2025/2026").is_ok());
        for wrong in ["2025", "2025/2027", "2026/2025", "25/26", "2025-2026", "+025/2026", ""] {
            assert!(parse_academic_year(wrong).is_err(), "{wrong}");
        }
    }

    fn a_course(state: CourseState, keep_days: u32) -> Course {
        let mut settings = Settings::default();
        settings.privacy.keep_days = keep_days;
        let (code, name, academic_year) = ("PV-1".to_owned(), "One".to_owned(), String::new());
        let (semester, time_zone) = (Semester::Winter, "UTC".to_owned());
        Course {
            id: CourseId::nil(),
            tenant: TenantId::nil(),
            details: Details { code, name, academic_year, semester, time_zone, auto_sync: false },
            settings,
            state,
            revision: 2,
            created_at: Timestamp::EPOCH,
            updated_at: Timestamp::from_seconds(1_000),
        }
    }

    #[test]
    fn personal_data_is_due_so_many_days_after_a_course_was_archived() {
        let due = |state, days| a_course(state, days).personal_data_due_at();
        let in_two_days = Timestamp::from_seconds(1_000 + 2 * 86_400);
        assert_eq!(due(CourseState::Archived, 2), Some(in_two_days));
        assert_eq!(due(CourseState::Archived, 0), None);
        assert_eq!(due(CourseState::Active, 2), None);
        // As many as the settings take.
        let in_ten_years = Timestamp::from_seconds(1_000 + 3_650 * 86_400);
        assert_eq!(due(CourseState::Archived, 3_650), Some(in_ten_years));
        let course = a_course(CourseState::Archived, 2);
        assert!(!course.is_to_be_forgotten(in_two_days.minus(Duration::from_micros(1))));
        assert!(course.is_to_be_forgotten(in_two_days));
    }

    #[test]
    fn everything_wrong_with_a_course_is_said_at_once() {
        let wrong = Details {
            code: "no blanks here".to_owned(),
            name: " ".to_owned(),
            academic_year: "2025".to_owned(),
            semester: Semester::Winter,
            time_zone: "UTC".to_owned(),
            auto_sync: false,
        };
        let fields: Vec<_> = wrong.checked().unwrap_err().into_iter().map(|it| it.field).collect();
        assert_eq!(fields, ["code", "name", "academic_year"]);
    }
}
