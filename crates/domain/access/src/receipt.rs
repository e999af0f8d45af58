//! What a customer has of each decision: a signed receipt.

use lodge_kernel::{AuthorizationId, ClientId, CustomerId, ReceiptId, TenantId, Timestamp};

use crate::{App, Authorization, Connection, Customer};

/// What happened to an approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiptChange {
    /// The customer said yes.
    Given,
    /// The customer changed what is shared, or for how long.
    Changed,
    /// An account was disconnected, and what was read through it ended.
    Disconnected,
    /// The approval was taken back.
    TakenBack,
}

impl ReceiptChange {
    /// Every change.
    pub const ALL: [Self; 4] = [Self::Given, Self::Changed, Self::Disconnected, Self::TakenBack];

    /// The change in receipts and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Changed => "changed",
            Self::Disconnected => "disconnected",
            Self::TakenBack => "taken_back",
        }
    }

    /// The change of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// What a receipt states.
#[derive(Clone, Copy, Debug)]
pub struct Statement<'a> {
    /// The receipt's id.
    pub id: ReceiptId,
    /// Counted from 1 for each approval.
    pub version: u32,
    /// What happened.
    pub change: ReceiptChange,
    /// When.
    pub at: Timestamp,
    /// Who receives the data.
    pub app: &'a App,
    /// The organisation of the app.
    pub organisation: &'a str,
    /// Whose data it is.
    pub customer: &'a Customer,
    /// The approval as it is from now on.
    pub authorization: &'a Authorization,
    /// The customer's accounts.
    pub accounts: &'a [Connection],
}

/// A receipt, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The id.
    pub id: ReceiptId,
    /// The app's organisation.
    pub tenant: TenantId,
    /// The app.
    pub client: ClientId,
    /// The customer.
    pub customer: CustomerId,
    /// The approval.
    pub authorization: AuthorizationId,
    /// Counted from 1 for each approval.
    pub version: u32,
    /// What happened.
    pub change: ReceiptChange,
    /// When.
    pub at: Timestamp,
    /// The signed statement: a JWS in its compact form (RFC 7515, 7.1).
    pub document: String,
}
