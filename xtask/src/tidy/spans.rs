//! A span is named `<area>.<verb_noun>` and takes no argument by itself: an
//! argument that is recorded without being named is how secrets reach a log.

use super::{House, Source};

const ATTRIBUTE: &str = "instrument(";

pub(super) fn breaches(house: &House<'_>) -> Vec<String> {
    house.sources.iter().filter(|it| !it.path.starts_with("xtask/")).flat_map(judge).collect()
}

fn judge(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in (1..).zip(source.production().lines()) {
        let Some(start) = line
            .trim_start()
            .strip_prefix("#[tracing::")
            .or_else(|| line.trim_start().strip_prefix("#["))
        else {
            continue;
        };
        if start.starts_with("instrument]") {
            found.push(format!(
                "{}:{number}: a bare `instrument` records every argument",
                source.path
            ));
        }
        if start.starts_with(ATTRIBUTE) {
            let attribute = attribute_from(source.production(), number);
            if !attribute.contains("skip_all") {
                found.push(format!("{}:{number}: the span lacks `skip_all`", source.path));
            }
            if !attribute.split('"').nth(1).is_some_and(is_span_name) {
                found.push(format!("{}:{number}: a span is named `area.verb_noun`", source.path));
            }
        }
    }
    found
}

/// The text of the attribute that begins in line `number`.
fn attribute_from(text: &str, number: usize) -> String {
    let mut attribute = String::new();
    for line in text.lines().skip(number.saturating_sub(1)) {
        attribute.push_str(line);
        if line.trim_end().ends_with(")]") {
            break;
        }
    }
    attribute
}

fn is_span_name(name: &str) -> bool {
    let is_word = |it: &str| {
        !it.is_empty()
            && it.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    name.contains('.') && name.split('.').all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<String> {
        judge(&Source { path: "x.rs".to_owned(), text: text.to_owned() })
    }

    #[test]
    fn a_named_span_that_skips_its_arguments_is_fine() {
        assert_eq!(
            said("#[tracing::instrument(name = \"gateway.list_commits\", skip_all)]\n"),
            Vec::<String>::new()
        );
        let wide = "#[instrument(\n    name = \"db.grants.of_token\",\n    skip_all,\n    fields(page.len)\n)]\n";
        assert_eq!(said(wide), Vec::<String>::new());
    }

    #[test]
    fn a_span_that_would_record_its_arguments_is_refused() {
        assert_eq!(said("#[tracing::instrument]\n").len(), 1);
        assert_eq!(said("#[tracing::instrument(name = \"gateway.list_commits\")]\n").len(), 1);
    }

    #[test]
    fn a_span_without_its_area_is_refused() {
        assert_eq!(said("#[tracing::instrument(name = \"list commits\", skip_all)]\n").len(), 1);
        assert_eq!(said("#[tracing::instrument(skip_all)]\n").len(), 1);
    }
}
