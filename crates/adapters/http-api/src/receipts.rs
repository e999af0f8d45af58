//! Receipts of what customers decided, signed so that any JOSE library can
//! check them.

use std::sync::Arc;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use lodge_access::{AuthorizationState, Permission, PermissionSet, Statement};
use lodge_gateway::customer::change::access_path;
use lodge_kernel::{Keyring, Signer};
use lodge_services::ReceiptWriter;
use serde::Serialize;

use crate::views::Time;

/// Where the keys are, below the public address.
const KEYS_PATH: &str = "/.well-known/gitlodge-receipts";

/// Writes receipts as JWS in compact form, signed with Ed25519 (RFC 8037).
pub struct JwsReceipts {
    signer: Arc<dyn Signer>,
    issuer: Option<String>,
    key: String,
    key_id: String,
}

impl JwsReceipts {
    /// Receipts of the server at `issuer`, which has no slash at its end. The
    /// operator at the command line has no address.
    pub fn new(signer: Arc<dyn Signer>, keys: &dyn Keyring, issuer: Option<String>) -> Self {
        let key = BASE64_URL_SAFE_NO_PAD.encode(signer.public_key());
        // The thumbprint of RFC 7638, 3: the required members, in order.
        let print = keys
            .digest(format!("{{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"{key}\"}}").as_bytes());
        let key_id = BASE64_URL_SAFE_NO_PAD.encode(print.0);
        Self { signer, issuer, key, key_id }
    }
}

#[derive(Serialize)]
struct Header<'a> {
    alg: &'static str,
    typ: &'static str,
    kid: &'a str,
    /// Where the key is: unsigned copies of it prove nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    jku: Option<String>,
}

/// In the words of JWT (RFC 7519) where it has them, and with the content that
/// ISO/IEC TS 27560 asks of a consent record.
#[derive(Serialize)]
struct Payload<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<&'a str>,
    aud: String,
    sub: String,
    jti: String,
    /// Seconds since 1970.
    iat: i64,
    schema: &'static str,
    version: u32,
    change: &'static str,
    at: Time,
    controller: Controller<'a>,
    customer: Subject<'a>,
    authorization: Approval<'a>,
    accounts: Vec<Account<'a>>,
    repositories: Vec<Repository<'a>>,
    /// Where it can be changed or taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawal: Option<String>,
}

#[derive(Serialize)]
struct Controller<'a> {
    organisation: &'a str,
    app: &'a str,
    client_id: String,
    description: Option<&'a str>,
}

#[derive(Serialize)]
struct Subject<'a> {
    id: String,
    reference: Option<&'a str>,
    name: Option<&'a str>,
    /// The app itself vouched for the reference.
    vouched: bool,
}

#[derive(Serialize)]
struct Approval<'a> {
    id: String,
    state: &'static str,
    purpose: Option<&'a str>,
    account_permissions: Vec<&'static str>,
    expires_at: Time,
}

#[derive(Serialize)]
struct Account<'a> {
    id: String,
    provider: String,
    name: &'a str,
}

#[derive(Serialize)]
struct Repository<'a> {
    provider: String,
    id: String,
    name: &'a str,
    account: String,
    permissions: Vec<&'static str>,
    expires_at: Time,
}

fn scopes(set: PermissionSet) -> Vec<&'static str> {
    set.iter().map(Permission::scope).collect()
}

impl<'a> Payload<'a> {
    fn of(it: &Statement<'a>, issuer: Option<&'a str>) -> Self {
        let approval = it.authorization;
        let named = approval.connections.iter().map(|(id, _)| *id);
        let accounts = named.filter_map(|id| it.accounts.iter().find(|known| known.id == id));
        let accounts = accounts.map(|it| Account {
            id: it.id.to_string(),
            provider: it.provider.to_string(),
            name: &it.account,
        });
        let repositories = approval.repositories.iter().map(|it| Repository {
            provider: it.provider.to_string(),
            id: it.repository.to_string(),
            name: &it.full_name,
            account: it.connection.to_string(),
            permissions: scopes(it.permissions),
            expires_at: it.expires_at.into(),
        });
        Self {
            iss: issuer,
            aud: it.app.id.to_string(),
            sub: it.customer.id.to_string(),
            jti: it.id.to_string(),
            iat: it.at.as_micros().div_euclid(1_000_000),
            schema: "gitlodge.receipt.v1",
            version: it.version,
            change: it.change.name(),
            at: it.at.into(),
            controller: Controller {
                organisation: it.organisation,
                app: &it.app.name,
                client_id: it.app.id.to_string(),
                description: it.app.description.as_deref(),
            },
            customer: Subject {
                id: it.customer.id.to_string(),
                reference: it.customer.reference.as_deref(),
                name: it.customer.name.as_deref(),
                vouched: it.customer.vouched,
            },
            authorization: Approval {
                id: approval.id.to_string(),
                state: match approval.state {
                    AuthorizationState::Pending => "pending",
                    AuthorizationState::Active { .. } => "active",
                    AuthorizationState::Revoked { .. } => "revoked",
                },
                purpose: approval.purpose.as_deref(),
                account_permissions: scopes(approval.account_permissions),
                expires_at: approval.expires_at.into(),
            },
            accounts: accounts.collect(),
            repositories: repositories.collect(),
            withdrawal: issuer.map(|issuer| format!("{issuer}{}", access_path(it.app.id))),
        }
    }
}

impl ReceiptWriter for JwsReceipts {
    fn write(&self, statement: &Statement<'_>) -> String {
        let header = Header {
            alg: "EdDSA",
            typ: "gitlodge-receipt+jwt",
            kid: &self.key_id,
            jku: self.issuer.as_ref().map(|it| format!("{it}{KEYS_PATH}")),
        };
        let mut text = encoded(&header);
        text.push('.');
        text.push_str(&encoded(&Payload::of(statement, self.issuer.as_deref())));
        let signature = self.signer.sign(text.as_bytes());
        text.push('.');
        BASE64_URL_SAFE_NO_PAD.encode_string(signature, &mut text);
        text
    }

    fn keys(&self) -> String {
        serde_json::json!({ "keys": [{
            "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA",
            "kid": self.key_id, "x": self.key,
        }] })
        .to_string()
    }
}

#[expect(clippy::expect_used, reason = "plain structs of text and numbers always serialise")]
fn encoded(part: &impl Serialize) -> String {
    let json = serde_json::to_vec(part).expect("plain structs serialise");
    BASE64_URL_SAFE_NO_PAD.encode(json)
}
