//! An answer that still has to be understood, and what it means at most hosts.

use std::time::Duration;

use lodge_kernel::Timestamp;
use lodge_provider::ProviderError;
use reqwest::{StatusCode, header::HeaderMap};

/// An answer of a host: hostile input, good or not.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body, cut at 64 KiB for an answer that is not a success.
    pub body: &'a [u8],
    /// What a 404 means: this is not there; `None`: the repository is not.
    pub missing: Option<&'static str>,
    /// When it came.
    pub now: Timestamp,
}

/// The longest wait that is believed of a host: a day.
const LONGEST_WAIT: Duration = Duration::from_hours(24);
/// How long we wait when a host says "too often" but not how long.
const USUAL_WAIT: Duration = Duration::from_mins(1);

impl Said<'_> {
    /// A header, if it is there and text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// A header that is a whole number.
    pub fn number(&self, name: &str) -> Option<u64> {
        let text = self.header(name)?.trim();
        // Some send `12.0` seconds.
        text.split('.').next()?.parse().ok()
    }

    /// A header that is a number of seconds since 1970, not further away than
    /// a day.
    pub fn instant(&self, name: &str) -> Option<Timestamp> {
        let seconds = i64::try_from(self.number(name)?).ok()?;
        let at = Timestamp::from_seconds(seconds);
        Some(at.min(self.now.plus(LONGEST_WAIT)))
    }

    /// When `Retry-After` (RFC 9110 §10.2.3, in seconds: no host sends a date)
    /// lets us ask again.
    pub fn retry_after(&self) -> Option<Timestamp> {
        let wait = Duration::from_secs(self.number("retry-after")?);
        Some(self.now.plus(wait.min(LONGEST_WAIT)))
    }

    /// The body, where it can be read, in lower case: to look for a host's
    /// words in it.
    pub fn words(&self) -> String {
        String::from_utf8_lossy(self.body).to_ascii_lowercase()
    }

    /// The body is a page for people.
    pub fn is_html(&self) -> bool {
        let html = |kind: &str| kind.trim_start().to_ascii_lowercase().starts_with("text/html");
        self.header("content-type").is_some_and(html)
    }

    /// The account asked too often, until the host says or for a minute.
    pub fn rate_limited(&self) -> ProviderError {
        let retry_at = self.retry_after().unwrap_or_else(|| self.now.plus(USUAL_WAIT));
        ProviderError::RateLimited { retry_at }
    }

    /// What `what` the status says is not there.
    pub fn not_there(&self) -> ProviderError {
        match self.missing {
            Some(what) => ProviderError::NotFound { what },
            None => ProviderError::RepositoryNotFound,
        }
    }

    /// The host, or what stands before it, is at fault.
    pub fn unreachable(&self) -> ProviderError {
        ProviderError::Unreachable {
            retry_at: self.retry_after(),
            source: format!("it answered with status {}", self.status.as_u16()).into(),
        }
    }

    /// What the answer means where a host has no rule of its own.
    ///
    /// # Errors
    ///
    /// Every answer but a success that is not a page for people.
    pub fn judge(&self) -> Result<(), ProviderError> {
        if self.status.is_success() {
            if self.is_html() {
                return Err(ProviderError::Unreachable {
                    retry_at: None,
                    source: "it answered with a page for people".into(),
                });
            }
            return Ok(());
        }
        Err(match self.status.as_u16() {
            400 | 422 => {
                ProviderError::Invalid { problem: "the host does not take this request".to_owned() }
            }
            401 => ProviderError::CredentialsRefused,
            403 => ProviderError::Forbidden,
            404 => self.not_there(),
            // 555 is Bitbucket's own word for it.
            408 | 504 | 555 => ProviderError::TimedOut,
            429 => self.rate_limited(),
            _ => self.unreachable(),
        })
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    fn judged(status: u16, headers: &[(&'static str, &str)]) -> Result<(), ProviderError> {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| {
                (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
            })
            .collect();
        let status = StatusCode::from_u16(status).unwrap();
        let now = Timestamp::from_seconds(1000);
        Said { status, headers: &headers, body: b"", missing: None, now }.judge()
    }

    #[test]
    fn a_wait_is_what_the_host_says_but_never_more_than_a_day() {
        let waits =
            [(Some("7"), 1007), (None, 1060), (Some("99999999999"), 87400), (Some("x"), 1060)];
        for (header, until) in waits {
            let headers: Vec<_> = header.map(|it| ("retry-after", it)).into_iter().collect();
            match judged(429, &headers) {
                Err(ProviderError::RateLimited { retry_at }) => {
                    assert_eq!(retry_at, Timestamp::from_seconds(until), "{header:?}");
                }
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn a_page_for_people_is_no_answer() {
        assert!(judged(200, &[("content-type", "text/html; charset=utf-8")]).is_err());
        assert!(judged(200, &[("content-type", "application/json")]).is_ok());
    }
}
