//! Writing a report as a file.

use std::fmt;

use async_trait::async_trait;
use lodge_checks::Light;
use lodge_kernel::Timestamp;

/// What is written: of a team, or of a course.
///
/// Its texts may be anybody's: a renderer trusts none of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What it is about.
    pub title: String,
    /// One line under the title; may be empty.
    pub subtitle: String,
    /// When it was made: the only instant that a file may have.
    pub made_at: Timestamp,
    /// What is said first: names and their values.
    pub facts: Vec<(String, String)>,
    /// The rest, in order.
    pub sections: Vec<Section>,
}

/// A part of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// What it is about.
    pub title: String,
    /// Paragraphs before its content.
    pub text: Vec<String>,
    /// What it shows.
    pub content: Content,
}

/// What a section shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing but its text.
    Nothing,
    /// Rows and columns.
    Table(Table),
    /// One bar each.
    Bars(Bars),
    /// A count over time.
    Timeline(Timeline),
}

/// Rows and columns. The first column names the row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What each column has.
    pub columns: Vec<Column>,
    /// The cells of each row, one a column: what is missing is empty, what is
    /// too much is left out.
    pub rows: Vec<Vec<Cell>>,
}

/// What a column has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub title: String,
    /// What its cells are.
    pub kind: ColumnKind,
}

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Read from the left.
    Text,
    /// Compared by their last digit.
    Number,
}

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing is known, or nothing applies.
    Empty,
    /// A text.
    Text(String),
    /// A count.
    Whole(u64),
    /// Points, in hundredths: 8,333 is 83.33. They may be more than 100, where
    /// a rubric gives more.
    Score {
        /// How many.
        hundredths: u32,
        /// What a course shows for it.
        light: Option<Light>,
    },
}

/// One bar each, for comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bars {
    /// What a bar stands for: `Student`.
    pub of: String,
    /// What its length is, with its unit: `Share of commits, %`.
    pub measure: String,
    /// The length of a full bar, in hundredths.
    pub full: u32,
    /// From top to bottom.
    pub bars: Vec<Bar>,
}

/// One of several bars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// Its length, in hundredths.
    pub hundredths: u32,
}

/// A count over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// What a step is: `Week from`.
    pub of: String,
    /// What is counted: `Commits`.
    pub measure: String,
    /// Every step from the first to the last, those without anything too.
    pub steps: Vec<Step>,
}

/// One step of a timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// When: a day, as its readers write it.
    pub label: String,
    /// How many.
    pub count: u64,
}

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReportFormat {
    /// For programs.
    Json,
    /// For programs and spreadsheets.
    Csv,
    /// For spreadsheets.
    Xlsx,
    /// For wikis and issues.
    Markdown,
    /// For browsers: one file.
    Html,
    /// For paper.
    Pdf,
}

impl ReportFormat {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Json, Self::Csv, Self::Xlsx, Self::Markdown, Self::Html, Self::Pdf];

    /// The word in requests and answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Pdf => "pdf",
        }
    }

    /// How the name of such a file ends, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            other => other.name(),
        }
    }

    /// Its `Content-Type`.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
            Self::Pdf => "application/pdf",
        }
    }

    /// Reads its name, or how its files end.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == text || it.extension() == text)
    }
}

impl fmt::Display for ReportFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A report cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the report cannot be written as {format}: {problem}")]
pub struct RenderError {
    /// As what.
    pub format: ReportFormat,
    /// What is wrong.
    pub problem: String,
}

/// Writes reports as files. It takes a processor and no I/O: others MUST NOT be
/// kept waiting meanwhile.
///
/// No text of a report MUST become a formula, a link, markup or a script, and
/// control characters and those that change the direction of reading MUST NOT
/// come through. The same report and format MUST give the same bytes.
#[async_trait]
pub trait ReportRenderer: Send + Sync {
    /// The file.
    ///
    /// # Errors
    ///
    /// [`RenderError`] when such a file cannot hold so much.
    async fn render(&self, report: Report, format: ReportFormat) -> Result<Vec<u8>, RenderError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_read_by_its_name_and_by_its_extension() {
        for format in ReportFormat::ALL {
            assert_eq!(ReportFormat::parse(format.name()), Some(format));
            assert_eq!(ReportFormat::parse(format.extension()), Some(format));
        }
        assert_eq!(ReportFormat::parse("exe"), None);
    }
}
