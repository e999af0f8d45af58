//! Every crate inherits the lints, and takes versions from the root manifest.

use anyhow::Context;
use toml::{Table, Value};

use super::House;

/// What every package takes from `[workspace.package]`.
const INHERITED: &[&str] = &["version", "edition", "rust-version", "license", "publish"];

pub(super) fn breaches(house: &House<'_>) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    for package in &house.workspace.packages {
        let path = format!("{}/Cargo.toml", package.folder);
        let text = house.text(&path).unwrap_or_default();
        let manifest: Table =
            toml::from_str(&text).with_context(|| format!("{path} cannot be read"))?;
        found.extend(judge(&manifest).into_iter().map(|it| format!("{path}: {it}")));
    }
    Ok(found)
}

fn judge(manifest: &Table) -> Vec<String> {
    let mut found = Vec::new();
    if !manifest.get("lints").is_some_and(is_inherited) {
        found.push("[lints] workspace = true is missing".to_owned());
    }
    let package = manifest.get("package").and_then(Value::as_table);
    for field in INHERITED {
        if !package.and_then(|it| it.get(*field)).is_some_and(is_inherited) {
            found.push(format!("{field}.workspace = true is missing"));
        }
    }
    if package.and_then(|it| it.get("description")).is_none() {
        found.push("a description is missing".to_owned());
    }
    let targets = manifest.get("target").and_then(Value::as_table);
    let tables = targets.into_iter().flat_map(Table::values).filter_map(Value::as_table);
    for table in std::iter::once(manifest).chain(tables) {
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let dependencies = table.get(kind).and_then(Value::as_table);
            let strays = dependencies.into_iter().flatten().filter(|(_, it)| !is_inherited(it));
            found.extend(strays.map(|(name, _)| format!("{name} is not taken from the workspace")));
        }
    }
    found
}

fn is_inherited(value: &Value) -> bool {
    value.get("workspace").and_then(Value::as_bool) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "
        [package]
        name = 'lodge-kernel'
        description = 'Typed ids.'
        version.workspace = true
        edition.workspace = true
        rust-version.workspace = true
        license.workspace = true
        publish.workspace = true
        [lints]
        workspace = true
        [dependencies]
        uuid.workspace = true
        mockall = { workspace = true, optional = true }
    ";

    fn said(text: &str) -> Vec<String> {
        judge(&toml::from_str(text).unwrap())
    }

    #[test]
    fn a_manifest_that_inherits_is_fine() {
        assert_eq!(said(GOOD), Vec::<String>::new());
    }

    #[test]
    fn a_version_of_its_own_is_refused() {
        let own = format!(
            "{GOOD}\n[dev-dependencies]\nproptest = '1'\n[target.'cfg(unix)'.dependencies]\nlibc = '0.2'\n"
        );
        assert_eq!(
            said(&own),
            ["proptest is not taken from the workspace", "libc is not taken from the workspace"]
        );
    }

    #[test]
    fn lints_of_its_own_are_refused() {
        let own = GOOD.replace(
            "[lints]\n        workspace = true",
            "[lints.rust]\n        missing_docs = 'allow'",
        );
        assert_eq!(said(&own), ["[lints] workspace = true is missing"]);
    }

    #[test]
    fn every_field_is_inherited() {
        assert_eq!(said("[package]\nname = 'x'\n").len(), 1 + INHERITED.len() + 1);
    }
}
