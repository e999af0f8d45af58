//! From the answer of a read to HTTP, with its row in the journal.

use std::{borrow::Cow, collections::BTreeSet};

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};
use lodge_access::UsageRow;
use lodge_firewall::Tally;
use lodge_forge::{ProviderName, RepositoryId};
use lodge_gateway::read::{Answer, ReadError};
use lodge_kernel::{ConnectionId, hex};
use lodge_provider::Counter;
use serde::Serialize;

use crate::{
    Route,
    caller::{Bearer, Needs},
    problem::Problem,
    views::{FirewallView, PageInfo},
};

/// What the journal is told of an answer.
struct Outcome {
    status: StatusCode,
    error_code: Option<&'static str>,
    connection: Option<ConnectionId>,
    items: usize,
    bytes: usize,
    withheld: usize,
    masked: u32,
    rules: Vec<String>,
}

impl<P: Needs> Bearer<P> {
    /// Presents a listing and records the read.
    pub(crate) async fn list<T, V: Serialize + From<T>>(
        &self,
        read: Result<Answer<Vec<T>>, ReadError>,
    ) -> Result<HttpResponse, Problem> {
        let answer = self.unwrap(read).await?;
        let page = PageInfo {
            limit: answer.limit.get(),
            has_next_page: answer.has_more,
            next_cursor: answer.next_cursor,
        };
        let items = answer.data.len();
        let data: Vec<V> = answer.data.into_iter().map(V::from).collect();
        self.present(&data, Some(&page), &answer.tally, items, answer.connection).await
    }

    /// Presents one thing and records the read.
    pub(crate) async fn object<T, V: Serialize>(
        &self,
        read: Result<Answer<T>, ReadError>,
        view: impl FnOnce(T, &Tally) -> V,
    ) -> Result<HttpResponse, Problem> {
        let answer = self.unwrap(read).await?;
        let data = view(answer.data, &answer.tally);
        self.present(&data, None, &answer.tally, 1, answer.connection).await
    }

    /// Presents text and records the read.
    pub(crate) async fn text<T>(
        &self,
        read: Result<Answer<T>, ReadError>,
        view: impl FnOnce(T) -> String,
    ) -> Result<HttpResponse, Problem> {
        let answer = self.unwrap(read).await?;
        let text = view(answer.data);
        let outcome = Outcome {
            status: StatusCode::OK,
            error_code: None,
            connection: answer.connection,
            items: 1,
            bytes: text.len(),
            withheld: answer.tally.withheld.len(),
            masked: answer.tally.masked,
            rules: rules(&answer.tally),
        };
        self.journal(outcome).await;
        Ok(HttpResponse::Ok().content_type("text/x-diff; charset=utf-8").body(text))
    }

    /// The answer; a failure is recorded, too.
    async fn unwrap<T>(&self, read: Result<Answer<T>, ReadError>) -> Result<Answer<T>, Problem> {
        match read {
            Ok(answer) => Ok(answer),
            Err(error) => Err(self.failed(&error).await),
        }
    }

    /// Records a read that failed.
    pub(crate) async fn failed(&self, error: &ReadError) -> Problem {
        let problem = Problem::read(error, self.gateway().now());
        self.journal(Outcome::failed(&problem)).await;
        problem
    }

    async fn present(
        &self,
        data: &impl Serialize,
        page: Option<&PageInfo>,
        tally: &Tally,
        items: usize,
        connection: Option<ConnectionId>,
    ) -> Result<HttpResponse, Problem> {
        let internal = |error: serde_json::Error| Problem::internal(&error);
        let firewall = FirewallView::new(self.gateway().rules().version(), tally);
        // The validator covers all but the cursor and the request id, which
        // differ each time.
        let mut body = Vec::with_capacity(8_192);
        body.extend_from_slice(b"{\"data\":");
        serde_json::to_writer(&mut body, data).map_err(internal)?;
        body.extend_from_slice(b",\"firewall\":");
        serde_json::to_writer(&mut body, &firewall).map_err(internal)?;
        let read = body.len();
        if let Some(page) = page {
            let more = u8::from(page.has_next_page);
            body.extend_from_slice(&[more, u8::try_from(page.limit).unwrap_or(u8::MAX)]);
        }
        let digest = self.gateway().keys.digest(&body);
        body.truncate(read);
        let etag = format!("\"{}\"", hex::encode(digest.0.first_chunk::<16>().unwrap_or(&[0; 16])));
        if let Some(page) = page {
            body.extend_from_slice(b",\"page_info\":");
            serde_json::to_writer(&mut body, page).map_err(internal)?;
        }
        body.extend_from_slice(b",\"request_id\":\"");
        body.extend_from_slice(self.arrival.id.to_string().as_bytes());
        body.extend_from_slice(b"\"}");

        let fresh = self.request.headers().get(header::IF_NONE_MATCH);
        let fresh = fresh.and_then(|it| it.to_str().ok()).is_some_and(|it| matches(it, &etag));
        // A page that goes on is sent whole: its old cursor may have ended.
        let fresh = fresh && page.is_none_or(|it| it.next_cursor.is_none());
        let status = if fresh { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
        if fresh {
            body.clear();
        }
        let outcome = Outcome {
            status,
            error_code: None,
            connection,
            items,
            bytes: body.len(),
            withheld: tally.withheld.len(),
            masked: tally.masked,
            rules: rules(tally),
        };
        self.journal(outcome).await;
        let mut response = HttpResponse::build(status);
        response
            .insert_header((header::ETAG, etag))
            .insert_header((header::CACHE_CONTROL, "private, no-cache"))
            .insert_header((header::VARY, "Authorization"));
        if fresh {
            return Ok(response.finish());
        }
        Ok(response.content_type("application/json").body(body))
    }

    async fn journal(&self, outcome: Outcome) {
        let (withheld, masked) = (to_u32(outcome.withheld), outcome.masked);
        self.surface.metrics.reviewed(withheld.into(), masked.into());
        if !self.gateway().policies.journal {
            return;
        }
        let token = &self.grant.token;
        let authorization = self.grant.authorization.as_ref();
        let row = UsageRow {
            request: self.arrival.id,
            at: self.arrival.at,
            tenant: token.tenant,
            client: token.client,
            token: token.id,
            authorization: token.authorization,
            customer: authorization.map(|it| it.customer),
            connection: outcome.connection,
            provider: ProviderName::parse(self.segment("provider")).ok(),
            repository: RepositoryId::parse(self.segment("repoId")).ok(),
            endpoint: Cow::Borrowed(Route::of(&self.request).map_or("", |it| it.operation)),
            status: outcome.status.as_u16(),
            error_code: outcome.error_code.map(Cow::Borrowed),
            duration: self.arrival.started.elapsed(),
            upstream: Counter::current().told(),
            scope: P::PERMISSION,
            items: to_u32(outcome.items),
            bytes: u64::try_from(outcome.bytes).unwrap_or(u64::MAX),
            withheld,
            masked,
            rules: outcome.rules,
        };
        self.gateway().journal.record(row).await;
    }
}

/// Records a read that was refused before its handler ran.
pub(crate) async fn journal_refusal<P: Needs>(caller: &Bearer<P>, problem: &Problem) {
    caller.journal(Outcome::failed(problem)).await;
}

impl Outcome {
    fn failed(problem: &Problem) -> Self {
        Self {
            status: problem.status(),
            error_code: Some(problem.code.name()),
            connection: None,
            items: 0,
            bytes: 0,
            withheld: 0,
            masked: 0,
            rules: Vec::new(),
        }
    }
}

/// The rules by which something was held back, each once.
fn rules(tally: &Tally) -> Vec<String> {
    let rules: BTreeSet<_> = tally.withheld.iter().map(|it| it.rule).collect();
    rules.into_iter().map(|it| it.to_string()).collect()
}

/// `If-None-Match` names `etag`, weakly compared (RFC 9110, 13.1.2).
fn matches(header: &str, etag: &str) -> bool {
    header.trim() == "*" || header.split(',').any(|it| it.trim().trim_start_matches("W/") == etag)
}

fn to_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
