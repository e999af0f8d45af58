//! What stands around the data.

use lodge_firewall::Tally;
use serde::Serialize;
use utoipa::ToSchema;

/// Many things.
#[derive(Debug, Serialize, ToSchema)]
pub struct Collection<T> {
    /// The items. A page may be short or empty and still have a next one.
    pub data: Vec<T>,
    /// Where the listing goes on.
    pub page_info: PageInfo,
    /// What was held back.
    pub firewall: FirewallView,
    /// Also in the header `x-request-id`.
    pub request_id: String,
}

/// One thing.
#[derive(Debug, Serialize, ToSchema)]
pub struct Single<T> {
    /// The thing.
    pub data: T,
    /// What was held back.
    pub firewall: FirewallView,
    /// Also in the header `x-request-id`.
    pub request_id: String,
}

/// Where a listing goes on.
#[derive(Debug, Serialize, ToSchema)]
pub struct PageInfo {
    /// The page size that was used.
    pub limit: usize,
    /// There is more.
    pub has_next_page: bool,
    /// To be sent back as it is, within 15 minutes.
    pub next_cursor: Option<String>,
}

/// What the firewall did to an answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct FirewallView {
    /// Which rules were in force.
    pub rules_version: String,
    /// Files and entries that were held back, by keyed pseudonym.
    pub withheld: Vec<WithheldView>,
    /// How many secrets were masked.
    pub masked: u32,
}

/// One thing that was held back.
#[derive(Debug, Serialize, ToSchema)]
pub struct WithheldView {
    /// Stands for the path: equal paths of one organisation are equal.
    pub path_hash: String,
    /// The rule of docs/firewall.md.
    pub rule: String,
}

impl FirewallView {
    /// What `tally` counted under the rules `version`.
    pub fn new(version: &str, tally: &Tally) -> Self {
        let withheld = tally.withheld.iter().map(|it| WithheldView {
            path_hash: it.path_hash.to_string(),
            rule: it.rule.to_string(),
        });
        Self {
            rules_version: version.to_owned(),
            withheld: withheld.collect(),
            masked: tally.masked,
        }
    }
}
