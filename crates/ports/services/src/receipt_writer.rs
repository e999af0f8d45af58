//! What a receipt looks like.

use lodge_access::Statement;

/// Writes and signs receipts.
pub trait ReceiptWriter: Send + Sync {
    /// The signed statement: a JWS in its compact form (RFC 7515, 7.1).
    fn write(&self, statement: &Statement<'_>) -> String;

    /// What anybody checks them with: a JWK Set (RFC 7517, 5).
    fn keys(&self) -> String;
}
