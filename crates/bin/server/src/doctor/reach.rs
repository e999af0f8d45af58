//! The network: hosts, our own addresses, and how browsers come to us.

use std::{
    io::ErrorKind,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener},
    time::Duration,
};

use lodge_provider::ProviderError;
use lodge_provider_kit::{KitConfig, Limits, Transport};
use url::Url;

use super::Findings;
use crate::{hosts::HostEntry, settings::Settings};

/// How long a host may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn look(settings: Settings, findings: &mut Findings) {
    address(&settings, findings);
    let limits = Limits { connect: PATIENCE, total: PATIENCE, ..Limits::default() };
    let direct = KitConfig { limits, proxy: None, ..settings.kit.clone() };
    for (name, at) in [("--listen", settings.listen), ("--admin-listen", settings.admin_listen)] {
        listener(name, at, &direct, findings).await;
    }
    let through_proxy = KitConfig { limits, ..settings.kit };
    match Transport::new(&through_proxy) {
        Ok(transport) => {
            for entry in &settings.hosts {
                host(entry, &transport, findings).await;
            }
        }
        Err(error) => {
            let mend = "install the system's certificates (`ca-certificates`)";
            findings.fail(format!("hosts cannot be called: {error}"), mend);
        }
    }
}

/// Browsers and webhooks need an address with TLS.
fn address(settings: &Settings, findings: &mut Findings) {
    let mend = "set GITLODGE_PUBLIC_URL to the address that browsers and hosts see, for example \
                https://git.example.com";
    match &settings.public_url {
        Some(url) if url.scheme() == "https" => findings.ok(format!("browsers come to {url}")),
        Some(url) => findings.warn(format!("{url} is without TLS"), mend),
        None if settings.listen.ip().is_loopback() => {
            findings.warn("there is no public address: hosts cannot send webhooks", mend);
        }
        None => findings.fail("there is no public address, and others reach this machine", mend),
    }
}

async fn listener(name: &str, at: SocketAddr, config: &KitConfig, findings: &mut Findings) {
    let Err(error) = TcpListener::bind(at) else {
        return findings.ok(format!("{at} is free for {name}"));
    };
    if error.kind() == ErrorKind::AddrInUse && is_ours(at, config).await {
        return findings.ok(format!("a gateway answers at {at}"));
    }
    let mend = format!(
        "stop what is there (`ss -tlnp`, or `lsof -iTCP -sTCP:LISTEN`), or name another address with {name}"
    );
    findings.fail(format!("{at} cannot be listened on: {error}"), mend);
}

async fn is_ours(at: SocketAddr, config: &KitConfig) -> bool {
    let ip = match at.ip() {
        it if !it.is_unspecified() => it,
        it if it.is_ipv4() => Ipv4Addr::LOCALHOST.into(),
        _ => Ipv6Addr::LOCALHOST.into(),
    };
    let url = Url::parse(&format!("http://{}/health/live", SocketAddr::new(ip, at.port())));
    let (Ok(url), Ok(transport)) = (url, Transport::new(config)) else { return false };
    matches!(transport.knock(url).await, Ok(200))
}

async fn host(entry: &HostEntry, transport: &Transport, findings: &mut Findings) {
    let name = &entry.config.name;
    let vendor = || entry.kind.vendor.and_then(|it| Url::parse(it).ok());
    let Some(url) = entry.config.address.as_ref().map(|it| it.url().clone()).or_else(vendor) else {
        return;
    };
    match transport.knock(url.clone()).await {
        Ok(status) if status < 500 => findings.ok(format!("{name} answers at {url}")),
        Ok(status) => findings.warn(
            format!("{name} answers at {url} with {status}"),
            "it is broken, or what stands before it; ask who runs it",
        ),
        Err(ProviderError::TimedOut) => findings.fail(
            format!("{name} does not answer at {url} within {} s", PATIENCE.as_secs()),
            "see that the network lets this machine out",
        ),
        Err(error) => findings.fail(
            format!("{name} cannot be reached at {url}: {:#}", anyhow::Error::new(error)),
            "see that its name, address and certificate are right (docs/hosts.md)",
        ),
    }
}
