//! Conditions, ready to be asked.

use std::borrow::Cow;

use lodge_courses::settings::custom::{Comparison, Filter};
use regex_automata::meta::Regex;

/// What a field of something says.
pub(super) enum Value<'a> {
    /// A number.
    Number(u64),
    /// Texts: mostly one, several labels or branches, none where there is
    /// nothing to say.
    Texts(Vec<Cow<'a, str>>),
}

impl<'a> Value<'a> {
    pub(super) fn text(text: &'a str) -> Self {
        Self::Texts(vec![Cow::Borrowed(text)])
    }

    /// A number, where there is one.
    pub(super) fn number(number: Option<u64>) -> Self {
        number.map_or(Self::Texts(Vec::new()), Self::Number)
    }
}

/// A condition.
pub(super) struct Condition<'c> {
    pub(super) field: &'c str,
    test: Test,
}

/// What a field must be.
enum Test {
    Equals(Wanted),
    Differs(Wanted),
    Contains(Wanted),
    Matches(Regex),
    AtLeast(u64),
    AtMost(u64),
    /// It is asked for what nothing can be: a number that is none.
    Never,
}

/// What is compared with: text in small letters, and as a number where it is one.
struct Wanted {
    text: String,
    number: Option<u64>,
}

impl<'c> Condition<'c> {
    pub(super) fn of(filter: &'c Filter) -> Self {
        let number = filter.value.trim().parse().ok();
        let wanted = || Wanted { text: filter.value.to_lowercase(), number };
        let test = match filter.comparison {
            Comparison::Equals => Test::Equals(wanted()),
            Comparison::Differs => Test::Differs(wanted()),
            Comparison::Contains => Test::Contains(wanted()),
            Comparison::Matches => Regex::new(&filter.value).map_or(Test::Never, Test::Matches),
            Comparison::AtLeast => number.map_or(Test::Never, Test::AtLeast),
            Comparison::AtMost => number.map_or(Test::Never, Test::AtMost),
        };
        Self { field: &filter.field, test }
    }

    /// It holds for what the field says: of several texts for one of them, and
    /// `differs` only if none is the value. Where the field says nothing, only
    /// `differs` holds. A number contains itself, and a text is never at least
    /// or at most anything.
    pub(super) fn holds(&self, value: &Value<'_>) -> bool {
        match (&self.test, value) {
            (Test::Equals(wanted), _) | (Test::Contains(wanted), Value::Number(_)) => {
                wanted.is(value)
            }
            (Test::Differs(wanted), _) => !wanted.is(value),
            (Test::Contains(wanted), Value::Texts(texts)) => {
                texts.iter().any(|it| it.to_lowercase().contains(&wanted.text))
            }
            (Test::Matches(regex), Value::Texts(texts)) => {
                texts.iter().any(|it| regex.is_match(it.as_bytes()))
            }
            (Test::Matches(regex), Value::Number(n)) => regex.is_match(n.to_string().as_bytes()),
            (Test::AtLeast(least), Value::Number(n)) => n >= least,
            (Test::AtMost(most), Value::Number(n)) => n <= most,
            (Test::AtLeast(_) | Test::AtMost(_), Value::Texts(_)) | (Test::Never, _) => false,
        }
    }
}

impl Wanted {
    fn is(&self, value: &Value<'_>) -> bool {
        match value {
            Value::Number(n) => self.number == Some(*n),
            Value::Texts(texts) => texts.iter().any(|it| it.to_lowercase() == self.text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(comparison: Comparison, wanted: &str, value: &Value<'_>) -> bool {
        let (field, value_) = ("title".to_owned(), wanted.to_owned());
        let filter = Filter { field, comparison, value: value_ };
        Condition::of(&filter).holds(value)
    }

    #[test]
    fn texts_are_compared_whatever_the_case() {
        let value = Value::text("Pridaj Žiadosť");
        for (comparison, wanted, expected) in [
            (Comparison::Equals, "pridaj žiadosť", true),
            (Comparison::Equals, "pridaj", false),
            (Comparison::Differs, "PRIDAJ ŽIADOSŤ", false),
            (Comparison::Differs, "pridaj", true),
            (Comparison::Contains, "ŽIADOSŤ", true),
            (Comparison::Contains, "zoznam", false),
            // An expression says itself whether case counts.
            (Comparison::Matches, "^Pridaj", true),
            (Comparison::Matches, "^pridaj", false),
            (Comparison::Matches, "(?i)^pridaj", true),
            (Comparison::AtLeast, "0", false),
            (Comparison::AtMost, "99", false),
        ] {
            assert_eq!(holds(comparison, wanted, &value), expected, "{comparison:?} {wanted}");
        }
    }

    #[test]
    fn numbers_are_compared_as_numbers() {
        for (comparison, wanted, expected) in [
            (Comparison::Equals, "10", true),
            (Comparison::Equals, "010", true),
            (Comparison::Equals, "ten", false),
            (Comparison::Differs, "10", false),
            (Comparison::Differs, "9", true),
            (Comparison::Differs, "ten", true),
            (Comparison::Contains, "10", true),
            (Comparison::Contains, "1", false),
            (Comparison::Matches, "^1.$", true),
            (Comparison::Matches, "^1$", false),
            (Comparison::AtLeast, "10", true),
            (Comparison::AtLeast, "9", true),
            (Comparison::AtLeast, "11", false),
            (Comparison::AtMost, "10", true),
            (Comparison::AtMost, "100", true),
            (Comparison::AtMost, "9", false),
        ] {
            let is = holds(comparison, wanted, &Value::Number(10));
            assert_eq!(is, expected, "{comparison:?} {wanted}");
        }
    }

    #[test]
    fn one_of_several_texts_is_enough_and_none_may_be_what_differs() {
        let labels = ["Bug", "UI"].map(Cow::Borrowed).to_vec();
        let value = Value::Texts(labels);
        for (comparison, wanted, expected) in [
            (Comparison::Equals, "ui", true),
            (Comparison::Equals, "docs", false),
            (Comparison::Differs, "ui", false),
            (Comparison::Differs, "docs", true),
            (Comparison::Contains, "u", true),
            (Comparison::Matches, "^UI$", true),
        ] {
            assert_eq!(holds(comparison, wanted, &value), expected, "{comparison:?} {wanted}");
        }
    }

    #[test]
    fn what_says_nothing_only_differs() {
        for comparison in ["equals", "contains", "matches", "at_least", "at_most"] {
            let comparison = Comparison::parse(comparison).unwrap();
            assert!(!holds(comparison, "0", &Value::number(None)), "{comparison:?}");
        }
        assert!(holds(Comparison::Differs, "0", &Value::number(None)));
    }

    #[test]
    fn what_cannot_be_asked_never_holds() {
        let (text, number) = (Value::text("a"), Value::Number(1));
        for (comparison, wanted) in
            [(Comparison::Matches, "("), (Comparison::AtLeast, "many"), (Comparison::AtMost, "-1")]
        {
            assert!(!holds(comparison, wanted, &text), "{comparison:?}");
            assert!(!holds(comparison, wanted, &number), "{comparison:?}");
        }
    }
}
