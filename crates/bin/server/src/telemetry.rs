//! Logs and traces.

use anyhow::Context as _;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::WithExportConfig as _;
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tracing_subscriber::{
    EnvFilter, Layer as _, Registry, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

use crate::cli::{LogFormat, ServeOptions};

/// Sends what is left when it is dropped.
pub(crate) struct Telemetry(Option<SdkTracerProvider>);

impl Drop for Telemetry {
    fn drop(&mut self) {
        if let Some(provider) = self.0.take() {
            // The process ends: there is nobody left to tell.
            let _ = provider.shutdown();
        }
    }
}

/// Starts logs and, where asked for, traces. To be called before a runtime
/// runs: the exporter has its own thread.
pub(crate) fn start(options: &ServeOptions) -> anyhow::Result<Telemetry> {
    let filter = |text: &str| {
        EnvFilter::try_new(text).with_context(|| format!("--log (GITLODGE_LOG): `{text}`"))
    };
    let logs = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let logs = match options.log_format {
        LogFormat::Text => logs.with_target(false).boxed(),
        LogFormat::Json => logs.json().flatten_event(true).boxed(),
    };
    let logs = logs.with_filter(filter(&options.log)?);
    let Some(endpoint) = &options.otlp_endpoint else {
        Registry::default().with(logs).try_init()?;
        return Ok(Telemetry(None));
    };
    let exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_http()
        .with_endpoint(endpoint)
        .build()
        .with_context(|| format!("--otlp-endpoint (GITLODGE_OTLP_ENDPOINT): `{endpoint}`"))?;
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(Resource::builder().with_service_name("gitlodge").build())
        .build();
    let traces = tracing_opentelemetry::layer().with_tracer(provider.tracer("gitlodge"));
    let traces = traces.with_filter(filter("info")?);
    Registry::default().with(logs).with(traces).try_init()?;
    Ok(Telemetry(Some(provider)))
}
