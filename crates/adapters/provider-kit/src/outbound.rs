//! Calling an address that somebody else gave us.

use std::{sync::Arc, time::Duration};

use reqwest::{
    Client, RequestBuilder,
    header::{HeaderMap, HeaderName, HeaderValue},
    redirect::Policy,
};

use crate::guard::{Forbidden, Guard, GuardedResolver};

/// Until a connection stands.
const CONNECT: Duration = Duration::from_secs(3);
/// Until the answer is read.
const TOTAL: Duration = Duration::from_secs(15);
/// How much of the answer to a post is read, in bytes.
const ANSWER: usize = 4 << 10;

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The HTTP status.
    pub status: u16,
    /// The beginning of the body: at most 4 KiB after a post.
    pub body: Vec<u8>,
}

/// Nothing came back.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    /// The address must not be called.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// Nobody answered in time.
    #[error("nobody answered in time")]
    TimedOut,
    /// Nobody answered.
    #[error("{problem}")]
    Unreachable {
        /// Why, in plain words.
        problem: String,
    },
}

/// Asks addresses that others gave us, behind a [`Guard`]. Redirects are
/// answers like others.
#[derive(Clone, Debug)]
pub struct Outbound {
    http: Client,
    guard: Guard,
}

impl Outbound {
    /// Connections behind `guard`.
    ///
    /// # Errors
    ///
    /// When the system has no TLS roots.
    pub fn new(guard: Guard) -> Result<Self, reqwest::Error> {
        let http = Client::builder()
            .user_agent(concat!("gitlodge/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .dns_resolver(Arc::new(GuardedResolver(guard)))
            .connect_timeout(CONNECT)
            .timeout(TOTAL)
            .no_proxy()
            .build()?;
        Ok(Self { http, guard })
    }

    /// What may be called.
    pub fn guard(&self) -> Guard {
        self.guard
    }

    /// Posts JSON with these headers.
    ///
    /// # Errors
    ///
    /// [`OutboundError`]; an answer of any status is none.
    pub async fn post_json(
        &self,
        url: &str,
        headers: &[(&'static str, String)],
        body: String,
    ) -> Result<Reached, OutboundError> {
        let request = self.http.post(self.guard.parse(url)?).body(body);
        let request = request.header("content-type", "application/json");
        send(request, headers, ANSWER).await
    }

    /// Reads JSON with these headers, at most `most` bytes of it.
    ///
    /// # Errors
    ///
    /// [`OutboundError`]; an answer of any status is none.
    pub async fn get_json(
        &self,
        url: &str,
        headers: &[(&'static str, String)],
        most: usize,
    ) -> Result<Reached, OutboundError> {
        let request = self.http.get(self.guard.parse(url)?);
        send(request.header("accept", "application/json"), headers, most).await
    }
}

async fn send(
    request: RequestBuilder,
    headers: &[(&'static str, String)],
    most: usize,
) -> Result<Reached, OutboundError> {
    let mut all = HeaderMap::new();
    for (name, value) in headers {
        let value = HeaderValue::from_str(value).map_err(|_not_a_header| {
            OutboundError::Unreachable { problem: format!("{name} cannot stand in a header") }
        })?;
        all.insert(HeaderName::from_static(name), value);
    }
    let mut response = request.headers(all).send().await.map_err(unreachable)?;
    let mut body = Vec::new();
    while body.len() < most {
        let Some(chunk) = response.chunk().await.map_err(unreachable)? else { break };
        let room = (most - body.len()).min(chunk.len());
        body.extend_from_slice(chunk.get(..room).unwrap_or_default());
    }
    Ok(Reached { status: response.status().as_u16(), body })
}

fn unreachable(error: reqwest::Error) -> OutboundError {
    if error.is_timeout() {
        return OutboundError::TimedOut;
    }
    // The innermost cause says what happened; the others repeat the address.
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    OutboundError::Unreachable { problem: cause.to_string() }
}
