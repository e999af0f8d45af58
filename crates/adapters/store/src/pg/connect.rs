//! How a connection to PostgreSQL is made.

use std::{path::Path, sync::Arc, time::Duration};

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::AsyncPgConnection;
use lodge_storage::{BoxError, StorageError};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, pem::PemObject as _},
};
use tokio_postgres::{Config, NoTls, config::SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{PostgresConfig, address::Address};

/// A transaction that nobody goes on with is ended by the server.
const IDLE: Duration = Duration::from_mins(1);

/// Makes connections to one database.
pub(super) struct Connector {
    limited: Config,
    unlimited: Config,
    tls: Option<MakeRustlsConnect>,
}

impl Connector {
    pub(super) fn new(config: &PostgresConfig) -> Result<Self, StorageError> {
        let address = Address::read(&config.url);
        let mut unlimited: Config = address.url.parse().map_err(unusable)?;
        unlimited.connect_timeout(config.patience);
        if unlimited.get_application_name().is_none() {
            unlimited.application_name("gitlodge");
        }
        let mut limited = unlimited.clone();
        limited.options(format!(
            "{} -c statement_timeout={} -c idle_in_transaction_session_timeout={}",
            unlimited.get_options().unwrap_or_default(),
            config.statement_timeout.as_millis(),
            IDLE.as_millis(),
        ));
        let roots = address.root_certificates.as_deref();
        let encrypted = unlimited.get_ssl_mode() == SslMode::Require;
        let tls = encrypted.then(|| tls(roots)).transpose()?;
        Ok(Self { limited, unlimited, tls })
    }

    pub(super) async fn connect(&self) -> ConnectionResult<AsyncPgConnection> {
        self.open(&self.limited).await
    }

    /// A connection whose statements take as long as they need.
    pub(super) async fn connect_without_limits(&self) -> ConnectionResult<AsyncPgConnection> {
        self.open(&self.unlimited).await
    }

    async fn open(&self, config: &Config) -> ConnectionResult<AsyncPgConnection> {
        let refused = |error: tokio_postgres::Error| ConnectionError::BadConnection(chain(&error));
        if let Some(tls) = &self.tls {
            let (client, connection) = config.connect(tls.clone()).await.map_err(refused)?;
            AsyncPgConnection::try_from_client_and_connection(client, connection).await
        } else {
            let (client, connection) = config.connect(NoTls).await.map_err(refused)?;
            AsyncPgConnection::try_from_client_and_connection(client, connection).await
        }
    }
}

/// An error with everything beneath it: diesel takes only a text here.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut beneath = error.source();
    while let Some(error) = beneath {
        text.push_str(": ");
        text.push_str(&error.to_string());
        beneath = error.source();
    }
    text
}

fn unusable(error: impl Into<BoxError>) -> StorageError {
    StorageError::Other(error.into())
}

/// TLS 1.2 and 1.3, with the server's certificate checked against the given
/// roots, or else against those that browsers trust.
fn tls(given: Option<&Path>) -> Result<MakeRustlsConnect, StorageError> {
    let mut roots = RootCertStore::empty();
    if let Some(path) = given {
        let unread =
            |error| StorageError::Other(format!("sslrootcert: {}: {error}", path.display()).into());
        for certificate in CertificateDer::pem_file_iter(path).map_err(unread)? {
            roots.add(certificate.map_err(unread)?).map_err(unusable)?;
        }
    } else {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    let provider = Arc::new(aws_lc_rs::default_provider());
    let client = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(client))
}
