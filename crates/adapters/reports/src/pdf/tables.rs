//! Tables that go on on the next page, under their headings again.

use lodge_checks::Light;
use lodge_services::reports::{Cell, Column, ColumnKind, Table};

use super::{
    canvas::{BLACK, Canvas, Colour, GREY, LINE, SHADE, WIDTH, count},
    columns::{Band, bands},
    fonts::Weight,
};
use crate::table::{NO_VALUE, light_of, sign, text_of};

const SIZE: f32 = 8.5;
const LEADING: f32 = 11.0;
/// Between a cell's edge and its text.
const PADDING: f32 = 4.0;
/// What a light takes beside its number.
const SIGN: f32 = 11.0;
/// What is added to a width, so that rounding breaks no line.
const SLACK: f32 = 0.5;
/// The most lines of a cell.
const MOST_LINES: usize = 8;

/// Draws a table.
pub(super) fn draw(canvas: &mut Canvas, table: &Table) {
    let wishes: Vec<f32> =
        (0..).zip(&table.columns).map(|(number, it)| wish(canvas, table, number, it)).collect();
    let bands = bands(&wishes);
    let several = bands.len() > 1;
    for (number, band) in (1..).zip(&bands) {
        if several {
            canvas.skip(if number > 1 { 10.0 } else { 0.0 });
            canvas.need(60.0);
            let text = format!("Columns, part {number} of {}", bands.len());
            canvas.text(0.0, 8.0, &text, 8.0, Weight::Regular, GREY);
            canvas.skip(12.0);
        }
        draw_band(canvas, table, band);
    }
    if table.rows.iter().flatten().any(|it| light_of(it).is_some()) {
        legend(canvas);
    }
}

/// How wide a column would be with its texts on one line, and a heading of
/// several words on two.
fn wish(canvas: &Canvas, table: &Table, number: usize, column: &Column) -> f32 {
    let fonts = &canvas.fonts;
    let cells = table.rows.iter().filter_map(|it| it.get(number));
    let cells = cells.map(|it| fonts.width(&shown(it), SIZE, Weight::Regular) + beside(it));
    let words = column.title.split_whitespace();
    let words = words.map(|it| fonts.width(it, SIZE, Weight::Bold));
    let heading = fonts.width(&column.title, SIZE, Weight::Bold) / 2.0;
    cells.chain(words).fold(heading, f32::max) + 2.0 * PADDING + SLACK
}

fn draw_band(canvas: &mut Canvas, table: &Table, band: &Band) {
    let headings = band.iter().filter_map(|(number, width)| {
        let column = table.columns.get(*number)?;
        Some(Drawn::new(canvas, &column.title, Weight::Bold, column, *width, None))
    });
    let headings: Vec<Drawn> = headings.collect();
    let heading_height = height(&headings);
    canvas.need(heading_height + 2.0 * LEADING);
    heading(canvas, &headings);
    for cells in &table.rows {
        let row = band.iter().filter_map(|(number, width)| {
            let (column, cell) = (table.columns.get(*number)?, cells.get(*number)?);
            let light = light_of(cell);
            Some(Drawn::new(canvas, &shown(cell), Weight::Regular, column, *width, light))
        });
        let row: Vec<Drawn> = row.collect();
        if !canvas.fits(height(&row)) {
            canvas.need(height(&row));
            heading(canvas, &headings);
        }
        line(canvas, &row);
    }
}

fn heading(canvas: &mut Canvas, headings: &[Drawn]) {
    let width = headings.iter().map(|it| it.width).sum();
    canvas.rect(0.0, 0.0, (width, height(headings)), SHADE);
    line(canvas, headings);
}

/// Draws one row, and a thin line under it.
fn line(canvas: &mut Canvas, row: &[Drawn]) {
    let mut left = 0.0;
    for cell in row {
        let room = cell.width - 2.0 * PADDING - cell.light.map_or(0.0, |_| SIGN);
        for (number, text) in (0..).zip(&cell.lines) {
            let width = canvas.fonts.width(text, SIZE, cell.weight);
            let indent = if cell.is_number { (room - width).max(0.0) } else { 0.0 };
            let down = PADDING + SIZE - 1.0 + LEADING * count(number);
            canvas.text(left + PADDING + indent, down, text, SIZE, cell.weight, BLACK);
        }
        if let Some(light) = cell.light {
            let (at, down) = (left + cell.width - PADDING - SIGN + 3.0, PADDING + SIZE - 1.0);
            canvas.text(at, down, sign(light), SIZE, Weight::Regular, colour(light));
        }
        left += cell.width;
    }
    canvas.rect(0.0, height(row) - 0.5, (left, 0.5), LINE);
    canvas.skip(height(row));
}

fn height(row: &[Drawn]) -> f32 {
    let lines = row.iter().map(|it| it.lines.len()).max().unwrap_or_default().max(1);
    LEADING * count(lines) + 2.0 * PADDING - 1.0
}

fn legend(canvas: &mut Canvas) {
    canvas.skip(4.0);
    canvas.need(12.0);
    let mut left = 0.0;
    for light in [Light::Green, Light::Yellow, Light::Red] {
        canvas.text(left, 9.0, sign(light), 8.0, Weight::Regular, colour(light));
        canvas.text(left + 10.0, 9.0, light.name(), 8.0, Weight::Regular, GREY);
        left += 20.0 + canvas.fonts.width(light.name(), 8.0, Weight::Regular);
    }
    canvas.skip(12.0);
}

fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Empty => NO_VALUE.to_owned(),
        other => text_of(other),
    }
}

fn beside(cell: &Cell) -> f32 {
    light_of(cell).map_or(0.0, |_| SIGN)
}

const fn colour(light: Light) -> Colour {
    match light {
        Light::Green => (25, 105, 44),
        Light::Yellow => (138, 90, 0),
        Light::Red => (179, 38, 30),
    }
}

/// A cell whose text is divided into lines.
struct Drawn {
    lines: Vec<String>,
    weight: Weight,
    width: f32,
    is_number: bool,
    light: Option<Light>,
}

impl Drawn {
    fn new(
        canvas: &Canvas,
        text: &str,
        weight: Weight,
        column: &Column,
        width: f32,
        light: Option<Light>,
    ) -> Self {
        let width = width.min(WIDTH);
        let room = width - 2.0 * PADDING - light.map_or(0.0, |_| SIGN);
        let lines = canvas.fonts.wrapped(text, SIZE, weight, room, MOST_LINES);
        Self { lines, weight, width, is_number: column.kind == ColumnKind::Number, light }
    }
}
