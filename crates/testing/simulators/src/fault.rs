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

/// The faults that are ordered, by host. Each is used once, in order.
#[derive(Debug, Default)]
pub struct Faults {
    ordered: Mutex<HashMap<String, VecDeque<Fault>>>,
    asked: Mutex<HashMap<String, u64>>,
}

impl Faults {
    /// The next answer of `host` that has no fault yet is broken like this.
    pub fn order(&self, host: &str, fault: Fault) {
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
