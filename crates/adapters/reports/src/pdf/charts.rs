//! Bars and timelines, as shapes.

use lodge_services::reports::{Bars, Timeline};

use super::{
    canvas::{BLACK, BLUE, Canvas, GREY, LINE, SHADE, WIDTH, count},
    fonts::Weight,
};
use crate::table::{decimal, share};

const SIZE: f32 = 8.5;

/// Draws a bar a line: its label, its length, and how much that is.
pub(super) fn bars(canvas: &mut Canvas, bars: &Bars) {
    const LABEL: f32 = 150.0;
    const VALUE: f32 = 60.0;
    const TRACK: f32 = WIDTH - LABEL - VALUE;
    const LINE_HEIGHT: f32 = 16.0;
    canvas.need(14.0 + LINE_HEIGHT);
    caption(canvas, &format!("{} – {}", bars.of, bars.measure));
    for bar in &bars.bars {
        canvas.need(LINE_HEIGHT);
        let label = canvas.fonts.wrapped(&bar.label, SIZE, Weight::Regular, LABEL - 8.0, 1);
        for text in &label {
            canvas.text(0.0, 10.0, text, SIZE, Weight::Regular, BLACK);
        }
        let length = TRACK * part(bar.hundredths.into(), bars.full.into());
        canvas.rect(LABEL, 2.0, (TRACK, 10.0), SHADE);
        canvas.rect(LABEL, 2.0, (length, 10.0), BLUE);
        let value = decimal(bar.hundredths);
        let left = WIDTH - canvas.fonts.width(&value, SIZE, Weight::Regular);
        canvas.text(left, 10.0, &value, SIZE, Weight::Regular, BLACK);
        canvas.skip(LINE_HEIGHT);
    }
}

/// Draws a post a step over a line of time, and how high they are at the left.
pub(super) fn timeline(canvas: &mut Canvas, timeline: &Timeline) {
    const HIGH: f32 = 90.0;
    let most = timeline.steps.iter().map(|it| it.count).max().unwrap_or_default();
    canvas.need(HIGH + 36.0);
    caption(canvas, &format!("{} – {}", timeline.of, timeline.measure));
    let most_text = most.to_string();
    let left = canvas.fonts.width(&most_text, SIZE, Weight::Regular) + 8.0;
    let wide = WIDTH - left;
    for (text, down) in [(most_text.as_str(), 8.0), ("0", HIGH)] {
        let width = canvas.fonts.width(text, SIZE, Weight::Regular);
        canvas.text(left - 6.0 - width, down, text, SIZE, Weight::Regular, GREY);
    }
    canvas.rect(left, 0.0, (wide, 0.5), LINE);
    let slot = wide / count(timeline.steps.len().max(1));
    for (number, step) in (0..).zip(&timeline.steps) {
        let height = HIGH * part(step.count, most);
        let start = left + slot * count(number) + slot * 0.1;
        canvas.rect(start, HIGH - height, (slot * 0.8, height), BLUE);
    }
    canvas.rect(left, HIGH, (wide, 0.75), GREY);
    let label = |text: &str, canvas: &Canvas| {
        canvas.fonts.wrapped(text, SIZE, Weight::Regular, wide / 2.0 - 8.0, 1)
    };
    if let Some(first) = timeline.steps.first() {
        for text in label(&first.label, canvas) {
            canvas.text(left, HIGH + 12.0, &text, SIZE, Weight::Regular, GREY);
        }
    }
    if let [_, .., last] = timeline.steps.as_slice() {
        for text in label(&last.label, canvas) {
            let start = WIDTH - canvas.fonts.width(&text, SIZE, Weight::Regular);
            canvas.text(start, HIGH + 12.0, &text, SIZE, Weight::Regular, GREY);
        }
    }
    canvas.skip(HIGH + 18.0);
}

fn caption(canvas: &mut Canvas, text: &str) {
    for line in canvas.fonts.wrapped(text, SIZE, Weight::Regular, WIDTH, 1) {
        canvas.text(0.0, 8.0, &line, SIZE, Weight::Regular, GREY);
    }
    canvas.skip(14.0);
}

/// How much of `whole` is `part`.
fn part(part: u64, whole: u64) -> f32 {
    f32::from(share(part, whole)) / 10_000.0
}
