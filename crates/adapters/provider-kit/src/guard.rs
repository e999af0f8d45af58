//! Addresses that others gave us, and that must not lead into our own network
//! (server-side request forgery).
//!
//! The text of an address is checked once, and what its name leads to at each
//! dial: a name that leads elsewhere a moment later (DNS rebinding) gains
//! nothing, since only permitted addresses are handed to the connector.
//!
//! Reading order: [`Guard`], [`is_public`], then [`resolve`].

mod ip;
mod resolve;

use std::net::IpAddr;

use url::{Host, Url};

pub(crate) use resolve::GuardedResolver;
#[cfg(test)]
pub(crate) use resolve::Names;

/// Ports that a callback may have.
const PORTS: [u16; 3] = [443, 8443, 80];

/// Why an address must not be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    /// Not a URL.
    #[error("it is not a URL")]
    NotAUrl,
    /// Something else than `https`.
    #[error("it does not begin with https://")]
    Scheme,
    /// It carries a name or a password.
    #[error("it carries a user name or a password")]
    Credentials,
    /// It has a fragment, which no server would see.
    #[error("it has a fragment")]
    Fragment,
    /// Not one of the ports that callbacks have.
    #[error("its port is none of 443, 8443 and 80")]
    Port,
    /// It leads, or its name leads, into a network that is not public.
    #[error("it leads to an address that is not public")]
    NotPublic,
}

/// What may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// `https` to public addresses, as an app's callback must be.
    Public,
    /// Anything, loopback and `http` included: for a demonstration on one
    /// machine, for addresses of our own, and for nothing else.
    Anything,
}

impl Guard {
    /// Reads an address, and checks what its text tells.
    ///
    /// # Errors
    ///
    /// [`Forbidden`] with why it must not be called.
    pub fn parse(self, text: &str) -> Result<Url, Forbidden> {
        let url = Url::parse(text).map_err(|_not_a_url| Forbidden::NotAUrl)?;
        if !matches!((self, url.scheme()), (_, "https") | (Self::Anything, "http")) {
            return Err(Forbidden::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Forbidden::Credentials);
        }
        if url.fragment().is_some() {
            return Err(Forbidden::Fragment);
        }
        if self == Self::Anything {
            return Ok(url);
        }
        if !url.port_or_known_default().is_some_and(|port| PORTS.contains(&port)) {
            return Err(Forbidden::Port);
        }
        let public = match url.host() {
            Some(Host::Ipv4(ip)) => self.allows(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => self.allows(IpAddr::V6(ip)),
            Some(Host::Domain(name)) => is_public_name(name),
            None => false,
        };
        if public { Ok(url) } else { Err(Forbidden::NotPublic) }
    }

    /// A connection to `ip` may be opened.
    pub(crate) fn allows(self, ip: IpAddr) -> bool {
        self == Self::Anything || ip::is_public(ip)
    }
}

/// Ends of names that never lead to a public address.
const NEVER: [&str; 9] = [
    "localhost",
    "local",
    "internal",
    "localdomain",
    "home.arpa",
    "lan",
    "intranet",
    "corp",
    "home",
];

/// A name that could lead to a public address: it has a dot, and it does not
/// end as those do that never lead there.
fn is_public_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let inside = NEVER.iter().any(|end| {
        name.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    });
    name.contains('.') && !inside
}

#[cfg(test)]
mod tests;
