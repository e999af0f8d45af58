//! Decision records are numbered without gaps, listed, and fit on one page.

use std::{collections::BTreeMap, fs};

use anyhow::Context;

use super::House;

const FOLDER: &str = "docs/decisions";

/// One page, in lines.
const PAGE: usize = 60;

pub(super) fn breaches(house: &House<'_>) -> anyhow::Result<Vec<String>> {
    let readme = house.text(&format!("{FOLDER}/README.md")).unwrap_or_default();
    let list = readme.split_once("## List").map(|it| it.1).unwrap_or_default();
    let folder = house.workspace.root.join(FOLDER);
    let mut records = BTreeMap::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("{FOLDER} cannot be read"))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name != "README.md" {
            records.insert(name, fs::read_to_string(entry.path())?);
        }
    }
    Ok(judge(list, &records))
}

/// `records`: from file name to text, ordered by name.
fn judge(list: &str, records: &BTreeMap<String, String>) -> Vec<String> {
    let mut found = Vec::new();
    for (expected, (name, text)) in (1..).zip(records) {
        if !name.starts_with(&format!("{expected:04}-")) {
            found.push(format!("{name}: the next number is {expected:04}"));
        }
        if !list.contains(&format!("({name})")) {
            found.push(format!("{name} is not listed in {FOLDER}/README.md"));
        }
        for part in ["## Context", "## Decision", "## Consequences"] {
            if !text.contains(part) {
                found.push(format!("{name}: `{part}` is missing"));
            }
        }
        if text.lines().count() > PAGE {
            found.push(format!("{name}: longer than a page of {PAGE} lines"));
        }
    }
    let listed = list.split("](").skip(1).filter_map(|it| it.split(')').next());
    let gone = listed.filter(|it| it.starts_with('0') && !records.contains_key(*it));
    found.extend(gone.map(|it| format!("{FOLDER}/README.md lists {it}, which does not exist")));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# A\n## Context\n## Decision\n## Consequences\n";

    fn records(names: &[&str]) -> BTreeMap<String, String> {
        names.iter().map(|it| ((*it).to_owned(), TEXT.to_owned())).collect()
    }

    #[test]
    fn a_full_list_without_gaps_is_fine() {
        let list = "* [One](0001-one.md)\n* [Two](0002-two.md)\n";
        assert_eq!(judge(list, &records(&["0001-one.md", "0002-two.md"])), Vec::<String>::new());
    }

    #[test]
    fn a_gap_and_a_name_left_out_are_refused() {
        let said = judge("* [One](0001-one.md)\n", &records(&["0001-one.md", "0003-three.md"]));
        assert_eq!(
            said,
            [
                "0003-three.md: the next number is 0002",
                "0003-three.md is not listed in docs/decisions/README.md"
            ]
        );
    }

    #[test]
    fn a_listed_record_must_exist() {
        assert_eq!(judge("* [One](0001-one.md)\n", &records(&[])).len(), 1);
    }

    #[test]
    fn a_record_has_its_three_parts() {
        let mut records = records(&["0001-one.md"]);
        records.insert("0001-one.md".to_owned(), "# A\n## Decision\n".to_owned());
        assert_eq!(judge("(0001-one.md)", &records).len(), 2);
    }
}
