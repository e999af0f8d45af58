//! Filling in a form of our own pages, with every box ticked.

/// A form, filled in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Form {
    pub action: String,
    pub fields: Vec<(String, String)>,
}

/// The form of `page` whose action contains `action`, as a person would send it who
/// ticks every box but those named `unticked`, and leaves the rest as it is.
pub(super) fn fill_in(page: &str, action: &str, unticked: &str) -> Option<Form> {
    let start = tags(page)
        .find(|it| it.is("form") && it.value("action").is_some_and(|it| it.contains(action)))?;
    let mut form = Form { action: start.value("action")?, fields: Vec::new() };
    let mut select: Option<(String, Option<String>)> = None;
    for tag in tags(start.rest) {
        if tag.is("/form") {
            break;
        }
        if tag.is("input") {
            form.take_input(&tag, unticked);
        } else if tag.is("select") {
            select = tag.value("name").map(|name| (name, None));
        } else if tag.is("option") {
            if let Some((_, choice)) = &mut select
                && (choice.is_none() || tag.has("selected"))
            {
                *choice = tag.value("value");
            }
        } else if tag.is("/select")
            && let Some((name, Some(choice))) = select.take()
        {
            form.fields.push((name, choice));
        }
    }
    Some(form)
}

impl Form {
    fn take_input(&mut self, tag: &Tag<'_>, unticked: &str) {
        let Some(name) = tag.value("name") else {
            return;
        };
        let kind = tag.value("type").unwrap_or_else(|| "text".to_owned());
        let is_answered = self.fields.iter().any(|(it, _)| *it == name);
        let skipped = match kind.as_str() {
            "submit" | "button" | "reset" => true,
            // The one that is chosen, else the first.
            "radio" => is_answered && !tag.has("checked"),
            "checkbox" => name == unticked || tag.has("disabled"),
            _ => tag.has("disabled"),
        };
        if skipped {
            return;
        }
        if kind == "radio" {
            self.fields.retain(|(it, _)| *it != name);
        }
        let unnamed = if kind == "checkbox" { "on" } else { "" };
        self.fields.push((name, tag.value("value").unwrap_or_else(|| unnamed.to_owned())));
    }
}

/// One tag.
struct Tag<'a> {
    /// What stands between the angle brackets.
    inside: &'a str,
    /// What follows the tag.
    rest: &'a str,
}

/// Every tag of `html`. Our templates escape `>` in values.
fn tags(html: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once('<')?;
        let (inside, after) = after.split_once('>')?;
        rest = after;
        Some(Tag { inside, rest: after })
    })
}

impl Tag<'_> {
    fn is(&self, name: &str) -> bool {
        self.inside
            .split_ascii_whitespace()
            .next()
            .is_some_and(|it| it.trim_end_matches('/') == name || it == name)
    }

    /// The text of an attribute.
    fn value(&self, name: &str) -> Option<String> {
        let (_, after) = self
            .inside
            .split_once(&format!(" {name}=\""))
            .or_else(|| self.inside.split_once(&format!("\n{name}=\"")))?;
        Some(unescape(after.split('"').next()?))
    }

    /// Whether an attribute without text is there.
    fn has(&self, name: &str) -> bool {
        self.inside.split_ascii_whitespace().any(|it| it.trim_end_matches('/') == name)
    }
}

fn unescape(text: &str) -> String {
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text.to_owned(), |it, (from, to)| it.replace(from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"
        <form action="/deny"><input type="hidden" name="csrf" value="other"></form>
        <form method="post" action="/approve?a=1&amp;b=2">
          <input type="hidden" name="csrf" value="x&#39;y">
          <input type="checkbox" name="repository" value="r1" checked>
          <input type="checkbox" name="repository" value="r2">
          <input type="checkbox" name="less" value="r1 read:diffs">
          <input type="radio" name="days" value="30"> <input type="radio" name="days" value="90" checked>
          <input type="radio" name="days" value="custom">
          <select name="zone"><option value="a">A</option><option value="b" selected>B</option></select>
          <input type="submit" name="go" value="Approve">
        </form>
        <input name="outside" value="z">"#;

    #[test]
    fn every_box_but_one_kind_is_ticked_and_the_rest_left_alone() {
        let form = fill_in(PAGE, "/approve", "less").unwrap();
        let fields: Vec<String> =
            form.fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(form.action, "/approve?a=1&b=2");
        assert_eq!(fields, ["csrf=x'y", "repository=r1", "repository=r2", "days=90", "zone=b"]);
    }

    #[test]
    fn a_page_without_the_form_has_none() {
        assert_eq!(fill_in(PAGE, "/elsewhere", ""), None);
        assert_eq!(fill_in("<form", "x", ""), None);
    }
}
