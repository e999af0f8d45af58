//! Names become addresses, and only permitted ones are handed on.

use std::{io, net::SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::Guard;

/// The system's resolver, behind a guard. The connector dials what it answers,
/// and asks nobody else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GuardedResolver(pub(crate) Guard);

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.0;
        Box::pin(async move {
            // The connector sets the port.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|it| guard.allows(it.ip())).collect();
            if allowed.is_empty() {
                let refused = io::Error::new(
                    io::ErrorKind::PermissionDenied,
                    "its name leads to no public address",
                );
                return Err(refused.into());
            }
            let addresses: Addrs = Box::new(allowed.into_iter());
            Ok(addresses)
        })
    }
}
