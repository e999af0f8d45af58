//! What the app read, page by page.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Data};
use askama::Template;
use lodge_gateway::customer::JournalPage;

use super::{door::Door, filter::Query, words::ReadView};
use crate::{answer, problem::Problem, site::Site};

#[derive(Template)]
#[template(path = "company_journal.html")]
struct JournalView<'a> {
    path: String,
    app: &'a str,
    repositories: Vec<Choice>,
    from: &'a str,
    to: &'a str,
    filtered: bool,
    /// The query of an export.
    query: String,
    requests: u64,
    refused: u64,
    withheld: u64,
    masked: u64,
    rows: Vec<ReadView>,
    next: Option<String>,
    /// Not the first page.
    later: bool,
}

/// A repository that can be chosen.
struct Choice {
    value: String,
    name: String,
    chosen: bool,
}

#[tracing::instrument(name = "web.access.journal", skip_all)]
pub(crate) async fn journal(
    site: Data<Site>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let door = Door::open(&site, &request).await?;
    let insider = door.insider().await?;
    let query = Query::parse(request.query_string()).map_err(|it| door.framed(it))?;
    let page = site.gateway.customer_journal(&insider, &query.filter, query.before).await;
    let page = page.map_err(|error| door.framed(error.into()))?;
    let view = JournalView {
        path: format!("/app/company/apps/{}", door.client),
        app: &insider.app.name,
        repositories: choices(&page, &query),
        from: &query.from,
        to: &query.to,
        filtered: !query.text(None).is_empty(),
        query: query.text(None),
        requests: page.totals.requests,
        refused: page.totals.refused,
        withheld: page.totals.withheld,
        masked: page.totals.masked,
        rows: page.rows.iter().map(|it| ReadView::new(it, &page.names)).collect(),
        next: page.next.map(|it| query.text(Some(it))),
        later: query.before.is_some(),
    };
    Ok(answer::page(StatusCode::OK, &door.head(), &view))
}

/// What is approved now, and what was chosen.
fn choices(page: &JournalPage, query: &Query) -> Vec<Choice> {
    let named = page.names.iter().map(|((provider, id), name)| {
        let value = format!("{provider} {id}");
        Choice { chosen: value == query.repository, value, name: name.clone() }
    });
    let mut all: Vec<_> = named.collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    if !query.repository.is_empty() && !all.iter().any(|it| it.chosen) {
        let value = query.repository.clone();
        all.push(Choice { name: value.clone(), value, chosen: true });
    }
    all
}
