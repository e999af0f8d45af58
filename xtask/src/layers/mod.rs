//! Arrows between crates: a ring uses the rings inside it, never a sibling.

mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use anyhow::bail;

use self::table::{EXCEPTIONS, Exception, RINGS, Ring, TESTING};
use crate::{
    terminal::{complain, say},
    workspace::{Arrow, Member, Workspace},
};

/// Checks every arrow of the workspace.
///
/// # Errors
///
/// When one of them is not in the table; each is said first.
pub(crate) fn check(workspace: &Workspace) -> anyhow::Result<()> {
    let violations = violations(&workspace.packages);
    for violation in &violations {
        complain(violation);
    }
    if !violations.is_empty() {
        bail!("{} arrows are not allowed by xtask/src/layers/table.rs", violations.len());
    }
    let arrows: usize = workspace.packages.iter().map(|it| it.arrows.len()).sum();
    say(&format!(
        "{} crates, {arrows} arrows, all allowed; by exception:",
        workspace.packages.len()
    ));
    for Exception { from, to, reason } in EXCEPTIONS {
        say(&format!("  {from} → {to}: {reason}"));
    }
    Ok(())
}

/// Every broken rule, one line each.
fn violations(packages: &[Member]) -> Vec<String> {
    let rings: BTreeMap<&str, &str> =
        packages.iter().map(|it| (it.name.as_str(), it.ring())).collect();
    packages.iter().flat_map(|it| violations_of(it, &rings)).collect()
}

fn violations_of(package: &Member, rings: &BTreeMap<&str, &str>) -> Vec<String> {
    let Some(ring) = RINGS.iter().find(|it| it.folder == package.ring()) else {
        return vec![format!("{}: {} is no ring", package.name, package.folder)];
    };
    let mut found = Vec::new();
    let named_after_room = format!("lodge-{}", package.room());
    if package.folder.starts_with("crates/") && package.name != named_after_room {
        found.push(format!(
            "{}: a package is named after its folder: {named_after_room}",
            package.name
        ));
    }
    for arrow in &package.arrows {
        if let Some(reason) = refusal(package, ring, arrow, rings.get(arrow.to.as_str()).copied()) {
            found.push(format!("{} ({}) → {}: {reason}", package.name, ring.folder, arrow.to));
        }
    }
    found
}

/// Why `arrow` may not be, if it may not. `to_ring` is `None` for outside crates.
fn refusal(
    from: &Member,
    ring: &Ring,
    arrow: &Arrow,
    to_ring: Option<&str>,
) -> Option<&'static str> {
    let Some(to_ring) = to_ring else {
        return refusal_of_outside(ring, arrow);
    };
    if EXCEPTIONS.iter().any(|it| it.allows(&from.name, &arrow.to, to_ring)) {
        return None;
    }
    if to_ring == TESTING && arrow.dev && !ring.inner.is_empty() {
        return None;
    }
    if to_ring == TESTING {
        return Some("test support is a dev-dependency of product crates only");
    }
    if ring.inner.contains(&to_ring) {
        return None;
    }
    Some("a ring uses only the rings inside it")
}

fn refusal_of_outside(ring: &Ring, arrow: &Arrow) -> Option<&'static str> {
    if arrow.ours {
        return Some("it lies outside the workspace");
    }
    let allowed = ring.outside.is_none_or(|it| it.contains(&arrow.to.as_str()));
    (!allowed && !arrow.dev)
        .then_some("this ring's outside crates are listed, and it is not among them")
}

impl Exception {
    fn allows(&self, from: &str, to: &str, to_ring: &str) -> bool {
        let fits_from = match self.from.strip_suffix('*') {
            Some(start) => from.starts_with(start),
            None => from == self.from,
        };
        let fits_to = match self.to.strip_suffix("/*") {
            Some(ring) => to_ring == ring,
            None => to == self.to,
        };
        fits_from && fits_to && from != to
    }
}
