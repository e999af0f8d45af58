//! A gateway with a storage in memory and a made-up host.

use std::sync::Arc;

use actix_web::web::ServiceConfig;
use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use lodge_access::{App, SecretKind, UsageRow};
use lodge_firewall::Rules;
use lodge_forge::{Capabilities, ProviderName, Repository, Resource, Support, Visibility};
use lodge_gateway::{
    AccountTokens, Gateway, GrantCache, Policies,
    developer::connect_session::{ConnectSessionDraft, Inviter},
    events::EventPorts,
    oauth::ClientCredentials,
    people::PeoplePorts,
};
use lodge_kernel::Keyring as _;
use lodge_pagination::{Page, PageRequest, Position};
use lodge_provider::{
    AccountKind, Budget, GitProvider, Host, HostLogin, MockGitProvider, MockHostLogin,
    ProviderError, Providers, RepositoryRef,
};
use lodge_services::{MockCallbacks, MockEventWriter};
use lodge_storage::UsageJournal;
use lodge_testkit::{
    CountingEntropy, FixedClock, MemoryStorage, PlainKeyring, PlainProofs, PlainReceipts,
    TestTasks,
    builders::{self, a_membership, a_relying_party, a_secret, a_tenant, a_user},
};
use lodge_web::{Doorkeeper, WebSettings, configure};
use url::Url;

/// What the app proves with that it is the one that asked.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// The S256 challenge of [`VERIFIER`], in the digests of [`PlainKeyring`].
pub(crate) fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(PlainKeyring.digest(VERIFIER.as_bytes()).0)
}

/// What a gateway is made of.
pub(crate) struct Plan {
    pub(crate) app: App,
    /// The hosts, with their repositories; one without any answers nothing.
    pub(crate) hosts: Vec<(&'static str, Option<Vec<Repository>>)>,
    /// The hosts where customers connect accounts of their own.
    pub(crate) logins: &'static [&'static str],
    pub(crate) public_url: String,
    pub(crate) openapi: serde_json::Value,
    /// Strangers cannot open accounts.
    pub(crate) closed: bool,
}

impl Plan {
    /// App 1, and the host `local` with three repositories.
    pub(crate) fn ordinary() -> Self {
        let repositories =
            vec![a_repository("acme/api"), a_repository("acme/handbook"), a_repository("acme/web")];
        Self {
            app: builders::an_app(1),
            hosts: vec![("local", Some(repositories))],
            logins: &[],
            public_url: "https://gate.example".to_owned(),
            openapi: serde_json::json!({}),
            closed: false,
        }
    }
}

/// A gateway that is set up.
pub(crate) struct House {
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) app: App,
    /// The gateway's time.
    pub(crate) clock: Arc<FixedClock>,
    /// Who watches the consent page's door.
    pub(crate) doorkeeper: Option<Arc<dyn Doorkeeper>>,
    public_url: Url,
    openapi: serde_json::Value,
}

impl House {
    pub(crate) async fn built(plan: Plan) -> Self {
        let logins = plan.logins;
        let hosts = plan.hosts.into_iter().map(|(name, repositories)| {
            let kind =
                if logins.contains(&name) { AccountKind::OAuth } else { AccountKind::Configured };
            let login: Option<Arc<dyn HostLogin>> = match kind {
                AccountKind::OAuth => Some(Arc::new(MockHostLogin::new())),
                AccountKind::Configured => None,
            };
            Host { login, ..Host::plain(a_host(name, kind, repositories)) }
        });
        let storage = Arc::new(MemoryStorage::default());
        let accounts = AccountTokens::new(
            storage.clone(),
            Arc::new(PlainKeyring),
            Arc::new(PlainKeyring),
            Arc::new(FixedClock::default()),
            Arc::new(CountingEntropy::seeded(1)),
            Arc::new(TestTasks),
        );
        let clock = Arc::new(FixedClock::default());
        let gateway = Arc::new(Gateway {
            storage,
            accounts,
            providers: Providers::new(hosts),
            clock: clock.clone(),
            entropy: Arc::new(CountingEntropy::default()),
            keys: Arc::new(PlainKeyring),
            rules: Rules::built_in().into(),
            journal: Arc::new(NoJournal),
            grants: GrantCache::default(),
            receipts: Arc::new(PlainReceipts),
            people: PeoplePorts {
                passwords: Arc::new(PlainProofs),
                codes: Arc::new(PlainProofs),
                passkeys: Arc::new(PlainProofs),
                party: a_relying_party(),
                open: !plan.closed,
            },
            events: EventPorts {
                callbacks: Arc::new(MockCallbacks::new()),
                writer: Arc::new(MockEventWriter::new()),
            },
            policies: Policies { firewall: true, journal: true },
        });
        let mut work = gateway.storage.begin().await.unwrap();
        work.tenants().add(&a_tenant(1)).await.unwrap();
        work.users().add(&a_user(1)).await.unwrap();
        work.memberships().add(&a_membership(1)).await.unwrap();
        work.apps().add(&plan.app).await.unwrap();
        work.commit().await.unwrap();
        let public_url = Url::parse(&plan.public_url).unwrap();
        Self { gateway, app: plan.app, clock, doorkeeper: None, public_url, openapi: plan.openapi }
    }

    /// What registers the pages of this gateway.
    pub(crate) fn pages(&self) -> impl Fn(&mut ServiceConfig) + Clone + use<> {
        let settings = WebSettings {
            public_url: self.public_url.clone(),
            doorkeeper: self.doorkeeper.clone(),
        };
        let openapi = self.openapi.clone();
        configure(Arc::clone(&self.gateway), settings, move || openapi.clone())
    }

    /// What the app's server proves itself with.
    pub(crate) fn credentials(&self) -> ClientCredentials {
        let secret = a_secret(SecretKind::ClientSecret, 1).expose().to_owned();
        ClientCredentials { id: self.app.id.to_string(), secret }
    }

    /// Invites a customer: the token of a connect session.
    pub(crate) async fn invitation(&self, name: &str, purpose: &str) -> String {
        let inviter = Inviter::Client(self.credentials());
        let draft = ConnectSessionDraft {
            customer_ref: "customer-1".to_owned(),
            customer_name: Some(name.to_owned()),
            purpose: Some(purpose.to_owned()),
            redirect_uri: None,
        };
        let made = self.gateway.create_connect_session(&inviter, self.app.id, draft).await;
        made.unwrap().token.expose().to_owned()
    }

    /// Where the access page is.
    pub(crate) fn access_path(&self) -> String {
        format!("/app/company/apps/{}", self.app.id)
    }

    /// The access page's address, with these parameters.
    pub(crate) fn access(&self, parameters: &[(&str, &str)]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(parameters);
        format!("{}?{}", self.access_path(), query.finish())
    }

    /// The address of the consent page, with `more` parameters.
    pub(crate) fn authorize(&self, more: &[(&str, &str)]) -> String {
        let client = self.app.id.to_string();
        let redirect_uri = self.app.redirect_uris.first().unwrap().as_str();
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("response_type", "code").append_pair("client_id", &client);
        query.append_pair("redirect_uri", redirect_uri).append_pair("state", "xyz");
        query
            .append_pair("code_challenge", &challenge())
            .append_pair("code_challenge_method", "S256");
        query.extend_pairs(more);
        format!("/oauth/authorize?{}", query.finish())
    }
}

/// A repository of which only the name matters.
pub(crate) fn a_repository(full_name: &str) -> Repository {
    let (namespace, name) = full_name.rsplit_once('/').unwrap_or(("", full_name));
    let id: String = full_name
        .chars()
        .map(|it| if it.is_ascii_alphanumeric() { it } else { '.' })
        .take(200)
        .collect();
    Repository {
        id: builders::a_repository_id(&id),
        provider: builders::local(),
        native_id: id.clone(),
        full_name: full_name.to_owned(),
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        description: None,
        default_branch: Some("main".to_owned()),
        visibility: Visibility::Private,
        archived: None,
        fork: None,
        parent_id: None,
        language: None,
        size_bytes: None,
        object_format: None,
        clone_url: None,
        web_url: None,
        created_at: None,
        updated_at: None,
        pushed_at: None,
        permissions: None,
    }
}

fn a_host(
    name: &'static str,
    kind: AccountKind,
    repositories: Option<Vec<Repository>>,
) -> Arc<dyn GitProvider> {
    let mut host = MockGitProvider::new();
    let all = Arc::new(repositories);
    host.expect_name().returning(move || ProviderName::parse(name).unwrap());
    host.expect_label().returning(move || format!("{name} repositories"));
    host.expect_account_kind().returning(move || kind);
    host.expect_budget().returning(|_| {
        Some(Budget { limit: Some(5_000), remaining: Some(420), ..Budget::default() })
    });
    host.expect_capabilities().returning(|| {
        Capabilities::new(&[
            (Resource::Repositories, Support::Native),
            (Resource::Contributors, Support::Derived),
        ])
    });
    let listed = Arc::clone(&all);
    host.expect_list_repositories().returning(move |_, page| match &*listed {
        Some(all) => Ok(page_of(all, &page)),
        None => Err(down()),
    });
    host.expect_find_repository().returning(move |wanted: RepositoryRef| match &*all {
        Some(all) => {
            let found = all.iter().find(|it| it.id == wanted.id);
            found.cloned().ok_or(ProviderError::RepositoryNotFound)
        }
        None => Err(down()),
    });
    Arc::new(host)
}

fn page_of(all: &[Repository], page: &PageRequest) -> Page<Repository> {
    let from = page.from.as_ref().and_then(|it| it.get("from")?.parse().ok()).unwrap_or(0);
    let to = from + page.limit.get();
    let items = all.iter().skip(from).take(page.limit.get()).cloned().collect();
    let next = (to < all.len()).then(|| Position::new().with("from", to.to_string()).unwrap());
    Page { items, next }
}

fn down() -> ProviderError {
    ProviderError::Unreachable { retry_at: None, source: "made to fail".into() }
}

struct NoJournal;

#[async_trait]
impl UsageJournal for NoJournal {
    async fn record(&self, _row: UsageRow) {}
}
