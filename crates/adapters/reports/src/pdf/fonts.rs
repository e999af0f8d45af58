//! `DejaVu` Sans Condensed, which has the letters of Latin, Greek, Cyrillic and
//! some more scripts, and how wide its letters are.

use krilla::text::Font;
use ttf_parser::Face;

/// How heavy letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// Both weights.
pub(super) struct Fonts {
    regular: Style,
    bold: Style,
}

struct Style {
    font: Font,
    face: Face<'static>,
}

impl Style {
    fn read(file: &'static [u8]) -> Result<Self, String> {
        let face = Face::parse(file, 0).map_err(|error| error.to_string())?;
        let font = Font::new(file.into(), 0).ok_or("the font cannot be read")?;
        Ok(Self { font, face })
    }

    /// In units of the font. Kerning is left out: it is less than a hair.
    fn advance(&self, letter: char) -> u16 {
        let glyph = self.face.glyph_index(letter).unwrap_or_default();
        self.face.glyph_hor_advance(glyph).unwrap_or_default()
    }
}

impl Fonts {
    pub(super) fn new() -> Result<Self, String> {
        Ok(Self {
            regular: Style::read(dejavu::sans_condensed::regular())?,
            bold: Style::read(dejavu::sans_condensed::bold())?,
        })
    }

    pub(super) fn font(&self, weight: Weight) -> Font {
        self.style(weight).font.clone()
    }

    fn style(&self, weight: Weight) -> &Style {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    /// How wide a text is, in points.
    pub(super) fn width(&self, text: &str, size: f32, weight: Weight) -> f32 {
        text.chars().map(|it| self.letter(it, size, weight)).sum()
    }

    fn letter(&self, letter: char, size: f32, weight: Weight) -> f32 {
        let style = self.style(weight);
        f32::from(style.advance(letter)) * size / f32::from(style.face.units_per_em())
    }

    /// A text in at most `most` lines of this width; an ellipsis says that there
    /// was more. Words that are too long are broken.
    pub(super) fn wrapped(
        &self,
        text: &str,
        size: f32,
        weight: Weight,
        width: f32,
        most: usize,
    ) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in text.split_whitespace() {
            let gap = if line.is_empty() { "" } else { " " };
            let longer = format!("{line}{gap}{word}");
            if self.width(&longer, size, weight) <= width {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for letter in word.chars() {
                line.push(letter);
                if self.width(&line, size, weight) > width && line.chars().count() > 1 {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, letter.to_string()));
                }
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                while self.width(&format!("{last}…"), size, weight) > width && last.pop().is_some()
                {
                }
                last.push('…');
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letters_of_our_languages_are_there() {
        let fonts = Fonts::new().unwrap();
        let letters = "ÁÄČĎÉÍĹĽŇÓÔŔŠŤÚÝŽáäčďéíĺľňóôŕšťúýž ĄĆĘŁŃÓŚŹŻąćęłńóśźż őűŐŰ ěřů ĞğİıŞş \
                       ΑΒΓΔΩαβγδωάέήίόύώ АБВГДЕЁЖЗЯабвгдеёжзя ҐґЄєІіЇї Ђђ Љљ – … ● ▲ ■";
        for letter in letters.chars() {
            for style in [&fonts.regular, &fonts.bold] {
                assert!(style.face.glyph_index(letter).is_some(), "{letter}");
            }
        }
    }

    #[test]
    fn every_line_fits() {
        let fonts = Fonts::new().unwrap();
        let text = format!("Kto druhému jamu kope, {} sám do nej spadne", "x".repeat(300));
        let lines = fonts.wrapped(&text, 9.0, Weight::Bold, 100.0, 5);
        assert_eq!(lines.len(), 5);
        assert!(lines[4].ends_with('…'));
        assert!(lines.iter().all(|it| fonts.width(it, 9.0, Weight::Bold) <= 100.0));
        assert_eq!(fonts.wrapped("", 9.0, Weight::Bold, 100.0, 5), Vec::<String>::new());
    }
}
