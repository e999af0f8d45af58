//! What people wrote.

use std::collections::BTreeSet;

/// What says no more than that something is fine. In small letters, without
/// what is no letter.
const PHRASES: &[&str] = &[
    "lgtm",
    "looksgood",
    "looksgoodtome",
    "looksgreat",
    "lookscool",
    "ok",
    "okay",
    "okej",
    "good",
    "goodjob",
    "goodwork",
    "great",
    "greatjob",
    "greatwork",
    "nice",
    "nicework",
    "nicejob",
    "fine",
    "approved",
    "approve",
    "iapprove",
    "shipit",
    "merge",
    "merged",
    "mergeit",
    "done",
    "thanks",
    "thankyou",
    "thx",
    "yes",
    "yep",
    "perfect",
    "awesome",
    "cool",
    "welldone",
    "super",
    "dobre",
    "vyborne",
    "allgood",
    "noissues",
    "nocomments",
    "noremarks",
];

/// A remark says something: it has at least so many characters, and is not
/// only approval or emoji.
pub(crate) fn is_substantive(body: &str, characters: usize) -> bool {
    body.trim().chars().count() >= characters && !is_approval_only(body)
}

/// A remark says no more than that something is fine, or nothing at all.
pub(crate) fn is_approval_only(body: &str) -> bool {
    let lower = without_shortcodes(&body.to_lowercase());
    let sentence = |it: &str| -> String { it.chars().filter(|it| it.is_alphanumeric()).collect() };
    let mut sentences = lower.split(['.', '!', '?', ',', ';', '\n']).map(sentence);
    sentences.all(|it| it.is_empty() || PHRASES.contains(&it.as_str()))
}

/// Without `:+1:` and the like.
fn without_shortcodes(text: &str) -> String {
    let is_name = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '+' | '-');
    let (mut left, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once(':') {
        left.push_str(before);
        rest = match after.split_once(':') {
            Some((name, behind)) if !name.is_empty() && name.chars().all(is_name) => behind,
            _ => {
                left.push(':');
                after
            }
        };
    }
    left + rest
}

/// The numbers of issues that a text mentions: `#17`, `…/issues/17`.
pub(crate) fn mentioned(text: &str) -> BTreeSet<u64> {
    let number = |rest: &str| -> Option<u64> {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        rest.get(..digits)?.parse().ok()
    };
    let mut found = BTreeSet::new();
    for mark in ["#", "/issues/"] {
        for (at, _) in text.match_indices(mark) {
            let before = text.get(..at).and_then(|it| it.chars().next_back());
            // `group/project#17` is of another project, and `&#17;` a character.
            let is_other = mark == "#"
                && before.is_some_and(|it| it.is_alphanumeric() || matches!(it, '&' | '/' | '_'));
            if !is_other {
                found.extend(text.get(at + mark.len()..).and_then(number));
            }
        }
    }
    found
}

/// The number of the issue that a branch is named after: `17-add-search`,
/// `issue-17-add-search`, `feature/17-add-search`.
pub(crate) fn issue_of_branch(branch: &str) -> Option<u64> {
    let name = branch.rsplit('/').next()?;
    let name = name.strip_prefix("issue").map_or(name, |it| it.trim_start_matches(['-', '_']));
    let digits = name.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = name.split_at_checked(digits)?;
    (rest.is_empty() || rest.starts_with(['-', '_'])).then(|| number.parse().ok())?
}

/// What is left of a description without what a template puts there: comments,
/// headings, rules, boxes that nobody ticked, and lines that have a label only.
pub(crate) fn without_template(description: &str) -> String {
    let mut text = String::new();
    let mut rest = description;
    while let Some((before, after)) = rest.split_once("<!--") {
        text.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, behind)| behind);
    }
    text.push_str(rest);
    let is_written = |line: &&str| {
        let is_rule = line.chars().all(|it| matches!(it, '-' | '*' | '_' | '='));
        let is_label = line.ends_with(':') && line.chars().count() <= 40;
        let is_box = ["- [ ]", "* [ ]", "+ [ ]"].iter().any(|it| line.starts_with(it));
        !(is_rule || is_label || is_box || line.starts_with('#') && !is_reference(line))
    };
    text.lines().map(str::trim).filter(is_written).collect::<Vec<_>>().join("\n")
}

/// A line that begins with `#17` is no heading.
fn is_reference(line: &str) -> bool {
    line.strip_prefix('#').is_some_and(|it| it.starts_with(|it: char| it.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn approval_alone_says_nothing() {
        for said in
            ["LGTM", "lgtm!!! 👍👍", "Looks good to me.", ":+1: :rocket:", "👍", " ", "Ok. Thanks!"]
        {
            assert!(is_approval_only(said), "{said}");
            assert!(!is_substantive(said, 1), "{said}");
        }
        for said in
            ["LGTM, but the name of the test is misleading", "Why not a map?", "10:30: tested"]
        {
            assert!(!is_approval_only(said), "{said}");
        }
        assert!(is_substantive("Why not a map here?", 15));
        assert!(!is_substantive("Why not a map?", 15));
    }

    #[test]
    fn issues_are_found_where_people_write_them() {
        let text =
            "Closes #12, #7.\nSee https://git.example/g/p/-/issues/9 and other/p#3, &#8;, a#b";
        assert_eq!(mentioned(text), BTreeSet::from([7, 9, 12]));
        for (branch, issue) in [
            ("17-add-search", Some(17)),
            ("issue-17-add", Some(17)),
            ("issue17", Some(17)),
            ("feature/17-add", Some(17)),
            ("17", Some(17)),
            ("17add", None),
            ("main", None),
            ("", None),
        ] {
            assert_eq!(issue_of_branch(branch), issue, "{branch}");
        }
    }

    #[test]
    fn what_a_template_says_nobody_wrote() {
        let text = "## What\n<!-- Say what\nand why -->\nAdds a search.\n- [ ] Tests\n- [x] Docs\n---\nWhy:\n#17";
        assert_eq!(without_template(text), "Adds a search.\n- [x] Docs\n#17");
        assert_eq!(without_template("before <!-- never ends"), "before");
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read(text in any::<String>()) {
            let _ = (mentioned(&text), issue_of_branch(&text), is_approval_only(&text));
            prop_assert!(without_template(&text).len() <= text.len());
        }
    }
}
