//! Answers below `/api/v1`: one thing with its `ETag`, many things with where
//! they go on, and the bodies that lead to them.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::Bytes,
};
use lodge_courses::{CourseRole, Document};
use lodge_teaching::Expected;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use utoipa::ToSchema;

use super::{caller::Teacher, problem::Refusal};
use crate::{body::RawBody, views::PageInfo};

/// The largest JSON body that these routes take, unless they say otherwise.
pub(crate) const MOST_JSON: usize = 1 << 20;

/// What a handler gives back.
pub(crate) type Answer = Result<HttpResponse, Refusal>;

/// One thing.
#[derive(Serialize, ToSchema)]
pub(crate) struct One<T> {
    pub(crate) data: T,
    /// Also in the header `x-request-id`.
    pub(crate) request_id: String,
}

/// Many things.
#[derive(Serialize, ToSchema)]
pub(crate) struct Many<T> {
    pub(crate) data: Vec<T>,
    pub(crate) page_info: PageInfo,
    /// Also in the header `x-request-id`.
    pub(crate) request_id: String,
}

/// What facts come to.
#[derive(Serialize, ToSchema)]
pub(crate) struct Counted<T> {
    pub(crate) data: Vec<T>,
    pub(crate) page_info: PageInfo,
    /// There is more than is counted or shown at once, and what is oldest is
    /// left out.
    pub(crate) truncated: bool,
    /// Also in the header `x-request-id`.
    pub(crate) request_id: String,
}

/// An answer before it is sent: what `Idempotency-Key` keeps of it.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) revision: Option<u64>,
    /// As what the caller sees it, where the body says so.
    pub(crate) role: Option<CourseRole>,
    pub(crate) location: Option<String>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// With `body` as JSON.
    pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Result<Self, Refusal> {
        let body = serde_json::to_vec(body);
        let body = body.map_err(|error| crate::problem::Problem::internal(&error))?;
        Ok(Self { status, body, ..Self::empty() })
    }

    /// Without a body.
    pub(crate) const fn empty() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            revision: None,
            role: None,
            location: None,
            body: Vec::new(),
        }
    }

    /// The same at `revision`: its `ETag`.
    pub(crate) fn at(self, revision: u64) -> Self {
        Self { revision: Some(revision), ..self }
    }

    /// The same, found at `location` from now on.
    pub(crate) fn found_at(self, location: String) -> Self {
        Self { location: Some(location), ..self }
    }

    /// The answer as it is sent.
    pub(crate) fn send(self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        if let Some(revision) = self.revision {
            response.insert_header((header::ETAG, etag(revision, self.role)));
            response.insert_header((header::CACHE_CONTROL, "private, no-cache"));
            response.insert_header((header::VARY, "Authorization, Cookie"));
        }
        if let Some(location) = self.location {
            response.insert_header((header::LOCATION, location));
        }
        if self.body.is_empty() {
            return response.finish();
        }
        response.content_type("application/json").body(self.body)
    }
}

/// What a client sends back in `If-Match` and `If-None-Match`. The role is part
/// of it where the body has it: it changes without the thing.
fn etag(revision: u64, role: Option<CourseRole>) -> String {
    role.map_or_else(|| format!("\"r{revision}\""), |it| format!("\"r{revision}-{it}\""))
}

impl Teacher {
    /// One thing.
    pub(crate) fn one(&self, status: StatusCode, data: impl Serialize) -> Result<Reply, Refusal> {
        Reply::json(status, &One { data, request_id: self.request_id()? })
    }

    /// One thing at `revision`, which says that the caller is a `role` where it
    /// does; nothing but that when the caller has it.
    pub(crate) fn shown(
        &self,
        data: impl Serialize,
        revision: u64,
        role: Option<CourseRole>,
    ) -> Answer {
        let known = self.request.headers().get(header::IF_NONE_MATCH);
        let known = known.and_then(|it| it.to_str().ok()).unwrap_or_default();
        let etag = etag(revision, role);
        let fresh = known.split(',').any(|it| it.trim().trim_start_matches("W/") == etag);
        let reply = if fresh {
            Reply { status: StatusCode::NOT_MODIFIED, ..Reply::empty() }
        } else {
            self.one(StatusCode::OK, data)?
        };
        Ok(Reply { role, ..reply.at(revision) }.send())
    }

    /// Everything there is of something, all on one page.
    pub(crate) fn whole<T, V: From<T> + Serialize>(&self, found: Vec<T>) -> Answer {
        let (data, page_info) = whole::<T, V>(found);
        let request_id = self.request_id()?;
        Ok(Reply::json(StatusCode::OK, &Many { data, page_info, request_id })?.send())
    }

    /// Everything that facts come to; `truncated` where there are more facts.
    pub(crate) fn counted<T, V: From<T> + Serialize>(
        &self,
        found: Vec<T>,
        truncated: bool,
    ) -> Answer {
        let (data, page_info) = whole::<T, V>(found);
        let request_id = self.request_id()?;
        let body = Counted { data, page_info, truncated, request_id };
        Ok(Reply::json(StatusCode::OK, &body)?.send())
    }

    /// What `If-Match` expects (RFC 9110, 13.1.1). A validator that is not ours
    /// matches nothing.
    pub(crate) fn expected(&self) -> Result<Expected, Refusal> {
        let Some(value) = self.request.headers().get(header::IF_MATCH) else {
            return Ok(Expected::any());
        };
        let unusable = || Refusal::invalid("the header `If-Match` is a list of `ETag`s, or `*`");
        let text = value.to_str().map_err(|_not_text| unusable())?.trim();
        if text == "*" {
            return Ok(Expected::any());
        }
        // Whatever the caller is, it is the same thing.
        let number = |it: &str| {
            let tag = it.strip_prefix("\"r")?.strip_suffix('"')?;
            tag.split('-').next()?.parse().ok()
        };
        Ok(Expected::one_of(text.split(',').filter_map(|it| number(it.trim())).collect()))
    }
}

fn whole<T, V: From<T>>(found: Vec<T>) -> (Vec<V>, PageInfo) {
    let data: Vec<V> = found.into_iter().map(V::from).collect();
    let page_info = PageInfo { limit: data.len(), has_next_page: false, next_cursor: None };
    (data, page_info)
}

/// A body of JSON, as it was sent.
pub(crate) async fn json_bytes(body: RawBody, most: usize) -> Result<Bytes, Refusal> {
    Ok(body.json_bytes(most).await?)
}

/// The body of a request that needs none.
pub(crate) async fn no_body(body: RawBody) -> Result<Bytes, Refusal> {
    Ok(body.bytes(MOST_JSON).await?)
}

/// The fields of a JSON body.
pub(crate) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body)
        .map_err(|error| Refusal::invalid(format!("the JSON body cannot be used: {error}")))
}

/// A JSON value as the domain reads it.
pub(crate) fn document(value: Value) -> Document {
    match value {
        Value::Null => Document::Null,
        Value::Bool(it) => Document::Bool(it),
        Value::Number(it) => Document::Number(it.to_string()),
        Value::String(it) => Document::Text(it),
        Value::Array(items) => Document::List(items.into_iter().map(document).collect()),
        Value::Object(fields) => {
            Document::Object(fields.into_iter().map(|(name, it)| (name, document(it))).collect())
        }
    }
}

/// What the domain wrote, as a JSON value.
pub(crate) fn value(document: Document) -> Value {
    match document {
        Document::Null => Value::Null,
        Document::Bool(it) => Value::Bool(it),
        Document::Number(it) => serde_json::from_str(&it).unwrap_or_default(),
        Document::Text(it) => Value::String(it),
        Document::List(items) => items.into_iter().map(value).collect(),
        Document::Object(fields) => {
            fields.into_iter().map(|(name, it)| (name, value(it))).collect()
        }
    }
}
