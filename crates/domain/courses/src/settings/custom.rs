//! Checks that a course makes for itself, in a small declarative form.

use crate::{Document, Faults, Fields, settings::MOST_CUSTOM_CHECKS};

/// How many conditions a check may have.
const MOST_FILTERS: usize = 20;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$of])* $variant,)+
        }

        impl $name {
            /// The words, for a message.
            const WORDS: &'static str = concat!($("`", $text, "` "),+).trim_ascii_end();

            /// The word in documents.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The one of that name.
            pub fn parse(name: &str) -> Option<Self> {
                [$(Self::$variant,)+].into_iter().find(|it| it.name() == name)
            }
        }
    };
}

words! {
    /// What a check looks at.
    Subject {
        /// The student's commits.
        Commits = "commits",
        /// The student's merge requests.
        MergeRequests = "merge_requests",
        /// Issues assigned to the student.
        Issues = "issues",
        /// The student's review notes.
        Notes = "notes",
        /// Pipelines of the student's merge requests.
        Pipelines = "pipelines",
        /// Files that the student changed.
        Files = "files",
    }
}

words! {
    /// How a field is compared.
    Comparison {
        /// It is the value.
        Equals = "equals",
        /// It is something else.
        Differs = "differs",
        /// The value occurs in it.
        Contains = "contains",
        /// It matches the value, a regular expression.
        Matches = "matches",
        /// It is the value or more.
        AtLeast = "at_least",
        /// It is the value or less.
        AtMost = "at_most",
    }
}

words! {
    /// What is made of what was found.
    Aggregate {
        /// How many fit.
        Count = "count",
        /// How many of a hundred fit.
        Share = "share",
        /// One fits.
        Any = "any",
        /// Every one fits.
        All = "all",
    }
}

impl Subject {
    /// What a condition may ask about.
    const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Commits => &["message", "added", "removed", "files", "branch"],
            Self::MergeRequests => &["title", "description", "state", "source_branch", "notes"],
            Self::Issues => &["title", "description", "state", "label"],
            Self::Notes => &["text", "characters", "resolved"],
            Self::Pipelines => &["status", "duration_seconds", "branch"],
            Self::Files => &["path", "added", "removed"],
        }
    }
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// What it asks about.
    pub field: String,
    /// How.
    pub comparison: Comparison,
    /// With what.
    pub value: String,
}

/// A check that a course makes for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomCheck {
    /// What it goes by, unique in the course.
    pub key: String,
    /// Its title.
    pub title: String,
    /// What it counts, beside the others.
    pub weight: u32,
    /// What it looks at.
    pub subject: Subject,
    /// What must hold.
    pub filters: Vec<Filter>,
    /// What is made of what was found.
    pub aggregate: Aggregate,
    /// From which count, or share of a hundred, on it is passed.
    pub target: u32,
}

impl CustomCheck {
    pub(super) fn write(&self) -> Document {
        let filters = self.filters.iter().map(|it| {
            Document::object([
                ("field", Document::from(it.field.as_str())),
                ("comparison", Document::from(it.comparison.name())),
                ("value", Document::from(it.value.as_str())),
            ])
        });
        Document::object([
            ("key", Document::from(self.key.as_str())),
            ("title", Document::from(self.title.as_str())),
            ("weight", Document::from(self.weight)),
            ("subject", Document::from(self.subject.name())),
            ("filters", Document::List(filters.collect())),
            ("aggregate", Document::from(self.aggregate.name())),
            ("target", Document::from(self.target)),
        ])
    }
}

pub(super) fn read(fields: &mut Fields<'_>, faults: &mut Faults) -> Vec<CustomCheck> {
    let path = fields.path("custom_checks");
    let given = fields.list("custom_checks", MOST_CUSTOM_CHECKS, faults);
    let mut checks: Vec<CustomCheck> = Vec::new();
    for (n, it) in given.iter().enumerate() {
        let mut it = Fields::of(it, &format!("{path}[{n}]"), faults);
        if let Some(check) = one(&mut it, faults) {
            if checks.iter().any(|known| known.key == check.key) {
                faults.say(it.path("key"), "this key is there twice");
            }
            checks.push(check);
        }
        it.end(faults);
    }
    checks
}

fn one(it: &mut Fields<'_>, faults: &mut Faults) -> Option<CustomCheck> {
    let key = it.needed("key", 32, faults);
    let plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_';
    if !key.chars().all(plain) {
        faults.say(it.path("key"), "a key has small letters, digits and `_`");
    }
    let title = it.needed("title", 200, faults);
    let weight = it.whole("weight", 0..=1_000, 0, faults);
    let subject = it.word("subject", Subject::WORDS, Subject::parse, faults);
    let aggregate = it.word("aggregate", Aggregate::WORDS, Aggregate::parse, faults);
    let target = it.whole("target", 1..=10_000, 1, faults);
    let path = it.path("filters");
    let mut filters = Vec::new();
    for (n, filter) in it.list("filters", MOST_FILTERS, faults).iter().enumerate() {
        let mut filter = Fields::of(filter, &format!("{path}[{n}]"), faults);
        filters.extend(condition(&mut filter, subject, faults));
        filter.end(faults);
    }
    if subject.is_none() {
        faults.say(it.path("subject"), format!("a check needs one of {}", Subject::WORDS));
    }
    if aggregate == Some(Aggregate::Share) && target > 100 {
        faults.say(it.path("target"), "a share is at most 100");
    }
    let aggregate = aggregate.unwrap_or(Aggregate::Count);
    Some(CustomCheck { key, title, weight, subject: subject?, filters, aggregate, target })
}

fn condition(it: &mut Fields<'_>, subject: Option<Subject>, faults: &mut Faults) -> Option<Filter> {
    let field = it.needed("field", 32, faults);
    let known = subject.map(Subject::fields).unwrap_or_default();
    if subject.is_some() && !known.contains(&&*field) {
        faults.say(it.path("field"), format!("this is one of {}", known.join(" ")));
    }
    let words = Comparison::WORDS;
    let comparison = it.word("comparison", words, Comparison::parse, faults);
    let value = it.needed("value", 200, faults);
    match comparison {
        Some(Comparison::Matches) if regex_automata::meta::Regex::new(&value).is_err() => {
            faults.say(it.path("value"), "this is not a regular expression");
        }
        Some(Comparison::AtLeast | Comparison::AtMost) if value.parse::<u32>().is_err() => {
            faults.say(it.path("value"), "this is a whole number, as text");
        }
        None => faults.say(it.path("comparison"), format!("a condition needs one of {words}")),
        _ => {}
    }
    Some(Filter { field, comparison: comparison?, value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Settings;

    fn document(filter: Document) -> Document {
        let check = Document::object([
            ("key", Document::from("fixes")),
            ("title", Document::from("Fixes are tested")),
            ("weight", Document::from(5_u32)),
            ("subject", Document::from("commits")),
            ("aggregate", Document::from("share")),
            ("target", Document::from(80_u32)),
            ("filters", Document::List(vec![filter])),
        ]);
        Document::object([("custom_checks", Document::List(vec![check]))])
    }

    fn filter(field: &str, comparison: &str, value: &str) -> Document {
        let texts = [("field", field), ("comparison", comparison), ("value", value)];
        Document::object(texts.map(|(name, text)| (name, Document::from(text))))
    }

    #[test]
    fn a_check_of_the_course_survives_being_written() {
        let read = Settings::read(&document(filter("message", "matches", "^fix")), "").unwrap();
        assert_eq!(read.custom_checks.len(), 1);
        assert_eq!(Settings::read(&read.write(), ""), Ok(read));
    }

    #[test]
    fn a_condition_that_cannot_be_asked_is_named_with_its_place() {
        for (wrong, place) in [
            (filter("colour", "equals", "red"), "custom_checks[0].filters[0].field"),
            (filter("message", "matches", "("), "custom_checks[0].filters[0].value"),
            (filter("added", "at_least", "many"), "custom_checks[0].filters[0].value"),
        ] {
            let faults = Settings::read(&document(wrong), "").unwrap_err();
            assert_eq!(faults.iter().map(|it| &*it.field).collect::<Vec<_>>(), [place]);
        }
    }
}
