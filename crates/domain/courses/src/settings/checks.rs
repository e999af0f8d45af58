//! The built-in checks and indicators, and what a course makes of them.

use globset::Glob;

use crate::{Document, Faults, Fields};

/// The longest pattern, in characters.
const LONGEST_PATTERN: usize = 200;
/// How many patterns of paths a check may have.
const MOST_GLOBS: usize = 50;
/// The largest weight.
const MOST_WEIGHT: u32 = 1_000;

/// What a parameter of a check takes, and its usual value.
#[derive(Clone, Copy, Debug)]
enum ParamKind {
    /// A whole number from 1 on.
    Whole { most: u32, usual: u32 },
    /// A regular expression.
    Pattern { usual: &'static str },
    /// Patterns of paths.
    Globs { usual: &'static [&'static str] },
}

/// What a course chose for a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Param {
    /// A whole number.
    Whole(u32),
    /// A regular expression.
    Pattern(String),
    /// Patterns of paths.
    Globs(Vec<String>),
}

/// One built-in check or indicator.
#[derive(Clone, Copy, Debug)]
pub struct CheckKind {
    /// `R01` to `R13` are checks, `I01` to `I13` indicators.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its usual weight.
    pub weight: u32,
    params: &'static [(&'static str, ParamKind)],
}

const fn whole(name: &'static str, most: u32, usual: u32) -> (&'static str, ParamKind) {
    (name, ParamKind::Whole { most, usual })
}

/// Substantive notes have at least so many characters.
const CHARACTERS: (&str, ParamKind) = whole("characters", 10_000, 15);
const BRANCH: &str = r"^(issue-)?\d+-[a-z0-9-]+$";
const TESTS: &[&str] = &["**/test/**", "**/tests/**", "**/*_test.*", "**/*.test.*", "**/*Test.*"];

const fn kind(
    code: &'static str,
    name: &'static str,
    weight: u32,
    params: &'static [(&'static str, ParamKind)],
) -> CheckKind {
    CheckKind { code, name, weight, params }
}

/// Every built-in check, then every indicator.
#[rustfmt::skip]
pub const CATALOGUE: &[CheckKind] = &[
    kind("R01", "Issue assigned",                    8, &[whole("at_least", 100, 1)]),
    kind("R02", "Branch and merge request created",  6, &[("pattern", ParamKind::Pattern { usual: BRANCH })]),
    kind("R03", "Tests written",                    10, &[whole("at_least", 100, 1), ("globs", ParamKind::Globs { usual: TESTS })]),
    kind("R04", "Merge request linked to issue",     8, &[]),
    kind("R05", "Merge request description",         5, &[whole("characters", 10_000, 30)]),
    kind("R06", "Review received",                  12, &[whole("at_least", 100, 1), CHARACTERS]),
    kind("R07", "Review given",                     12, &[whole("notes", 100, 2), whole("merge_requests", 100, 2), CHARACTERS]),
    kind("R08", "Review answered",                  10, &[whole("hours", 8_760, 72)]),
    kind("R09", "Merge request approved",            9, &[]),
    kind("R10", "Merged by author",                  7, &[]),
    kind("R11", "Merge request and issue closed",    6, &[]),
    kind("R12", "Pipeline green",                    7, &[]),
    kind("R13", "Balanced contribution",             0, &[]),
    kind("I01", "Commit regularity",                 0, &[]),
    kind("I02", "Distribution of work",              0, &[]),
    kind("I03", "Use of issues",                     0, &[]),
    kind("I04", "Commits linked to issues",          0, &[]),
    kind("I05", "Merge requests and review",         0, &[]),
    kind("I06", "CI present",                        0, &[]),
    kind("I07", "CI success",                        0, &[]),
    kind("I08", "README and documentation",          0, &[]),
    kind("I09", "Branch strategy",                   0, &[]),
    kind("I10", "Quality of commit messages",        0, &[]),
    kind("I11", "Size of commits",                   0, &[]),
    kind("I12", "Spread over time",                  0, &[]),
    kind("I13", "Balance of the team",               0, &[]),
];

impl CheckKind {
    /// The check with that code.
    pub fn find(code: &str) -> Option<&'static Self> {
        CATALOGUE.iter().find(|it| it.code == code)
    }

    /// What a course makes of it when nobody says otherwise: what weighs
    /// nothing is shown, and does not count.
    pub(super) fn usual(&self) -> CheckSetting {
        let params = self.params.iter().map(|(name, kind)| (*name, kind.usual())).collect();
        CheckSetting { code: self.code, enabled: true, weight: self.weight, params }
    }
}

impl ParamKind {
    fn usual(&self) -> Param {
        match self {
            Self::Whole { usual, .. } => Param::Whole(*usual),
            Self::Pattern { usual } => Param::Pattern((*usual).to_owned()),
            Self::Globs { usual } => {
                Param::Globs(usual.iter().map(|it| (*it).to_owned()).collect())
            }
        }
    }

    fn read(&self, name: &str, fields: &mut Fields<'_>, faults: &mut Faults) -> Param {
        match self {
            Self::Whole { most, usual } => {
                Param::Whole(fields.whole(name, 1..=*most, *usual, faults))
            }
            Self::Pattern { usual } => {
                let path = fields.path(name);
                let given = fields.text(name, LONGEST_PATTERN, faults);
                if let Some(Err(_)) = given.as_deref().map(regex_automata::meta::Regex::new) {
                    faults.say(path, "this is not a regular expression");
                }
                Param::Pattern(given.unwrap_or_else(|| (*usual).to_owned()))
            }
            Self::Globs { .. } => globs(self, name, fields, faults),
        }
    }
}

fn globs(kind: &ParamKind, name: &str, fields: &mut Fields<'_>, faults: &mut Faults) -> Param {
    let path = fields.path(name);
    let given = fields.list(name, MOST_GLOBS, faults);
    if given.is_empty() {
        return kind.usual();
    }
    let mut globs = Vec::new();
    for (n, it) in given.iter().enumerate() {
        match it {
            Document::Text(text) if text.len() <= LONGEST_PATTERN && Glob::new(text).is_ok() => {
                globs.push(text.clone());
            }
            _ => faults
                .say(format!("{path}[{n}]"), "this is a pattern of paths, for example **/tests/**"),
        }
    }
    Param::Globs(globs)
}

/// What a course makes of a built-in check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckSetting {
    /// The check.
    pub code: &'static str,
    /// It is worked out and shown.
    pub enabled: bool,
    /// What it counts, beside the others.
    pub weight: u32,
    /// Its parameters.
    pub params: Vec<(&'static str, Param)>,
}

impl CheckSetting {
    pub(super) fn write(&self) -> Document {
        let params = self.params.iter().map(|(name, param)| {
            let param = match param {
                Param::Whole(n) => Document::from(*n),
                Param::Pattern(text) => Document::from(text.as_str()),
                Param::Globs(globs) => Document::texts(globs.iter().map(String::as_str)),
            };
            ((*name).to_owned(), param)
        });
        Document::object([
            ("code", Document::from(self.code)),
            ("enabled", Document::from(self.enabled)),
            ("weight", Document::from(self.weight)),
            ("params", Document::Object(params.collect())),
        ])
    }
}

pub(super) fn read(fields: &mut Fields<'_>, faults: &mut Faults) -> Vec<CheckSetting> {
    let path = fields.path("checks");
    let given = fields.list("checks", CATALOGUE.len(), faults);
    let mut settings: Vec<_> = CATALOGUE.iter().map(CheckKind::usual).collect();
    let mut seen = Vec::new();
    for (n, it) in given.iter().enumerate() {
        let mut it = Fields::of(it, &format!("{path}[{n}]"), faults);
        let code = it.needed("code", 3, faults);
        let Some(kind) = CheckKind::find(&code) else {
            faults.say(it.path("code"), "this is one of R01 to R13 and I01 to I13");
            continue;
        };
        if seen.contains(&kind.code) {
            faults.say(it.path("code"), "this check is there twice");
            continue;
        }
        seen.push(kind.code);
        let enabled = it.flag("enabled", true, faults);
        let weight = it.whole("weight", 0..=MOST_WEIGHT, kind.weight, faults);
        let path = it.path("params");
        let none = Document::Object(Vec::new());
        let given = it.get("params").unwrap_or(&none);
        let mut given = Fields::of(given, &path, faults);
        let read = kind.params.iter().map(|(name, of)| (*name, of.read(name, &mut given, faults)));
        let params = read.collect();
        given.end(faults);
        it.end(faults);
        if let Some(place) = settings.iter_mut().find(|it| it.code == kind.code) {
            *place = CheckSetting { code: kind.code, enabled, weight, params };
        }
    }
    settings
}
