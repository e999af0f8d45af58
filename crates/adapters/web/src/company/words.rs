//! Days, reads and results in plain words.

use lodge_access::{Permission, PermissionSet, UsageRow};
use lodge_gateway::customer::journal::Names;
use lodge_kernel::Timestamp;

/// The day of an instant, in UTC.
pub(crate) fn day(at: Timestamp) -> String {
    at.to_string().chars().take(10).collect()
}

/// Day and minute, in UTC.
pub(crate) fn minute(at: Timestamp) -> String {
    at.to_string().chars().take(16).map(|it| if it == 'T' { ' ' } else { it }).collect()
}

pub(crate) fn labels(set: PermissionSet) -> Vec<&'static str> {
    set.iter().map(Permission::label).collect()
}

/// One read.
pub(crate) struct ReadView {
    pub(crate) at: String,
    /// What was asked for.
    pub(crate) what: String,
    pub(crate) repository: String,
    pub(crate) result: String,
    pub(crate) refused: bool,
    pub(crate) withheld: u32,
    pub(crate) masked: u32,
}

impl ReadView {
    pub(crate) fn new(it: &UsageRow, names: &Names) -> Self {
        let place = it.provider.clone().zip(it.repository.clone());
        let repository = place.map_or_else(
            || "—".to_owned(),
            |place| match names.get(&place) {
                Some(name) => name.clone(),
                None => place.1.to_string(),
            },
        );
        let refused = it.status >= 400;
        let result = match &it.error_code {
            Some(code) if refused => format!("not given: {code}"),
            _ if it.items == 1 => "1 item".to_owned(),
            _ => format!("{} items", it.items),
        };
        Self {
            at: minute(it.at),
            what: what(&it.endpoint).to_owned(),
            repository,
            result,
            refused,
            withheld: it.withheld,
            masked: it.masked,
        }
    }
}

/// The operation of the journal, for people. One that is not here is named as it
/// is in the reference.
fn what(operation: &str) -> &str {
    match operation {
        "me" => "The account's profile",
        "client.me" => "What it may read",
        "account.quota" => "How much it may still ask",
        "repositories.list" => "The list of repositories",
        "repositories.find" => "The repository's description",
        "branches.list" => "Branches",
        "commits.list" => "Commits",
        "commits.diff" => "What a commit changed",
        "pull-requests.list" => "Pull requests",
        "pull-requests.diff" => "What a pull request changes",
        "contributors.list" => "Contributors",
        "tags.list" => "Tags",
        "releases.list" => "Releases",
        "checks.list" => "Results of CI",
        "deployments.list" => "Deployments",
        "file-tree.list" => "Names of files",
        "events.subscribe" => "To be told of events",
        other => other,
    }
}
