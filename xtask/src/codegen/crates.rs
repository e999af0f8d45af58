//! The table of crates in `docs/ARCHITECTURE.md`, from what Cargo says.

use std::fmt::Write;

use anyhow::bail;

use crate::workspace::Member;

pub(crate) const DOCUMENT: &str = "docs/ARCHITECTURE.md";

const START: &str = "<!-- crates -->";
const END: &str = "<!-- /crates -->";

/// From the inside out, then what stands around the product.
const ORDER: &[&str] = &["domain", "ports", "app", "adapters", "bin", "testing", "tests", "xtask"];

/// `document` with a fresh table between its markers.
///
/// # Errors
///
/// When a marker is missing.
pub(crate) fn with_table(document: &str, packages: &[Member]) -> anyhow::Result<String> {
    let parts = document
        .split_once(START)
        .and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let Some((before, after)) = parts else {
        bail!("{DOCUMENT} needs the markers {START} and {END}");
    };
    Ok(format!("{before}{START}\n{}{END}{after}", table(packages)))
}

fn table(packages: &[Member]) -> String {
    let mut table = String::from("| ring | crate | what it is |\n|---|---|---|\n");
    let mut packages: Vec<&Member> = packages.iter().collect();
    packages.sort_by_key(|it| (ORDER.iter().position(|ring| *ring == it.ring()), &it.folder));
    for package in packages {
        // Writing to a text cannot fail.
        let _ = writeln!(
            table,
            "| {} | [`{}`](../{}) | {} |",
            package.ring(),
            package.name,
            package.folder,
            package.description.replace('|', "\\|")
        );
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(folder: &str, name: &str) -> Member {
        Member {
            name: name.to_owned(),
            folder: folder.to_owned(),
            description: "Ids | instants.".to_owned(),
            arrows: Vec::new(),
        }
    }

    #[test]
    fn the_inner_ring_comes_first_and_the_rest_of_the_page_stays() {
        let packages = [
            package("crates/app/gateway", "lodge-gateway"),
            package("crates/domain/kernel", "lodge-kernel"),
        ];
        let page = "before\n<!-- crates -->\nold\n<!-- /crates -->\nafter\n";
        let expected = "before\n<!-- crates -->\n| ring | crate | what it is |\n|---|---|---|\n\
            | domain | [`lodge-kernel`](../crates/domain/kernel) | Ids \\| instants. |\n\
            | app | [`lodge-gateway`](../crates/app/gateway) | Ids \\| instants. |\n\
            <!-- /crates -->\nafter\n";
        let fresh = with_table(page, &packages).unwrap();
        assert_eq!(fresh, expected);
        assert_eq!(with_table(&fresh, &packages).unwrap(), fresh);
    }

    #[test]
    fn a_page_without_markers_is_not_guessed_at() {
        assert!(with_table("<!-- crates -->", &[]).is_err());
    }
}
