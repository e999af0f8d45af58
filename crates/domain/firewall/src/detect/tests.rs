//! What is found and what is not, one file a topic.
//!
//! In a row, `⟦…⟧` holds what must be masked, and nothing else may be.

mod armour;
mod assignments;
mod harmless;
mod hunks;
mod properties;
mod shapes;

use crate::{Tally, testing::firewall};

/// `text` without the signs around its secrets, and the kinds of its masks
/// where the secrets were.
fn read(row: &str, kind: &str) -> (String, String) {
    let plain = row.replace(['⟦', '⟧'], "");
    let mut expected = String::new();
    let mut rest = row;
    while let Some((before, tail)) = rest.split_once('⟦') {
        let (_, behind) = tail.split_once('⟧').unwrap();
        expected.push_str(before);
        expected.extend(["‹masked:", kind, ":…›"]);
        rest = behind;
    }
    expected.push_str(rest);
    (plain, expected)
}

/// `text` reviewed, with `…` in the place of every pseudonym.
fn reviewed(text: &str) -> String {
    let masked = firewall().review_text(text.to_owned(), &mut Tally::default());
    let mut parts = masked.split("‹masked:");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let (kind, tail) = part.split_once(':').unwrap();
        let (hex, tail) = tail.split_at(12);
        assert!(hex.bytes().all(|byte| byte.is_ascii_hexdigit()), "{masked}");
        out.extend(["‹masked:", kind, ":…", tail]);
    }
    out
}

/// Every row is masked where it says, with masks of this kind.
fn all_masked(kind: &str, rows: &[&str]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let (plain, expected) = read(row, kind);
            let out = reviewed(&plain);
            (out != expected).then(|| format!("\n  wanted {expected:?}\n  got    {out:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} rows are wrong:{}", wrong.len(), wrong.concat());
}
