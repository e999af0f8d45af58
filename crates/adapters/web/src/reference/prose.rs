//! The little Markdown that descriptions use: paragraphs, and code between
//! backticks.

/// A description.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Prose<'a> {
    pub(crate) paragraphs: Vec<Vec<Span<'a>>>,
}

/// A piece of a paragraph.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Span<'a> {
    pub(crate) text: &'a str,
    pub(crate) code: bool,
}

impl<'a> Prose<'a> {
    pub(crate) fn of(text: Option<&'a str>) -> Self {
        let paragraphs = text.unwrap_or_default().split("\n\n");
        let paragraphs = paragraphs.map(str::trim).filter(|it| !it.is_empty());
        Self { paragraphs: paragraphs.map(spans).collect() }
    }
}

/// A backtick without a partner begins code that ends with the paragraph.
fn spans(paragraph: &str) -> Vec<Span<'_>> {
    let pieces = paragraph.split('`').enumerate();
    pieces
        .map(|(place, text)| Span { text, code: place % 2 == 1 })
        .filter(|it| !it.text.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backticks_make_code_and_empty_lines_paragraphs() {
        let prose = Prose::of(Some("Send `limit`.\n\n`cursor` goes on."));
        let words: Vec<_> =
            prose.paragraphs.iter().flatten().map(|it| (it.text, it.code)).collect();
        assert_eq!(
            words,
            [
                ("Send ", false),
                ("limit", true),
                (".", false),
                ("cursor", true),
                (" goes on.", false)
            ]
        );
        assert_eq!(Prose::of(None), Prose::default());
    }
}
