//! Bodies that a host can confirm with a 304 (RFC 9110 §13). They are kept for
//! one account each: what one account may see tells nothing of another.

use lodge_kernel::ConnectionId;
use moka::sync::Cache;
use reqwest::header::{
    ETAG, HeaderMap, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
};

use crate::Answer;

/// What makes two questions the same: the account, the address, and the media
/// type that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Question {
    pub(crate) connection: ConnectionId,
    pub(crate) url: String,
    pub(crate) accept: Option<HeaderValue>,
}

/// Answers that can be confirmed.
#[derive(Debug)]
pub(crate) struct Memory {
    kept: Cache<Question, Answer>,
    largest: u64,
}

impl Memory {
    /// Keeps up to `bytes` of bodies and what was made of them, which is about as
    /// large.
    pub(crate) fn new(bytes: u64) -> Self {
        let weigh = |question: &Question, answer: &Answer| {
            let headers: usize = answer
                .headers()
                .iter()
                .map(|(name, value)| name.as_str().len() + value.len())
                .sum();
            let all = question.url.len() + headers + 2 * answer.body().len();
            u32::try_from(all).unwrap_or(u32::MAX)
        };
        let kept = Cache::builder().max_capacity(bytes).weigher(weigh).build();
        Self { kept, largest: bytes / 8 }
    }

    /// The answer to confirm, if there is one.
    pub(crate) fn of(&self, question: &Question) -> Option<Answer> {
        self.kept.get(question)
    }

    /// Keeps an answer that can be confirmed later.
    pub(crate) fn keep(&self, question: Question, answer: &Answer) {
        let validator = [ETAG, LAST_MODIFIED].iter().any(|it| answer.headers().contains_key(it));
        let length = u64::try_from(answer.body().len()).unwrap_or(u64::MAX);
        if validator && !answer.is_cut() && length <= self.largest {
            self.kept.insert(question, answer.clone());
        }
    }
}

/// Asks only for what is newer than `known`.
pub(crate) fn only_newer(known: &Answer, headers: &mut HeaderMap) {
    if let Some(tag) = known.headers().get(ETAG) {
        headers.insert(IF_NONE_MATCH, tag.clone());
    } else if let Some(at) = known.headers().get(LAST_MODIFIED) {
        headers.insert(IF_MODIFIED_SINCE, at.clone());
    }
}
