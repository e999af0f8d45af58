//! How often the doors to tokens may be knocked at: by one address, and by one
//! app. The consent page has the same door.

use std::{
    hash::{BuildHasher as _, Hash, RandomState},
    net::{IpAddr, Ipv6Addr, SocketAddr},
    num::NonZeroU32,
};

use actix_web::HttpRequest;
use governor::{
    DefaultKeyedRateLimiter,
    clock::{Clock as _, DefaultClock},
};
use lodge_gateway::oauth::ClientCredentials;

use crate::{limiter::quota, network::Network};

/// The two limits, in this process.
pub struct Doors {
    addresses: Slots,
    clients: Slots,
    proxies: Vec<Network>,
}

impl Doors {
    /// `per_second` requests a second, in bursts of ten seconds' worth, for
    /// each address and for each app. A request that comes by one of `proxies`
    /// counts for the address that they name in `X-Forwarded-For`.
    pub fn new(per_second: NonZeroU32, proxies: Vec<Network>) -> Self {
        Self { addresses: Slots::new(per_second), clients: Slots::new(per_second), proxies }
    }

    /// Takes note of a request of an address.
    ///
    /// # Errors
    ///
    /// The whole seconds to wait, when there were too many.
    pub fn admit(&self, request: &HttpRequest) -> Result<(), u64> {
        self.addresses.check(self.address(request).map(network_of))
    }

    /// Takes note of a request of an app. Whoever only knows the id of an app
    /// does not share its limit, and so cannot use it up.
    ///
    /// # Errors
    ///
    /// As [`admit`](Self::admit).
    pub(crate) fn admit_client(&self, credentials: &ClientCredentials) -> Result<(), u64> {
        self.clients.check((&credentials.id, &credentials.secret))
    }

    /// Who asks. Each proxy adds, at the right end, the address that it sees:
    /// from there on, what our own proxies say is believed.
    pub fn address(&self, request: &HttpRequest) -> Option<IpAddr> {
        let mut address = request.peer_addr()?.ip().to_canonical();
        let headers = request.headers().get_all("x-forwarded-for");
        let told: Vec<_> =
            headers.filter_map(|it| it.to_str().ok()).flat_map(|it| it.split(',')).collect();
        for text in told.into_iter().rev() {
            if !self.proxies.iter().any(|it| it.contains(address)) {
                break;
            }
            let Some(next) = address_in(text.trim()) else { break };
            address = next;
        }
        Some(address)
    }
}

/// The network that `request` comes from, as the audit trail has it. Without
/// doors, nobody's proxies are believed.
pub(crate) fn network(doors: Option<&Doors>, request: &HttpRequest) -> Option<String> {
    let address = match doors {
        Some(doors) => doors.address(request),
        None => request.peer_addr().map(|it| it.ip().to_canonical()),
    };
    address.map(|it| network_of(it).to_string())
}

/// An address, which some proxies write with its port.
fn address_in(text: &str) -> Option<IpAddr> {
    let plain = text.parse::<IpAddr>().ok();
    let address = plain.or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip()));
    address.map(|it| it.to_canonical())
}

/// What one subscriber has: an address of version 4, and of version 6 the first
/// 64 bits (RFC 6177).
fn network_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(it) => {
            let [a, b, c, d, ..] = it.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

/// Leaky buckets. There are as many as a `u16` counts, so that no flood of new
/// names makes them more: names that meet in one share it. Nobody can choose
/// whom to meet, since where a name falls is drawn at each start.
struct Slots {
    buckets: DefaultKeyedRateLimiter<u16>,
    places: RandomState,
    clock: DefaultClock,
}

impl Slots {
    fn new(per_second: NonZeroU32) -> Self {
        Self {
            buckets: DefaultKeyedRateLimiter::keyed(quota(per_second)),
            places: RandomState::new(),
            clock: DefaultClock::default(),
        }
    }

    fn check(&self, name: impl Hash) -> Result<(), u64> {
        let [first, second, ..] = self.places.hash_one(name).to_le_bytes();
        self.buckets
            .check_key(&u16::from_le_bytes([first, second]))
            .map_err(|until| until.wait_time_from(self.clock.now()).as_secs() + 1)
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn doors(proxies: &[&str]) -> Doors {
        let proxies = proxies.iter().map(|it| Network::parse(it).unwrap()).collect();
        Doors::new(NonZeroU32::MIN, proxies)
    }

    fn from(peer: &str, forwarded: &str) -> HttpRequest {
        let request = TestRequest::default().peer_addr(SocketAddr::new(peer.parse().unwrap(), 9));
        request.insert_header(("x-forwarded-for", forwarded)).to_http_request()
    }

    #[test]
    fn the_eleventh_request_at_once_waits_and_another_address_does_not() {
        let doors = doors(&[]);
        for n in 0..10 {
            // What a stranger says of itself changes nothing.
            assert_eq!(doors.admit(&from("192.0.2.1", &format!("198.51.100.{n}"))), Ok(()));
        }
        assert_eq!(doors.admit(&from("192.0.2.1", "")), Err(1));
        assert_eq!(doors.admit(&from("192.0.2.2", "")), Ok(()));
    }

    #[test]
    fn a_network_of_version_6_counts_as_one() {
        let doors = doors(&[]);
        for n in 0..10 {
            assert_eq!(doors.admit(&from(&format!("2001:db8:0:1::{n}"), "")), Ok(()));
        }
        assert_eq!(doors.admit(&from("2001:db8:0:1:ffff::", "")), Err(1));
        assert_eq!(doors.admit(&from("2001:db8:0:2::", "")), Ok(()));
    }

    #[test]
    fn whom_our_own_proxies_name_is_believed_and_no_one_before() {
        let doors = doors(&["127.0.0.1", "10.0.0.0/8"]);
        for (peer, forwarded, address) in [
            ("192.0.2.1", "198.51.100.1", "192.0.2.1"),
            ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
            ("::ffff:127.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
            ("127.0.0.1", "6.6.6.6, 198.51.100.1, 10.1.2.3", "198.51.100.1"),
            ("127.0.0.1", "6.6.6.6,[2001:db8::1]:80", "2001:db8::1"),
            ("127.0.0.1", "10.1.2.3", "10.1.2.3"),
            ("127.0.0.1", "6.6.6.6, who?", "127.0.0.1"),
            ("127.0.0.1", "", "127.0.0.1"),
        ] {
            let found = doors.address(&from(peer, forwarded)).unwrap();
            assert_eq!(found.to_string(), address, "{peer}: {forwarded}");
        }
    }

    #[test]
    fn who_only_knows_the_id_of_an_app_cannot_use_up_its_limit() {
        let doors = doors(&[]);
        let client =
            |secret: &str| ClientCredentials { id: "app".to_owned(), secret: secret.to_owned() };
        while doors.admit_client(&client("guessed")).is_ok() {}
        assert_eq!(doors.admit_client(&client("right")), Ok(()));
    }
}
