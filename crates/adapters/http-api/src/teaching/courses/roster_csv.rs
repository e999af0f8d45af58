//! A roster as a file: comma- or semicolon-separated, as spreadsheets write it
//! (<https://www.rfc-editor.org/rfc/rfc4180>).

use csv::{QuoteStyle, ReaderBuilder, StringRecord, Trim, WriterBuilder};
use lodge_courses::{Fault, Faults};
use lodge_teaching::roster::RosterLine;
use lodge_teams::roster::{Cell, Column, MOST_LINES, RawLine, shield};

/// Reads the lines of a file.
///
/// # Errors
///
/// What is wrong with its encoding, its headings, or the cells of a line.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<RawLine>, Vec<Fault>> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = before.split(|it| *it == b'\n').count();
        let mut faults = Faults::default();
        let problem = "this is not UTF-8: save the file as “CSV UTF-8”";
        faults.say(format!("line {line}"), problem);
        faults.none().err().unwrap_or_default()
    })?;
    // Spreadsheets say with this mark that it is UTF-8.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut records = reader.records();
    let mut faults = Faults::default();
    let first = records.next().and_then(Result::ok).unwrap_or_default();
    let columns = headings(&first, &mut faults);
    let mut lines = Vec::new();
    let mut places = Places { text, at: 0, line: 1 };
    for record in records {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                faults.say("file", error.to_string());
                break;
            }
        };
        let line = places.line(record.position());
        if record.iter().all(str::is_empty) {
            continue;
        }
        if lines.len() == MOST_LINES {
            faults.say(format!("line {line}"), "a roster has at most 10,000 students");
            break;
        }
        if record.len() != first.len() {
            let (has, wanted) = (record.len(), first.len());
            let problem = format!("this line has {has} cells, and the first line has {wanted}");
            faults.say(format!("line {line}"), problem);
            continue;
        }
        let cells = columns.iter().zip(&record).zip(1..);
        let cells = cells.filter_map(|((column, text), place)| {
            Some(Cell { column: (*column)?, place, text: text.to_owned() })
        });
        lines.push(RawLine { line, cells: cells.collect() });
    }
    faults.none().map(|()| lines)
}

/// Counts lines. The reader's own count is one behind where lines end with
/// CR LF: it takes a record to begin between the two.
struct Places<'a> {
    text: &'a str,
    /// Up to where was counted, in bytes.
    at: usize,
    line: u64,
}

impl Places<'_> {
    /// The line in which a record begins; records come in their order.
    fn line(&mut self, position: Option<&csv::Position>) -> u64 {
        let start = position.map(csv::Position::byte).and_then(|it| usize::try_from(it).ok());
        let start = start.unwrap_or(self.at);
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let blank = rest.iter().take_while(|it| matches!(**it, b'\r' | b'\n')).count();
        let skipped = self.text.as_bytes().get(self.at..start + blank).unwrap_or_default();
        let ends = skipped.split(|it| *it == b'\n').count() - 1;
        self.line += u64::try_from(ends).unwrap_or_default();
        self.at = start + blank;
        self.line
    }
}

/// What the first line separates its headings with.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |mark: char| first.chars().filter(|it| *it == mark).count();
    if count(';') > count(',') { b';' } else { b',' }
}

fn headings(first: &StringRecord, faults: &mut Faults) -> Vec<Option<Column>> {
    let mut columns: Vec<Option<Column>> = Vec::new();
    for (heading, place) in first.iter().zip(1..) {
        let column = Column::parse(heading);
        let shown: String = heading.chars().take(64).collect();
        if column.is_none() {
            let known = Column::ALL.map(Column::name).join(", ");
            let problem = format!("`{shown}` is no column of a roster: the columns are {known}");
            faults.say(format!("line 1, column {place}"), problem);
        } else if columns.contains(&column) {
            faults.say(format!("line 1, column {place}"), format!("`{shown}` is there twice"));
        }
        columns.push(column);
    }
    let has = |column| columns.contains(&Some(column));
    if !has(Column::Name) || !(has(Column::StudentNumber) || has(Column::Email)) {
        let problem = "the first line names the columns: `name`, and `student_number` or `email`";
        faults.say("line 1", problem);
    }
    columns
}

/// Writes a file that [`read`] takes. No cell is a formula.
pub(super) fn write(lines: &[RosterLine]) -> Result<Vec<u8>, csv::Error> {
    let mut writer =
        WriterBuilder::new().quote_style(QuoteStyle::Necessary).from_writer(Vec::new());
    writer.write_record(Column::ALL.map(Column::name))?;
    for line in lines {
        let student = &line.student;
        let cells = Column::ALL.map(|column| match column {
            Column::StudentNumber => shield(student.number.as_deref().unwrap_or_default()),
            Column::Name => shield(&student.name),
            Column::Email => shield(student.email.as_deref().unwrap_or_default()),
            Column::Team => shield(line.team.as_deref().unwrap_or_default()),
            Column::Usernames => shield(&line.usernames.join(" ")),
        });
        writer.write_record(cells)?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

#[cfg(test)]
mod tests {
    use lodge_teams::Roster;
    use lodge_testkit::builders::a_student;

    use super::*;

    fn faults(text: &str) -> Vec<String> {
        let read = read(text.as_bytes()).and_then(|lines| Roster::checked(&lines));
        read.unwrap_err().into_iter().map(|it| it.field).collect()
    }

    #[test]
    fn commas_and_semicolons_marks_and_both_ends_of_lines_are_read() {
        for text in [
            "student_number,name,email\n1,Ada,ada@example.org\n",
            "\u{feff}student_number;name;email\r\n1;Ada;ada@example.org\r\n\r\n",
            "Email;Student Number;NAME\r\nada@example.org;1;\"Ada\"",
        ] {
            let lines = read(text.as_bytes()).unwrap();
            let roster = Roster::checked(&lines).unwrap();
            let line = &roster.lines()[0];
            assert_eq!((line.number.as_deref(), &*line.name, line.line), (Some("1"), "Ada", 2));
        }
    }

    #[test]
    fn a_broken_line_is_named_by_its_number() {
        let good = |n| format!("{n},Student {n},s{n}@example.org\n");
        let head = "student_number,name,email\n";
        let mut file: Vec<_> = (2..30).map(good).collect();
        file[15] = "17,Bob\n".to_owned();
        assert_eq!(faults(&(head.to_owned() + &file.concat())), ["line 17"]);
        file[15] = "17,Bob,bob(at)example.org\n".to_owned();
        assert_eq!(faults(&(head.to_owned() + &file.concat())), ["line 17, column 3 (email)"]);
        let windows = head.to_owned() + &file.concat();
        assert_eq!(faults(&windows.replace('\n', "\r\n")), ["line 17, column 3 (email)"]);
        let latin = [head.as_bytes(), b"1,Jos\xe9,j@example.org\n"].concat();
        assert_eq!(read(&latin).unwrap_err()[0].field, "line 2");
    }

    #[test]
    fn headings_that_are_none_are_named() {
        assert_eq!(faults("number,colour\n1,red\n")[0], "line 1, column 1");
        assert_eq!(faults(""), ["line 1"]);
        assert_eq!(faults("name,name,email\n"), ["line 1, column 2"]);
    }

    #[test]
    fn what_is_written_is_read_again_and_is_no_formula() {
        let mut student = a_student(1);
        student.name = "=HYPERLINK(\"http://evil.example\"),x".to_owned();
        let usernames = vec!["-ada".to_owned(), "lovelace".to_owned()];
        let team = Some("+Blue; \"team\"".to_owned());
        let line = RosterLine { student: student.clone(), team: team.clone(), usernames };
        let file = write(&[line]).unwrap();
        assert!(!String::from_utf8(file.clone()).unwrap().contains(",="));
        let roster = Roster::checked(&read(&file).unwrap()).unwrap();
        let again = &roster.lines()[0];
        assert_eq!((&again.name, &again.team), (&student.name, &team));
        assert_eq!(again.usernames, ["-ada", "lovelace"]);
    }
}
