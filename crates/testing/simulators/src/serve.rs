//! Several simulated hosts on one loopback address.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, LazyLock},
    time::Duration,
};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    body::SizedStream,
    dev::ServerHandle,
    http::{KeepAlive, StatusCode},
    web::{self, Bytes, Data},
};
use futures_util::{StreamExt as _, stream};

use crate::{Accounts, Ask, Fault, Faults, Reply, Simulator, World, control};

/// How much of a body is sent in 200 ms by a host that drips.
const DRIP: Duration = Duration::from_millis(200);
/// How large the bomb is when it is unpacked, in bytes.
const BOMB: usize = 50 << 20;

/// The simulation cannot begin.
#[derive(Debug, thiserror::Error)]
#[error("the simulated hosts cannot be served")]
pub struct StartError(#[from] std::io::Error);

/// Simulated hosts that are being served. Dropping it ends them.
pub struct Simulation {
    shared: Data<Shared>,
    address: SocketAddr,
    handle: ServerHandle,
}

struct Shared {
    hosts: HashMap<String, Host>,
    world: Arc<World>,
    faults: Arc<Faults>,
}

struct Host {
    simulator: Box<dyn Simulator>,
    accounts: Arc<Accounts>,
}

impl Simulation {
    /// Serves `simulators` over `world` at `listen`; port 0 takes a free one.
    ///
    /// # Errors
    ///
    /// [`StartError`] when the address cannot be had.
    pub fn start(
        listen: SocketAddr,
        world: World,
        simulators: Vec<Box<dyn Simulator>>,
    ) -> Result<Self, StartError> {
        let hosts = simulators.into_iter().map(|simulator| {
            let name = simulator.name().to_owned();
            let accounts = Arc::new(Accounts::new(&name));
            (name, Host { simulator, accounts })
        });
        let shared = Data::new(Shared {
            hosts: hosts.collect(),
            world: Arc::new(world),
            faults: Arc::default(),
        });
        let data = shared.clone();
        let server = HttpServer::new(move || {
            App::new()
                .app_data(data.clone())
                .app_data(web::PayloadConfig::new(8 << 20))
                .default_service(web::to(answer))
        })
        .workers(1)
        // Reading repositories holds the one worker up: connections that wait
        // for it meanwhile are not late, and none is closed as it is used.
        .client_request_timeout(Duration::ZERO)
        .keep_alive(KeepAlive::Os)
        .disable_signals()
        .shutdown_timeout(1)
        .bind(listen)?;
        let address = server.addrs().first().copied().unwrap_or(listen);
        let running = server.run();
        let handle = running.handle();
        tokio::spawn(running);
        Ok(Self { shared, address, handle })
    }

    /// Where all of them are served: `http://127.0.0.1:4000`.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address of a simulated host: `http://127.0.0.1:4000/github`.
    pub fn address(&self, host: &str) -> String {
        format!("http://{}/{host}", self.address)
    }

    /// The accounts of a simulated host. `None` when there is no such host.
    pub fn accounts(&self, host: &str) -> Option<&Arc<Accounts>> {
        self.shared.hosts.get(host).map(|it| &it.accounts)
    }

    /// Faults can be ordered here.
    pub fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    /// The truth that all hosts tell.
    pub fn world(&self) -> &World {
        &self.shared.world
    }
}

impl Drop for Simulation {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

async fn answer(request: HttpRequest, body: Bytes, shared: Data<Shared>) -> HttpResponse {
    let mut segments = request.uri().path().split('/').skip(1).map(decode);
    let first = segments.next().unwrap_or_default();
    let is_order = first == control::PREFIX;
    let name = if is_order { segments.next().unwrap_or_default() } else { first };
    let Some(host) = shared.hosts.get(&name) else {
        return HttpResponse::NotFound().body("there is no such host here");
    };
    if is_order {
        let rest: Vec<_> = segments.collect();
        return control::answer(
            &request,
            &rest,
            &body,
            &*host.simulator,
            &host.accounts,
            &shared.faults,
        );
    }
    let query = request.uri().query().unwrap_or_default();
    let headers = request.headers().iter().filter_map(|(name, value)| {
        Some((name.as_str().to_ascii_lowercase(), value.to_str().ok()?.to_owned()))
    });
    let authority = request.connection_info().host().to_owned();
    let ask = Ask {
        method: request.method().as_str().to_owned(),
        segments: segments.collect(),
        query: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        headers: headers.collect(),
        body,
        address: format!("http://{authority}/{name}"),
    };
    let fault = shared.faults.take(&name);
    match &fault {
        Some(Fault::Answer { status, headers, body }) => {
            shared.faults.count(&name);
            let reply =
                Reply { status: *status, headers: headers.clone(), body: body.clone().into() };
            return plain(reply);
        }
        Some(Fault::Late(milliseconds)) => {
            tokio::time::sleep(Duration::from_millis(*milliseconds)).await;
        }
        Some(Fault::TokenExpired) => host.accounts.expire(),
        _ => {}
    }
    let reply = host.simulator.answer(&ask, &shared.world, &host.accounts).await;
    if reply.status != 304 {
        shared.faults.count(&name);
    }
    match fault {
        Some(Fault::Dripping) => dripping(&reply),
        Some(Fault::CutOff) => cut_off(&reply),
        Some(Fault::Bomb) => bomb(),
        Some(Fault::Marked) => {
            let body = [b"\xef\xbb\xbf", reply.body.as_ref()].concat();
            plain(Reply { body: body.into(), ..reply })
        }
        _ => plain(reply),
    }
}

fn decode(segment: &str) -> String {
    // A plus is a plus in a path.
    let pair = format!("x={}", segment.replace('+', "%2B").replace('&', "%26"));
    let mut decoded = url::form_urlencoded::parse(pair.as_bytes());
    decoded.next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

fn head(reply: &Reply) -> actix_web::HttpResponseBuilder {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::BAD_GATEWAY);
    let mut response = HttpResponse::build(status);
    for (name, value) in &reply.headers {
        response.append_header((name.as_str(), value.as_str()));
    }
    response
}

fn plain(reply: Reply) -> HttpResponse {
    let mut response = head(&reply);
    response.body(reply.body)
}

fn dripping(reply: &Reply) -> HttpResponse {
    let bytes = stream::iter(reply.body.to_vec()).then(|byte| async move {
        tokio::time::sleep(DRIP).await;
        Ok::<_, std::io::Error>(Bytes::from(vec![byte]))
    });
    head(reply).streaming(Box::pin(bytes))
}

fn cut_off(reply: &Reply) -> HttpResponse {
    let whole = u64::try_from(reply.body.len()).unwrap_or(u64::MAX);
    let half = reply.body.slice(..reply.body.len() / 2);
    let end = std::io::Error::other("cut off");
    let body = stream::iter([Ok(half), Err(end)]);
    head(reply).body(SizedStream::new(whole, Box::pin(body)))
}

fn bomb() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .insert_header(("content-encoding", "gzip"))
        .body(PACKED.clone())
}

/// Packed once: that takes longer than everything else here.
static PACKED: LazyLock<Bytes> = LazyLock::new(|| Bytes::from(packed_spaces()));

/// [`BOMB`] spaces, packed: a JSON parser that is given them skips them.
fn packed_spaces() -> Vec<u8> {
    use std::io::Write as _;
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let block = [b' '; 1 << 14];
    for _ in 0..BOMB / block.len() {
        // Writing to memory cannot fail.
        let _ = packer.write_all(&block);
    }
    packer.finish().unwrap_or_default()
}
