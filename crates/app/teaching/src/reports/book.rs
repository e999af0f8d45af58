//! A course's gradebook as a file: one table, for spreadsheets.

use lodge_kernel::CourseId;
use lodge_services::reports::{Cell, ColumnKind, Report};

use super::{
    draft::Draft,
    name::{plain, stamp},
    page::{column, result, table, text},
};
use crate::{
    Caller, Teaching, TeachingError,
    evaluation::{Gradebook, GradebookRow},
};

/// What is written of a course.
fn report(book: &Gradebook) -> Report {
    let course = &book.known.course;
    let thresholds = course.settings.thresholds;
    let of_whom = ["Number", "Name", "E-mail", "Team"];
    let mut columns: Vec<_> = of_whom.map(|it| column(it, ColumnKind::Text)).into();
    columns.push(column("Score", ColumnKind::Number));
    let checks = book.columns.iter();
    columns.extend(checks.map(|it| column(format!("{} {}", it.code, it.name), ColumnKind::Number)));
    let may_be = |it: Option<&String>| it.map_or(Cell::Empty, text);
    let row = |it: &GradebookRow| {
        let mut row = vec![
            may_be(it.student.number.as_ref()),
            text(it.student.name.as_str()),
            may_be(it.student.email.as_ref()),
            may_be(it.team.as_ref().map(|it| &it.name)),
            result(it.score, thresholds),
        ];
        row.extend(it.results.iter().map(|it| result(*it, thresholds)));
        row
    };
    let rows = book.rows.iter().map(row).collect();
    Report {
        title: format!("{} – gradebook", course.details.code),
        subtitle: course.details.name.clone(),
        made_at: book.at,
        facts: Vec::new(),
        sections: vec![table("Gradebook", columns, rows)],
    }
}

impl Teaching {
    /// The results of a course as a table, for those who see everybody in it.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    pub async fn gradebook_report(
        &self,
        caller: &Caller,
        id: CourseId,
    ) -> Result<Draft, TeachingError> {
        let book = self.gradebook(caller, id).await?;
        let name =
            format!("{}-gradebook-{}", plain(&book.known.course.details.code), stamp(book.at));
        Ok(Draft { name, report: report(&book) })
    }
}

#[cfg(test)]
mod tests {
    use lodge_checks::Points;
    use lodge_courses::CourseRole;
    use lodge_services::reports::Content;
    use lodge_testkit::builders::{NOW, a_course, a_student, a_team};

    use super::*;
    use crate::{Standing, evaluation::Column};

    #[test]
    fn every_row_has_a_cell_for_every_check() {
        let known = Standing { course: a_course(1), role: CourseRole::Teacher, student: None };
        let row = |team, results: Vec<Option<Points>>| GradebookRow {
            student: a_student(1),
            team,
            score: results.first().copied().flatten(),
            results,
        };
        let column = |code: &str| Column { code: code.to_owned(), name: "N".to_owned(), weight: 1 };
        let book = Gradebook {
            known,
            at: NOW,
            score: None,
            columns: vec![column("R01"), column("R02")],
            rows: vec![row(Some(a_team(1)), vec![Some(Points::ALL), None]), row(None, Vec::new())],
            truncated: false,
        };
        let report = report(&book);
        let [section] = &report.sections[..] else { panic!("{report:?}") };
        let Content::Table(table) = &section.content else { panic!("{section:?}") };
        let titles: Vec<_> = table.columns.iter().map(|it| it.title.as_str()).collect();
        assert_eq!(titles, ["Number", "Name", "E-mail", "Team", "Score", "R01 N", "R02 N"]);
        let [first, alone] = &table.rows[..] else { panic!("{table:?}") };
        assert_eq!(first[3], text("Team 1"));
        assert!(matches!(first[5], Cell::Score { hundredths: 10_000, .. }));
        assert_eq!((&first[6], &alone[3], &alone[4]), (&Cell::Empty, &Cell::Empty, &Cell::Empty));
    }
}
