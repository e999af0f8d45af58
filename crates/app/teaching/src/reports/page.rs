//! What stands in reports in common.

use lodge_checks::{CheckResult, Points};
use lodge_courses::{Course, settings::Thresholds};
use lodge_services::reports::{Cell, Column, ColumnKind, Content, Section, Table};

/// A cell with a result, and the light that the course shows for it.
pub(super) fn result(points: Option<Points>, thresholds: Thresholds) -> Cell {
    points.map_or(Cell::Empty, |it| Cell::Score {
        hundredths: it.hundredths(),
        light: Some(it.light(thresholds)),
    })
}

/// A result in words: `83.33, green`.
pub(super) fn worded(points: Option<Points>, thresholds: Thresholds) -> String {
    let said = |it: Points| format!("{it}, {}", it.light(thresholds).name());
    points.map_or_else(|| "nothing to judge yet".to_owned(), said)
}

/// What is said of a course first.
pub(super) fn facts_of(course: &Course) -> Vec<(String, String)> {
    let (details, thresholds) = (&course.details, course.settings.thresholds);
    let lights = format!("green from {}, red below {}", thresholds.green, thresholds.red);
    let facts = [
        ("Course", format!("{}, {}", details.code, details.name)),
        ("Term", format!("{}, {}", details.academic_year, details.semester.name())),
        ("Lights", lights),
    ];
    facts.map(|(name, value)| (name.to_owned(), value)).into()
}

pub(super) fn text(of: impl Into<String>) -> Cell {
    Cell::Text(of.into())
}

pub(super) fn column(title: impl Into<String>, kind: ColumnKind) -> Column {
    Column { title: title.into(), kind }
}

pub(super) fn table(
    title: impl Into<String>,
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
) -> Section {
    let content = Content::Table(Table { columns, rows });
    Section { title: title.into(), text: Vec::new(), content }
}

/// Why each check says what it does.
pub(super) fn reasons(title: &str, checks: &[CheckResult], thresholds: Thresholds) -> Section {
    let (words, numbers) = (ColumnKind::Text, ColumnKind::Number);
    let columns = [("Check", words), ("Weight", numbers), ("Result", numbers), ("Why", words)];
    let row = |it: &CheckResult| {
        vec![
            text(format!("{} {}", it.code, it.name)),
            Cell::Whole(it.weight.into()),
            result(it.outcome.points, thresholds),
            text(it.outcome.because.as_str()),
        ]
    };
    let columns = columns.map(|(title, kind)| column(title, kind)).into();
    table(title, columns, checks.iter().map(row).collect())
}

/// That not everything was looked at.
pub(super) const TRUNCATED: &str =
    "There is more than is judged at once: what is oldest is left out.";
