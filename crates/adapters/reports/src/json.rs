//! JSON: the report as it is, for programs.

use lodge_checks::Light;
use lodge_services::{
    Report,
    reports::{Bars, Cell, Column, ColumnKind, Content, Section, Table, Timeline},
};
use serde::Serialize;

/// Writes the file. Its fields are in a fixed order.
pub(crate) fn write(report: &Report) -> serde_json::Result<Vec<u8>> {
    let mut file = serde_json::to_vec(&ReportView {
        title: &report.title,
        subtitle: &report.subtitle,
        made_at: report.made_at.to_string(),
        facts: report.facts.iter().map(|(name, value)| FactView { name, value }).collect(),
        sections: report.sections.iter().map(SectionView::of).collect(),
    })?;
    file.push(b'\n');
    Ok(file)
}

#[derive(Serialize)]
struct ReportView<'a> {
    title: &'a str,
    subtitle: &'a str,
    made_at: String,
    facts: Vec<FactView<'a>>,
    sections: Vec<SectionView<'a>>,
}

#[derive(Serialize)]
struct FactView<'a> {
    name: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct SectionView<'a> {
    title: &'a str,
    text: &'a [String],
    content: Option<ContentView<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum ContentView<'a> {
    Table { columns: Vec<ColumnView<'a>>, rows: Vec<Vec<CellView<'a>>> },
    Bars { of: &'a str, measure: &'a str, full: f64, bars: Vec<BarView<'a>> },
    Timeline { of: &'a str, measure: &'a str, steps: Vec<StepView<'a>> },
}

#[derive(Serialize)]
struct ColumnView<'a> {
    title: &'a str,
    kind: &'static str,
}

/// A text, a whole number, or points with their light; `null` when empty.
#[derive(Serialize)]
#[serde(untagged)]
enum CellView<'a> {
    Empty,
    Text(&'a str),
    Whole(u64),
    Score { points: f64, light: Option<&'static str> },
}

#[derive(Serialize)]
struct BarView<'a> {
    label: &'a str,
    value: f64,
}

#[derive(Serialize)]
struct StepView<'a> {
    label: &'a str,
    count: u64,
}

impl<'a> SectionView<'a> {
    fn of(section: &'a Section) -> Self {
        let content = match &section.content {
            Content::Nothing => None,
            Content::Table(it) => Some(table(it)),
            Content::Bars(it) => Some(bars(it)),
            Content::Timeline(it) => Some(timeline(it)),
        };
        Self { title: &section.title, text: &section.text, content }
    }
}

fn table(table: &Table) -> ContentView<'_> {
    let column = |it: &Column| match it.kind {
        ColumnKind::Text => "text",
        ColumnKind::Number => "number",
    };
    ContentView::Table {
        columns: table
            .columns
            .iter()
            .map(|it| ColumnView { title: &it.title, kind: column(it) })
            .collect(),
        rows: table.rows.iter().map(|it| it.iter().map(cell).collect()).collect(),
    }
}

fn cell(cell: &Cell) -> CellView<'_> {
    match cell {
        Cell::Empty => CellView::Empty,
        Cell::Text(text) => CellView::Text(text),
        Cell::Whole(count) => CellView::Whole(*count),
        Cell::Score { hundredths, light } => {
            CellView::Score { points: points(*hundredths), light: light.map(Light::name) }
        }
    }
}

fn bars(it: &Bars) -> ContentView<'_> {
    ContentView::Bars {
        of: &it.of,
        measure: &it.measure,
        full: points(it.full),
        bars: it
            .bars
            .iter()
            .map(|it| BarView { label: &it.label, value: points(it.hundredths) })
            .collect(),
    }
}

fn timeline(it: &Timeline) -> ContentView<'_> {
    let steps = it.steps.iter().map(|it| StepView { label: &it.label, count: it.count }).collect();
    ContentView::Timeline { of: &it.of, measure: &it.measure, steps }
}

fn points(hundredths: u32) -> f64 {
    f64::from(hundredths) / 100.0
}
