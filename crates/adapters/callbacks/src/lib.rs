//! Calls apps at the addresses that they gave, signed as Standard Webhooks
//! says: <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>.
//!
//! Reading order: [`SignedCallbacks`], then `signature`.

mod signature;

use async_trait::async_trait;
use lodge_kernel::SecretString;
use lodge_provider_kit::{Outbound, OutboundError, Reached};
use lodge_services::{CallbackAnswer, CallbackError, Callbacks, SignedCall};

/// Calls apps, signed.
#[derive(Clone, Debug)]
pub struct SignedCallbacks(Outbound);

impl SignedCallbacks {
    /// Calls through `outbound`, which keeps away from our own network.
    pub fn new(outbound: Outbound) -> Self {
        Self(outbound)
    }
}

#[async_trait]
impl Callbacks for SignedCallbacks {
    fn check_url(&self, url: &str) -> Result<(), CallbackError> {
        let checked = self.0.guard().parse(url);
        checked.map(drop).map_err(|why| CallbackError::Forbidden { problem: why.to_string() })
    }

    fn check_secret(&self, secret: &SecretString) -> Result<(), CallbackError> {
        signature::key(secret).map(drop)
    }

    fn secret_of(&self, random: [u8; 32]) -> SecretString {
        signature::secret_of(&random)
    }

    async fn call(&self, call: SignedCall) -> Result<CallbackAnswer, CallbackError> {
        let timestamp = call.at.as_seconds().to_string();
        let signed = signature::sign(&call.secret, &call.id, &timestamp, &call.body)?;
        let headers = [
            ("webhook-id", call.id),
            ("webhook-timestamp", timestamp),
            ("webhook-signature", signed),
        ];
        match self.0.post_json(&call.url, &headers, call.body).await {
            Ok(Reached { status, body }) => Ok(CallbackAnswer { status, body }),
            Err(OutboundError::Forbidden(why)) => {
                Err(CallbackError::Forbidden { problem: why.to_string() })
            }
            Err(OutboundError::TimedOut) => Err(CallbackError::TimedOut),
            Err(OutboundError::Unreachable { problem }) => {
                Err(CallbackError::Unreachable { problem })
            }
        }
    }
}
