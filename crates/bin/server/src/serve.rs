//! `gitlodge serve`: the listeners, the watchers, and a clean end.

use std::{
    net::{IpAddr, SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use actix_web::{
    HttpRequest,
    dev::{Server, ServerHandle},
    web::{Data, ServiceConfig},
};
use anyhow::Context as _;
use lodge_gateway::{Policies, connections::Bound};
use lodge_http_api::{
    AdminAccess, Doors, JobStreams, Limiter, Metrics, Readiness, Surface, routes, server,
};
use lodge_kernel::{ExposeSecret as _, SecretString};
use lodge_provider::HostWatch;
use lodge_provider_kit::Guard;
use lodge_simulators::Simulation;
use lodge_system::{CheckpointKey, OsEntropy};
use lodge_testapp::TestAppSettings;
use lodge_web::{Doorkeeper, WebSettings};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    task::JoinHandle,
};
use url::Url;

use crate::{
    background::Background,
    cli::{ProcessRole, ServeOptions},
    courses, demo,
    hosts::HostEntry,
    print, reference,
    settings::Settings,
    telemetry, upkeep,
    wire::{self, Base, Reach},
};

/// Runs until it is told to stop.
pub(crate) fn run(options: ServeOptions) -> anyhow::Result<()> {
    let settings = Settings::read(&options)?;
    let _telemetry = telemetry::start(&options)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(options, settings))
}

/// Said to whoever names an address of their own.
const PROXY_HINT: &str = "if a proxy stands in front, name it with --trusted-proxies: all who come \
                          by it share one limit otherwise";

async fn serve(mut options: ServeOptions, settings: Settings) -> anyhow::Result<()> {
    let base = Base::open(&options.data).await?;
    if options.demo && options.repositories.is_none() {
        options.repositories = Some(demo::repositories(&options.data.data)?);
    }
    let mut entries = settings.hosts;
    let simulation = simulate(&options, &mut entries, &base).await?;
    let metrics = Metrics::default();
    let watched: (_, Arc<dyn HostWatch>) = (settings.gitlab_token, metrics.hosts.clone());
    let folder = options.repositories.as_deref();
    let hosts = wire::hosts(folder, entries, settings.kit, &base, watched)?;
    let (living, vault) = (base.living.clone(), Arc::clone(&base.vault));
    let (keys_of_sandbox, entropy) = (Arc::clone(&base.keys), Arc::clone(&base.entropy));
    let policies = Policies { firewall: settings.policies, journal: settings.policies };
    // The demonstration's apps live on this machine.
    let guard = if options.demo { Guard::Anything } else { Guard::Public };
    let (listener, address) = bind_public(options.jobs.role, settings.listen)?;
    let (admin_listener, admin_address) = bind(settings.admin_listen)?;
    let is_named = settings.public_url.is_some();
    let own = Url::parse(&format!("http://{address}"))?;
    let public_url = settings.public_url.unwrap_or(own);
    let issuer = public_url.as_str().trim_end_matches('/').to_owned();
    let reach = Reach { issuer: Some(issuer.clone()), open: settings.sign_up };
    let (gateway, journal, writer) = base.gateway(hosts, settings.rules, policies, guard, reach)?;
    if let Err(reason) = gateway.relying_party() {
        tracing::info!(%reason, "people cannot use passkeys");
    }
    let gateway = Arc::new(gateway);
    // The firewall's settings count from the first request on.
    gateway.watch_access().await?;
    let (teaching, intake_writer) = courses::open(&gateway, vault, settings.courses, &metrics);
    if is_named && settings.trusted_proxies.is_empty() {
        tracing::info!("{PROXY_HINT}");
    }
    gateway.accounts.bind(Bound { providers: gateway.providers.clone(), issuer });
    let doors = settings.oauth_rate_limit.filter(|_| settings.policies);
    let doors = doors.map(|it| Arc::new(Doors::new(it, settings.trusted_proxies)));
    let pages = lodge_web::configure(
        Arc::clone(&gateway),
        WebSettings { public_url: public_url.clone(), doorkeeper: doorkeeper(doors.as_ref()) },
        reference::document,
    );
    let digest = |it: &SecretString| gateway.keys.digest(it.expose_secret().as_bytes());
    let bootstrap = settings.admin_key.as_ref().map(digest);
    let sandbox = (options.testapp || options.demo).then(|| {
        let public_url = public_url.clone();
        let keys = keys_of_sandbox;
        lodge_testapp::configure(TestAppSettings { public_url, listener: address, keys, entropy })
            .context("the system has no TLS roots")
    });
    let sandbox = sandbox.transpose()?;
    let surface = Data::new(Surface {
        gateway: Arc::clone(&gateway),
        teaching: Arc::new(teaching),
        job_streams: Arc::new(JobStreams::default()),
        public_url: public_url.clone(),
        limiter: settings.rate_limit.filter(|_| settings.policies).map(Limiter::new),
        doors,
        admin: AdminAccess { bootstrap, confined: settings.admin_only },
        metrics,
        readiness: Readiness::default(),
        cors_origins: settings.cors_origins,
        metrics_token: settings.metrics_token,
        openapi: reference::document_once,
    });
    let checkpoints = (checkpoint_key(&options)?, options.checkpoints.audit_checkpoints.clone());
    let upkeep = upkeep::start(&surface, journal, living, checkpoints);
    let for_admins = routes::configure_admin(Data::clone(&surface));
    let admin = server::serve(&surface, admin_listener, Some(1), for_admins)?;
    let endpoints = routes::configure(Data::clone(&surface));
    let everything = move |config: &mut ServiceConfig| {
        endpoints(config);
        pages(config);
        if options.demo {
            demo::configure(config);
        }
        if let Some(sandbox) = &sandbox {
            sandbox(config);
        }
    };
    let public_address = listener.is_some().then_some(address);
    let server = listener.map(|it| server::serve(&surface, it, None, everything)).transpose()?;

    let told = say_where(public_address, admin_address)?;
    if options.demo {
        demo::introduce(&gateway, &public_url, simulation.as_ref()).await?;
    }
    let background = (options.jobs.role != ProcessRole::Api)
        .then(|| Background::start(&surface, &options.jobs))
        .transpose()?;
    tracing::info!(%address, %admin_address, "ready");

    let running = server.into_iter().chain([admin]).map(Running::from).collect();
    told.wait().await;
    say_no_more(&surface, options.drain).await;
    let (ended, ()) = tokio::join!(stop(running), finish(background));
    upkeep.iter().for_each(JoinHandle::abort);
    intake_writer.finish().await;
    drop(simulation);
    drop(gateway);
    writer.finish().await;
    tracing::info!("stopped");
    ended
}

/// Where people and apps are answered: nowhere in a worker.
fn bind_public(
    role: ProcessRole,
    at: SocketAddr,
) -> anyhow::Result<(Option<TcpListener>, SocketAddr)> {
    match role {
        ProcessRole::Worker => Ok((None, at)),
        ProcessRole::All | ProcessRole::Api => bind(at).map(|(it, at)| (Some(it), at)),
    }
}

/// Lets balancers see that this process stops, which they look for now and
/// then: what they send until then is answered.
async fn say_no_more(surface: &Surface, drain: u16) {
    surface.readiness.stop();
    tokio::time::sleep(Duration::from_secs(drain.into())).await;
    // Streams have no end of their own; their clients come back elsewhere.
    surface.job_streams.stop();
}

/// Starts the simulated hosts that were asked for, and adds them to `entries`.
async fn simulate(
    options: &ServeOptions,
    entries: &mut Vec<HostEntry>,
    base: &Base,
) -> anyhow::Result<Option<Simulation>> {
    let folder = options.repositories.as_deref().filter(|_| !options.simulate.is_empty());
    let Some(folder) = folder else { return Ok(None) };
    let clock = Arc::clone(&base.clock);
    let (running, simulated) = demo::simulate(&options.simulate, folder, clock).await?;
    entries.extend(simulated);
    Ok(Some(running))
}

/// What signs checkpoints of the audit trail; made on the first start.
fn checkpoint_key(options: &ServeOptions) -> anyhow::Result<CheckpointKey> {
    let path = wire::checkpoint_key(&options.checkpoints, &options.data);
    Ok(CheckpointKey::read_or_create(&path, &OsEntropy)?)
}

/// Says where it listens. Whoever hears it may tell it to stop.
fn say_where(address: Option<SocketAddr>, admin_address: SocketAddr) -> anyhow::Result<Told> {
    let told = Told::listen()?;
    if let Some(address) = address {
        print::line(&format!("listening on http://{address}"))?;
    }
    print::line(&format!("admin on http://{admin_address}"))?;
    Ok(told)
}

fn doorkeeper(doors: Option<&Arc<Doors>>) -> Option<Arc<dyn Doorkeeper>> {
    Some(Arc::new(OneDoor(Arc::clone(doors?))))
}

/// The consent page counts with the endpoints: the two surfaces do not know
/// each other.
struct OneDoor(Arc<Doors>);

impl Doorkeeper for OneDoor {
    fn admit(&self, request: &HttpRequest) -> Result<(), u64> {
        self.0.admit(request)
    }

    fn address(&self, request: &HttpRequest) -> Option<IpAddr> {
        self.0.address(request)
    }
}

/// Opens a listener and says where, since port 0 takes any.
fn bind(address: SocketAddr) -> anyhow::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address)
        .with_context(|| format!("{address} cannot be listened on: is something else there?"))?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// What tells the process to stop: SIGTERM or Ctrl-C.
struct Told {
    terminate: Signal,
    interrupt: Signal,
}

impl Told {
    /// Listens from now on: before, a signal ends the process at once.
    fn listen() -> std::io::Result<Self> {
        let terminate = signal(SignalKind::terminate())?;
        Ok(Self { terminate, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn wait(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
        tracing::info!("stopping");
    }
}

/// A listener at work.
struct Running {
    handle: ServerHandle,
    task: JoinHandle<std::io::Result<()>>,
}

impl From<Server> for Running {
    fn from(server: Server) -> Self {
        Self { handle: server.handle(), task: tokio::spawn(server) }
    }
}

/// Stops to accept, and lets requests in flight finish.
async fn stop(running: Vec<Running>) -> anyhow::Result<()> {
    for it in running {
        it.handle.stop(true).await;
        it.task.await??;
    }
    Ok(())
}

/// Lets what goes on in the background end.
async fn finish(background: Option<Background>) {
    if let Some(background) = background {
        background.finish().await;
    }
}
