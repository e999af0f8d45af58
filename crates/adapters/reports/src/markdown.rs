//! Markdown with tables (GitHub Flavored Markdown 0.29). Texts stay texts.

use std::fmt::Write as _;

use lodge_services::{
    Report,
    reports::{Cell, ColumnKind, Table},
};

use crate::table::{NO_VALUE, light_of, table_of, text_of};

/// What, between two letters, some reader makes a link, a mention or a
/// reference of.
const JOINTS: [char; 10] = ['.', ':', '/', '@', '#', '!', '~', '$', '%', '&'];

/// Is no mark, neither here nor at the beginning of a line.
const HARMLESS: [char; 7] = [',', ';', '/', '?', '\'', '"', '%'];

/// Cannot be seen, has no width, and breaks no line: what it divides is no link.
const WORD_JOINER: char = '\u{2060}';

/// Writes the file.
pub(crate) fn write(report: &Report) -> String {
    let mut file = format!("# {}\n", plain(&report.title));
    let mut paragraph = |text: &str| write_to(&mut file, format_args!("\n{text}\n"));
    if !report.subtitle.is_empty() {
        paragraph(&plain(&report.subtitle));
    }
    let made_at = format!("- **Made at:** {}", report.made_at);
    let facts = report.facts.iter();
    let facts = facts.map(|(name, value)| format!("- **{}:** {}", plain(name), plain(value)));
    paragraph(&std::iter::once(made_at).chain(facts).collect::<Vec<_>>().join("\n"));
    for section in &report.sections {
        paragraph(&format!("## {}", plain(&section.title)));
        section.text.iter().for_each(|it| paragraph(&plain(it)));
        if let Some(table) = table_of(&section.content) {
            paragraph(&lines(&table));
        }
    }
    file
}

/// Writing into a text cannot fail.
fn write_to(file: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = file.write_fmt(text);
}

fn lines(table: &Table) -> String {
    let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let ruler = table.columns.iter().map(|it| match it.kind {
        ColumnKind::Text => "---".to_owned(),
        ColumnKind::Number => "---:".to_owned(),
    });
    let mut lines = vec![
        line(table.columns.iter().map(|it| plain(&it.title)).collect()),
        line(ruler.collect()),
    ];
    lines.extend(table.rows.iter().map(|cells| line(cells.iter().map(shown).collect())));
    lines.join("\n")
}

fn shown(cell: &Cell) -> String {
    match (cell, light_of(cell)) {
        (Cell::Empty, _) => NO_VALUE.to_owned(),
        (Cell::Text(text), _) => plain(text),
        (_, None) => text_of(cell),
        (_, Some(light)) => format!("{} ({})", text_of(cell), light.name()),
    }
}

/// A text that stays one: every letter that may be a mark is escaped (`CommonMark` 0.31, 2.4), and
/// what could be a link is divided.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    let mut before = ' ';
    while let Some(letter) = letters.next() {
        // Within a word a hyphen is no mark.
        let is_mark = letter != '-' || !before.is_alphanumeric();
        if letter.is_ascii_punctuation() && !HARMLESS.contains(&letter) && is_mark {
            plain.push('\\');
        }
        plain.push(letter);
        before = letter;
        if JOINTS.contains(&letter) && letters.peek().is_some_and(|it| *it != ' ') {
            plain.push(WORD_JOINER);
        }
    }
    plain
}
