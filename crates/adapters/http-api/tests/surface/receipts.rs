//! Receipts, checked as somebody would who trusts only the published key.

use std::sync::Arc;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use lodge_access::{ReceiptChange, Statement};
use lodge_http_api::JwsReceipts;
use lodge_kernel::Signer;
use lodge_services::ReceiptWriter as _;
use lodge_testkit::{
    PlainKeyring,
    builders::{NOW, a_connection, a_customer, an_app, an_authorization, receipt_id},
};
use serde_json::{Value, json};

use crate::support::{House, Tested, get};

/// The key of RFC 8037, A.1.
const SEED: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";

struct Known(SigningKey);

impl Signer for Known {
    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }

    fn public_key(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }
}

fn writer() -> Tested<JwsReceipts> {
    let seed: [u8; 32] = BASE64_URL_SAFE_NO_PAD.decode(SEED)?.try_into().unwrap_or_default();
    let signer = Arc::new(Known(SigningKey::from_bytes(&seed)));
    Ok(JwsReceipts::new(signer, &PlainKeyring, Some("https://gate.example".to_owned())))
}

fn document(writer: &JwsReceipts) -> String {
    writer.write(&Statement {
        id: receipt_id(1),
        version: 1,
        change: ReceiptChange::Given,
        at: NOW,
        app: &an_app(1),
        organisation: "Organisation 1",
        customer: &a_customer(1),
        authorization: &an_authorization(1),
        accounts: &[a_connection(1), a_connection(2)],
    })
}

#[test]
fn a_receipt_is_checked_with_the_published_key_and_with_no_other_text() -> Tested {
    let writer = writer()?;
    let document = document(&writer);
    let keys: Value = serde_json::from_str(&writer.keys())?;
    let key = &keys["keys"][0];
    // RFC 8037, A.2.
    assert_eq!(key["x"], "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    let (signed, signature) = document.rsplit_once('.').unwrap_or_default();
    let bytes: [u8; 32] = BASE64_URL_SAFE_NO_PAD
        .decode(key["x"].as_str().unwrap_or_default())?
        .try_into()
        .unwrap_or_default();
    let public = VerifyingKey::from_bytes(&bytes)?;
    let signature = Signature::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(signature)?)?;
    public.verify_strict(signed.as_bytes(), &signature)?;
    assert!(public.verify_strict(signed.replace('e', "f").as_bytes(), &signature).is_err());
    let header = signed.split('.').next().unwrap_or_default();
    let header: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(header)?)?;
    assert_eq!((&header["alg"], &header["kid"]), (&json!("EdDSA"), &key["kid"]));
    Ok(())
}

#[test]
fn a_receipt_says_who_may_read_what_until_when_and_why() -> Tested {
    let document = document(&writer()?);
    let payload = document.split('.').nth(1).unwrap_or_default();
    let payload: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload)?)?;
    insta::assert_json_snapshot!(payload);
    Ok(())
}

#[actix_web::test]
async fn the_keys_are_there_for_everybody() -> Tested {
    let answer = House::ordinary().await?.send(get("/.well-known/gitlodge-receipts")).await?;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/jwk-set+json");
    assert_eq!(answer.json, json!({ "keys": [] }));
    Ok(())
}
