//! What somebody may do in a course.

use std::fmt;

/// What somebody is in a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CourseRole {
    /// An owner or administrator of the organisation: everything, in every
    /// course of it.
    Admin,
    /// Runs the course.
    Teacher,
    /// Grades, and changes nothing else.
    Assistant,
    /// Takes the course: sees their own team.
    Student,
}

/// Something that is done in a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// Sees the course, their own team and their own results.
    See,
    /// Sees every team and student, and the settings.
    SeeEverybody,
    /// Gives points and confirms or dismisses flags.
    Grade,
    /// Changes teams, students, projects and the roster.
    ManagePeople,
    /// Changes the course, its settings and its staff; archives, clones and
    /// exports it.
    ManageCourse,
    /// Starts and stops jobs: imports, syncs, recomputations; replays events.
    Operate,
    /// Erases a student's personal data, or deletes the course.
    Erase,
}

impl Act {
    /// Every act, in the order of the table in `docs/courses.md`.
    pub const ALL: [Self; 7] = [
        Self::See,
        Self::SeeEverybody,
        Self::Grade,
        Self::ManagePeople,
        Self::ManageCourse,
        Self::Operate,
        Self::Erase,
    ];

    /// What it is, as the end of “this role may not …”.
    pub const fn name(self) -> &'static str {
        match self {
            Self::See => "see this",
            Self::SeeEverybody => "see all teams and students",
            Self::Grade => "grade",
            Self::ManagePeople => "change teams, students and projects",
            Self::ManageCourse => "change the course, its settings and its staff",
            Self::Operate => "start or stop jobs",
            Self::Erase => "erase personal data or delete the course",
        }
    }
}

impl CourseRole {
    /// Every role, from the one that may do most.
    pub const ALL: [Self; 4] = [Self::Admin, Self::Teacher, Self::Assistant, Self::Student];

    /// The one table of what each role may do.
    pub const fn may(self, act: Act) -> bool {
        match act {
            Act::See => true,
            Act::SeeEverybody | Act::Grade => {
                matches!(self, Self::Admin | Self::Teacher | Self::Assistant)
            }
            Act::ManagePeople | Act::ManageCourse | Act::Operate | Act::Erase => {
                matches!(self, Self::Admin | Self::Teacher)
            }
        }
    }

    /// Its name in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Teacher => "teacher",
            Self::Assistant => "assistant",
            Self::Student => "student",
        }
    }
}

impl fmt::Display for CourseRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_may_do_what_every_lower_one_may() {
        for pair in CourseRole::ALL.windows(2) {
            for act in Act::ALL {
                assert!(pair[0].may(act) || !pair[1].may(act), "{pair:?} {act:?}");
            }
        }
    }

    #[test]
    fn the_table_of_the_documentation_is_that_of_the_code() {
        let docs = include_str!("../../../../docs/courses.md");
        for act in Act::ALL {
            let cells = CourseRole::ALL.map(|role| if role.may(act) { "yes" } else { "–" });
            let row = format!("| {} | {} |", act.name(), cells.join(" | "));
            assert!(docs.contains(&row), "docs/courses.md is without the row {row}");
        }
    }
}
