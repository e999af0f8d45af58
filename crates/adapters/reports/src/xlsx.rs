//! XLSX: a sheet a section. Numbers are numbers, and texts are texts.

use std::collections::BTreeSet;

use lodge_checks::Light;
use lodge_services::{
    Report,
    reports::{Cell, Table},
};
use lodge_teams::roster::shield;
use rust_xlsxwriter::{
    ColNum, Color, DocProperties, ExcelDateTime, Format, RowNum, Workbook, Worksheet, XlsxError,
};

use crate::table::{only_table, table_of, text_of};

/// The longest name of a sheet, in units of UTF-16.
const SHEET_NAME: usize = 31;
/// The widest column, in characters.
const WIDEST: usize = 60;

/// Writes the file.
pub(crate) fn write(report: &Report) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let made_at = ExcelDateTime::from_timestamp(report.made_at.as_seconds())?;
    let properties = DocProperties::new().set_title(&report.title).set_creation_datetime(&made_at);
    workbook.set_properties(&properties);
    let mut names = BTreeSet::new();
    if let Some(table) = only_table(report) {
        let mut sheet = Sheet::new(&mut workbook, &sheet_name(&report.title, &mut names))?;
        sheet.table(table)?;
        return workbook.save_to_buffer();
    }
    let mut sheet = Sheet::new(&mut workbook, &sheet_name("Report", &mut names))?;
    sheet.heading(&report.title)?;
    sheet.heading(&report.subtitle)?;
    sheet.pair("Made at", &report.made_at.to_string())?;
    for (name, value) in &report.facts {
        sheet.pair(name, value)?;
    }
    for section in &report.sections {
        let name = sheet_name(&section.title, &mut names);
        let mut sheet = Sheet::new(&mut workbook, &name)?;
        sheet.heading(&section.title)?;
        for text in &section.text {
            sheet.line(text)?;
        }
        if let Some(table) = table_of(&section.content) {
            sheet.table(&table)?;
        }
    }
    workbook.save_to_buffer()
}

/// A name for a sheet that no other has: Excel compares them without regard to
/// case, and keeps `History` for itself.
fn sheet_name(title: &str, names: &mut BTreeSet<String>) -> String {
    let allowed = |it: &char| !matches!(it, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'');
    let title: String = title.chars().filter(allowed).collect();
    let title = match title.trim() {
        "" => "Sheet",
        title if title.eq_ignore_ascii_case("history") => "Sheet",
        title => title,
    };
    let mut count = 1_u32;
    loop {
        let ending = if count == 1 { String::new() } else { format!(" {count}") };
        let name = format!("{}{ending}", beginning(title, SHEET_NAME - ending.len()).trim_end());
        if names.insert(name.to_lowercase()) {
            return name;
        }
        count += 1;
    }
}

/// As much of `text` as fits into `most` units of UTF-16.
fn beginning(text: &str, most: usize) -> String {
    let mut length = 0;
    let fits = |it: &char| {
        length += it.len_utf16();
        length <= most
    };
    text.chars().take_while(fits).collect()
}

/// A sheet that is written from top to bottom.
struct Sheet<'a> {
    sheet: &'a mut Worksheet,
    row: RowNum,
}

impl<'a> Sheet<'a> {
    fn new(workbook: &'a mut Workbook, name: &str) -> Result<Self, XlsxError> {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name)?;
        Ok(Self { sheet, row: 0 })
    }

    fn heading(&mut self, text: &str) -> Result<(), XlsxError> {
        if !text.is_empty() {
            self.sheet.write_string_with_format(self.row, 0, text, &bold())?;
            self.row += 1;
        }
        Ok(())
    }

    fn line(&mut self, text: &str) -> Result<(), XlsxError> {
        self.text(0, text)?;
        self.row += 1;
        Ok(())
    }

    fn pair(&mut self, name: &str, value: &str) -> Result<(), XlsxError> {
        self.text(1, value)?;
        self.line(name)
    }

    fn table(&mut self, table: &Table) -> Result<(), XlsxError> {
        if self.row > 0 {
            self.row += 1;
        }
        for (number, column) in (0..).zip(&table.columns) {
            self.sheet.write_string_with_format(self.row, number, &column.title, &bold())?;
            let cells = table.rows.iter().filter_map(|it| it.get(usize::from(number)));
            let lengths = cells.map(|it| text_of(it).chars().count());
            let longest = lengths.chain([column.title.chars().count()]).max().unwrap_or_default();
            let width = u8::try_from(longest.min(WIDEST) + 2).unwrap_or(u8::MAX);
            self.sheet.set_column_width(number, f64::from(width))?;
        }
        self.row += 1;
        self.sheet.set_freeze_panes(self.row, 1)?;
        for row in &table.rows {
            for (number, cell) in (0..).zip(row) {
                self.cell(number, cell)?;
            }
            self.row += 1;
        }
        Ok(())
    }

    fn cell(&mut self, column: ColNum, cell: &Cell) -> Result<(), XlsxError> {
        match cell {
            Cell::Empty => Ok(()),
            Cell::Text(text) => self.text(column, text),
            Cell::Whole(count) => match u32::try_from(*count) {
                Ok(count) => self.sheet.write_number(self.row, column, count).map(drop),
                // A number of Excel has 15 digits.
                Err(_too_large) => self.text(column, &count.to_string()),
            },
            Cell::Score { hundredths, light } => {
                let points = f64::from(*hundredths) / 100.0;
                let format = score_format(*light);
                self.sheet.write_number_with_format(self.row, column, points, &format).map(drop)
            }
        }
    }

    /// A text, which stays one when somebody edits its cell.
    fn text(&mut self, column: ColNum, text: &str) -> Result<(), XlsxError> {
        if shield(text) == text {
            return self.sheet.write_string(self.row, column, text).map(drop);
        }
        let quoted = Format::new().set_quote_prefix();
        self.sheet.write_string_with_format(self.row, column, text, &quoted).map(drop)
    }
}

fn bold() -> Format {
    Format::new().set_bold()
}

fn score_format(light: Option<Light>) -> Format {
    let format = Format::new().set_num_format("0.00");
    match light {
        None => format,
        Some(Light::Green) => format.set_background_color(Color::RGB(0x00C6_EFCE)),
        Some(Light::Yellow) => format.set_background_color(Color::RGB(0x00FF_EB9C)),
        Some(Light::Red) => format.set_background_color(Color::RGB(0x00FF_C7CE)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_sheet_is_one_that_excel_takes() {
        let mut names = BTreeSet::new();
        let mut name = |title: &str| sheet_name(title, &mut names);
        assert_eq!(name("Checks: [a/b]*?"), "Checks ab");
        assert_eq!(name("checks AB"), "checks AB 2");
        assert_eq!(name("'"), "Sheet");
        assert_eq!(name("History"), "Sheet 2");
        let long = "𝔘".repeat(40);
        assert_eq!(name(&long).encode_utf16().count(), 30);
        assert_eq!(name(&long).encode_utf16().count(), 30);
    }
}
