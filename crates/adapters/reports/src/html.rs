//! HTML: one file without scripts, that loads nothing. The template escapes
//! every text.

use askama::Template;
use lodge_checks::Light;
use lodge_services::{
    Report,
    reports::{Bar, Cell, Column, ColumnKind, Content, Table, Timeline},
};

use crate::table::{NO_VALUE, decimal, light_of, share, sign, table_of, text_of};

/// The size of a timeline, in its own units.
const WIDE: u64 = 700;
const HIGH: u64 = 120;

/// Writes the file.
pub(crate) fn write(report: &Report) -> askama::Result<Vec<u8>> {
    let sections = report.sections.iter().map(|it| SectionView {
        title: &it.title,
        text: &it.text,
        content: ContentView::of(&it.content),
    });
    let page = Page { report, made_at: report.made_at.to_string(), sections: sections.collect() };
    page.render().map(String::into_bytes)
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    report: &'a Report,
    made_at: String,
    sections: Vec<SectionView<'a>>,
}

struct SectionView<'a> {
    title: &'a str,
    text: &'a [String],
    content: ContentView<'a>,
}

enum ContentView<'a> {
    Nothing,
    Table(TableView),
    Bars { of: &'a str, measure: &'a str, bars: Vec<BarView<'a>> },
    Timeline { measure: &'a str, most: u64, ends: String, posts: Vec<Post<'a>>, table: TableView },
}

#[derive(Default)]
struct TableView {
    columns: Vec<ColumnView>,
    rows: Vec<Vec<CellView>>,
    has_lights: bool,
}

struct ColumnView {
    title: String,
    is_number: bool,
}

struct CellView {
    text: String,
    is_number: bool,
    light: Option<LightView>,
}

struct LightView {
    word: &'static str,
    sign: &'static str,
}

struct BarView<'a> {
    label: &'a str,
    value: String,
    /// In hundredths of its track.
    width: u16,
}

/// One count of a timeline, as it is drawn.
struct Post<'a> {
    label: &'a str,
    count: u64,
    x: u64,
    y: u64,
    width: u64,
    height: u64,
}

impl<'a> ContentView<'a> {
    fn of(content: &'a Content) -> Self {
        match content {
            Content::Nothing => Self::Nothing,
            Content::Table(it) => Self::Table(TableView::of(it)),
            Content::Bars(it) => {
                let bar = |bar: &'a Bar| BarView {
                    label: &bar.label,
                    value: decimal(bar.hundredths),
                    width: share(bar.hundredths.into(), it.full.into()) / 100,
                };
                let bars = it.bars.iter().map(bar).collect();
                Self::Bars { of: &it.of, measure: &it.measure, bars }
            }
            Content::Timeline(it) => Self::Timeline {
                measure: &it.measure,
                most: it.steps.iter().map(|it| it.count).max().unwrap_or_default(),
                ends: ends(it),
                posts: posts(it),
                table: table_of(content).map(|it| TableView::of(&it)).unwrap_or_default(),
            },
        }
    }
}

impl TableView {
    fn of(table: &Table) -> Self {
        let is_number = |it: &Column| it.kind == ColumnKind::Number;
        let column = |it: &Column| ColumnView { title: it.title.clone(), is_number: is_number(it) };
        let row = |cells: &Vec<Cell>| {
            let cells = cells.iter().zip(&table.columns);
            cells.map(|(cell, column)| CellView::of(cell, is_number(column))).collect()
        };
        Self {
            columns: table.columns.iter().map(column).collect(),
            rows: table.rows.iter().map(row).collect(),
            has_lights: table.rows.iter().flatten().any(|it| light_of(it).is_some()),
        }
    }
}

impl CellView {
    fn of(cell: &Cell, is_number: bool) -> Self {
        let text = match cell {
            Cell::Empty => NO_VALUE.to_owned(),
            other => text_of(other),
        };
        let light = light_of(cell).map(|it: Light| LightView { word: it.name(), sign: sign(it) });
        Self { text, is_number, light }
    }
}

/// From when to when.
fn ends(timeline: &Timeline) -> String {
    match timeline.steps.as_slice() {
        [] => NO_VALUE.to_owned(),
        [only] => only.label.clone(),
        [first, .., last] => format!("{} – {}", first.label, last.label),
    }
}

fn posts(timeline: &Timeline) -> Vec<Post<'_>> {
    let most = timeline.steps.iter().map(|it| it.count).max().unwrap_or_default();
    let slots = u64::try_from(timeline.steps.len()).unwrap_or(WIDE).max(1);
    let left = |slot: u64| slot.saturating_mul(WIDE) / slots;
    (0..)
        .zip(&timeline.steps)
        .map(|(slot, step)| {
            let height = u64::from(share(step.count, most)) * HIGH / 10_000;
            let (x, room) = (left(slot), left(slot + 1) - left(slot));
            let (label, count) = (step.label.as_str(), step.count);
            Post { label, count, x, y: HIGH - height, width: (room * 4 / 5).max(1), height }
        })
        .collect()
}
