//! Calling an address that somebody else gave us.

use std::{sync::Arc, time::Duration};

use reqwest::{
    Client, RequestBuilder,
    header::{HeaderMap, HeaderName, HeaderValue},
    redirect::Policy,
};

use crate::guard::{Forbidden, Guard, GuardedResolver};

/// Until a connection stands.
const CONNECT: Duration = Duration::from_secs(3);
/// Until the answer is read.
const TOTAL: Duration = Duration::from_secs(15);
/// How much of the answer to a post is read, in bytes.
const ANSWER: usize = 4 << 10;

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The HTTP status.
    pub status: u16,
    /// The beginning of the body: at most 4 KiB after a post.
    pub body: Vec<u8>,
}

/// Nothing came back.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    /// The address must not be called.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// Nobody answered in time.
    #[error("nobody answered in time")]
    TimedOut,
    /// Nobody answered.
    #[error("{problem}")]
    Unreachable {
        /// Why, in plain words.
        problem: String,
    },
}

/// Asks addresses that others gave us, behind a [`Guard`]. Redirects are
/// answers like others.
#[derive(Clone, Debug)]
pub struct Outbound {
    http: Client,
    guard: Guard,
}

impl Outbound {
    /// Connections behind `guard`.
    ///
    /// # Errors
    ///
    /// When the system has no TLS roots.
    pub fn new(guard: Guard) -> Result<Self, reqwest::Error> {
        Self::resolving(guard, GuardedResolver::new(guard))
    }

    fn resolving(guard: Guard, resolver: GuardedResolver) -> Result<Self, reqwest::Error> {
        let http = Client::builder()
            .user_agent(concat!("gitlodge/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .dns_resolver(Arc::new(resolver))
            .connect_timeout(CONNECT)
            .timeout(TOTAL)
            // What is not expanded cannot burst.
            .no_gzip()
            .no_proxy()
            .build()?;
        Ok(Self { http, guard })
    }

    /// What may be called.
    pub fn guard(&self) -> Guard {
        self.guard
    }

    /// Posts JSON with these headers.
    ///
    /// # Errors
    ///
    /// [`OutboundError`]; an answer of any status is none.
    pub async fn post_json(
        &self,
        url: &str,
        headers: &[(&'static str, String)],
        body: String,
    ) -> Result<Reached, OutboundError> {
        let request = self.http.post(self.guard.parse(url)?).body(body);
        let request = request.header("content-type", "application/json");
        send(request, headers, ANSWER).await
    }

    /// Reads JSON with these headers, at most `most` bytes of it.
    ///
    /// # Errors
    ///
    /// [`OutboundError`]; an answer of any status is none.
    pub async fn get_json(
        &self,
        url: &str,
        headers: &[(&'static str, String)],
        most: usize,
    ) -> Result<Reached, OutboundError> {
        let request = self.http.get(self.guard.parse(url)?);
        send(request.header("accept", "application/json"), headers, most).await
    }
}

async fn send(
    request: RequestBuilder,
    headers: &[(&'static str, String)],
    most: usize,
) -> Result<Reached, OutboundError> {
    let mut all = HeaderMap::new();
    for (name, value) in headers {
        let value = HeaderValue::from_str(value).map_err(|_not_a_header| {
            OutboundError::Unreachable { problem: format!("{name} cannot stand in a header") }
        })?;
        all.insert(HeaderName::from_static(name), value);
    }
    let mut response = request.headers(all).send().await.map_err(unreachable)?;
    let mut body = Vec::new();
    while body.len() < most {
        let Some(chunk) = response.chunk().await.map_err(unreachable)? else { break };
        let room = (most - body.len()).min(chunk.len());
        body.extend_from_slice(chunk.get(..room).unwrap_or_default());
    }
    Ok(Reached { status: response.status().as_u16(), body })
}

fn unreachable(error: reqwest::Error) -> OutboundError {
    if error.is_timeout() {
        return OutboundError::TimedOut;
    }
    // The innermost cause says what happened; the others repeat the address.
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    OutboundError::Unreachable { problem: cause.to_string() }
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        net::SocketAddr,
        sync::atomic::{AtomicUsize, Ordering},
    };

    use futures_util::future::BoxFuture;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
    };

    use super::*;
    use crate::guard::Names;

    /// Leads to each of these in turn, and to the last for ever.
    struct Rebinding {
        answers: Vec<&'static str>,
        asked: AtomicUsize,
    }

    impl Names for Rebinding {
        fn look_up(&self, _name: String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> {
            let nth = self.asked.fetch_add(1, Ordering::Relaxed).min(self.answers.len() - 1);
            let answer = self.answers[nth];
            let addresses = answer.split(',').map(|it| SocketAddr::new(it.parse().unwrap(), 0));
            let addresses: Vec<_> = addresses.collect();
            Box::pin(async move { Ok(addresses) })
        }
    }

    fn rebinding(answers: &[&'static str]) -> (Arc<Rebinding>, GuardedResolver) {
        let names = Arc::new(Rebinding { answers: answers.to_vec(), asked: AtomicUsize::new(0) });
        (Arc::clone(&names), GuardedResolver::asking(Guard::Public, names))
    }

    /// Answers everybody with `answer`; counts them.
    async fn server(answer: Vec<u8>) -> (SocketAddr, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, came) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
        let count = Arc::clone(&came);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::Relaxed);
                let answer = answer.clone();
                tokio::spawn(async move {
                    let _ = stream.read(&mut [0; 4_096]).await;
                    let _ = stream.write_all(&answer).await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        (address, came)
    }

    #[tokio::test]
    async fn a_name_that_turns_inside_between_two_calls_is_not_dialled() {
        use reqwest::dns::Resolve as _;
        let inside = ["127.0.0.1", "169.254.169.254", "::1", "10.0.0.1,::ffff:10.0.0.1"];
        for second in inside {
            let (_, resolver) = rebinding(&["93.184.215.14", second]);
            let name = || "turns.example".parse().unwrap();
            let first: Vec<_> = resolver.resolve(name()).await.unwrap().collect();
            assert_eq!(first, ["93.184.215.14:0".parse().unwrap()]);
            let refused = resolver.resolve(name()).await.err().unwrap().to_string();
            assert_eq!(refused, "its name leads to no public address", "{second}");
        }
        // Of several, only the public ones are handed on.
        let (_, resolver) = rebinding(&["127.0.0.1,93.184.215.14,10.0.0.1"]);
        let mixed: Vec<_> = resolver.resolve("x.example".parse().unwrap()).await.unwrap().collect();
        assert_eq!(mixed, ["93.184.215.14:0".parse().unwrap()]);
    }

    #[tokio::test]
    async fn every_call_decides_anew_where_a_name_leads() {
        let (names, resolver) = rebinding(&["127.0.0.1"]);
        let outbound = Outbound::resolving(Guard::Public, resolver).unwrap();
        for n in 1..=2 {
            let called = outbound.post_json("https://turns.example/hook", &[], "{}".into()).await;
            let problem = called.err().unwrap().to_string();
            assert_eq!(problem, "its name leads to no public address");
            assert_eq!(names.asked.load(Ordering::Relaxed), n);
        }
    }

    #[tokio::test]
    async fn a_redirect_inside_is_an_answer_and_is_not_followed() {
        let (secret, came) = server(b"HTTP/1.1 200 OK\r\n\r\nsecret".to_vec()).await;
        let head = format!("HTTP/1.1 307 Moved\r\nLocation: http://{secret}/\r\n\r\n");
        let (address, _) = server(head.into_bytes()).await;
        let outbound = Outbound::new(Guard::Anything).unwrap();
        let url = format!("http://{address}/hook");
        let reached = outbound.post_json(&url, &[], "{}".into()).await.unwrap();
        assert_eq!((reached.status, reached.body), (307, Vec::new()));
        assert_eq!(came.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn an_answer_is_not_expanded_and_not_read_beyond_its_bound() {
        let mut answer = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n".to_vec();
        // The head of a gzip stream (RFC 1952, 2.3), and a mebibyte behind it.
        answer.extend([0x1f, 0x8b, 8, 0]);
        answer.extend(vec![0; 1 << 20]);
        let (address, _) = server(answer).await;
        let outbound = Outbound::new(Guard::Anything).unwrap();
        let url = format!("http://{address}/hook");
        let reached = outbound.post_json(&url, &[], "{}".into()).await.unwrap();
        assert_eq!(reached.body.len(), ANSWER);
        assert_eq!(reached.body[..4], [0x1f, 0x8b, 8, 0]);
        let longer = outbound.get_json(&url, &[], 10_000).await.unwrap();
        assert_eq!(longer.body.len(), 10_000);
    }

    #[tokio::test]
    async fn a_flood_of_headers_is_cut_off() {
        for (name, lines) in [("many", "X: y\r\n".repeat(5_000)), ("long", "a".repeat(1 << 20))] {
            let (address, _) =
                server(format!("HTTP/1.1 200 OK\r\nX-Fill: {lines}\r\n\r\n").into_bytes()).await;
            let outbound = Outbound::new(Guard::Anything).unwrap();
            let called = outbound.post_json(&format!("http://{address}/"), &[], "{}".into()).await;
            assert!(matches!(called, Err(OutboundError::Unreachable { .. })), "{name}: {called:?}");
        }
    }
}
