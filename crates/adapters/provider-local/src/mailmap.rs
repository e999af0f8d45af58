//! Names and addresses that a repository corrects in its `.mailmap`.

use std::collections::HashMap;

use gix::{ObjectId, Repository, objs::TreeRefIter};
use lodge_provider::ProviderError;

use crate::{job::Job, objects};

/// The longest file that is read, in bytes.
const LONGEST: u64 = 256 << 10;

/// The corrections, by address in lower case.
///
/// Lines that correct an address are honoured; lines that also ask for a
/// certain name in the commit (four parts) are not.
#[derive(Debug, Default)]
pub(crate) struct Mailmap(HashMap<String, Correction>);

#[derive(Debug, Default)]
struct Correction {
    name: Option<String>,
    email: Option<String>,
}

impl Mailmap {
    /// The corrections in the tree of the commit `head`; none when there is no
    /// such file.
    pub(crate) fn of(
        repository: &Repository,
        head: ObjectId,
        job: &Job,
    ) -> Result<Self, ProviderError> {
        let Some(tree) = objects::tree_of(repository, head, job)? else {
            return Ok(Self::default());
        };
        let data = objects::need_tree(repository, tree, job)?;
        let mut entries = TreeRefIter::from_bytes(&data, tree.kind()).filter_map(Result::ok);
        // Not a link: Git does not follow one here either.
        let file = entries.find(|it| it.filename == ".mailmap" && it.mode.is_blob());
        let Some(id) = file.map(|file| file.oid.to_owned()) else { return Ok(Self::default()) };
        let size = repository.try_find_header(id).ok().flatten().map(|header| header.size());
        if size.is_none_or(|size| size > LONGEST) {
            return Ok(Self::default());
        }
        let object = objects::need(repository, id, job)?;
        Ok(Self::parse(&objects::text(&object.data)))
    }

    fn parse(text: &str) -> Self {
        let mut map = Self::default();
        for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
            let Some((name, first, rest)) = part(line) else { continue };
            match part(rest) {
                // Name <address in commits>
                None => map.learn(first, name, ""),
                // Name <address> <address in commits>
                Some(("", second, _)) => map.learn(second, name, first),
                Some(_) => {}
            }
        }
        map
    }

    fn learn(&mut self, known: &str, name: &str, email: &str) {
        let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let correction = self.0.entry(known.to_lowercase()).or_default();
        correction.name = filled(name).or_else(|| correction.name.take());
        correction.email = filled(email).or_else(|| correction.email.take());
    }

    /// The corrected name and address.
    pub(crate) fn resolve(&self, name: &str, email: &str) -> (String, String) {
        let correction = self.0.get(&email.to_lowercase());
        let or_else = |better: Option<&String>, told: &str| {
            better.map_or_else(|| told.to_owned(), Clone::clone)
        };
        (
            or_else(correction.and_then(|it| it.name.as_ref()), name),
            or_else(correction.and_then(|it| it.email.as_ref()), email),
        )
    }
}

/// `name <address> rest`, trimmed.
fn part(text: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = text.split_once('<')?;
    let (address, rest) = rest.split_once('>')?;
    Some((name.trim(), address.trim(), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_names_are_corrected_as_the_file_says() {
        let map = Mailmap::parse(
            "# people\nAda <ada@new.example> <ADA@old.example>\n<bo@new.example> <bo@old.example>\n\
             Cy Young <cy@x.example>\nDee <dee@new.example> Someone <dee@old.example>\n<broken\n",
        );
        let resolved = |name, email| map.resolve(name, email);
        assert_eq!(resolved("A", "ada@OLD.example"), ("Ada".into(), "ada@new.example".into()));
        assert_eq!(resolved("Bo", "bo@old.example"), ("Bo".into(), "bo@new.example".into()));
        assert_eq!(resolved("c", "cy@x.example"), ("Cy Young".into(), "cy@x.example".into()));
        assert_eq!(resolved("D", "dee@old.example"), ("D".into(), "dee@old.example".into()));
    }

    proptest::proptest! {
        #[test]
        fn no_file_makes_the_reader_panic(text: String) {
            let _ = Mailmap::parse(&text);
        }
    }
}
