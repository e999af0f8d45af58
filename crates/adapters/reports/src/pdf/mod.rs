//! PDF on A4: everything is laid out on a [`Canvas`] first, so that a page can
//! say how many there are.

mod canvas;
mod charts;
mod columns;
mod fonts;
mod tables;

use lodge_services::{
    Report,
    reports::{Content, Section},
};

use self::{
    canvas::{BLACK, Canvas, GREY, WIDTH},
    fonts::Weight,
};

/// Writes the file, or says what is wrong.
pub(crate) fn write(report: &Report) -> Result<Vec<u8>, String> {
    let mut canvas = Canvas::new()?;
    canvas.paragraph(&report.title, 18.0, Weight::Bold, BLACK);
    canvas.paragraph(&report.subtitle, 11.0, Weight::Regular, GREY);
    canvas.skip(6.0);
    let made_at = report.made_at.to_string();
    fact(&mut canvas, "Made at", &made_at);
    for (name, value) in &report.facts {
        fact(&mut canvas, name, value);
    }
    for it in &report.sections {
        section(&mut canvas, it);
    }
    canvas.finish(&report.title, report.made_at)
}

fn fact(canvas: &mut Canvas, name: &str, value: &str) {
    const NAME: f32 = 130.0;
    let names = canvas.fonts.wrapped(name, 9.5, Weight::Bold, NAME - 8.0, 3);
    let values = canvas.fonts.wrapped(value, 9.5, Weight::Regular, WIDTH - NAME, 6);
    let lines = names.len().max(values.len());
    canvas.need(13.0 * canvas::count(lines));
    for line in 0..lines {
        if let Some(text) = names.get(line) {
            canvas.text(0.0, 10.0, text, 9.5, Weight::Bold, BLACK);
        }
        if let Some(text) = values.get(line) {
            canvas.text(NAME, 10.0, text, 9.5, Weight::Regular, BLACK);
        }
        canvas.skip(13.0);
    }
}

fn section(canvas: &mut Canvas, section: &Section) {
    canvas.skip(14.0);
    // A heading does not stand alone at the end of a page.
    canvas.need(90.0);
    canvas.paragraph(&section.title, 13.0, Weight::Bold, BLACK);
    canvas.skip(4.0);
    for text in &section.text {
        canvas.paragraph(text, 9.5, Weight::Regular, BLACK);
        canvas.skip(4.0);
    }
    match &section.content {
        Content::Nothing => {}
        Content::Table(table) => tables::draw(canvas, table),
        Content::Bars(bars) => charts::bars(canvas, bars),
        Content::Timeline(timeline) => charts::timeline(canvas, timeline),
    }
}
