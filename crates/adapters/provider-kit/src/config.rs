//! What the operator can set of the transport.

use std::{num::NonZeroUsize, time::Duration};

/// Bounds of one question to a host.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Until the connection stands.
    pub connect: Duration,
    /// Until the body is read, tries included.
    pub total: Duration,
    /// Of a body, decompressed, in bytes.
    pub body: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect: Duration::from_secs(3), total: Duration::from_secs(20), body: 16 << 20 }
    }
}

/// What the operator can set of the transport.
#[derive(Clone, Debug)]
pub struct KitConfig {
    /// Bounds of one question.
    pub limits: Limits,
    /// Bodies that are kept for revalidation, in bytes, for each host.
    pub memory: u64,
    /// Questions that may be under way at once for one account.
    pub at_once: NonZeroUsize,
    /// Ask the host whether a body has changed, rather than for the body
    /// again. Off, only to measure what it saves.
    pub revalidate: bool,
    /// Ask identical questions that are under way at the same time once. Off,
    /// only to measure what it saves.
    pub coalesce: bool,
    /// A proxy that everything goes through: `http://proxy.example.com:3128`.
    pub proxy: Option<String>,
}

impl Default for KitConfig {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            memory: 32 << 20,
            at_once: NonZeroUsize::new(16).unwrap_or(NonZeroUsize::MIN),
            revalidate: true,
            coalesce: true,
            proxy: None,
        }
    }
}
