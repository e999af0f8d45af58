//! A document of choices, before it is known whether it can be used.
//!
//! Adapters turn JSON into a [`Document`]; the domain reads it with [`Fields`],
//! which knows where each value stands, so that everything that is wrong is
//! said at once and with its place.

use std::ops::RangeInclusive;

use crate::Faults;

/// A value, as JSON has it. A number stays text: nothing is lost on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Document {
    /// Nothing.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A number, as it is written.
    Number(String),
    /// A text.
    Text(String),
    /// Several values.
    List(Vec<Document>),
    /// Named values.
    Object(Vec<(String, Document)>),
}

impl Document {
    /// An object of these fields.
    pub fn object<const N: usize>(fields: [(&str, Self); N]) -> Self {
        Self::Object(fields.into_iter().map(|(name, it)| (name.to_owned(), it)).collect())
    }

    /// A list of texts.
    pub fn texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        Self::List(texts.into_iter().map(Self::from).collect())
    }
}

impl From<&str> for Document {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<bool> for Document {
    fn from(it: bool) -> Self {
        Self::Bool(it)
    }
}

impl From<u32> for Document {
    fn from(n: u32) -> Self {
        Self::Number(n.to_string())
    }
}

/// The fields of an object that have not been read yet.
pub struct Fields<'a> {
    path: String,
    rest: Vec<(&'a str, &'a Document)>,
}

impl<'a> Fields<'a> {
    /// The fields of `document`, which stands at `path`.
    pub fn of(document: &'a Document, path: &str, faults: &mut Faults) -> Self {
        let rest = if let Document::Object(fields) = document {
            fields.iter().map(|(name, it)| (&**name, it)).collect()
        } else {
            faults.say(path, "this is an object, `{…}`");
            Vec::new()
        };
        Self { path: path.to_owned(), rest }
    }

    /// Where the field `name` stands.
    pub fn path(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// Takes the field `name`, if it is there and not null.
    pub fn get(&mut self, name: &str) -> Option<&'a Document> {
        let place = self.rest.iter().position(|(known, _)| *known == name)?;
        let (_, value) = self.rest.swap_remove(place);
        Some(value).filter(|it| **it != Document::Null)
    }

    /// Takes a text of at most `most` characters.
    pub fn text(&mut self, name: &str, most: usize, faults: &mut Faults) -> Option<String> {
        match self.get(name)? {
            Document::Text(text) if !text.is_empty() && text.chars().count() <= most => {
                Some(text.clone())
            }
            _ => {
                faults.say(self.path(name), format!("this is a text of 1 to {most} characters"));
                None
            }
        }
    }

    /// Takes a text that must be there, and not null.
    pub fn needed(&mut self, name: &str, most: usize, faults: &mut Faults) -> String {
        let there = |(known, it): &(&str, &Document)| *known == name && **it != Document::Null;
        if !self.rest.iter().any(there) {
            faults.say(self.path(name), "this is missing");
        }
        self.text(name, most, faults).unwrap_or_default()
    }

    /// Takes one of some words, which `parse` knows.
    pub fn word<T>(
        &mut self,
        name: &str,
        words: &str,
        parse: impl Fn(&str) -> Option<T>,
        faults: &mut Faults,
    ) -> Option<T> {
        let parsed = match self.get(name)? {
            Document::Text(text) => parse(text),
            _ => None,
        };
        if parsed.is_none() {
            faults.say(self.path(name), format!("this is one of {words}"));
        }
        parsed
    }

    /// Takes yes or no; `usual` when it is not there.
    pub fn flag(&mut self, name: &str, usual: bool, faults: &mut Faults) -> bool {
        match self.get(name) {
            None => usual,
            Some(Document::Bool(it)) => *it,
            Some(_) => {
                faults.say(self.path(name), "this is true or false");
                usual
            }
        }
    }

    /// Takes a whole number of `range`; `usual` when it is not there.
    pub fn whole(
        &mut self,
        name: &str,
        range: RangeInclusive<u32>,
        usual: u32,
        faults: &mut Faults,
    ) -> u32 {
        let Some(given) = self.get(name) else { return usual };
        let number = match given {
            Document::Number(text) => text.parse().ok().filter(|it| range.contains(it)),
            _ => None,
        };
        number.unwrap_or_else(|| {
            let (from, to) = (range.start(), range.end());
            faults.say(self.path(name), format!("this is a whole number from {from} to {to}"));
            usual
        })
    }

    /// Takes a list of at most `most` values; an empty one when it is not there.
    pub fn list(&mut self, name: &str, most: usize, faults: &mut Faults) -> &'a [Document] {
        match self.get(name) {
            None => &[],
            Some(Document::List(items)) if items.len() <= most => items,
            Some(_) => {
                faults.say(self.path(name), format!("this is a list of at most {most} items"));
                &[]
            }
        }
    }

    /// Refuses what nobody took: a mistake that would otherwise go unnoticed.
    pub fn end(self, faults: &mut Faults) {
        for (name, _) in &self.rest {
            let name: String = name.chars().take(64).collect();
            faults.say(self.path(&name), "there is no such field");
        }
    }
}
