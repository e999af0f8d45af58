//! Receipts: as a page, and as files that any JOSE library checks.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::Data,
};
use askama::Template;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use lodge_access::{Permission, Receipt, ReceiptChange};
use serde_json::Value;

use super::{
    door::Door,
    words::{day, minute},
};
use crate::{answer, problem::Problem, site::Site};

/// One receipt in a list.
pub(crate) struct ReceiptLine {
    pub(crate) id: String,
    pub(crate) at: String,
    pub(crate) what: &'static str,
    pub(crate) version: u32,
}

impl ReceiptLine {
    pub(crate) fn new(it: &Receipt) -> Self {
        let (id, what) = (it.id.to_string(), what(it.change));
        Self { id, at: minute(it.at), what, version: it.version }
    }
}

const fn what(change: ReceiptChange) -> &'static str {
    match change {
        ReceiptChange::Given => "You approved",
        ReceiptChange::Changed => "You changed what is shared",
        ReceiptChange::Disconnected => "You disconnected an account",
        ReceiptChange::TakenBack => "The approval was taken back",
    }
}

#[derive(Template)]
#[template(path = "company_receipt.html")]
struct ReceiptView {
    path: String,
    line: ReceiptLine,
    app: String,
    organisation: String,
    customer: Option<String>,
    purpose: Option<String>,
    until: Option<String>,
    /// Nothing can be read by this any more.
    over: bool,
    of_account: Vec<&'static str>,
    repositories: Vec<Repository>,
}

struct Repository {
    name: String,
    provider: String,
    permissions: Vec<&'static str>,
    until: String,
}

#[tracing::instrument(name = "web.access.receipt", skip_all)]
pub(crate) async fn receipt(
    site: Data<Site>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let door = Door::open(&site, &request).await?;
    let receipt = find(&door).await?;
    let told = statement(&receipt.document);
    let view = ReceiptView {
        path: format!("/app/company/apps/{}", door.client),
        line: ReceiptLine::new(&receipt),
        app: text(&told, "/controller/app").unwrap_or_default(),
        organisation: text(&told, "/controller/organisation").unwrap_or_default(),
        customer: text(&told, "/customer/name").or_else(|| text(&told, "/customer/reference")),
        purpose: text(&told, "/authorization/purpose"),
        until: text(&told, "/authorization/expires_at").map(|it| it.chars().take(10).collect()),
        over: receipt.change == ReceiptChange::TakenBack,
        of_account: scopes(told.pointer("/authorization/account_permissions")),
        repositories: list(told.get("repositories")).map(Repository::new).collect(),
    };
    Ok(answer::page(StatusCode::OK, &door.head(), &view))
}

/// `….jws`: the compact form (RFC 7515, 7.1).
#[tracing::instrument(name = "web.access.receipt_compact", skip_all)]
pub(crate) async fn compact(
    site: Data<Site>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let door = Door::open(&site, &request).await?;
    let receipt = find(&door).await?;
    Ok(file(&receipt, "jws", "application/jose", receipt.document.clone()))
}

/// `….json`: the flattened form (RFC 7515, 7.2.2).
#[tracing::instrument(name = "web.access.receipt_json", skip_all)]
pub(crate) async fn flattened(
    site: Data<Site>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let door = Door::open(&site, &request).await?;
    let receipt = find(&door).await?;
    let mut parts = receipt.document.splitn(3, '.');
    let (protected, payload, signature) = (parts.next(), parts.next(), parts.next());
    let body = serde_json::json!({
        "protected": protected, "payload": payload, "signature": signature,
        // What the payload says, for people: the signature does not cover this.
        "readable": statement(&receipt.document),
    });
    Ok(file(&receipt, "json", "application/json", format!("{body:#}\n")))
}

async fn find(door: &Door<'_>) -> Result<Receipt, Problem> {
    let insider = door.insider().await?;
    let found = door.site.gateway.receipt(&insider, door.segment("receiptId")).await;
    found.map_err(|error| door.framed(error.into()))
}

fn file(receipt: &Receipt, ending: &str, content_type: &str, body: String) -> HttpResponse {
    let name = format!("attachment; filename=\"{}.{ending}\"", receipt.id);
    answer::bare(StatusCode::OK)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .content_type(content_type)
        .body(body)
}

/// What a document states. Our own documents are whole; of another, nothing.
fn statement(document: &str) -> Value {
    let payload = document.split('.').nth(1).unwrap_or_default();
    let payload = BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap_or_default();
    serde_json::from_slice(&payload).unwrap_or_default()
}

fn text(told: &Value, pointer: &str) -> Option<String> {
    told.pointer(pointer)?.as_str().map(ToOwned::to_owned)
}

fn list(told: Option<&Value>) -> impl Iterator<Item = &Value> {
    told.and_then(Value::as_array).into_iter().flatten()
}

fn scopes(told: Option<&Value>) -> Vec<&'static str> {
    let known = list(told).filter_map(|it| Permission::parse(it.as_str()?).ok());
    known.map(Permission::label).collect()
}

impl Repository {
    fn new(told: &Value) -> Self {
        let get = |name: &str| text(told, name).unwrap_or_default();
        let until = get("/expires_at");
        let until = lodge_kernel::Timestamp::parse(&until).map(day).unwrap_or(until);
        Self {
            name: get("/name"),
            provider: get("/provider"),
            permissions: scopes(told.get("permissions")),
            until,
        }
    }
}
