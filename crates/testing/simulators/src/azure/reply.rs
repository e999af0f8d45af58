//! The shapes of answers: lists, pages for people, errors.

use serde_json::{Value, json};

use crate::{Ask, Reply};

/// Every list, although the specification says that they are bare arrays.
pub(crate) fn list(items: &[Value]) -> Reply {
    Reply::json(200, &json!({ "count": items.len(), "value": items }))
        .with("x-vss-userdata", "4242:ada")
}

/// The text at `pointer`; nothing where there is none.
pub(crate) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The number called `id`, as texts have it.
pub(crate) fn number(value: &Value) -> String {
    value.get("id").map(Value::to_string).unwrap_or_default()
}

/// One slice of a list, after `skip`.
pub(crate) fn slice(items: Vec<Value>, skip: Option<usize>, top: Option<usize>) -> Reply {
    let skip = skip.unwrap_or_default();
    list(&items.into_iter().skip(skip).take(top.unwrap_or(100)).collect::<Vec<_>>())
}

/// One slice of a list, and the token that leads on.
pub(crate) fn continued(
    items: Vec<Value>,
    skip: usize,
    top: usize,
    token: impl Fn(&Value) -> String,
) -> Reply {
    let next = items.get(skip + top).map(token);
    let reply = list(&items.into_iter().skip(skip).take(top).collect::<Vec<_>>());
    match next {
        Some(next) => reply.with("x-ms-continuationtoken", next),
        None => reply,
    }
}

/// A page for people.
pub(crate) fn page(status: u16, title: &str) -> Reply {
    let html = format!("\u{feff}<!DOCTYPE html><html><head><title>{title}</title></head></html>");
    Reply::text(status, "text/html; charset=utf-8", html)
}

/// An error. The vendor's bodies begin with a byte order mark at times.
pub(crate) fn error(status: u16, kind: &str, message: &str) -> Reply {
    let body = json!({
        "$id": "1",
        "innerException": null,
        "message": message,
        "typeName": format!("Microsoft.TeamFoundation.Git.Server.{kind}, Microsoft.TeamFoundation.Git.Server"),
        "typeKey": kind,
        "errorCode": 0,
        "eventId": 3000,
    });
    Reply::text(status, "application/json; charset=utf-8", format!("\u{feff}{body}"))
}

pub(crate) fn no_repository(id: &str) -> Reply {
    error(
        404,
        "GitRepositoryNotFoundException",
        &format!(
            "TF401019: The Git repository with name or identifier {id} does not exist or you do \
             not have permissions for the operation you are attempting."
        ),
    )
}

pub(crate) fn no_project(name: &str) -> Reply {
    error(
        404,
        "ProjectDoesNotExistWithNameException",
        &format!("TF200016: The following project does not exist: {name}."),
    )
}

pub(crate) fn no_version(version: &str) -> Reply {
    error(
        404,
        "GitUnresolvableToCommitException",
        &format!(
            "TF401175: The version descriptor <{version}> could not be resolved to a version in \
             the repository."
        ),
    )
}

pub(crate) fn no_item(path: &str) -> Reply {
    error(
        404,
        "GitItemNotFoundException",
        &format!("TF401174: The item '{path}' could not be found in the repository."),
    )
}

pub(crate) fn no_pull_request() -> Reply {
    error(
        404,
        "GitPullRequestNotFoundException",
        "TF401180: The requested pull request was not found.",
    )
}

/// What the router says, and not the API.
pub(crate) fn no_route() -> Reply {
    Reply::text(404, "text/plain", "The controller for the path was not found.")
}

/// Refuses what does not name a version, or not that of a preview.
pub(crate) fn without_version(ask: &Ask) -> Option<Reply> {
    let in_accept = ask.header("accept").is_some_and(|it| it.contains("api-version="));
    let Some(version) = ask.query("api-version").or(in_accept.then_some("7.1")) else {
        let message = format!("No api-version was supplied for the \"{}\" request.", ask.method);
        return Some(error(400, "VssVersionNotSpecifiedException", &message));
    };
    let preview = ask.segments.last().is_some_and(|it| it == "connectionData");
    (preview && !version.contains("-preview")).then(|| {
        let message = format!(
            "The requested version \"{version}\" of the resource is under preview. The -preview \
             flag must be supplied in the api-version for such requests."
        );
        error(400, "VssInvalidPreviewVersionException", &message)
    })
}
