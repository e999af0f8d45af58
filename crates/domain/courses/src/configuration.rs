//! A course's choices as a file: without anybody in it.

use crate::{Details, Document, Fault, Faults, Fields, Semester, Settings};

/// What the file says that it is.
const FORMAT: &str = "gitlodge.course";
/// The version that is written, and the only one so far.
const VERSION: u32 = 1;

/// Writes the choices of a course.
pub fn write(details: &Details, settings: &Settings) -> Document {
    let Details { code, name, academic_year, semester, time_zone, auto_sync } = details;
    let course = Document::object([
        ("code", code.as_str().into()),
        ("name", name.as_str().into()),
        ("academic_year", academic_year.as_str().into()),
        ("semester", semester.name().into()),
        ("time_zone", time_zone.as_str().into()),
        ("auto_sync", (*auto_sync).into()),
    ]);
    Document::object([
        ("format", FORMAT.into()),
        ("version", VERSION.into()),
        ("course", course),
        ("settings", settings.write()),
    ])
}

/// Reads what [`write()`] wrote.
///
/// # Errors
///
/// Every field that cannot be used, with its place.
pub fn read(document: &Document) -> Result<(Details, Settings), Vec<Fault>> {
    let mut faults = Faults::default();
    let mut fields = Fields::of(document, "", &mut faults);
    if fields.needed("format", 64, &mut faults) != FORMAT {
        faults.say("format", format!("this is {FORMAT}"));
    }
    if fields.whole("version", 1..=u32::MAX, VERSION, &mut faults) != VERSION {
        faults.say("version", format!("this installation reads version {VERSION}"));
    }
    let empty = Document::Object(Vec::new());
    let course = fields.get("course").unwrap_or(&empty);
    let details = details(Fields::of(course, "course", &mut faults), &mut faults);
    let settings = fields.get("settings").unwrap_or(&empty);
    let settings = Settings::read(settings, "settings");
    fields.end(&mut faults);
    let mut all = faults.none().err().unwrap_or_default();
    let settings = settings.map_err(|faults| all.extend(faults)).ok();
    let details = details.checked().map_err(|faults| {
        let known: Vec<_> = all.iter().map(|it| it.field.clone()).collect();
        let faults =
            faults.into_iter().map(|it| Fault { field: format!("course.{}", it.field), ..it });
        all.extend(faults.filter(|it| !known.contains(&it.field)));
    });
    match (details, settings) {
        (Ok(details), Some(settings)) if all.is_empty() => Ok((details, settings)),
        _ => Err(all),
    }
}

fn details(mut it: Fields<'_>, faults: &mut Faults) -> Details {
    let details = Details {
        code: it.needed("code", 64, faults),
        name: it.needed("name", 256, faults),
        academic_year: it.needed("academic_year", 16, faults),
        semester: it
            .word("semester", "`winter` and `summer`", Semester::parse, faults)
            .unwrap_or(Semester::Winter),
        time_zone: it.text("time_zone", 64, faults).unwrap_or_else(|| "UTC".to_owned()),
        auto_sync: it.flag("auto_sync", false, faults),
    };
    it.end(faults);
    details
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_course_survives_its_file_and_a_file_of_something_else_is_refused() {
        let details = Details {
            code: "PV-2026".to_owned(),
            name: "Programming".to_owned(),
            academic_year: "2026/2027".to_owned(),
            semester: Semester::Summer,
            time_zone: "Europe/Bratislava".to_owned(),
            auto_sync: true,
        };
        let settings = Settings::default();
        let written = write(&details, &settings);
        assert_eq!(read(&written), Ok((details, settings)));

        let wrong = Document::object([
            ("format", "something".into()),
            ("version", 2_u32.into()),
            ("course", Document::object([("code", "a b".into()), ("colour", "red".into())])),
        ]);
        let faults = read(&wrong).unwrap_err();
        let fields: Vec<_> = faults.iter().map(|it| it.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "format",
                "version",
                "course.name",
                "course.academic_year",
                "course.colour",
                "course.code",
            ]
        );
    }
}
