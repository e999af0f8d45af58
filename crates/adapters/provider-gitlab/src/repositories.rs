//! The projects that an account is a member of.

use lodge_forge::{Repository, Resource};
use lodge_pagination::{Page, PageRequest, Position};
use lodge_provider::{Account, ProviderError, RepositoryRef};
use lodge_provider_kit::{Answer, Call, Marks, Read};

use crate::{api::Api, payload::repository::ProjectPayload};

const REPOSITORIES: &str = "repositories";
/// What GitLab continues a keyset by: the last id, or a cursor of its own.
const KEYS: [&str; 2] = ["id_after", "cursor"];

/// One page. By keyset, which only goes by id: beyond 50,000 projects there
/// are no page numbers.
pub(crate) async fn list(
    api: &Api,
    account: Account,
    request: &PageRequest,
) -> Result<Page<Repository>, ProviderError> {
    let mut call = Call::get(&api.base, ["projects"])
        .query("membership", "true")
        // Reporters: who is less than that may not read code.
        .query("min_access_level", "20")
        .query("pagination", "keyset")
        .query("order_by", "id")
        .query("sort", "asc")
        .query("per_page", request.limit.get().to_string());
    if let Some(read) = Read::of(REPOSITORIES, request.from.as_ref())? {
        let name = read.text("by")?;
        let name = KEYS.into_iter().find(|it| *it == name).ok_or(ProviderError::Position)?;
        let value = String::from_utf8(read.bytes("after")?);
        call = call.query(name, value.map_err(|_not_text| ProviderError::Position)?);
    }
    let answer = api.client.send(account, call).await?;
    let items = answer.understood(|answer| {
        let projects: Vec<ProjectPayload<'_>> = answer.page(Resource::Repositories)?;
        let items = projects.into_iter().filter_map(|it| it.into_repository(api.name.clone()));
        Ok(items.collect())
    })?;
    Ok(Page { items, next: next(&answer)? })
}

fn next(answer: &Answer) -> Result<Option<Position>, ProviderError> {
    let query = answer.next_query().unwrap_or_default();
    let known = query.iter().find(|(name, _)| KEYS.contains(&name.as_str()));
    let Some((name, value)) = known else { return Ok(None) };
    let marks = Marks::of(REPOSITORIES)?.with("by", name.as_str())?;
    Ok(Some(marks.with_bytes("after", value.as_bytes())?.done()))
}

pub(crate) async fn find(
    api: &Api,
    repository: &RepositoryRef,
) -> Result<Repository, ProviderError> {
    let call = api.get(repository, [])?.query("statistics", "true");
    let answer = api.ask(repository, call).await?;
    let project: ProjectPayload<'_> = answer.json(Resource::Repositories)?;
    project.into_repository(api.name.clone()).ok_or(ProviderError::RepositoryNotFound)
}
