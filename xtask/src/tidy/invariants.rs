//! `Invariant:` lines of `docs/ARCHITECTURE.md` name what keeps them, and that exists.
//!
//! The form, on one line: ``Invariant: … Kept by `name`, `name`.`` A name is a test's,
//! a step of `cargo xtask ci`, or a file of the repository.

use super::House;
use crate::ci;

const DOCUMENT: &str = "docs/ARCHITECTURE.md";

pub(super) fn breaches(house: &House<'_>) -> Vec<String> {
    let exists = |name: &str| {
        let test = format!("fn {name}(");
        ci::step_names().any(|it| name == it || name == format!("cargo xtask {it}"))
            || house.sources.iter().any(|it| it.text.contains(&test))
            || (name.contains('.') && house.workspace.root.join(name).is_file())
    };
    judge(&house.text(DOCUMENT).unwrap_or_default(), exists)
}

fn judge(document: &str, exists: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in (1..).zip(document.lines()) {
        // A mention of the form itself stands in backticks.
        let Some(invariant) = line.split_once("Invariant:").map(|it| it.1) else {
            continue;
        };
        let keepers = keepers(invariant);
        if keepers.is_empty() {
            found.push(format!("{DOCUMENT}:{number}: it does not say what it is kept by"));
        }
        let missing = keepers.into_iter().filter(|it| !exists(it));
        found.extend(missing.map(|it| format!("{DOCUMENT}:{number}: there is no `{it}`")));
    }
    found
}

/// The names in backticks after `Kept by`.
fn keepers(invariant: &str) -> Vec<&str> {
    let after = invariant.split_once("Kept by").or_else(|| invariant.split_once("kept by"));
    let Some((_, names)) = after else {
        return Vec::new();
    };
    names.split('`').skip(1).step_by(2).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(document: &str) -> Vec<String> {
        judge(document, |it| it == "check-layers")
    }

    #[test]
    fn an_invariant_with_a_keeper_is_fine() {
        assert_eq!(
            said("* **Invariant:** no ring looks outward. *Kept by* `check-layers`."),
            Vec::<String>::new()
        );
        assert_eq!(said("Nothing to see.\n"), Vec::<String>::new());
    }

    #[test]
    fn an_invariant_that_nothing_keeps_is_refused() {
        assert_eq!(
            said("# A\nInvariant: `all` is well."),
            ["docs/ARCHITECTURE.md:2: it does not say what it is kept by"]
        );
    }

    #[test]
    fn a_keeper_that_does_not_exist_is_refused() {
        assert_eq!(
            said("Invariant: all is well. Kept by `check-layers`, `a_wish`."),
            ["docs/ARCHITECTURE.md:1: there is no `a_wish`"]
        );
    }
}
