//! `gitlodge serve`: the listeners, the watchers, and a clean end.

use std::{
    net::{IpAddr, SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use actix_web::{HttpRequest, dev::Server, web::Data};
use anyhow::Context as _;
use lodge_gateway::{Policies, connections::Bound};
use lodge_http_api::{AdminAccess, Doors, Limiter, Metrics, Surface, routes, server};
use lodge_kernel::ExposeSecret as _;
use lodge_provider_kit::Guard;
use lodge_simulators::Simulation;
use lodge_system::{
    BatchingJournal, CheckpointKey, LivingKeyring, OsEntropy, rotation::LOOK_EVERY,
};
use lodge_testapp::TestAppSettings;
use lodge_web::{Doorkeeper, WebSettings};
use tokio::{
    signal::unix::{SignalKind, signal},
    time::{MissedTickBehavior, interval, sleep},
};
use url::Url;

use crate::{
    checkpoints,
    cli::ServeOptions,
    courses, demo,
    hosts::HostEntry,
    intake_worker::IntakeWorker,
    print, reference,
    settings::Settings,
    telemetry,
    wire::{self, Base, Reach},
    worker::Worker,
};

/// How often the database is asked whether rights were taken away. Revocation
/// must take effect within 200 ms in every process.
const WATCH: Duration = Duration::from_millis(100);
/// How often what has ended is swept away.
const SWEEP: Duration = Duration::from_mins(10);
/// How many old webhooks, deliveries, and kept answers, go in one sweep.
const SWEPT_EVENTS: usize = 10_000;

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
    let hosts = wire::hosts(options.repositories.as_deref(), entries, settings.kit, &base)?;
    let (living, vault) = (base.living.clone(), Arc::clone(&base.vault));
    let (keys_of_sandbox, entropy) = (Arc::clone(&base.keys), Arc::clone(&base.entropy));
    let policies = Policies { firewall: settings.policies, journal: settings.policies };
    // The demonstration's apps live on this machine.
    let guard = if options.demo { Guard::Anything } else { Guard::Public };
    let (listener, address) = bind(settings.listen)?;
    let (admin_listener, admin_address) = bind(settings.admin_listen)?;
    let is_named = settings.public_url.is_some();
    let public_url = match settings.public_url {
        Some(url) => url,
        None => Url::parse(&format!("http://{address}"))?,
    };
    let issuer = public_url.as_str().trim_end_matches('/').to_owned();
    let reach = Reach { issuer: Some(issuer.clone()), open: settings.sign_up };
    let (gateway, journal, writer) = base.gateway(hosts, settings.rules, policies, guard, reach)?;
    let gateway = Arc::new(gateway);
    // The firewall's settings count from the first request on.
    gateway.watch_access().await?;
    let (teaching, intake_writer) = courses::open(&gateway, vault, settings.courses);
    let key = checkpoint_key(&options)?;
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
    let bootstrap = settings.admin_key.as_ref();
    let bootstrap = bootstrap.map(|it| gateway.keys.digest(it.expose_secret().as_bytes()));
    let sandbox = TestAppSettings {
        public_url: public_url.clone(),
        listener: address,
        keys: keys_of_sandbox,
        entropy,
    };
    let sandbox = if options.testapp || options.demo {
        Some(lodge_testapp::configure(sandbox).context("the system has no TLS roots")?)
    } else {
        None
    };
    let surface = Data::new(Surface {
        gateway: Arc::clone(&gateway),
        teaching: Arc::new(teaching),
        public_url: public_url.clone(),
        limiter: settings.rate_limit.filter(|_| settings.policies).map(Limiter::new),
        doors,
        admin: AdminAccess { bootstrap, confined: settings.admin_only },
        metrics: Metrics::default(),
        cors_origins: settings.cors_origins,
        metrics_token: settings.metrics_token,
        openapi: reference::document_once,
    });
    let file = options.checkpoints.audit_checkpoints.clone();
    let tasks = [
        tokio::spawn(watch(Data::clone(&surface), journal)),
        tokio::spawn(look_after(living)),
        tokio::spawn(checkpoints::write_now_and_then(Arc::clone(&gateway), key, file)),
    ];
    let admin = server::serve(
        &surface,
        admin_listener,
        Some(1),
        routes::configure_admin(Data::clone(&surface)),
    )?;
    let endpoints = routes::configure(Data::clone(&surface));
    let server = server::serve(&surface, listener, None, move |config| {
        endpoints(config);
        pages(config);
        if options.demo {
            demo::configure(config);
        }
        if let Some(sandbox) = &sandbox {
            sandbox(config);
        }
    })?;

    say_where(address, admin_address)?;
    if options.demo {
        demo::introduce(&gateway, &public_url, simulation.as_ref()).await?;
    }
    let worker = Worker::start(Arc::clone(&gateway));
    let intake = IntakeWorker::start(Data::clone(&surface));
    let sweeper = tokio::spawn(sweep_now_and_then(surface));
    tracing::info!(%address, %admin_address, "ready");

    let ended = run_until_told(server, admin).await;
    tasks.into_iter().chain([sweeper]).for_each(|it| it.abort());
    intake_writer.finish().await;
    intake.finish().await;
    worker.finish().await;
    drop(simulation);
    drop(gateway);
    writer.finish().await;
    tracing::info!("stopped");
    ended
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

fn say_where(address: SocketAddr, admin_address: SocketAddr) -> anyhow::Result<()> {
    print::line(&format!("listening on http://{address}"))?;
    print::line(&format!("admin on http://{admin_address}"))
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

/// Keeps the cache of rights true.
async fn watch(surface: Data<Surface>, journal: BatchingJournal) {
    let mut ticks = interval(WATCH);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = surface.gateway.watch_access().await {
            tracing::warn!(%error, "the database cannot be asked for changes of rights");
        }
        let waiting = u64::try_from(journal.waiting()).unwrap_or(u64::MAX);
        surface.metrics.journal_waiting.set(waiting);
        surface.metrics.journal_lost(journal.lost());
    }
}

/// Reads the master keys again when they were rotated.
async fn look_after(keys: Option<Arc<LivingKeyring>>) {
    let Some(keys) = keys else { return };
    loop {
        sleep(LOOK_EVERY).await;
        match keys.refresh() {
            Ok(true) => tracing::info!("the master keys were read again"),
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "the master keys stay as they were"),
        }
    }
}

/// Forgets what nobody asks for any more, in memory and in the database.
async fn sweep_now_and_then(surface: Data<Surface>) {
    loop {
        if let Some(limiter) = &surface.limiter {
            limiter.sweep();
        }
        match surface.gateway.sweep().await {
            Ok(swept) if swept.total() == 0 => {}
            Ok(swept) => tracing::info!(
                swept.tokens,
                swept.codes,
                swept.sessions,
                swept.visits,
                swept.invitations,
                swept.pushed_requests,
                swept.nonces,
                swept.approvals,
                swept.customers,
                "what had ended was swept away"
            ),
            Err(error) => tracing::warn!(%error, "what has ended cannot be swept away"),
        }
        match surface.gateway.forget_events(SWEPT_EVENTS).await {
            Ok(0) => {}
            Ok(forgotten) => tracing::info!(forgotten, "old webhooks and deliveries were removed"),
            Err(error) => tracing::warn!(%error, "old webhooks and deliveries cannot be removed"),
        }
        if let Err(error) = surface.teaching.forget_answers(SWEPT_EVENTS).await {
            tracing::warn!(%error, "old answers cannot be removed");
        }
        sleep(SWEEP).await;
    }
}

/// Runs both servers; on SIGTERM or Ctrl-C stops to accept, lets requests in
/// flight finish, and returns.
async fn run_until_told(server: Server, admin: Server) -> anyhow::Result<()> {
    let (handle, admin_handle) = (server.handle(), admin.handle());
    let server = tokio::spawn(server);
    let admin = tokio::spawn(admin);
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
    handle.stop(true).await;
    admin_handle.stop(true).await;
    server.await??;
    admin.await??;
    Ok(())
}
