//! The rules of the house that the compiler does not see. One file each.

mod clippy;
mod crates;
mod decisions;
mod heads;
mod invariants;
mod lengths;
mod manifests;
mod sources;
mod spans;

use std::fs;

use anyhow::bail;

use self::sources::Source;
use crate::{
    terminal::{complain, say},
    workspace::Workspace,
};

/// What every rule looks at.
struct House<'a> {
    workspace: &'a Workspace,
    /// Every Rust file, ordered by path.
    sources: Vec<Source>,
}

/// One rule; it gives one line for each place that breaks it.
struct Rule {
    name: &'static str,
    breaches: fn(&House<'_>) -> anyhow::Result<Vec<String>>,
}

#[rustfmt::skip]
const RULES: &[Rule] = &[
    Rule { name: "every file opens with what it is",       breaches: |it| Ok(heads::breaches(it)) },
    Rule { name: "a file is short, or says why not",       breaches: lengths::breaches },
    Rule { name: "spans are named, and skip arguments",    breaches: |it| Ok(spans::breaches(it)) },
    Rule { name: "versions and lints stand in one place",  breaches: manifests::breaches },
    Rule { name: "the domain's clippy.toml repeats ours",  breaches: clippy::breaches },
    Rule { name: "every invariant is kept by something",   breaches: |it| Ok(invariants::breaches(it)) },
    Rule { name: "the table of crates is true",            breaches: crates::breaches },
    Rule { name: "decisions are numbered and listed",      breaches: decisions::breaches },
];

/// Checks every rule.
///
/// # Errors
///
/// When one is broken; each breach is said first.
pub(crate) fn check(workspace: &Workspace) -> anyhow::Result<()> {
    let house = House { workspace, sources: sources::read(&workspace.root)? };
    let mut breaches = 0_usize;
    for rule in RULES {
        for breach in (rule.breaches)(&house)? {
            complain(&format!("{}: {breach}", rule.name));
            breaches += 1;
        }
    }
    if breaches > 0 {
        bail!("the house has {breaches} untidy places");
    }
    say(&format!("{} files, {} rules, all tidy", house.sources.len(), RULES.len()));
    Ok(())
}

impl House<'_> {
    /// The text of a file of the repository; `None` when there is none.
    fn text(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.workspace.root.join(path)).ok()
    }
}
