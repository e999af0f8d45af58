//! Lines of a roster, and what is wrong with them.

use std::collections::{BTreeMap, BTreeSet};

use lodge_access::parse_email;
use lodge_courses::{Fault, Faults, course::parse_name};

use super::unshield;
use crate::student::{MOST_IDENTITIES, parse_word};

/// A column of a roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// The number that the school gave.
    StudentNumber,
    /// The name.
    Name,
    /// The address.
    Email,
    /// The name of the team.
    Team,
    /// The names at hosts, separated by blanks.
    Usernames,
}

impl Column {
    /// Every column, in the order of an export.
    pub const ALL: [Self; 5] =
        [Self::StudentNumber, Self::Name, Self::Email, Self::Team, Self::Usernames];

    /// What stands in the first line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::StudentNumber => "student_number",
            Self::Name => "name",
            Self::Email => "email",
            Self::Team => "team",
            Self::Usernames => "usernames",
        }
    }

    /// The column of that heading, in whatever case and with blanks for `_`.
    pub fn parse(heading: &str) -> Option<Self> {
        let heading = heading.trim().to_lowercase().replace([' ', '-'], "_");
        Self::ALL.into_iter().find(|it| it.name() == heading)
    }
}

/// A cell of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Its column.
    pub column: Column,
    /// Which column of the file it is; the first is 1.
    pub place: usize,
    /// What stands in it.
    pub text: String,
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawLine {
    /// Which line of the file it is; the first, with the headings, is 1.
    pub line: u64,
    /// Its cells.
    pub cells: Vec<Cell>,
}

/// A line that can be used. What the file does not say is `None`, and stays as
/// it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which line of the file it is.
    pub line: u64,
    /// The number.
    pub number: Option<String>,
    /// The name.
    pub name: String,
    /// The address.
    pub email: Option<String>,
    /// The team.
    pub team: Option<String>,
    /// The names at hosts.
    pub usernames: Vec<String>,
}

/// A roster that can be used: each student is in it once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster(Vec<Line>);

impl Roster {
    /// Its lines, in the order of the file.
    pub fn lines(&self) -> &[Line] {
        &self.0
    }

    /// Checks every line.
    ///
    /// # Errors
    ///
    /// What is wrong with each, by line and column.
    pub fn checked(lines: &[RawLine]) -> Result<Self, Vec<Fault>> {
        let mut faults = Faults::default();
        let mut seen: BTreeMap<(Column, String), u64> = BTreeMap::new();
        let mut good = Vec::new();
        for raw in lines {
            let line = read(raw, &mut faults);
            let keys = [(Column::StudentNumber, &line.number), (Column::Email, &line.email)];
            let keys = keys.into_iter().filter_map(|(column, it)| Some((column, it.clone()?)));
            let names = line.usernames.iter().map(|it| (Column::Usernames, it.to_lowercase()));
            for (column, text) in keys.chain(names) {
                let known = *seen.entry((column, text)).or_insert(raw.line);
                if known != raw.line {
                    let problem = format!("this is already in line {known}");
                    faults.say(raw.place(column), problem);
                }
            }
            good.push(line);
        }
        faults.none().map(|()| Self(good))
    }
}

impl RawLine {
    /// Where a cell stands, for people.
    fn place(&self, column: Column) -> String {
        let cell = self.cells.iter().find(|it| it.column == column);
        let place = cell.map(|it| format!(", column {}", it.place)).unwrap_or_default();
        format!("line {}{place} ({})", self.line, column.name())
    }

    /// What stands in a cell that is not empty.
    fn text(&self, column: Column) -> Option<String> {
        let cell = self.cells.iter().find(|it| it.column == column)?;
        Some(unshield(cell.text.trim())).filter(|it| !it.is_empty())
    }
}

fn read(raw: &RawLine, faults: &mut Faults) -> Line {
    let mut take = |column, parse: fn(&str) -> Result<String, &'static str>| {
        let parsed = parse(&raw.text(column)?);
        faults.take(&raw.place(column), parsed)
    };
    let number = take(Column::StudentNumber, parse_word);
    let name = take(Column::Name, parse_name);
    let email = take(Column::Email, |text| {
        parse_email(text).map_err(|_not_an_address| "an e-mail address is like ada@example.org")
    });
    let team = take(Column::Team, parse_name);
    let (mut usernames, mut keys) = (Vec::new(), BTreeSet::new());
    let words = raw.text(Column::Usernames).unwrap_or_default();
    for word in words.split_whitespace() {
        let word = parse_word(word.trim_start_matches('@'));
        let word = faults.take(&raw.place(Column::Usernames), word);
        // One name in two cases is one name.
        usernames.extend(word.filter(|it| keys.insert(it.to_lowercase())));
    }
    if usernames.len() > MOST_IDENTITIES {
        let problem = format!("a student has at most {MOST_IDENTITIES} usernames");
        faults.say(raw.place(Column::Usernames), problem);
    }
    if raw.text(Column::Name).is_none() {
        faults.say(raw.place(Column::Name), "a student has a name");
    }
    if raw.text(Column::StudentNumber).is_none() && raw.text(Column::Email).is_none() {
        let problem = "a student has a number or an address, by which they are found again";
        faults.say(raw.place(Column::StudentNumber), problem);
    }
    Line { line: raw.line, number, name: name.unwrap_or_default(), email, team, usernames }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(line: u64, cells: [&str; 5]) -> RawLine {
        let cells = Column::ALL.into_iter().zip(1..).zip(cells);
        let cells = cells.map(|((column, place), text)| Cell { column, place, text: text.into() });
        RawLine { line, cells: cells.collect() }
    }

    #[test]
    fn a_heading_is_known_however_it_is_written() {
        for heading in ["student_number", "Student Number", " STUDENT-NUMBER "] {
            assert_eq!(Column::parse(heading), Some(Column::StudentNumber), "{heading}");
        }
        assert_eq!(Column::parse("colour"), None);
    }

    #[test]
    fn a_name_that_is_there_twice_in_a_line_is_taken_once_in_whatever_case() {
        let lines = [raw(2, ["1", "Ada", "", "", "ada bob ADA Bob @ada"])];
        assert_eq!(Roster::checked(&lines).unwrap().lines()[0].usernames, ["ada", "bob"]);
    }

    #[test]
    fn every_bad_cell_is_named_by_line_and_column() {
        let lines = [
            raw(2, ["1", "Ada", "ada@example.org", "Blue", "ada lovelace"]),
            raw(17, ["2", "Bob", "not an address", "Blue", ""]),
            raw(18, ["1", "", "", "", "ADA"]),
            raw(19, ["", "Eve", "", "", ""]),
        ];
        let faults = Roster::checked(&lines).unwrap_err();
        let places: Vec<_> = faults.iter().map(|it| it.field.as_str()).collect();
        assert_eq!(
            places,
            [
                "line 17, column 3 (email)",
                "line 18, column 2 (name)",
                "line 18, column 1 (student_number)",
                "line 18, column 5 (usernames)",
                "line 19, column 1 (student_number)",
            ]
        );
        assert_eq!(faults[2].problem, "this is already in line 2");
    }
}
