//! One exchange over HTTP, bounded in time and memory.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use lodge_provider::ProviderError;
use reqwest::{
    Client, Method, Response, StatusCode,
    header::{HeaderMap, LOCATION},
    redirect::Policy,
};
use url::Url;

use crate::{Base, KitConfig, call::Overflow};

/// Redirects that are followed, all to the same origin.
const REDIRECTS: usize = 3;
/// How much is read of an answer that is not a success, in bytes.
const REFUSAL: usize = 64 << 10;
/// Connections to one host that are kept open.
const IDLE: usize = 32;

/// The connections to all hosts. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Transport {
    http: Client,
    pub(crate) body: usize,
    pub(crate) total: Duration,
}

/// One exchange.
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
    pub(crate) most: Option<usize>,
    pub(crate) overflow: Overflow,
    pub(crate) follow: bool,
}

/// What came back.
pub(crate) struct Raw {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) cut: bool,
}

impl Transport {
    /// Connections with the bounds of `config`.
    ///
    /// # Errors
    ///
    /// When the system has no TLS roots, or the proxy is not an address.
    pub fn new(config: &KitConfig) -> Result<Self, reqwest::Error> {
        let mut builder = Client::builder()
            .user_agent(concat!("gitlodge/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .connect_timeout(config.limits.connect)
            .pool_max_idle_per_host(IDLE)
            .tcp_nodelay(true)
            .no_proxy();
        if let Some(proxy) = &config.proxy {
            builder = builder.proxy(reqwest::Proxy::all(proxy)?);
        }
        let http = builder.build()?;
        Ok(Self { http, body: config.limits.body, total: config.limits.total })
    }

    /// Asks for `url`, without credentials and through the proxy if there is one;
    /// answers the status of HTTP, whatever it is.
    ///
    /// # Errors
    ///
    /// [`ProviderError::TimedOut`] and [`ProviderError::Unreachable`].
    pub async fn knock(&self, url: Url) -> Result<u16, ProviderError> {
        let asked = self.http.get(url).timeout(self.total).send().await;
        asked.map(|it| it.status().as_u16()).map_err(unreachable)
    }

    /// Sends `request` and reads what comes back, redirects included.
    pub(crate) async fn exchange(
        &self,
        base: &Base,
        request: Request,
    ) -> Result<Raw, ProviderError> {
        let Request { method, mut url, headers, body, most, overflow, follow } = request;
        let most = most.unwrap_or(self.body);
        for _ in 0..=REDIRECTS {
            let mut asked = self.http.request(method.clone(), url.clone()).headers(headers.clone());
            if let Some(body) = &body {
                asked = asked.body(body.clone());
            }
            let response = asked.send().await.map_err(unreachable)?;
            match redirect(&response, &url).filter(|_| follow && method == Method::GET) {
                // Credentials go to the host alone, and a host that sends us
                // elsewhere is not followed at all.
                Some(target) if base.is_origin_of(&target) => url = target,
                _ => return read(response, most, overflow).await,
            }
        }
        Err(ProviderError::Unreachable {
            retry_at: None,
            source: format!("it redirected more than {REDIRECTS} times").into(),
        })
    }
}

/// Where a redirect leads.
fn redirect(response: &Response, from: &Url) -> Option<Url> {
    let moved = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let target = response.headers().get(LOCATION).filter(|_| moved)?;
    from.join(target.to_str().ok()?).ok()
}

async fn read(
    mut response: Response,
    most: usize,
    overflow: Overflow,
) -> Result<Raw, ProviderError> {
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let (most, overflow) =
        if status.is_success() { (most, overflow) } else { (REFUSAL, Overflow::Cut) };
    let mut body = BytesMut::new();
    let mut cut = false;
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        let room = most - body.len();
        if chunk.len() <= room {
            body.extend_from_slice(&chunk);
            continue;
        }
        if overflow == Overflow::Refuse {
            return Err(ProviderError::Unreachable {
                retry_at: None,
                source: format!("its answer has more than {most} bytes").into(),
            });
        }
        body.extend_from_slice(chunk.get(..room).unwrap_or_default());
        cut = true;
        break;
    }
    Ok(Raw { status, headers, body: body.freeze(), cut })
}

fn unreachable(error: reqwest::Error) -> ProviderError {
    if error.is_timeout() {
        return ProviderError::TimedOut;
    }
    // The address may hold a name of a repository; the cause is enough.
    ProviderError::Unreachable { retry_at: None, source: error.without_url().into() }
}
