//! What the operator says about the folder.

use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use lodge_kernel::Clock;

/// How the host is set up.
#[derive(Clone)]
pub struct LocalConfig {
    /// The folder. Repositories may lie up to six folders deep in it.
    pub root: PathBuf,
    /// The login of the one account that this host has.
    pub login: String,
    /// The account's name for people.
    pub display_name: String,
    /// The host's name for people.
    pub label: String,
    /// How long one answer may take before it is given up.
    pub time_limit: Duration,
    /// Tells how old the list of repositories is.
    pub clock: Arc<dyn Clock>,
}

impl LocalConfig {
    /// The folder `root` with everything else as it usually is: the account
    /// `local`, ten seconds an answer.
    pub fn new(root: impl Into<PathBuf>, clock: Arc<dyn Clock>) -> Self {
        Self {
            root: root.into(),
            login: "local".to_owned(),
            display_name: "Local repositories".to_owned(),
            label: "Local folder".to_owned(),
            time_limit: Duration::from_secs(10),
            clock,
        }
    }
}

impl fmt::Debug for LocalConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalConfig")
            .field("root", &self.root)
            .field("login", &self.login)
            .finish_non_exhaustive()
    }
}

/// The folder cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    /// It is not there, or may not be read.
    #[error("the folder {root} cannot be read")]
    Unreadable {
        /// The folder.
        root: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// It is something else.
    #[error("{root} is not a folder")]
    NotAFolder {
        /// What was named.
        root: PathBuf,
    },
    /// The system has nothing left to begin threads with.
    #[error("no threads to read repositories with")]
    NoThreads(#[source] std::io::Error),
}
