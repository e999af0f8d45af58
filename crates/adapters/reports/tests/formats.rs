//! What files have in them, of a usual report and of one by hostile hands.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]
#![expect(clippy::print_stdout, reason = "how long a file took is said, not judged")]

use std::{io::Cursor, time::Instant};

use calamine::{Data, Reader, Xlsx};
use lodge_checks::Light;
use lodge_kernel::Timestamp;
use lodge_reports::write;
use lodge_services::{
    Report, ReportFormat,
    reports::{Bar, Bars, Cell, Column, ColumnKind, Content, Section, Step, Table, Timeline},
};
use proptest::prelude::*;

fn column(title: &str, kind: ColumnKind) -> Column {
    Column { title: title.to_owned(), kind }
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn score(hundredths: u32, light: Light) -> Cell {
    Cell::Score { hundredths, light: Some(light) }
}

fn section(title: &str, content: Content) -> Section {
    Section { title: title.to_owned(), text: Vec::new(), content }
}

/// What a team gets.
fn a_report() -> Report {
    let number = |title| column(title, ColumnKind::Number);
    let students = ["Ľubomíra Ďurišová", "Łukasz Żółć", "Ελένη Παπαδοπούλου", "Юлія Ґудзь"];
    let checks = Table {
        columns: vec![
            column("Student", ColumnKind::Text),
            number("Commit messages"),
            number("Reviews given"),
            number("Commits"),
        ],
        rows: vec![
            vec![
                text(students[0]),
                score(9_250, Light::Green),
                score(8_000, Light::Green),
                Cell::Whole(42),
            ],
            vec![text(students[1]), score(6_667, Light::Yellow), Cell::Empty, Cell::Whole(17)],
            vec![
                text(students[2]),
                score(10_000, Light::Green),
                score(1_250, Light::Red),
                Cell::Whole(8),
            ],
            vec![text(students[3]), Cell::Empty, Cell::Empty, Cell::Whole(0)],
        ],
    };
    let bar = |(label, hundredths): (&&str, u32)| Bar { label: (*label).to_owned(), hundredths };
    let bars = students.iter().zip([6_269, 2_537, 1_194, 0]).map(bar).collect();
    let bars = Bars {
        of: "Student".to_owned(),
        measure: "Share of commits, %".to_owned(),
        full: 10_000,
        bars,
    };
    let weeks = ["2026-09-21", "2026-09-28", "2026-10-05", "2026-10-12", "2026-10-19"];
    let step = |(label, count): (&&str, u64)| Step { label: (*label).to_owned(), count };
    let steps = weeks.iter().zip([3, 0, 21, 34, 9]).map(step).collect();
    let timeline = Timeline { of: "Week from".to_owned(), measure: "Commits".to_owned(), steps };
    let flags = Table {
        columns: ["Flag", "Severity", "Why"].map(|it| column(it, ColumnKind::Text)).to_vec(),
        rows: vec![vec![
            text("commit_spam"),
            text("medium"),
            text("11 commits in 9 minutes, of 2 changed lines at the median."),
        ]],
    };
    let mut of_checks = section("Checks", Content::Table(checks));
    of_checks.text.push("A student who did nothing that could be judged has no result.".to_owned());
    Report {
        title: "Team Modrí".to_owned(),
        subtitle: "Software engineering, autumn 2026".to_owned(),
        made_at: Timestamp::parse("2026-11-23T10:00:00Z").unwrap(),
        facts: vec![
            ("Project".to_owned(), "se-2026/modri".to_owned()),
            ("Students".to_owned(), "4".to_owned()),
        ],
        sections: vec![
            of_checks,
            section("Contributions", Content::Bars(bars)),
            section("Weeks", Content::Timeline(timeline)),
            section("Flags", Content::Table(flags)),
            section("Remarks", Content::Nothing),
        ],
    }
}

/// What students call themselves when they want to see what happens.
const HOSTILE: [&str; 9] = [
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "a | b \\| c",
    "one\ntwo\r\n# three",
    "\u{202e}gpj.exe\u{202c}",
    "nul\0 and \u{1b}[31mred",
    "[x](javascript:alert(1)) ![y](https://evil.example/z.png)",
    "https://evil.example/?q www.evil.example eve@evil.example @all #1",
    "\"><img src=x onerror=alert(1)>'",
];

fn a_hostile_report() -> Report {
    let long = "W".repeat(10_000);
    let texts = || HOSTILE.iter().copied().chain([long.as_str()]);
    let rows = texts().map(|it| vec![text(it), text(it)]).collect();
    let columns = texts().take(2).map(|it| column(it, ColumnKind::Text)).collect();
    let bars = texts().map(|it| Bar { label: it.to_owned(), hundredths: u32::MAX }).collect();
    let steps = texts().map(|it| Step { label: it.to_owned(), count: u64::MAX }).collect();
    let (of, measure) = (HOSTILE[1].to_owned(), HOSTILE[0].to_owned());
    Report {
        title: HOSTILE[1].to_owned(),
        subtitle: HOSTILE[0].to_owned(),
        made_at: Timestamp::EPOCH,
        facts: texts().map(|it| (it.to_owned(), it.to_owned())).collect(),
        sections: vec![
            Section {
                title: HOSTILE[8].to_owned(),
                text: texts().map(ToOwned::to_owned).collect(),
                content: Content::Table(Table { columns, rows }),
            },
            section(
                HOSTILE[8],
                Content::Bars(Bars { of: of.clone(), measure: measure.clone(), full: 0, bars }),
            ),
            section(HOSTILE[2], Content::Timeline(Timeline { of, measure, steps })),
            section("", Content::Table(Table { columns: Vec::new(), rows: vec![vec![], vec![]] })),
            section(
                "",
                Content::Timeline(Timeline {
                    of: String::new(),
                    measure: String::new(),
                    steps: Vec::new(),
                }),
            ),
        ],
    }
}

/// Five hundred students with names and 24 results each.
fn a_gradebook() -> Report {
    let columns = (0..25).map(|it| match it {
        0 => column("Student", ColumnKind::Text),
        _ => column(&format!("Criterion {it}"), ColumnKind::Number),
    });
    let row = |student: u32| {
        let cells = (1..25_u32).map(|it| score(student * it * 7 % 10_001, Light::Yellow));
        std::iter::once(Cell::Text(format!("Student {student:03}"))).chain(cells).collect()
    };
    let table = Table { columns: columns.collect(), rows: (0..500).map(row).collect() };
    Report {
        title: "Gradebook".to_owned(),
        subtitle: String::new(),
        made_at: Timestamp::EPOCH,
        facts: Vec::new(),
        sections: vec![section("Gradebook", Content::Table(table))],
    }
}

fn render(report: &Report, format: ReportFormat) -> Vec<u8> {
    let before = Instant::now();
    let file = write(report, format).unwrap();
    println!("{format}: {} bytes in {:?}", file.len(), before.elapsed());
    file
}

fn read(report: &Report, format: ReportFormat) -> String {
    String::from_utf8(render(report, format)).unwrap()
}

#[test]
fn a_report_in_formats_that_are_text() {
    let report = a_report();
    let json: serde_json::Value = serde_json::from_str(&read(&report, ReportFormat::Json)).unwrap();
    insta::assert_json_snapshot!("report.json", json);
    insta::assert_snapshot!("report.csv", read(&report, ReportFormat::Csv));
    insta::assert_snapshot!("report.md", read(&report, ReportFormat::Markdown));
    insta::assert_snapshot!("report.html", read(&report, ReportFormat::Html));
}

#[test]
fn hostile_texts_in_formats_that_are_text() {
    let mut report = a_hostile_report();
    assert!(read(&report, ReportFormat::Html).contains("WWW…"));
    // The long one is long enough without being shown.
    report.facts.pop();
    report.sections.truncate(1);
    report.sections[0].text.clear();
    let Content::Table(table) = &mut report.sections[0].content else { unreachable!() };
    table.rows.pop();
    insta::assert_snapshot!("hostile.csv", read(&report, ReportFormat::Csv));
    insta::assert_snapshot!("hostile.md", read(&report, ReportFormat::Markdown));
    insta::assert_snapshot!("hostile.html", read(&report, ReportFormat::Html));
}

#[test]
fn no_text_is_markup_or_hides() {
    let report = a_hostile_report();
    let html = read(&report, ReportFormat::Html);
    for tag in ["<script", "<img", "onerror=alert(1)>", "<a "] {
        assert!(!html.contains(tag), "{tag}");
    }
    for format in
        [ReportFormat::Json, ReportFormat::Csv, ReportFormat::Html, ReportFormat::Markdown]
    {
        let file = read(&report, format);
        let hidden = |it: char| it.is_control() && !matches!(it, '\n' | '\r');
        assert!(!file.contains(hidden), "{format}");
        assert!(!file.contains(['\u{202e}', '\u{202c}']), "{format}");
        assert!(file.len() < 150_000, "{format}");
    }
}

#[test]
fn the_same_report_is_the_same_file() {
    for report in [a_report(), a_hostile_report(), a_gradebook()] {
        for format in ReportFormat::ALL {
            assert_eq!(render(&report, format), render(&report, format), "{format}");
        }
    }
}

#[test]
fn a_report_of_one_table_is_that_table_in_csv() {
    let file = read(&a_gradebook(), ReportFormat::Csv);
    assert!(file.starts_with("Student,Criterion 1,"));
    assert_eq!(file.matches("\r\n").count(), 501);
    assert!(file.contains("\r\nStudent 002,0.14,0.28,"));
}

#[test]
fn a_workbook_has_numbers_texts_and_no_formulas() {
    let mut book: Xlsx<_> =
        Xlsx::new(Cursor::new(render(&a_report(), ReportFormat::Xlsx))).unwrap();
    assert_eq!(
        book.sheet_names(),
        ["Report", "Checks", "Contributions", "Weeks", "Flags", "Remarks"]
    );
    let checks = book.worksheet_range("Checks").unwrap();
    assert_eq!(checks.get_value((4, 0)), Some(&Data::String("Ľubomíra Ďurišová".to_owned())));
    assert_eq!(checks.get_value((4, 1)), Some(&Data::Float(92.5)));
    assert_eq!(checks.get_value((4, 3)), Some(&Data::Float(42.0)));

    let hostile = render(&a_hostile_report(), ReportFormat::Xlsx);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(hostile)).unwrap();
    for name in book.sheet_names() {
        assert_eq!(book.worksheet_formula(&name).unwrap().used_cells().count(), 0);
    }
    let facts = book.worksheet_range("Report").unwrap();
    assert_eq!(facts.get_value((3, 0)), Some(&Data::String(HOSTILE[0].to_owned())));
}

#[test]
fn a_pdf_has_its_fonts_and_as_many_pages_as_it_takes() {
    for (report, least, most) in
        [(a_report(), 1, 2), (a_hostile_report(), 2, 20), (a_gradebook(), 20, 60)]
    {
        let file = render(&report, ReportFormat::Pdf);
        assert!(file.starts_with(b"%PDF-"));
        let plain = String::from_utf8_lossy(&file);
        let pages = plain.matches("/Type/Page/").count() + plain.matches("/Type /Page\n").count();
        assert!((least..=most).contains(&pages), "{pages} pages");
        assert!(plain.contains("DejaVuSansCondensed"), "no font");
    }
}

/// Texts in which scripts, directions and marks meet.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![".{0,40}", "[a-z\u{300}-\u{36f}\u{5d0}-\u{64a}\u{915}-\u{94d}漢字😀 ]{0,40}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_text_can_be_written(texts in proptest::collection::vec(any_text(), 6)) {
        let [title, name, label, cell, heading, paragraph] = texts.as_slice() else { unreachable!() };
        let mut report = a_report();
        report.title.clone_from(title);
        report.facts.push((name.clone(), cell.clone()));
        report.sections[0].title.clone_from(heading);
        report.sections[0].text.push(paragraph.clone());
        for section in &mut report.sections {
            match &mut section.content {
                Content::Nothing => {}
                Content::Table(it) => it.rows.push(vec![text(name), text(cell)]),
                Content::Bars(it) => it.bars.push(Bar { label: label.clone(), hundredths: 1 }),
                Content::Timeline(it) => it.steps.push(Step { label: label.clone(), count: 1 }),
            }
        }
        for format in ReportFormat::ALL {
            prop_assert!(write(&report, format).is_ok());
        }
        let book = write(&report, ReportFormat::Xlsx).unwrap();
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(book)).unwrap();
        prop_assert_eq!(book.worksheets().len(), 6);
    }
}
