//! A file opens with `//!` and what it is.

use super::{House, Source};

pub(super) fn breaches(house: &House<'_>) -> Vec<String> {
    house.sources.iter().filter(|it| !has_head(it)).map(|it| it.path.clone()).collect()
}

fn has_head(source: &Source) -> bool {
    let first = source.text.lines().next().unwrap_or_default();
    // A crate's README may be its head.
    first.strip_prefix("//! ").is_some_and(|it| !it.trim().is_empty())
        || first.starts_with("#![doc = include_str!(")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(text: &str) -> bool {
        has_head(&Source { path: String::new(), text: text.to_owned() })
    }

    #[test]
    fn a_head_says_something() {
        assert!(with("//! Instants.\n"));
        assert!(with("#![doc = include_str!(\"../README.md\")]\n"));
        assert!(!with("//!\n"));
        assert!(!with("use std::fmt;\n"));
        assert!(!with(""));
    }
}
