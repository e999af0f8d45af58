//! The journal as a file: CSV, or JSON lines. It is sent as it is read.

use std::io;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{Bytes, Data},
};
use futures_util::stream;
use lodge_access::UsageRow;
use lodge_gateway::customer::Insider;
use lodge_kernel::RequestId;

use super::{door::Door, filter::Query};
use crate::{answer, problem::Problem, site::Site};

/// How many rows are read at a time.
const AT_ONCE: usize = 1_000;
/// How many rows a file has at most: the newest ones.
const MOST: usize = 100_000;

const COLUMNS: &str = "at,operation,provider,repository_id,status,error_code,items,bytes,withheld,masked,request_id\r\n";

type Writer = fn(&UsageRow) -> String;

#[tracing::instrument(name = "web.access.export_csv", skip_all)]
pub(crate) async fn csv(site: Data<Site>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    export(site, &request, "csv", "text/csv; charset=utf-8", COLUMNS, csv_line).await
}

#[tracing::instrument(name = "web.access.export_lines", skip_all)]
pub(crate) async fn json_lines(
    site: Data<Site>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    export(site, &request, "jsonl", "application/jsonl", "", json_line).await
}

async fn export(
    site: Data<Site>,
    request: &HttpRequest,
    ending: &str,
    content_type: &'static str,
    first: &'static str,
    write: Writer,
) -> Result<HttpResponse, Problem> {
    let door = Door::open(&site, request).await?;
    let insider = door.insider().await?;
    let query = Query::parse(request.query_string()).map_err(|it| door.framed(it))?;
    let name = format!("attachment; filename=\"reads-{}.{ending}\"", door.client);
    let source = Source { site: Data::clone(&site), insider, query, write };
    // Of a file that is broken off, the browser says so: it has no length.
    let rows = stream::try_unfold(Some(Place { before: None, left: MOST }), move |place| {
        let source = source.clone();
        async move {
            let Some(place) = place else { return Ok::<_, io::Error>(None) };
            source.next(place).await.map(Some)
        }
    });
    let head = stream::once(async move { Ok(Bytes::from_static(first.as_bytes())) });
    let mut response = answer::bare(StatusCode::OK);
    response
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .content_type(content_type);
    Ok(response.streaming(futures_util::StreamExt::chain(head, rows)))
}

/// Where an export goes on.
struct Place {
    before: Option<RequestId>,
    left: usize,
}

#[derive(Clone)]
struct Source {
    site: Data<Site>,
    insider: Insider,
    query: Query,
    write: Writer,
}

impl Source {
    async fn next(&self, place: Place) -> Result<(Bytes, Option<Place>), io::Error> {
        let (gateway, filter) = (&self.site.gateway, &self.query.filter);
        let wanted = AT_ONCE.min(place.left);
        let rows = gateway.export_journal(&self.insider, filter, place.before, wanted).await;
        let rows = rows.map_err(io::Error::other)?;
        let left = place.left.saturating_sub(rows.len());
        let before = rows.last().map(|it| it.request);
        let text: String = rows.iter().map(self.write).collect();
        let more = rows.len() == wanted && left > 0;
        Ok((Bytes::from(text), more.then_some(Place { before, left })))
    }
}

fn csv_line(it: &UsageRow) -> String {
    let optional = |it: Option<String>| it.unwrap_or_default();
    let cells = [
        it.at.to_string(),
        it.endpoint.to_string(),
        optional(it.provider.as_ref().map(ToString::to_string)),
        optional(it.repository.as_ref().map(ToString::to_string)),
        it.status.to_string(),
        optional(it.error_code.as_ref().map(ToString::to_string)),
        it.items.to_string(),
        it.bytes.to_string(),
        it.withheld.to_string(),
        it.masked.to_string(),
        it.request.to_string(),
    ];
    let mut line = cells.map(|it| cell(&it)).join(",");
    line.push_str("\r\n");
    line
}

/// One cell of CSV (RFC 4180). A spreadsheet takes what begins like a formula for
/// one, and some things in here were named by strangers: an apostrophe before it
/// makes it text (<https://owasp.org/www-community/attacks/CSV_Injection>).
fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let text = text.replace('"', "\"\"");
    if is_formula { format!("\"'{text}\"") } else { format!("\"{text}\"") }
}

fn json_line(it: &UsageRow) -> String {
    let line = serde_json::json!({
        "at": it.at.to_string(),
        "operation": it.endpoint,
        "provider": it.provider.as_ref().map(ToString::to_string),
        "repository_id": it.repository.as_ref().map(ToString::to_string),
        "status": it.status,
        "error_code": it.error_code,
        "items": it.items,
        "bytes": it.bytes,
        "withheld": it.withheld,
        "masked": it.masked,
        "request_id": it.request.to_string(),
    });
    format!("{line}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula_and_ends_where_it_ends() {
        assert_eq!(cell("web"), "\"web\"");
        assert_eq!(cell("a\"b,\nc"), "\"a\"\"b,\nc\"");
        for formula in ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"] {
            assert!(cell(formula).starts_with("\"'"), "{formula}");
        }
    }
}
