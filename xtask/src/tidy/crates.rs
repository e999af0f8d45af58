//! The table of crates in `docs/ARCHITECTURE.md` is what Cargo says.

use super::House;
use crate::codegen::crates::{DOCUMENT, with_table};

pub(super) fn breaches(house: &House<'_>) -> anyhow::Result<Vec<String>> {
    let Some(document) = house.text(DOCUMENT) else {
        return Ok(vec![format!("{DOCUMENT} is missing")]);
    };
    let fresh = with_table(&document, &house.workspace.packages)?;
    let stale = format!("the table in {DOCUMENT} is stale: run `cargo xtask codegen`");
    Ok(if fresh == document { Vec::new() } else { vec![stale] })
}
