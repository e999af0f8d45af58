//! The roster: a list of students, and what it changes.
//!
//! Adapters turn a file into [`RawLine`]s; [`Roster::checked`] says of every
//! line what is wrong with it, and [`plan`] works out what would change.
//! Nothing changes when any line is wrong.

mod check;
mod plan;

pub use check::{Cell, Column, Line, RawLine, Roster};
pub use plan::{Known, Plan, Present, Row, Summary, TeamChoice, plan};

/// The most lines of a roster.
pub const MOST_LINES: usize = 10_000;
/// The largest roster, in bytes.
pub const MOST_BYTES: usize = 5 << 20;

/// What a spreadsheet takes for the beginning of a formula, and what hides it.
const FORMULA: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\''];

/// A cell as it is exported: what could be a formula begins with an
/// apostrophe, which spreadsheets do not show
/// (<https://owasp.org/www-community/attacks/CSV_Injection>).
pub fn shield(cell: &str) -> String {
    if cell.starts_with(FORMULA) { format!("'{cell}") } else { cell.to_owned() }
}

/// A cell as it was before [`shield`].
pub fn unshield(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(FORMULA)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_could_be_a_formula_is_hidden() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert!(shield(formula).starts_with('\''), "{formula}");
        }
        assert_eq!(shield("Ada"), "Ada");
    }

    proptest! {
        #[test]
        fn a_cell_comes_back_as_it_was(cell in "['=+@-]{0,3}[a-z' ]{0,8}") {
            let shielded = shield(&cell);
            prop_assert_eq!(unshield(&shielded), cell);
        }
    }
}
