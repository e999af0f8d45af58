//! What stands behind the question mark.

use actix_web::HttpRequest;
use lodge_pagination::Limit;
use serde::de::DeserializeOwned;

use crate::problem::{Code, Problem};

/// The query of `request`. An unknown or repeated parameter is a mistake that
/// would otherwise go unnoticed.
pub(crate) fn query<Q: DeserializeOwned>(request: &HttpRequest) -> Result<Q, Problem> {
    serde_urlencoded::from_str(request.query_string())
        .map_err(|error| Problem::invalid(format!("the query cannot be used: {error}")))
}

/// How many items were asked for: 25 when nothing was said.
pub(crate) fn limit(text: Option<&str>) -> Result<Limit, Problem> {
    Limit::parse(text).map_err(|error| Problem::new(Code::InvalidLimit, error.to_string()))
}
