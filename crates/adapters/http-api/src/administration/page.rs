//! Lists of the administrator: what stands around them, and where they go on.

use std::str::FromStr;

use lodge_pagination::Limit;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    problem::{Code, Problem},
    query,
    views::PageInfo,
};

/// Many things.
#[derive(Serialize, ToSchema)]
pub(crate) struct Listing<T> {
    pub(crate) data: Vec<T>,
    pub(crate) page_info: PageInfo,
    /// Also in the header `x-request-id`.
    pub(crate) request_id: String,
}

/// One thing.
#[derive(Serialize, ToSchema)]
pub(crate) struct One<T> {
    pub(crate) data: T,
    /// Also in the header `x-request-id`.
    pub(crate) request_id: String,
}

/// A query of limit and cursor alone.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlainQuery {
    pub(crate) limit: Option<String>,
    pub(crate) cursor: Option<String>,
}

/// Where a page begins, and how long it is.
pub(crate) struct Place<I> {
    limit: Limit,
    /// The last thing of the page before.
    pub(crate) after: Option<I>,
}

impl<I: FromStr> Place<I> {
    /// Reads limit and cursor. An administrator sees every id anyway: the last
    /// one is cursor enough.
    pub(crate) fn parse(limit: Option<&str>, cursor: Option<&str>) -> Result<Self, Problem> {
        let limit = query::limit(limit)?;
        let after = cursor.map(str::parse).transpose().map_err(|_not_an_id| {
            Problem::new(Code::InvalidCursor, "the cursor does not belong to this request")
        })?;
        Ok(Self { limit, after })
    }
}

impl<I> Place<I> {
    /// How many to ask for: one more than the page has, to know whether it
    /// goes on.
    pub(crate) fn ask(&self) -> usize {
        self.limit.get() + 1
    }

    /// The page of what was found, and where it goes on.
    pub(crate) fn page<T>(
        &self,
        mut found: Vec<T>,
        id: impl FnOnce(&T) -> String,
    ) -> (Vec<T>, PageInfo) {
        let limit = self.limit.get();
        let has_next_page = found.len() > limit;
        found.truncate(limit);
        let next_cursor = found.last().filter(|_| has_next_page).map(id);
        (found, PageInfo { limit, has_next_page, next_cursor })
    }
}

/// An id in a query or a body.
pub(crate) fn id<I: FromStr>(text: &str) -> Result<I, Problem>
where
    I::Err: std::fmt::Display,
{
    text.parse().map_err(|error: I::Err| Problem::invalid(error.to_string()))
}

/// An id in a query, if there is one.
pub(crate) fn maybe_id<I: FromStr>(text: Option<&str>) -> Result<Option<I>, Problem>
where
    I::Err: std::fmt::Display,
{
    text.map(id).transpose()
}
