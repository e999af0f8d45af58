//! A gateway that is set up, with the tokens that tests hold.

use std::{num::NonZeroU32, sync::Arc};

use actix_web::{
    App,
    http::header,
    middleware::from_fn,
    test::{TestRequest, call_service, init_service, read_body},
    web::{self, Data},
};
use lodge_access::{Secret, SecretKind, Token};
use lodge_firewall::Rules;
use lodge_forge::ProviderName;
use lodge_gateway::{
    AccountTokens, Gateway, GrantCache, Policies, connections::Bound, events::EventPorts,
    people::PeoplePorts,
};
use lodge_http_api::{
    AdminAccess, Doors, JsonEvents, Limiter, Metrics, Readiness, Surface, middleware, routes,
};
use lodge_kernel::Keyring as _;
use lodge_provider::{Host, Providers, Webhooks};
use lodge_services::{Callbacks, MockCallbacks};
use lodge_storage::Storage as _;
use lodge_teaching::{
    Teaching,
    intake::{IntakePorts, LastActivity, OpenDoors, Schemes},
    jobs::Workshop,
};
use lodge_testkit::{
    CountingEntropy, DirectIntake, FixedClock, PlainKeyring, PlainProofs, PlainReceipts,
    PlainReports, TestTasks,
    builders::{self, a_relying_party, a_secret, a_token, local},
};
use serde_json::Value;
use url::Url;

use super::{
    Answer, ScriptedHost, Tested,
    storage::{FragileStorage, RecordingJournal},
};

/// A commit's full hash.
pub(crate) const COMMIT: &str = "0000000000000000000000000000000000000001";

/// What a house is built from.
pub(crate) struct Plan {
    /// Requests a second that one token may make.
    pub(crate) rate: Option<NonZeroU32>,
    /// Requests a second that one address, or one app, may make for tokens.
    pub(crate) door_rate: Option<NonZeroU32>,
    pub(crate) policies: Policies,
    /// A second host with the same data, which nobody has connected.
    pub(crate) second_host: bool,
    pub(crate) metrics_token: Option<String>,
    pub(crate) admin: AdminAccess,
    /// Further hosts.
    pub(crate) more: Vec<Host>,
    /// How the first host sends events.
    pub(crate) webhooks: Option<Arc<dyn Webhooks>>,
    /// How apps are called back.
    pub(crate) callbacks: Option<Arc<dyn Callbacks>>,
    /// Strangers cannot open accounts.
    pub(crate) closed: bool,
    /// The course token of the environment.
    pub(crate) teacher_token: Option<&'static str>,
}

impl Default for Plan {
    fn default() -> Self {
        let policies = Policies { firewall: true, journal: true };
        Self {
            rate: None,
            door_rate: None,
            policies,
            second_host: false,
            metrics_token: None,
            admin: AdminAccess::default(),
            more: Vec::new(),
            webhooks: None,
            callbacks: None,
            closed: false,
            teacher_token: None,
        }
    }
}

/// A gateway that is set up: everything number 1 of the builders has moved in,
/// and holds access token 1.
pub(crate) struct House {
    pub(crate) storage: Arc<FragileStorage>,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) host: Arc<ScriptedHost>,
    pub(crate) journal: Arc<RecordingJournal>,
    pub(crate) gateway: Arc<Gateway>,
    surface: Data<Surface>,
}

impl House {
    /// The house with nothing special.
    pub(crate) async fn ordinary() -> Tested<Self> {
        Self::built(Plan::default()).await
    }

    /// The house of that plan.
    pub(crate) async fn built(plan: Plan) -> Tested<Self> {
        let storage = Arc::new(FragileStorage::default());
        builders::move_in(&*storage).await?;
        let host = Arc::new(ScriptedHost::named(local()));
        let house = Self::over(storage, Arc::default(), host, plan, 0)?;
        house.admit(&a_token(1)).await?;
        Ok(house)
    }

    /// Another process over the same database.
    pub(crate) fn neighbour(&self) -> Tested<Self> {
        let (storage, clock) = (Arc::clone(&self.storage), Arc::clone(&self.clock));
        Self::over(storage, clock, Arc::clone(&self.host), Plan::default(), 4_000_000)
    }

    fn over(
        storage: Arc<FragileStorage>,
        clock: Arc<FixedClock>,
        host: Arc<ScriptedHost>,
        plan: Plan,
        seed: u32,
    ) -> Tested<Self> {
        let journal = Arc::new(RecordingJournal::default());
        let mut hosts = vec![Host { webhooks: plan.webhooks.clone(), ..Host::plain(host.clone()) }];
        if plan.second_host {
            let second = ScriptedHost::named(ProviderName::parse("second")?);
            hosts.push(Host::plain(Arc::new(second)));
        }
        hosts.extend(plan.more);
        let providers = Providers::new(hosts);
        let accounts = AccountTokens::new(
            storage.clone(),
            Arc::new(PlainKeyring),
            Arc::new(PlainKeyring),
            clock.clone(),
            Arc::new(CountingEntropy::seeded(seed + 1_000_000)),
            Arc::new(TestTasks),
        );
        let issuer = "https://gate.example".to_owned();
        accounts.bind(Bound { providers: providers.clone(), issuer });
        let gateway = Arc::new(Gateway {
            storage: storage.clone(),
            providers,
            accounts,
            clock: clock.clone(),
            entropy: Arc::new(CountingEntropy::seeded(seed)),
            keys: Arc::new(PlainKeyring),
            rules: Rules::built_in().into(),
            journal: journal.clone(),
            grants: GrantCache::default(),
            receipts: Arc::new(PlainReceipts),
            policies: plan.policies,
            people: PeoplePorts {
                passwords: Arc::new(PlainProofs),
                codes: Arc::new(PlainProofs),
                passkeys: Arc::new(PlainProofs),
                party: a_relying_party(),
                open: !plan.closed,
            },
            events: EventPorts {
                callbacks: plan.callbacks.clone().unwrap_or_else(|| Arc::new(MockCallbacks::new())),
                writer: Arc::new(JsonEvents::new("1")),
            },
        });
        let teaching = Arc::new(Teaching {
            storage: storage.clone(),
            clock: clock.clone(),
            entropy: Arc::new(CountingEntropy::seeded(seed + 2_000_000)),
            keys: Arc::new(PlainKeyring),
            bootstrap: plan.teacher_token.map(|it| PlainKeyring.digest(it.as_bytes())),
            workshop: Workshop::new(Arc::new(TestTasks)),
            reports: Arc::new(PlainReports),
            intake: IntakePorts {
                vault: Arc::new(PlainKeyring),
                schemes: Schemes::default(),
                log: Arc::new(DirectIntake(storage.clone())),
                rules: Arc::new(Rules::built_in()),
                handler: Arc::new(LastActivity),
                installation: None,
                doors: OpenDoors::default(),
            },
        });
        let surface = Data::new(Surface {
            gateway: Arc::clone(&gateway),
            teaching,
            job_streams: Arc::default(),
            public_url: Url::parse("https://gate.example")?,
            limiter: plan.rate.map(Limiter::new),
            doors: plan.door_rate.map(|it| Arc::new(Doors::new(it, Vec::new()))),
            admin: plan.admin,
            metrics: Metrics::default(),
            readiness: Readiness::default(),
            cors_origins: vec!["https://console.example".to_owned()],
            metrics_token: plan.metrics_token,
            openapi: || "{\"openapi\":\"3.1.0\"}",
        });
        Ok(Self { storage, clock, host, journal, gateway, surface })
    }

    /// What every handler is given.
    pub(crate) fn surface(&self) -> Data<Surface> {
        Data::clone(&self.surface)
    }

    /// Adds a token.
    pub(crate) async fn admit(&self, token: &Token) -> Tested {
        let mut work = self.storage.begin().await?;
        work.tokens().add(token).await?;
        work.commit().await?;
        Ok(())
    }

    /// Sends a request, as the server is wired in the binary.
    pub(crate) async fn send(&self, request: TestRequest) -> Tested<Answer> {
        self.send_to(request, routes::configure(Data::clone(&self.surface))).await
    }

    /// Sends a request to the admin listener.
    pub(crate) async fn send_admin(&self, request: TestRequest) -> Tested<Answer> {
        self.send_to(request, routes::configure_admin(Data::clone(&self.surface))).await
    }

    async fn send_to(
        &self,
        request: TestRequest,
        endpoints: impl Fn(&mut web::ServiceConfig) + Clone,
    ) -> Tested<Answer> {
        let app = App::new()
            .app_data(Data::clone(&self.surface))
            .wrap(from_fn(middleware::around))
            .configure(endpoints)
            .default_service(web::to(routes::not_found));
        let service = init_service(app).await;
        let response = call_service(&service, request.to_request()).await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = String::from_utf8(read_body(response).await.to_vec())?;
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok(Answer { status, headers, text, json })
    }

    /// Reads `path` with access token 1.
    pub(crate) async fn read(&self, path: &str) -> Tested<Answer> {
        self.send(bearer(get(path), &secret(SecretKind::AccessToken, 1))).await
    }

    /// Reads below repository `web` with access token 1.
    pub(crate) async fn read_web(&self, rest: &str) -> Tested<Answer> {
        self.read(&format!("/v1/repositories/local/web{rest}")).await
    }
}

/// A request for `path`.
pub(crate) fn get(path: &str) -> TestRequest {
    TestRequest::get().uri(path)
}

/// The same request with a token.
pub(crate) fn bearer(request: TestRequest, token: &Secret) -> TestRequest {
    request.insert_header((header::AUTHORIZATION, format!("Bearer {}", token.expose())))
}

/// The secret number `n` of a kind.
pub(crate) fn secret(kind: SecretKind, n: u32) -> Secret {
    a_secret(kind, n)
}
