//! What is taken out of texts before anything is written.

use lodge_services::{
    Report,
    reports::{Bar, Bars, Cell, Column, Content, Section, Step, Table, Timeline},
};

/// The longest heading, label or cell, in characters.
const LINE: usize = 300;
/// The longest paragraph, in characters.
const PARAGRAPH: usize = 2_000;

/// The report with texts that are safe to lay out: one line each, of a bounded
/// length, read in the order in which they are written.
pub(crate) fn report(report: &Report) -> Report {
    Report {
        title: line(&report.title),
        subtitle: line(&report.subtitle),
        made_at: report.made_at,
        facts: report.facts.iter().map(|(name, value)| (line(name), line(value))).collect(),
        sections: report.sections.iter().map(section).collect(),
    }
}

fn section(section: &Section) -> Section {
    Section {
        title: line(&section.title),
        text: section.text.iter().map(|it| bounded(it, PARAGRAPH)).collect(),
        content: content(&section.content),
    }
}

fn content(content: &Content) -> Content {
    match content {
        Content::Nothing => Content::Nothing,
        Content::Table(it) => Content::Table(table(it)),
        Content::Bars(Bars { of, measure, full, bars }) => {
            let bar = |it: &Bar| Bar { label: line(&it.label), hundredths: it.hundredths };
            let bars = bars.iter().map(bar).collect();
            Content::Bars(Bars { of: line(of), measure: line(measure), full: *full, bars })
        }
        Content::Timeline(Timeline { of, measure, steps }) => {
            let step = |it: &Step| Step { label: line(&it.label), count: it.count };
            let steps = steps.iter().map(step).collect();
            Content::Timeline(Timeline { of: line(of), measure: line(measure), steps })
        }
    }
}

/// Every row gets as many cells as there are columns.
fn table(table: &Table) -> Table {
    let column = |it: &Column| Column { title: line(&it.title), kind: it.kind };
    let row = |cells: &Vec<Cell>| {
        let missing = std::iter::repeat(&Cell::Empty);
        cells.iter().chain(missing).take(table.columns.len()).map(cell).collect()
    };
    Table {
        columns: table.columns.iter().map(column).collect(),
        rows: table.rows.iter().map(row).collect(),
    }
}

fn cell(cell: &Cell) -> Cell {
    match cell {
        Cell::Text(text) => Cell::Text(line(text)),
        other => other.clone(),
    }
}

fn line(text: &str) -> String {
    bounded(text, LINE)
}

/// At most `most` characters, an ellipsis at the end when there were more.
fn bounded(text: &str, most: usize) -> String {
    let mut bounded = String::new();
    let mut length = 0;
    let mut gap = false;
    for letter in text.chars().filter(|it| !is_hidden(*it)) {
        if letter.is_whitespace() {
            gap = length > 0;
            continue;
        }
        if length + usize::from(gap) >= most {
            bounded.pop();
            bounded.push('…');
            break;
        }
        if gap {
            bounded.push(' ');
        }
        bounded.push(letter);
        length += 1 + usize::from(gap);
        gap = false;
    }
    bounded
}

/// Controls, what changes the direction of reading, what has no width, and what
/// XML cannot have.
fn is_hidden(letter: char) -> bool {
    let is_control = letter.is_control() && !letter.is_whitespace();
    is_control
        || matches!(
            letter,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{fffe}'..='\u{ffff}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_one_line_that_is_read_as_it_is_written() {
        assert_eq!(bounded("  Ada\r\n\tLovelace \u{2028}", 99), "Ada Lovelace");
        assert_eq!(bounded("a\0b\u{1b}[31m\u{202e}c\u{feff}\u{85}d", 99), "ab[31mc d");
        assert_eq!(bounded("Ľubomír Ąčž Ωμ Жю", 99), "Ľubomír Ąčž Ωμ Жю");
    }

    #[test]
    fn a_text_is_bounded_in_characters() {
        assert_eq!(bounded("žžž", 3), "žžž");
        assert_eq!(bounded("žžžž", 3), "žž…");
        assert_eq!(bounded("ž ž ž", 3), "ž …");
        assert_eq!(bounded(&"x".repeat(10_000), LINE).chars().count(), LINE);
    }

    #[test]
    fn a_row_has_a_cell_a_column() {
        let kind = lodge_services::reports::ColumnKind::Text;
        let columns = vec![Column { title: "a".to_owned(), kind }];
        let rows = vec![vec![], vec![Cell::Whole(1), Cell::Whole(2)]];
        let table = table(&Table { columns, rows });
        assert_eq!(table.rows, [[Cell::Empty], [Cell::Whole(1)]]);
    }
}
