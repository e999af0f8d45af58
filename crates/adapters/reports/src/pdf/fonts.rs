//! `DejaVu` Sans Condensed, which has the letters of Latin, Greek, Cyrillic and
//! some more scripts, and how wide its letters are. Its licence, which goes with
//! every copy, is `licenses/DejaVu.txt`.

use krilla::text::{Font, GlyphId, KrillaGlyph};
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

    /// In units of the font. Kerning is left out.
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

    /// The glyphs of a text, one a letter. `None` when its script needs more, as
    /// Arabic does, or marks stand over its letters: to shape a text properly
    /// takes a thousand times as long.
    pub(super) fn glyphs(&self, text: &str, weight: Weight) -> Option<Vec<KrillaGlyph>> {
        let is_plain = |it: char| {
            matches!(it, ' '..='\u{2ff}' | '\u{370}'..='\u{482}' | '\u{48a}'..='\u{52f}')
                || matches!(it, '\u{1e00}'..='\u{1fff}' | '\u{2010}'..='\u{2027}')
                || matches!(it, '\u{25a0}'..='\u{25ff}')
        };
        let style = self.style(weight);
        let glyph = |(start, letter): (usize, char)| {
            let glyph = style.face.glyph_index(letter).filter(|_| is_plain(letter))?;
            let advance = self.letter(letter, 1.0, weight);
            let (id, place) = (GlyphId::new(glyph.0.into()), start..start + letter.len_utf8());
            Some(KrillaGlyph::new(id, advance, 0.0, 0.0, 0.0, place, None))
        };
        text.char_indices().map(glyph).collect()
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
        let space = self.letter(' ', size, weight);
        let mut lines = Vec::new();
        let (mut line, mut used) = (String::new(), 0.0);
        for word in text.split_whitespace() {
            let more = self.width(word, size, weight);
            if !line.is_empty() && used + space + more <= width {
                line.push(' ');
                line.push_str(word);
                used += space + more;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                used = 0.0;
            }
            for letter in word.chars() {
                let more = self.letter(letter, size, weight);
                if !line.is_empty() && used + more > width {
                    lines.push(std::mem::take(&mut line));
                    used = 0.0;
                }
                line.push(letter);
                used += more;
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
