//! Every content as rows and columns, and numbers as they are written.

use std::borrow::Cow;

use lodge_checks::Light;
use lodge_services::{
    Report,
    reports::{Cell, Column, ColumnKind, Content, Table},
};

/// What has no value, where people read.
pub(crate) const NO_VALUE: &str = "–";

/// A content as rows and columns, if it is more than nothing.
pub(crate) fn table_of(content: &Content) -> Option<Cow<'_, Table>> {
    let columns = |of: &str, measure: &str| {
        let column = |title: &str, kind| Column { title: title.to_owned(), kind };
        vec![column(of, ColumnKind::Text), column(measure, ColumnKind::Number)]
    };
    let score = |hundredths| Cell::Score { hundredths, light: None };
    let named = |label: &str, cell| vec![Cell::Text(label.to_owned()), cell];
    match content {
        Content::Nothing => None,
        Content::Table(table) => Some(Cow::Borrowed(table)),
        Content::Bars(it) => Some(Cow::Owned(Table {
            columns: columns(&it.of, &it.measure),
            rows: it.bars.iter().map(|it| named(&it.label, score(it.hundredths))).collect(),
        })),
        Content::Timeline(it) => Some(Cow::Owned(Table {
            columns: columns(&it.of, &it.measure),
            rows: it.steps.iter().map(|it| named(&it.label, Cell::Whole(it.count))).collect(),
        })),
    }
}

/// The one table that the report is, if it is nothing else. Other programs read
/// such a file, so nothing stands around it.
pub(crate) fn only_table(report: &Report) -> Option<&Table> {
    match report.sections.as_slice() {
        [section] if report.facts.is_empty() && section.text.is_empty() => match &section.content {
            Content::Table(table) => Some(table),
            _ => None,
        },
        _ => None,
    }
}

/// Hundredths with two digits after the point.
pub(crate) fn decimal(hundredths: u32) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// A cell as text, without its light.
pub(crate) fn text_of(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Whole(count) => count.to_string(),
        Cell::Score { hundredths, .. } => decimal(*hundredths),
    }
}

/// The light of a cell.
pub(crate) fn light_of(cell: &Cell) -> Option<Light> {
    match cell {
        Cell::Score { light, .. } => *light,
        _ => None,
    }
}

/// The sign of a light: who cannot tell colours apart sees the shape.
pub(crate) const fn sign(light: Light) -> &'static str {
    match light {
        Light::Green => "●",
        Light::Yellow => "▲",
        Light::Red => "■",
    }
}

/// How much of `whole` is `part`, in ten-thousandths, at most all.
pub(crate) fn share(part: u64, whole: u64) -> u16 {
    let share = (u128::from(part) * 10_000).checked_div(u128::from(whole)).unwrap_or_default();
    u16::try_from(share.min(10_000)).unwrap_or(10_000)
}
