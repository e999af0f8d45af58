//! Asking a host, with good manners.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use lodge_forge::ProviderName;
use lodge_kernel::{Clock, ConnectionId};
use lodge_provider::{
    Account, Budget, Counter, Exchange, HostToken, HostTokens, HostWatch, ProviderError,
};
use moka::sync::Cache;
use reqwest::{
    Method, StatusCode,
    header::{ACCEPT, HeaderMap},
};
use tokio::sync::Semaphore;

use crate::{
    Answer, Base, Call, Dialect, Kit, KitConfig, Said, Transport,
    breaker::Breaker,
    budgets::Budgets,
    call::method_name,
    flights::Flights,
    memory::{Memory, Question, only_newer},
    retries::{Retries, TRIES, wait_before},
    transport::{Raw, Request},
};

/// One host, asked through any account. Cheap to clone.
#[derive(Clone)]
pub struct HostClient(Arc<Inner>);

struct Inner {
    transport: Transport,
    dialect: Box<dyn Dialect>,
    tokens: Arc<dyn HostTokens>,
    clock: Arc<dyn Clock>,
    config: KitConfig,
    budgets: Budgets,
    memory: Memory,
    flights: Flights,
    breaker: Breaker,
    retries: Retries,
    /// How many questions of each account may be under way.
    lanes: Cache<ConnectionId, Arc<Semaphore>>,
    /// Who is told how questions went, and of which host they were.
    watch: Option<(ProviderName, Arc<dyn HostWatch>)>,
}

impl std::fmt::Debug for HostClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HostClient").field("config", &self.0.config).finish_non_exhaustive()
    }
}

impl HostClient {
    pub(crate) fn new(kit: &Kit, dialect: impl Dialect + 'static) -> Self {
        let Kit { transport, config, tokens, clock, watch } = kit.clone();
        let lanes = Cache::builder().max_capacity(100_000).time_to_idle(Duration::from_hours(1));
        Self(Arc::new(Inner {
            transport,
            dialect: Box::new(dialect),
            tokens,
            clock,
            budgets: Budgets::new(),
            memory: Memory::new(config.memory),
            flights: Flights::default(),
            breaker: Breaker::default(),
            retries: Retries::new(),
            lanes: lanes.build(),
            config,
            watch,
        }))
    }

    /// What is known of the account's budget.
    pub fn budget(&self, account: Account) -> Option<Budget> {
        self.0.budgets.of(account)
    }

    /// Sends `call` through `account`.
    ///
    /// # Errors
    ///
    /// What the dialect makes of the answer; [`ProviderError::RateLimited`]
    /// before the host is asked when the account's budget is used up.
    pub async fn send(&self, account: Account, call: Call) -> Result<Answer, ProviderError> {
        if call.wrong {
            return Err(ProviderError::Invalid {
                problem: "a name here is `.` or `..`, which no host takes".to_owned(),
            });
        }
        if call.method != Method::GET || !self.0.config.coalesce {
            return self.0.bounded(account, call, None, Counter::current()).await;
        }
        let accept = call.headers.iter().find(|(name, _)| name == ACCEPT);
        let question = Question {
            connection: account.connection,
            url: call.url.as_str().to_owned(),
            accept: accept.map(|(_, value)| value.clone()),
        };
        let inner = Arc::clone(&self.0);
        let flown = question.clone();
        // A flight is polled by all who wait for it; it counts for who began it.
        let counter = Counter::current();
        let ask = {
            let counter = counter.clone();
            async move { inner.bounded(account, call, Some(flown), counter).await }
        };
        self.0.flights.join(question, ask, &counter).await
    }

    /// Asks with a token that is not kept yet, once, and without its account's
    /// manners: to learn whose it is.
    ///
    /// # Errors
    ///
    /// What the dialect makes of the answer.
    pub async fn send_with(&self, token: &HostToken, call: Call) -> Result<Answer, ProviderError> {
        let base = Base::of(&call.url);
        let request = self.0.request(token, &call, None)?;
        let exchange = self.0.exchange(&base, request);
        let raw = tokio::time::timeout(self.0.transport.total, exchange).await;
        let raw = raw.unwrap_or(Err(ProviderError::TimedOut))?;
        let said = self.0.said(&raw, &call);
        let judged = self.0.dialect.judge(&said).map_err(|cause| self.0.answered(&said, cause));
        judged.map(|()| Answer::new(raw.status.as_u16(), raw.headers, raw.body, raw.cut))
    }
}

impl Inner {
    /// Asks within the account's lanes and the time there is.
    async fn bounded(
        &self,
        account: Account,
        call: Call,
        question: Option<Question>,
        counter: Counter,
    ) -> Result<Answer, ProviderError> {
        let lanes = self
            .lanes
            .get_with(account.connection, || Arc::new(Semaphore::new(self.config.at_once.get())));
        let asked = async {
            // It is never closed.
            let _lane = lanes.acquire().await;
            self.ask(account, call, question, &counter).await
        };
        let answer = tokio::time::timeout(self.transport.total, asked).await;
        answer.unwrap_or(Err(ProviderError::TimedOut))
    }

    async fn ask(
        &self,
        account: Account,
        call: Call,
        question: Option<Question>,
        counter: &Counter,
    ) -> Result<Answer, ProviderError> {
        self.budgets.check(account, self.clock.now())?;
        let base = Base::of(&call.url);
        let question = question.filter(|_| self.config.revalidate);
        let known = question.as_ref().and_then(|it| self.memory.of(it));
        let mut token = self.tokens.token(account).await?;
        let mut renewed = false;
        self.retries.earn();
        let mut tries = 1;
        loop {
            self.breaker.enter(self.clock.now()).map_err(|until| ProviderError::Unreachable {
                retry_at: Some(until),
                source: "it failed again and again, and is left alone for a while".into(),
            })?;
            let request = self.request(&token, &call, known.as_ref())?;
            let wait = counter.ask();
            let exchanged = self.exchange(&base, request).await;
            drop(wait);
            let error = match exchanged {
                Ok(raw) => {
                    let said = self.said(&raw, &call);
                    if let Some(budget) = self.dialect.budget(&said) {
                        self.budgets.note(account, budget);
                    }
                    if let (StatusCode::NOT_MODIFIED, Some(known)) = (raw.status, &known) {
                        self.breaker.answered();
                        counter.confirmed();
                        return Ok(known.confirmed());
                    }
                    match self.dialect.judge(&said) {
                        Ok(()) => {
                            self.breaker.answered();
                            let Raw { status, headers, body, cut } = raw;
                            let answer = Answer::new(status.as_u16(), headers, body, cut);
                            if let Some(question) = question {
                                self.memory.keep(question, &answer);
                            }
                            return Ok(answer);
                        }
                        Err(cause) => self.answered(&said, cause),
                    }
                }
                Err(error) => error,
            };
            match error.cause() {
                ProviderError::CredentialsRefused if !renewed => {
                    self.breaker.answered();
                    renewed = true;
                    token = self.tokens.renew(account, &token).await?;
                    continue;
                }
                ProviderError::RateLimited { retry_at } => {
                    self.breaker.answered();
                    self.budgets.pause(account, *retry_at);
                }
                ProviderError::Unreachable { .. } | ProviderError::TimedOut => {
                    self.breaker.failed(self.clock.now());
                    let again = call.method == Method::GET && tries < TRIES && is_brief(&error);
                    if again && self.retries.take() {
                        tokio::time::sleep(wait_before(tries)).await;
                        tries += 1;
                        continue;
                    }
                }
                _ => self.breaker.answered(),
            }
            return Err(error);
        }
    }

    /// Asks, and tells who watches how it went.
    async fn exchange(&self, base: &Base, request: Request) -> Result<Raw, ProviderError> {
        let Some((host, watch)) = &self.watch else {
            return self.transport.exchange(base, request).await;
        };
        let method = method_name(&request.method);
        let began = Instant::now();
        let exchanged = self.transport.exchange(base, request).await;
        let how = match &exchanged {
            Ok(raw) => Exchange::Answered(raw.status.as_u16()),
            Err(ProviderError::TimedOut) => Exchange::TimedOut,
            Err(_) => Exchange::Unreachable,
        };
        watch.exchanged(host, method, how, began.elapsed());
        exchanged
    }

    fn request(
        &self,
        token: &HostToken,
        call: &Call,
        known: Option<&Answer>,
    ) -> Result<Request, ProviderError> {
        let mut headers = HeaderMap::new();
        self.dialect.dress(token, &mut headers)?;
        for (name, value) in &call.headers {
            headers.insert(name, value.clone());
        }
        if let Some(known) = known {
            only_newer(known, &mut headers);
        }
        Ok(Request {
            method: call.method.clone(),
            url: call.url.clone(),
            headers,
            body: call.body.clone(),
            most: call.most,
            overflow: call.overflow,
            follow: self.dialect.follows_redirects(),
        })
    }

    fn said<'a>(&self, raw: &'a Raw, call: &Call) -> Said<'a> {
        Said {
            status: raw.status,
            headers: &raw.headers,
            body: &raw.body,
            missing: call.missing,
            now: self.clock.now(),
        }
    }

    /// `cause`, with what the host says of its answer.
    fn answered(&self, said: &Said<'_>, cause: ProviderError) -> ProviderError {
        let id = said.header(self.dialect.request_id_header());
        ProviderError::Answered {
            status: said.status.as_u16(),
            // An id is short; anything else is not one.
            request_id: id.filter(|it| it.len() <= 128).map(str::to_owned),
            cause: Box::new(cause),
        }
    }
}

/// The host did not say when it is back, so it may be back at once.
fn is_brief(error: &ProviderError) -> bool {
    matches!(error.cause(), ProviderError::Unreachable { retry_at: None, .. })
}
