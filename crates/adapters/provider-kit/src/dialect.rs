//! How one host wants to be asked, and what its answers mean.

use lodge_provider::{Budget, HostToken, ProviderError};
use reqwest::header::HeaderMap;

use crate::Said;

/// One host's rules. An adapter has one.
pub trait Dialect: Send + Sync {
    /// Adds what every request needs: credentials, media type, API version.
    ///
    /// # Errors
    ///
    /// [`ProviderError::CredentialsRefused`] for a token that cannot stand in
    /// a header.
    fn dress(&self, token: &HostToken, headers: &mut HeaderMap) -> Result<(), ProviderError>;

    /// What an answer means. [`Said::judge`] knows what is usual.
    ///
    /// # Errors
    ///
    /// Every answer that is not a success.
    fn judge(&self, said: &Said<'_>) -> Result<(), ProviderError> {
        said.judge()
    }

    /// What an answer, good or not, says of the account's budget. `None` when
    /// it says nothing.
    fn budget(&self, said: &Said<'_>) -> Option<Budget> {
        let _ = said;
        None
    }

    /// The header with the host's id of a request.
    fn request_id_header(&self) -> &'static str {
        "x-request-id"
    }

    /// Redirects to the same origin are followed. A host whose redirects are
    /// login pages says no.
    fn follows_redirects(&self) -> bool {
        true
    }
}
