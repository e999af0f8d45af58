//! The files of `docs/` as HTML. They are part of the binary, so that what is in
//! them is ours.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, html};

/// Renders a file. A link to another file of the folder leads to its page, and
/// headings can be linked to.
pub(super) fn html(markdown: &str) -> String {
    let events: Vec<_> = Parser::new_ext(markdown, Options::ENABLE_TABLES).collect();
    let mut named = Vec::with_capacity(events.len());
    for (place, event) in events.iter().enumerate() {
        named.push(match event {
            Event::Start(Tag::Heading { level, classes, attrs, .. }) => {
                let id = Some(anchor(events.get(place + 1..).unwrap_or_default()).into());
                let (classes, attrs) = (classes.clone(), attrs.clone());
                Event::Start(Tag::Heading { level: *level, id, classes, attrs })
            }
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => Event::Start(Tag::Link {
                link_type: *link_type,
                dest_url: page_of(dest_url),
                title: title.clone(),
                id: id.clone(),
            }),
            // What is made by a generator says so in a comment.
            Event::Html(text) if text.starts_with("<!--") => continue,
            other => other.clone(),
        });
    }
    let mut text = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut text, named.into_iter());
    // What may scroll must be come to by the keyboard. Inside of text, the sign
    // `<` is escaped.
    text.replace("<pre>", "<pre tabindex=\"0\">").replace("<table>", "<table tabindex=\"0\">")
}

/// The words of the heading that `rest` begins with, joined by dashes.
fn anchor(rest: &[Event<'_>]) -> String {
    let inside = rest.iter().take_while(|it| !matches!(it, Event::End(_)));
    let words = inside.filter_map(|it| match it {
        Event::Text(text) | Event::Code(text) => Some(text.to_lowercase()),
        _ => None,
    });
    let words: String = words.collect();
    let words = words.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
    words.collect::<Vec<_>>().join("-")
}

/// `hosts.md#the-file` is served as `/docs/hosts#the-file`.
fn page_of<'a>(target: &CowStr<'a>) -> CowStr<'a> {
    let (file, part) = match target.split_once('#') {
        Some((file, part)) => (file, format!("#{part}")),
        None => (&**target, String::new()),
    };
    match file.strip_suffix(".md").filter(|it| !it.contains('/')) {
        Some(name) => format!("/docs/{name}{part}").into(),
        None => target.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_scroll_is_come_to_by_the_keyboard() {
        let text = html("```\na <pre>\n```\n\n| a |\n|---|\n| b |\n");
        assert!(text.contains("<pre tabindex=\"0\"><code>a &lt;pre&gt;"), "{text}");
        assert!(text.contains("<table tabindex=\"0\">"), "{text}");
    }

    #[test]
    fn links_between_files_lead_to_pages_and_headings_have_names() {
        let text = html(
            "<!-- made -->\n## The `F1` rule\n[hosts](hosts.md#the-file) [out](https://a.example/b.md)",
        );
        assert_eq!(
            text,
            "<h2 id=\"the-f1-rule\">The <code>F1</code> rule</h2>\n<p>\
             <a href=\"/docs/hosts#the-file\">hosts</a> <a href=\"https://a.example/b.md\">out</a></p>\n"
        );
    }
}
