//! How Bitbucket says no.

use serde_json::json;

use crate::Reply;

/// An error in Bitbucket's one shape.
pub(super) fn refuse(status: u16, message: &str) -> Reply {
    Reply::json(status, &json!({"type": "error", "error": {"message": message}}))
}

/// A commit, branch or tag that is not there.
pub(super) fn no_commit(named: &str) -> Reply {
    let data = json!({"shas": [named]});
    let error = json!({"message": "Commit not found", "data": data});
    Reply::json(404, &json!({"type": "error", "error": error, "data": data}))
}
