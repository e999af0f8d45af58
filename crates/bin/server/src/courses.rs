//! The use cases of the courses, wired.

use std::sync::Arc;

use lodge_forge::ProviderName;
use lodge_gateway::Gateway;
use lodge_http_api::{Metrics, teaching::MeteredReports};
use lodge_kernel::{ExposeSecret as _, SecretString, Vault};
use lodge_provider::WebhookScheme;
use lodge_reports::Reports;
use lodge_system::{BatchingIntake, IntakeWriter, TokioTasks};
use lodge_teaching::{
    Teaching,
    intake::{ActivityFacts, IntakePorts, OpenDoors, Schemes},
    jobs::Workshop,
};

use crate::wire::SCHEMES;

/// What the operator chose for courses.
pub(crate) struct CourseSettings {
    /// What programs of teachers ask with.
    pub(crate) teacher_token: Option<SecretString>,
    /// What GitLab proves deliveries with, where no hook was made for them.
    pub(crate) gitlab_webhook_secret: Option<SecretString>,
}

/// The use cases of the courses beside `gateway`. The writer must be awaited at
/// the end.
pub(crate) fn open(
    gateway: &Gateway,
    vault: Arc<dyn Vault>,
    settings: CourseSettings,
    metrics: &Metrics,
) -> (Teaching, IntakeWriter) {
    let (log, writer) = BatchingIntake::start(&gateway.storage);
    let token = settings.teacher_token.as_ref();
    let secret = settings.gitlab_webhook_secret;
    let gitlab = ProviderName::parse("gitlab").ok();
    let handler = ActivityFacts {
        keys: Arc::clone(&gateway.keys),
        clock: Arc::clone(&gateway.clock),
        entropy: Arc::clone(&gateway.entropy),
    };
    let teaching = Teaching {
        storage: Arc::clone(&gateway.storage),
        clock: Arc::clone(&gateway.clock),
        entropy: Arc::clone(&gateway.entropy),
        keys: Arc::clone(&gateway.keys),
        bootstrap: token.map(|it| gateway.keys.digest(it.expose_secret().as_bytes())),
        workshop: Workshop::new(Arc::new(TokioTasks)).with_hosts(gateway.providers.clone()),
        reports: Arc::new(MeteredReports {
            inner: Arc::new(Reports::default()),
            metrics: Arc::clone(&metrics.results),
        }),
        intake: IntakePorts {
            vault,
            schemes: schemes(gateway),
            log: Arc::new(log),
            rules: gateway.rules(),
            handler: Arc::new(handler),
            installation: gitlab.zip(secret),
            doors: OpenDoors::default(),
        },
    };
    (teaching, writer)
}

/// Every kind of host under its name, and every configured host under its own:
/// courses take deliveries of hosts that nobody connected, too.
fn schemes(gateway: &Gateway) -> Schemes {
    let kinds = SCHEMES
        .iter()
        .filter_map(|(name, scheme)| Some((ProviderName::parse(name).ok()?, *scheme)));
    let configured = gateway.providers.iter().filter_map(|host| {
        let name = host.name();
        let scheme: &'static dyn WebhookScheme = gateway.providers.webhooks(&name)?.scheme();
        Some((name, scheme))
    });
    Schemes::new(kinds.chain(configured))
}
