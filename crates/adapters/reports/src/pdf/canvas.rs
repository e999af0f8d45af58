//! Pages that fill from top to bottom.

use krilla::{
    Document,
    color::rgb,
    geom::{PathBuilder, Point, Rect},
    metadata::{DateTime, Metadata},
    page::PageSettings,
    paint::Fill,
    surface::Surface,
    text::TextDirection,
};
use lodge_kernel::Timestamp;

use super::fonts::{Fonts, Weight};

/// A4, in points.
const PAGE: (f32, f32) = (595.28, 841.89);
const MARGIN: f32 = 48.0;
const BOTTOM: f32 = PAGE.1 - MARGIN - 16.0;
/// What lies between the margins.
pub(super) const WIDTH: f32 = PAGE.0 - 2.0 * MARGIN;

/// Red, green and blue.
pub(super) type Colour = (u8, u8, u8);
pub(super) const BLACK: Colour = (26, 26, 26);
pub(super) const GREY: Colour = (95, 95, 95);
pub(super) const BLUE: Colour = (42, 93, 176);
pub(super) const LINE: Colour = (200, 200, 200);
pub(super) const SHADE: Colour = (236, 236, 236);

enum Mark {
    Text { at: (f32, f32), text: String, size: f32, weight: Weight, colour: Colour },
    Rect { at: (f32, f32), size: (f32, f32), colour: Colour },
}

/// Pages, and where the next thing stands.
pub(super) struct Canvas {
    pub(super) fonts: Fonts,
    full: Vec<Vec<Mark>>,
    page: Vec<Mark>,
    top: f32,
}

impl Canvas {
    pub(super) fn new() -> Result<Self, String> {
        Ok(Self { fonts: Fonts::new()?, full: Vec::new(), page: Vec::new(), top: MARGIN })
    }

    /// Leaves room; none at the top of a page.
    pub(super) fn skip(&mut self, height: f32) {
        if !self.page.is_empty() {
            self.top += height;
        }
    }

    /// Whether so much fits on this page, or would on no page.
    pub(super) fn fits(&self, height: f32) -> bool {
        self.page.is_empty() || self.top + height <= BOTTOM
    }

    /// Goes to the next page when so much does not fit on this one.
    pub(super) fn need(&mut self, height: f32) {
        if !self.fits(height) {
            self.full.push(std::mem::take(&mut self.page));
            self.top = MARGIN;
        }
    }

    /// One line of text; `down` is from where the next thing stands to its
    /// baseline.
    pub(super) fn text(
        &mut self,
        left: f32,
        down: f32,
        text: &str,
        size: f32,
        weight: Weight,
        colour: Colour,
    ) {
        let at = (MARGIN + left, self.top + down);
        self.page.push(Mark::Text { at, text: text.to_owned(), size, weight, colour });
    }

    /// A filled rectangle.
    pub(super) fn rect(&mut self, left: f32, down: f32, size: (f32, f32), colour: Colour) {
        let at = (MARGIN + left, self.top + down);
        self.page.push(Mark::Rect { at, size, colour });
    }

    /// A text over the whole width, in as many lines as it takes.
    pub(super) fn paragraph(&mut self, text: &str, size: f32, weight: Weight, colour: Colour) {
        let leading = size * 1.35;
        for line in self.fonts.wrapped(text, size, weight, WIDTH, usize::MAX) {
            self.need(leading);
            self.text(0.0, size, &line, size, weight, colour);
            self.skip(leading);
        }
    }

    /// The file, with a number on each page.
    pub(super) fn finish(mut self, title: &str, made_at: Timestamp) -> Result<Vec<u8>, String> {
        self.full.push(self.page);
        let settings = PageSettings::from_wh(PAGE.0, PAGE.1).ok_or("A4 is no size of a page")?;
        let mut document = Document::new();
        let pages = self.full.len();
        for (number, marks) in (1_usize..).zip(&self.full) {
            let mut page = document.start_page_with(settings.clone());
            let mut surface = page.surface();
            for mark in marks {
                draw(&mut surface, &self.fonts, mark);
            }
            let text = format!("Page {number} of {pages}");
            let left = PAGE.0 - MARGIN - self.fonts.width(&text, 8.0, Weight::Regular);
            let at = (left, PAGE.1 - MARGIN + 4.0);
            let footer = Mark::Text { at, text, size: 8.0, weight: Weight::Regular, colour: GREY };
            draw(&mut surface, &self.fonts, &footer);
            surface.finish();
            page.finish();
        }
        document.set_metadata(metadata(title, made_at));
        document.finish().map_err(|error| format!("{error:?}"))
    }
}

fn draw(surface: &mut Surface<'_>, fonts: &Fonts, mark: &Mark) {
    let (Mark::Text { colour, .. } | Mark::Rect { colour, .. }) = mark;
    let paint = rgb::Color::new(colour.0, colour.1, colour.2).into();
    surface.set_fill(Some(Fill { paint, ..Fill::default() }));
    match mark {
        Mark::Text { at, text, size, weight, .. } => {
            let (at, font) = (Point::from_xy(at.0, at.1), fonts.font(*weight));
            match fonts.glyphs(text, *weight) {
                Some(glyphs) => surface.draw_glyphs(at, &glyphs, font, text, *size, false),
                None => surface.draw_text(at, font, *size, text, false, TextDirection::Auto),
            }
        }
        Mark::Rect { at, size, .. } => {
            // What has no width is not drawn.
            let Some(rect) = Rect::from_xywh(at.0, at.1, size.0, size.1) else { return };
            let mut path = PathBuilder::new();
            path.push_rect(rect);
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
    }
}

fn metadata(title: &str, made_at: Timestamp) -> Metadata {
    let written = made_at.to_string();
    let mut numbers = written.split(|it: char| !it.is_ascii_digit());
    let year = numbers.next().and_then(|it| it.parse().ok()).unwrap_or_default();
    let mut next = || numbers.next().and_then(|it| it.parse().ok()).unwrap_or_default();
    let (month, day, hour, minute, second) = (next(), next(), next(), next(), next());
    let date = DateTime::new(year).month(month).day(day).hour(hour).minute(minute).second(second);
    let date = date.utc_offset_hour(0).utc_offset_minute(0);
    Metadata::new().title(title.to_owned()).language("en".to_owned()).creation_date(date)
}

/// How many, as a length.
pub(super) fn count(things: usize) -> f32 {
    f32::from(u16::try_from(things).unwrap_or(u16::MAX))
}
