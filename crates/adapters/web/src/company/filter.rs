//! Which reads are meant, as it stands in the query.

use lodge_access::ReadFilter;
use lodge_forge::{ProviderName, RepositoryId};
use lodge_kernel::{RequestId, Timestamp};
use url::form_urlencoded::{self, Serializer};

use crate::problem::Problem;

/// The query of the journal.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query {
    /// `PROVIDER REPOSITORY`.
    pub(crate) repository: String,
    /// A day of UTC, `2026-11-22`.
    pub(crate) from: String,
    /// The last day that is meant.
    pub(crate) to: String,
    pub(crate) before: Option<RequestId>,
    pub(crate) filter: ReadFilter,
}

impl Query {
    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        let mut query = Self::default();
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            match &*name {
                "repository" => query.repository = value.into_owned(),
                "from" => query.from = value.into_owned(),
                "to" => query.to = value.into_owned(),
                "before" if !value.is_empty() => {
                    let before = value.parse();
                    let wrong = |_not_an_id| Problem::query("the page that was asked for");
                    query.before = Some(before.map_err(wrong)?);
                }
                _ => {}
            }
        }
        let filled = |text: &str| Some(text.to_owned()).filter(|it| !it.is_empty());
        if let Some(text) = filled(&query.repository) {
            let wrong = || Problem::query("the repository");
            query.filter.repository = Some(place(&text).ok_or_else(wrong)?);
        }
        if let Some(text) = filled(&query.from) {
            query.filter.from = Some(midnight(&text)?);
        }
        if let Some(text) = filled(&query.to) {
            let day = std::time::Duration::from_hours(24);
            query.filter.to = Some(midnight(&text)?.plus(day));
        }
        Ok(query)
    }

    /// The query of another page, or of an export.
    pub(crate) fn text(&self, before: Option<RequestId>) -> String {
        let mut query = Serializer::new(String::new());
        for (name, value) in
            [("repository", &self.repository), ("from", &self.from), ("to", &self.to)]
        {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.extend_pairs(before.map(|it| ("before", it.to_string())));
        query.finish()
    }
}

fn place(text: &str) -> Option<(ProviderName, RepositoryId)> {
    let (provider, repository) = text.split_once(' ')?;
    Some((ProviderName::parse(provider).ok()?, RepositoryId::parse(repository).ok()?))
}

fn midnight(day: &str) -> Result<Timestamp, Problem> {
    let wrong = |_not_a_day| Problem::query("a day, which is written as 2026-11-22");
    Timestamp::parse(&format!("{day}T00:00:00Z")).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_meant_from_midnight_to_midnight_and_a_page_keeps_it() {
        let query = Query::parse("from=2026-11-22&to=2026-11-22&repository=local+web").unwrap();
        let (from, to) = (query.filter.from.unwrap(), query.filter.to.unwrap());
        assert_eq!(from.to_string(), "2026-11-22T00:00:00.000Z");
        assert_eq!(to.to_string(), "2026-11-23T00:00:00.000Z");
        assert_eq!(query.text(None), "repository=local+web&from=2026-11-22&to=2026-11-22");
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for wrong in ["from=yesterday", "to=2026-13-01", "repository=web", "before=1"] {
            assert!(Query::parse(wrong).is_err(), "{wrong}");
        }
        assert!(Query::parse("from=&to=&repository=&before=&x=1").is_ok());
    }
}
