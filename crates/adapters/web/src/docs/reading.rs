//! How to read: pages, permissions, and what each host can do.

use askama::Template;
use lodge_access::Permission;
use lodge_forge::Resource;
use lodge_gateway::Gateway;

use super::topic::Topic;

#[derive(Template)]
#[template(path = "docs/reading.html")]
pub(super) struct ReadingPage<'a> {
    here: &'static str,
    topic: Topic,
    issuer: &'a str,
    permissions: &'static [Permission],
    hosts: Vec<HostView>,
    matrix: Vec<Row>,
}

struct HostView {
    label: String,
}

/// What the hosts can do with one resource, in their order.
struct Row {
    what: &'static str,
    cells: Vec<&'static str>,
}

pub(super) fn page<'a>(gateway: &Gateway, issuer: &'a str) -> ReadingPage<'a> {
    let row = |what: Resource| {
        let hosts = gateway.providers.iter();
        let cells = hosts.map(|it| it.capabilities().of(what).name());
        Row { what: what.name(), cells: cells.collect() }
    };
    ReadingPage {
        here: "docs",
        topic: Topic::Reading,
        issuer,
        permissions: Permission::ALL,
        hosts: gateway.providers.iter().map(|it| HostView { label: it.label() }).collect(),
        matrix: Resource::ALL.into_iter().map(row).collect(),
    }
}
