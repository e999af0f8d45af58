//! Lists below `/api/v1`: `limit`, `cursor`, `q` and `sort`.

use std::str::FromStr;

use actix_web::http::StatusCode;
use lodge_courses::Fault;
use lodge_kernel::{Keyring, Timestamp};
use lodge_pagination::{CursorScope, Limit, Position, PositionError, open_cursor, seal_cursor};
use lodge_storage::{Listing, Order, Place};
use serde::{Deserialize, Serialize};

use super::{
    caller::Teacher,
    problem::Refusal,
    respond::{Answer, Many, Reply},
};
use crate::{problem::Problem, query::limit, views::PageInfo};

/// The longest text that is searched for, in characters.
const MOST_SEARCHED: usize = 100;

/// What every list takes.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListQuery {
    pub(crate) limit: Option<String>,
    pub(crate) cursor: Option<String>,
    pub(crate) q: Option<String>,
    pub(crate) sort: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) team_id: Option<String>,
}

/// A page that is asked for.
pub(crate) struct Pager {
    limit: Limit,
    sort: String,
    filters: Vec<(&'static str, String)>,
}

impl ListQuery {
    /// The page that is asked for, of things with ids `I` that have a name.
    /// `scope` is what the list is of: the course, for example.
    pub(crate) fn page<I: FromStr>(
        &self,
        teacher: &Teacher,
        scope: &str,
    ) -> Result<(Pager, Listing<I>), Refusal> {
        let limit = limit(self.limit.as_deref())?;
        let sort = self.sort.as_deref().unwrap_or("created_at");
        let (order, descending) = match sort {
            "created_at" => (Order::Age, false),
            "-created_at" => (Order::Age, true),
            "name" => (Order::Name, false),
            "-name" => (Order::Name, true),
            _ => {
                let message = "`sort` is created_at, -created_at, name or -name";
                return Err(Refusal::invalid(message));
            }
        };
        let search = self.q.as_deref().map(str::trim).filter(|it| !it.is_empty());
        if search.is_some_and(|it| it.chars().count() > MOST_SEARCHED) {
            return Err(Refusal::invalid("`q` has at most 100 characters"));
        }
        // A database refuses some of them.
        if search.is_some_and(|it| it.contains(char::is_control)) {
            return Err(Refusal::invalid("`q` has no control characters"));
        }
        let mut filters = vec![
            ("who", teacher.caller.actor().to_string()),
            ("of", scope.to_owned()),
            ("sort", sort.to_owned()),
        ];
        for (name, value) in [("q", &self.q), ("state", &self.state), ("team", &self.team_id)] {
            filters.extend(value.as_ref().map(|it| (name, it.clone())));
        }
        let pager = Pager { limit, sort: sort.to_owned(), filters };
        let after = self.cursor.as_deref().map(|it| pager.open(teacher, it)).transpose()?;
        let limit = limit.get() + 1;
        let search = search.map(str::to_lowercase);
        Ok((pager, Listing { search, order, descending, after, limit }))
    }

    /// The state to show, if one was named.
    pub(crate) fn state<S>(
        &self,
        words: &str,
        parse: impl Fn(&str) -> Option<S>,
    ) -> Result<Option<S>, Refusal> {
        let unknown = || Refusal::invalid(format!("`state` is one of {words}"));
        self.state.as_deref().map(|it| parse(it).ok_or_else(unknown)).transpose()
    }

    /// Refuses filters that a list does not have.
    pub(crate) fn without(self, names: &[&str]) -> Result<Self, Refusal> {
        let given = [("state", self.state.is_some()), ("team_id", self.team_id.is_some())];
        match given.iter().find(|(name, there)| *there && names.contains(name)) {
            Some((name, _)) => Err(Refusal::invalid(format!("this list has no filter `{name}`"))),
            None => Ok(self),
        }
    }
}

impl Pager {
    /// A page of `limit` things of the caller's organisation, in one order.
    pub(crate) fn of(
        teacher: &Teacher,
        limit: Limit,
        filters: Vec<(&'static str, String)>,
    ) -> Self {
        let who = ("who", teacher.caller.actor().to_string());
        let filters = std::iter::once(who).chain(filters).collect();
        Self { limit, sort: String::new(), filters }
    }

    fn scoped<T>(&self, teacher: &Teacher, use_it: impl FnOnce(&CursorScope<'_>) -> T) -> T {
        let filters: Vec<_> = self.filters.iter().map(|(name, it)| (*name, it.as_str())).collect();
        let tenant = teacher.caller.tenant().ok();
        use_it(&CursorScope {
            // There is no approval: the organisation stands in its place.
            authorization: tenant.map_or_else(
                || lodge_kernel::AuthorizationId::earliest(Timestamp::from_seconds(0)),
                |it| lodge_kernel::AuthorizationId::from_uuid(it.as_uuid()),
            ),
            operation: teacher.operation(),
            provider: "",
            repository: "",
            filters: &filters,
        })
    }

    /// Where the page before ended.
    pub(crate) fn open<I: FromStr>(
        &self,
        teacher: &Teacher,
        cursor: &str,
    ) -> Result<Place<I>, Refusal> {
        let (keys, now) = (&*teacher.teaching().keys, teacher.teaching().now());
        let opened = self.scoped(teacher, |scope| open_cursor(keys, scope, cursor, now));
        let unusable = |problem: String| {
            let fault = Fault { field: "cursor".to_owned(), problem: problem.clone() };
            Refusal { details: vec![fault], ..Refusal::invalid(problem) }
        };
        let position = opened.map_err(|error| unusable(error.to_string()))?;
        let id = position.get("id").and_then(|it| it.parse().ok());
        let id =
            id.ok_or_else(|| unusable("the cursor does not belong to this list".to_owned()))?;
        Ok(Place { name: position.get("name").unwrap_or_default().to_owned(), id })
    }

    fn seal(&self, teacher: &Teacher, id: &str, name: &str) -> Result<String, PositionError> {
        let (keys, now): (&dyn Keyring, _) = (&*teacher.teaching().keys, teacher.teaching().now());
        let position = Position::new().with("id", id)?;
        // In one order, whoever gives a name needs it to go on.
        let named = self.sort.ends_with("name") || self.sort.is_empty() && !name.is_empty();
        let position = if named { position.with("name", name)? } else { position };
        Ok(self.scoped(teacher, |scope| seal_cursor(keys, scope, &position, now)))
    }

    /// The page of what was found, which is one more than it has if it goes
    /// on. `place` is the id and the name by which things are put in order.
    pub(crate) fn many<T, V: Serialize>(
        &self,
        teacher: &Teacher,
        mut found: Vec<T>,
        place: impl FnOnce(&T) -> (String, String),
        view: impl FnMut(T) -> V,
    ) -> Answer {
        let limit = self.limit.get();
        let has_next_page = found.len() > limit;
        found.truncate(limit);
        let last = found.last().filter(|_| has_next_page).map(place);
        let next_cursor = last.map(|(id, name)| self.seal(teacher, &id, &name)).transpose();
        // A page without it would look like the last one.
        let next_cursor = next_cursor.map_err(|error| Problem::internal(&error))?;
        let page_info = PageInfo { limit, has_next_page, next_cursor };
        let data: Vec<V> = found.into_iter().map(view).collect();
        let request_id = teacher.request_id()?;
        Ok(Reply::json(StatusCode::OK, &Many { data, page_info, request_id })?.send())
    }
}
