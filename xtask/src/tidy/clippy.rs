//! Clippy reads the nearest `clippy.toml` and merges nothing, so the domain's
//! file must repeat what the root's says.

use anyhow::Context;
use toml::Table;

use super::House;

const ROOT: &str = "clippy.toml";
const DOMAIN: &str = "crates/domain/clippy.toml";

pub(super) fn breaches(house: &House<'_>) -> anyhow::Result<Vec<String>> {
    let read = |path: &str| -> anyhow::Result<Table> {
        let text = house.text(path).with_context(|| format!("{path} is missing"))?;
        toml::from_str(&text).with_context(|| format!("{path} cannot be read"))
    };
    Ok(judge(&read(ROOT)?, &read(DOMAIN)?))
}

fn judge(root: &Table, domain: &Table) -> Vec<String> {
    root.iter()
        .filter(|(name, value)| domain.get(*name) != Some(*value))
        .map(|(name, value)| format!("{DOMAIN} must repeat `{name} = {value}`"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_that_is_not_repeated_is_refused() {
        let root =
            toml::from_str("allow-unwrap-in-tests = true\ndoc-valid-idents = ['Git']").unwrap();
        let domain = toml::from_str("doc-valid-idents = ['Git']\ndisallowed-methods = []").unwrap();
        assert_eq!(
            judge(&root, &domain),
            ["crates/domain/clippy.toml must repeat `allow-unwrap-in-tests = true`"]
        );
        assert_eq!(judge(&domain, &domain), Vec::<String>::new());
    }
}
