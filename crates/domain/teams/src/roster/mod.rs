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
/// After what a spreadsheet may begin a cell: its separator is not always ours,
/// and then a quotation mark does not hold a cell together either.
const SEPARATORS: [char; 4] = [',', ';', '\t', '"'];

/// A cell as it is exported: before what could be a formula, there or in a
/// spreadsheet with another separator, stands an apostrophe, which spreadsheets
/// do not show (<https://owasp.org/www-community/attacks/CSV_Injection>).
pub fn shield(cell: &str) -> String {
    let (mut shielded, mut beginning) = (String::with_capacity(cell.len()), true);
    for letter in cell.chars() {
        if beginning && FORMULA.contains(&letter) {
            shielded.push('\'');
        }
        shielded.push(letter);
        beginning = begins(beginning, letter);
    }
    shielded
}

/// A cell as it was before [`shield`].
fn unshield(cell: &str) -> String {
    let (mut plain, mut beginning) = (String::with_capacity(cell.len()), true);
    let mut letters = cell.chars().peekable();
    while let Some(letter) = letters.next() {
        let may_hide = beginning && letter == '\'';
        let hidden = letters.next_if(|it| may_hide && FORMULA.contains(it));
        let letter = hidden.unwrap_or(letter);
        plain.push(letter);
        beginning = begins(beginning, letter);
    }
    plain
}

/// What follows `letter` may be taken for the beginning of a cell; blanks
/// before it do not change that.
fn begins(before: bool, letter: char) -> bool {
    SEPARATORS.contains(&letter) || (before && letter == ' ')
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
        assert_eq!(shield("Blue;=1+1, -2"), "Blue;'=1+1, '-2");
        assert_eq!(shield("D'Arcy-Bell; 'o"), "D'Arcy-Bell; ''o");
        assert_eq!(shield("Ada"), "Ada");
    }

    proptest! {
        #[test]
        fn a_cell_comes_back_as_it_was_and_no_separator_opens_a_formula(
            cell in "[a'=+@,;\t\" -]{0,12}"
        ) {
            let shielded = shield(&cell);
            for part in shielded.split(SEPARATORS) {
                let part = part.trim_start_matches(' ');
                prop_assert!(!part.starts_with(['=', '+', '-', '@']), "{shielded}");
            }
            prop_assert_eq!(unshield(&shielded), cell);
        }
    }
}
