//! A form of a page, as a person fills it in.

use anyhow::{Context as _, ensure};

/// A form.
#[derive(Clone, Debug)]
pub struct Form {
    /// Where it is sent.
    pub action: String,
    inputs: Vec<Input>,
}

#[derive(Clone, Debug)]
struct Input {
    kind: String,
    name: String,
    value: String,
    checked: bool,
    /// What a person reads beside it.
    label: String,
}

impl Form {
    /// The form of `page` whose action contains `action`.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn of(page: &str, action: &str) -> anyhow::Result<Self> {
        let missing = || format!("there is no form `{action}` in {page}");
        let (start, after) = page
            .split("<form ")
            .skip(1)
            .filter_map(|it| it.split_once('>'))
            .find(|(start, _)| attribute(start, "action").is_some_and(|it| it.contains(action)))
            .with_context(missing)?;
        let inside = after.split("</form>").next().unwrap_or_default();
        let inputs = inside.split("<input ").skip(1).filter_map(|it| it.split_once('>'));
        Ok(Self {
            action: attribute(start, "action").with_context(missing)?,
            inputs: inputs.filter_map(|(tag, after)| Input::read(tag, after)).collect(),
        })
    }

    /// What stands beside the boxes called `name`.
    pub fn labels(&self, name: &str) -> Vec<&str> {
        self.inputs.iter().filter(|it| it.name == name).map(|it| it.label.as_str()).collect()
    }

    /// Ticks the one box called `name` whose label begins with the word `label`.
    ///
    /// # Errors
    ///
    /// When there is not exactly one.
    pub fn tick(&mut self, name: &str, label: &str) -> anyhow::Result<()> {
        let fits = |it: &&mut Input| it.name == name && it.label.split(' ').next() == Some(label);
        let mut found: Vec<_> = self.inputs.iter_mut().filter(fits).collect();
        ensure!(found.len() == 1, "{} boxes `{name}` are labelled `{label}`", found.len());
        for input in &mut found {
            input.checked = true;
        }
        Ok(())
    }

    /// Ticks every box called `name`; gives how many there are.
    pub fn tick_every(&mut self, name: &str) -> usize {
        let boxes = self.inputs.iter_mut().filter(|it| it.name == name && it.kind == "checkbox");
        boxes.map(|it| it.checked = true).count()
    }

    /// The value of the hidden field `name`.
    pub fn hidden(&self, name: &str) -> Option<&str> {
        let mut hidden = self.inputs.iter().filter(|it| it.kind == "hidden");
        hidden.find(|it| it.name == name).map(|it| it.value.as_str())
    }

    /// What is sent.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let sent = |it: &&Input| it.checked || !matches!(it.kind.as_str(), "checkbox" | "radio");
        self.inputs.iter().filter(sent).map(|it| (it.name.as_str(), it.value.as_str()))
    }
}

impl Input {
    /// `None` for one without a name, which is not sent.
    fn read(tag: &str, after: &str) -> Option<Self> {
        let label = after.split("</label>").next().unwrap_or_default();
        // Each piece but the first begins inside a tag.
        let mut pieces = label.split('<');
        let first = pieces.next().unwrap_or_default();
        let others = pieces.filter_map(|it| it.split_once('>')).map(|(_, text)| text);
        let words: Vec<_> =
            [first].into_iter().chain(others).flat_map(str::split_ascii_whitespace).collect();
        Some(Self {
            kind: attribute(tag, "type").unwrap_or_else(|| "text".to_owned()),
            name: attribute(tag, "name")?,
            value: attribute(tag, "value").unwrap_or_default(),
            checked: tag.split_ascii_whitespace().any(|it| it == "checked"),
            label: unescape(&words.join(" ")),
        })
    }
}

/// The value of an attribute. Our templates quote every value, and escape
/// quotes and angle brackets inside.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = format!("{name}=\"");
    let found = tag.match_indices(&start).find(|(at, _)| {
        tag.get(..*at).is_some_and(|it| it.is_empty() || it.ends_with(char::is_whitespace))
    });
    let (at, _) = found?;
    let value = tag.get(at + start.len()..)?.split('"').next()?;
    Some(unescape(value))
}

fn unescape(text: &str) -> String {
    // The ampersand last, so that what it stood for is not read again.
    let names = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#34;", "\""), ("&#39;", "'")];
    let text = names.iter().fold(text.to_owned(), |it, (from, to)| it.replace(from, to));
    text.replace("&amp;", "&").replace("&#38;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"
        <form method="post" action="/other"><input type="hidden" name="csrf" value="no"></form>
        <form method="post" action="/approve"><input type="hidden" name="csrf" value="a&amp;lt;b">
        <label><input type="checkbox" name="repository" value="0 x"><b>team/one</b> <i>fork</i></label>
        <label><input type="checkbox" name="repository" value="1 x"><b>team/one-more</b></label>
        <input type="radio" name="days" value="30" checked><input type="radio" name="days" value="90">
        <input type="search" id="unnamed"></form><input name="outside" value="z">"#;

    #[test]
    fn a_form_is_sent_as_it_was_filled_in() {
        let mut form = Form::of(PAGE, "approve").unwrap();
        form.tick("repository", "team/one").unwrap();
        let sent: Vec<_> = form.fields().collect();
        assert_eq!(sent, [("csrf", "a&lt;b"), ("repository", "0 x"), ("days", "30")]);
        assert_eq!(form.labels("repository"), ["team/one fork", "team/one-more"]);
        assert!(form.tick("repository", "team").is_err());
    }
}
