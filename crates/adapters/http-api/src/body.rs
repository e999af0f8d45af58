//! Bodies of requests: JSON with canonical errors, and the two encodings of
//! the OAuth endpoints.

use std::time::Duration;

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::{StatusCode, header},
    rt::time::timeout,
    web::{Bytes, BytesMut},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures_util::StreamExt as _;
use lodge_gateway::oauth::ClientCredentials;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// The largest body that any endpoint takes.
const MOST_BYTES: usize = 64 * 1_024;
/// How long it may take to arrive. The server's own patience is for heads only.
const PATIENCE: Duration = Duration::from_secs(10);

/// Reads a body, and stops reading when it is too large or too slow.
pub(crate) async fn read(request: &HttpRequest, payload: Payload) -> Result<Bytes, Problem> {
    read_at_most(MOST_BYTES, request, payload).await
}

async fn read_at_most(
    most: usize,
    request: &HttpRequest,
    payload: Payload,
) -> Result<Bytes, Problem> {
    timeout(PATIENCE, collect(most, request, payload)).await.map_err(|_elapsed| {
        Problem::invalid("the body did not arrive within 10 seconds")
            .with_status(StatusCode::REQUEST_TIMEOUT)
    })?
}

async fn collect(
    most: usize,
    request: &HttpRequest,
    mut payload: Payload,
) -> Result<Bytes, Problem> {
    let too_large = || {
        Problem::invalid(format!("the body is larger than {} KiB", most >> 10))
            .with_status(StatusCode::PAYLOAD_TOO_LARGE)
    };
    let declared = request.headers().get(header::CONTENT_LENGTH);
    let declared = declared.and_then(|it| it.to_str().ok()).and_then(|it| it.parse::<usize>().ok());
    if declared.is_some_and(|it| it > most) {
        return Err(too_large());
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk =
            chunk.map_err(|error| Problem::invalid(format!("the body cannot be read: {error}")))?;
        if body.len() + chunk.len() > most {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// A JSON body that is read after the caller was recognised.
pub(crate) struct RawBody {
    request: HttpRequest,
    payload: Payload,
}

impl FromRequest for RawBody {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Self { request: request.clone(), payload: payload.take() }))
    }
}

impl RawBody {
    /// What it belongs to.
    pub(crate) const fn request(&self) -> &HttpRequest {
        &self.request
    }

    /// It comes as a form, as standard clients of OAuth send it.
    pub(crate) fn is_form(&self) -> bool {
        media_type(&self.request) == "application/x-www-form-urlencoded"
    }

    /// The body as it is, of at most `most` bytes.
    pub(crate) async fn bytes(self, most: usize) -> Result<Bytes, Problem> {
        read_at_most(most, &self.request, self.payload).await
    }

    /// The body as JSON. Other content types are refused, so that no plain
    /// form of another origin can send it.
    pub(crate) async fn json<T: DeserializeOwned>(self) -> Result<T, Problem> {
        parse(&self.json_bytes(MOST_BYTES).await?)
    }

    /// As [`json`](Self::json), not read yet, of at most `most` bytes.
    pub(crate) async fn json_bytes(self, most: usize) -> Result<Bytes, Problem> {
        if media_type(&self.request) != "application/json" {
            return Err(Problem::invalid("send `Content-Type: application/json`")
                .with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        self.bytes(most).await
    }

    /// A file of comma-separated values, not read yet, of at most `most` bytes.
    pub(crate) async fn csv_bytes(self, most: usize) -> Result<Bytes, Problem> {
        if media_type(&self.request) != "text/csv" {
            return Err(Problem::invalid("send `Content-Type: text/csv`")
                .with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        self.bytes(most).await
    }

    /// The body of an OAuth endpoint.
    pub(crate) async fn oauth<T: DeserializeOwned>(self) -> Result<OAuthBody<T>, OAuthBodyProblem> {
        let form = self.is_form();
        let fail = |problem| OAuthBodyProblem { form, problem };
        let basic = basic_credentials(&self.request).map_err(fail)?;
        let json = media_type(&self.request) == "application/json";
        let body = read(&self.request, self.payload).await.map_err(fail)?;
        let fields = if form {
            form_fields(&body).map_err(fail)?
        } else if json {
            parse(&body).map_err(fail)?
        } else {
            let message = "send `application/x-www-form-urlencoded` or `application/json`, and say which in `Content-Type`";
            return Err(fail(
                Problem::invalid(message).with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE),
            ));
        };
        Ok(OAuthBody { form, basic, fields })
    }
}

/// The body of an OAuth endpoint.
pub(crate) struct OAuthBody<T> {
    /// It came as a form, as standard clients send it; errors then have the
    /// shape of RFC 6749.
    pub(crate) form: bool,
    /// The credentials of HTTP Basic.
    pub(crate) basic: Option<ClientCredentials>,
    /// The fields.
    pub(crate) fields: T,
}

/// A body of an OAuth endpoint that cannot be read.
pub(crate) struct OAuthBodyProblem {
    /// As in [`OAuthBody`].
    pub(crate) form: bool,
    /// What is wrong.
    pub(crate) problem: Problem,
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body)
        .map_err(|error| Problem::invalid(format!("the JSON body cannot be used: {error}")))
}

/// The fields of a form; one without a value is as good as absent (RFC 6749,
/// 3.2).
fn form_fields<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let unusable = |error: &dyn std::fmt::Display| {
        Problem::invalid(format!("the form cannot be used: {error}"))
    };
    let mut pairs: Vec<(String, String)> =
        serde_urlencoded::from_bytes(body).map_err(|error| unusable(&error))?;
    pairs.retain(|(_, value)| !value.is_empty());
    let text = serde_urlencoded::to_string(pairs).map_err(|error| unusable(&error))?;
    serde_urlencoded::from_str(&text).map_err(|error| unusable(&error))
}

fn media_type(request: &HttpRequest) -> String {
    let value = request.headers().get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    let value = value.unwrap_or_default().split(';').next().unwrap_or_default();
    value.trim().to_ascii_lowercase()
}

/// The credentials of `Authorization: Basic` (RFC 6749, 2.3.1: both parts are
/// form-encoded first).
pub(crate) fn basic_credentials(
    request: &HttpRequest,
) -> Result<Option<ClientCredentials>, Problem> {
    let Some(value) = request.headers().get(header::AUTHORIZATION) else { return Ok(None) };
    let refused = || Problem::invalid("the header `Authorization` is not valid HTTP Basic");
    let value = value.to_str().map_err(|_not_text| refused())?;
    let Some((scheme, rest)) = value.split_once(' ') else { return Ok(None) };
    if !scheme.eq_ignore_ascii_case("basic") {
        return Ok(None);
    }
    let decoded = STANDARD.decode(rest.trim()).map_err(|_not_base64| refused())?;
    let decoded = String::from_utf8(decoded).map_err(|_not_text| refused())?;
    let (id, secret) = decoded.split_once(':').ok_or_else(refused)?;
    Ok(Some(ClientCredentials { id: form_decoded(id)?, secret: form_decoded(secret)? }))
}

fn form_decoded(text: &str) -> Result<String, Problem> {
    let refused = || Problem::invalid("the credentials of HTTP Basic are not form-encoded");
    let mut pairs: Vec<(String, String)> =
        serde_urlencoded::from_str(text).map_err(|_not_a_form| refused())?;
    match (pairs.pop(), pairs.is_empty()) {
        (None, _) => Ok(String::new()),
        // A bare `=` or `&` would cut the text short.
        (Some((name, value)), true) if value.is_empty() => Ok(name),
        _ => Err(refused()),
    }
}
