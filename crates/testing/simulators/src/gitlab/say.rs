//! How GitLab says things.

use lodge_kernel::Timestamp;
use serde_json::{Value, json};

use crate::{Ask, Reply, WorldRepository, person_id};

/// A question about one project.
pub(super) struct Here<'a> {
    pub(super) ask: &'a Ask,
    pub(super) repository: &'a WorldRepository,
}

impl Here<'_> {
    /// The project's page.
    pub(super) fn page(&self) -> String {
        page(&self.ask.address, self.repository)
    }
}

/// A project's page at the host at `address`.
pub(super) fn page(address: &str, repository: &WorldRepository) -> String {
    format!("{address}/{}", repository.full_name())
}

pub(super) fn ok(ask: &Ask, body: &Value) -> Reply {
    Reply::json(200, body).confirmable(ask)
}

/// `404 Project Not Found`.
pub(super) fn not_found(what: &str) -> Reply {
    Reply::json(404, &json!({"message": format!("404 {what} Not Found")}))
}

/// What a query lacks.
pub(super) fn bad_request(error: &str) -> Reply {
    Reply::json(400, &json!({ "error": error }))
}

/// An instant of a commit, which keeps an offset.
pub(super) fn git_time(at: Option<Timestamp>) -> Value {
    at.map_or(Value::Null, |at| at.to_string().replace('Z', "+00:00").into())
}

/// Any other instant.
pub(super) fn time(at: Option<Timestamp>) -> Value {
    at.map_or(Value::Null, |at| at.to_string().into())
}

/// An instant in a webhook: `2016-08-12 15:23:28 UTC`.
pub(super) fn hook_time(at: Option<Timestamp>) -> Value {
    let text = |at: Timestamp| {
        let text = at.to_string();
        let seconds = text.get(..19).unwrap_or_default().replace('T', " ");
        Value::from(format!("{seconds} UTC"))
    };
    at.map_or(Value::Null, text)
}

/// A person inside something else.
pub(super) fn person(login: Option<&str>, address: &str) -> Value {
    login.map_or(Value::Null, |login| {
        json!({
            "id": person_id(login),
            "username": login,
            "name": login,
            "state": "active",
            "locked": false,
            "avatar_url": null,
            "web_url": format!("{address}/{login}"),
        })
    })
}
