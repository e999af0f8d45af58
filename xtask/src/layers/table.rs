//! Who may use whom.

/// What the crates of one folder may use.
pub(super) struct Ring {
    pub folder: &'static str,
    /// The folders of ours that it may use.
    pub inner: &'static [&'static str],
    /// The outside crates that it may use; `None`: what its technology needs.
    ///
    /// Another name in `domain` needs a decision record first.
    pub outside: Option<&'static [&'static str]>,
}

#[rustfmt::skip]
pub(super) const RINGS: &[Ring] = &[
    Ring { folder: "domain",   inner: &["domain"],                             outside: Some(&["chrono", "croner", "globset", "memchr", "regex-automata", "secrecy", "thiserror", "unicode-normalization", "url", "uuid"]) },
    Ring { folder: "ports",    inner: &["domain"],                             outside: Some(&["async-trait", "mockall", "thiserror"]) },
    Ring { folder: "app",      inner: &["domain", "ports"],                    outside: Some(&["async-trait", "futures-util", "thiserror", "tracing"]) },
    Ring { folder: "adapters", inner: &["domain", "ports"],                    outside: None },
    Ring { folder: "testing",  inner: &["domain", "ports"],                    outside: None },
    Ring { folder: "bin",      inner: &["domain", "ports", "app", "adapters"], outside: None },
    // They see what a client or a maintainer sees: no crate of the product.
    Ring { folder: "tests",    inner: &[],                                     outside: None },
    Ring { folder: "xtask",    inner: &[],                                     outside: None },
];

/// The ring of builders, fakes and contract suites: for tests, and for nothing else.
pub(super) const TESTING: &str = "testing";

/// A single arrow that the rings would forbid.
pub(super) struct Exception {
    /// A package; a `*` at its end stands for any ending.
    pub from: &'static str,
    /// A package, or a ring followed by `/*`.
    pub to: &'static str,
    pub reason: &'static str,
}

#[rustfmt::skip]
pub(super) const EXCEPTIONS: &[Exception] = &[
    Exception { from: "lodge-http-api",   to: "app/*",              reason: "an inbound adapter calls the application" },
    Exception { from: "lodge-web",        to: "app/*",              reason: "an inbound adapter calls the application" },
    Exception { from: "lodge-provider-*", to: "lodge-provider-kit", reason: "Git hosts share one transport" },
    Exception { from: "lodge-callbacks",  to: "lodge-provider-kit", reason: "everything that leaves over HTTP leaves through one transport" },
    Exception { from: "lodge-testapp",    to: "lodge-provider-kit", reason: "everything that leaves over HTTP leaves through one transport" },
    Exception { from: "lodge-teaching",   to: "lodge-gateway",      reason: "organisations, sessions and the audit trail are the gateway's" },
    Exception { from: "lodge-simulators", to: "lodge-provider-local", reason: "all simulated hosts tell what one folder has" },
    Exception { from: "lodge-simulators", to: "lodge-provider-kit",  reason: "patches are written by one engine" },
    Exception { from: "lodge-simulators", to: "lodge-testkit",       reason: "the sandbox, a feature for tests, is over the contract's known folder" },
    Exception { from: "lodge-server",     to: "lodge-simulators",    reason: "the demo and the sandbox run on simulated hosts" },
];
