//! Faults that a test orders: the next answers of a host are broken in a
//! known way.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
};

/// One way in which an answer is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// An answer with this status, these headers and this body, in the place
    /// of the host's.
    Answer {
        /// The status.
        status: u16,
        /// The headers.
        headers: Vec<(String, String)>,
        /// The body.
        body: Vec<u8>,
    },
    /// The host's answer after this many milliseconds.
    Late(u64),
    /// The host's answer, a byte every 200 ms.
    Dripping,
    /// Half of the body, under a `Content-Length` of the whole.
    CutOff,
    /// Fifty MiB of zeros, compressed to almost nothing.
    Bomb,
    /// The host's answer behind a byte order mark.
    Marked,
    /// The token is no longer good.
    TokenExpired,
}

#[cfg(feature = "sandbox")]
impl Fault {
    /// What is proved by an adapter that bears it. `None` for a whole answer,
    /// which a test gives to be read.
    fn told(&self) -> Option<&'static str> {
        let Self::Answer { status, headers, body } = self else {
            return Some(match self {
                Self::Late(_) => "late",
                Self::Dripping => "a byte every 200 ms",
                Self::CutOff => "shorter than its `Content-Length`",
                Self::Bomb => "50 MiB, compressed to almost nothing",
                Self::Marked => "a byte order mark",
                Self::TokenExpired => "a token that has ended",
                Self::Answer { .. } => return None,
            });
        };
        let has = |wanted: &str| headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(wanted));
        let limits = ["retry-after", "x-ratelimit-remaining", "x-ratelimit-reset"];
        let is_json = serde_json::from_slice::<serde_json::Value>(body).is_ok();
        Some(match status {
            200..=299 if is_json => return None,
            200..=299 if body.trim_ascii_start().starts_with(b"<") => "a page for people as 2xx",
            200..=299 => "JSON that breaks off, or none",
            300..=399 => "a redirect",
            400 => "400",
            401 => "401",
            403 if limits.iter().any(|it| has(it)) => "403 for a limit",
            403 => "403 for a right",
            404 | 410 => "404 or 410",
            429 => "429",
            500..=599 => "5xx",
            _ => "another 4xx",
        })
    }
}

/// The faults that are ordered, by host. Each is used once, in order.
#[derive(Debug, Default)]
pub struct Faults {
    ordered: Mutex<HashMap<String, VecDeque<Fault>>>,
    asked: Mutex<HashMap<String, u64>>,
}

impl Faults {
    /// The next answer of `host` that has no fault yet is broken like this.
    pub fn order(&self, host: &str, fault: Fault) {
        #[cfg(feature = "sandbox")]
        if let Some(told) = fault.told() {
            lodge_testkit::conformance::fault(host, told);
        }
        let mut ordered = self.ordered.lock().unwrap_or_else(PoisonError::into_inner);
        ordered.entry(host.to_owned()).or_default().push_back(fault);
    }

    /// What was ordered for the next answer of `host`.
    pub(crate) fn take(&self, host: &str) -> Option<Fault> {
        let mut ordered = self.ordered.lock().unwrap_or_else(PoisonError::into_inner);
        ordered.get_mut(host)?.pop_front()
    }

    /// How many answers `host` gave that count against a quota: not the 304s.
    pub fn counted(&self, host: &str) -> u64 {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.get(host).copied().unwrap_or_default()
    }

    pub(crate) fn count(&self, host: &str) {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        *asked.entry(host.to_owned()).or_default() += 1;
    }
}
