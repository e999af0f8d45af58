//! Names become addresses, and only permitted ones are handed on.

use std::{io, net::SocketAddr, sync::Arc};

use futures_util::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::Guard;

/// Says where a name leads at this moment. MUST ask anew each time.
pub(crate) trait Names: Send + Sync {
    /// The addresses of `name`; ports do not count.
    fn look_up(&self, name: String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>>;
}

/// The system's resolver.
struct SystemNames;

impl Names for SystemNames {
    fn look_up(&self, name: String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> {
        // The connector sets the port.
        Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) })
    }
}

/// A resolver behind a guard. The connector dials what it answers, and asks
/// nobody else.
#[derive(Clone)]
pub(crate) struct GuardedResolver {
    guard: Guard,
    names: Arc<dyn Names>,
}

impl GuardedResolver {
    /// The system's names, behind `guard`.
    pub(crate) fn new(guard: Guard) -> Self {
        Self::asking(guard, Arc::new(SystemNames))
    }

    /// These names, behind `guard`.
    pub(crate) fn asking(guard: Guard, names: Arc<dyn Names>) -> Self {
        Self { guard, names }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.guard;
        let found = self.names.look_up(name.as_str().to_owned());
        Box::pin(async move {
            let found = found.await?.into_iter();
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
