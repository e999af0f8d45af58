//! CSV (RFC 4180): one table after another, an empty line between them. A
//! report of one table alone is that table alone.

use ::csv::{Error, Terminator, WriterBuilder};
use lodge_services::{Report, reports::Table};
use lodge_teams::roster::shield;

use crate::table::{only_table, table_of, text_of};

/// Writes the file. No cell is a formula; lights are left out.
pub(crate) fn write(report: &Report) -> Result<Vec<u8>, Error> {
    if let Some(table) = only_table(report) {
        return records(rows(table));
    }
    let made_at = report.made_at.to_string();
    let mut head = vec![vec![report.title.as_str()]];
    if !report.subtitle.is_empty() {
        head.push(vec![&report.subtitle]);
    }
    head.push(vec!["Made at", &made_at]);
    head.extend(report.facts.iter().map(|(name, value)| vec![name.as_str(), value]));
    let mut file = records(head.into_iter().map(|it| it.into_iter().map(shield).collect()))?;
    for section in &report.sections {
        let texts = std::iter::once(&section.title).chain(&section.text);
        let texts = texts.map(|it| vec![shield(it)]);
        let table = table_of(&section.content);
        let table = table.iter().flat_map(|it| rows(it));
        file.extend(b"\r\n");
        file.extend(records(texts.chain(table))?);
    }
    Ok(file)
}

fn rows(table: &Table) -> impl Iterator<Item = Vec<String>> {
    let heading = table.columns.iter().map(|it| shield(&it.title)).collect();
    let row = |cells: &Vec<_>| cells.iter().map(|it| shield(&text_of(it))).collect();
    std::iter::once(heading).chain(table.rows.iter().map(row))
}

fn records(records: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>, Error> {
    let mut writer =
        WriterBuilder::new().flexible(true).terminator(Terminator::CRLF).from_writer(Vec::new());
    for record in records.filter(|it| !it.is_empty()) {
        writer.write_record(record)?;
    }
    writer.into_inner().map_err(|error| Error::from(error.into_error()))
}
