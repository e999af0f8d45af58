//! The standard's own vectors, a device of our own, and what strangers send.

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ciborium::{Value, cbor};
use lodge_access::{Backup, RelyingParty};
use proptest::prelude::*;
use url::Url;

use super::*;

const VECTORS: &str = include_str!("../../vectors/webauthn-3.txt");
const PRESENT: u8 = 1;
const VERIFIED: u8 = 1 << 2;
const ATTESTED: u8 = 1 << 6;
const EXTENSIONS: u8 = 1 << 7;

fn vector(name: &str) -> Vec<u8> {
    let line = VECTORS.lines().find_map(|it| it.strip_prefix(name)?.strip_prefix(' '));
    let hex = line.unwrap().as_bytes();
    let digit = |it: u8| char::from(it).to_digit(16).unwrap();
    hex.chunks(2).map(|it| u8::try_from(digit(it[0]) << 4 | digit(it[1])).unwrap()).collect()
}

fn party() -> RelyingParty {
    RelyingParty::at(&Url::parse("https://example.org").unwrap()).unwrap()
}

/// A device that does as it is told.
struct Device {
    pair: EcdsaKeyPair,
    party: RelyingParty,
    origin: String,
    kind: [u8; 16],
    flags: u8,
    counter: u32,
    extensions: Vec<u8>,
}

impl Device {
    fn new() -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
        let (flags, origin) = (PRESENT | VERIFIED, "https://example.org".to_owned());
        Self { pair, party: party(), origin, kind: [0; 16], flags, counter: 7, extensions: vec![] }
    }

    fn key(&self) -> Vec<u8> {
        let (x, y) = self.pair.public_key().as_ref()[1..].split_at(32);
        let (x, y) = (Value::from(x), Value::from(y));
        written(&cbor!({1 => 2, 3 => -7, -1 => 1, -2 => x, -3 => y}).unwrap())
    }

    fn client_data(&self, kind: &str, challenge: &[u8]) -> Vec<u8> {
        let challenge = URL_SAFE_NO_PAD.encode(challenge);
        let origin = &self.origin;
        serde_json::json!({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": false})
            .to_string()
            .into_bytes()
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let mut data = Sha256::digest(self.party.id()).to_vec();
        data.push(self.flags | flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn made(&self) -> Vec<u8> {
        let mut data = self.data(ATTESTED);
        data.extend(self.kind);
        data.extend([0, 3, 1, 2, 3]);
        data.extend(self.key());
        data.extend(&self.extensions);
        data
    }

    fn sign(&self, data: &[u8], client_data: &[u8]) -> Vec<u8> {
        let message = signed(data, client_data);
        self.pair.sign(&SystemRandom::new(), &message).unwrap().as_ref().to_vec()
    }

    fn makes(&self, challenge: &[u8]) -> NewPasskey {
        let client_data = self.client_data("webauthn.create", challenge);
        NewPasskey { attestation: object("none", &cbor!({}).unwrap(), self.made()), client_data }
    }

    fn answers(&self, challenge: &[u8]) -> Assertion {
        let client_data = self.client_data("webauthn.get", challenge);
        let authenticator_data = [self.data(0), self.extensions.clone()].concat();
        let signature = self.sign(&authenticator_data, &client_data);
        Assertion { client_data, authenticator_data, signature }
    }
}

fn written(value: &Value) -> Vec<u8> {
    let mut bytes = vec![];
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

fn object(format: &str, statement: &Value, data: Vec<u8>) -> Vec<u8> {
    let data = Value::Bytes(data);
    written(&cbor!({"fmt" => format, "attStmt" => statement, "authData" => data}).unwrap())
}

fn registered(device: &Device) -> Result<Attested, NotTaken> {
    let asked = Asked { challenge: &[1; 32], party: &party(), verified: true };
    WebAuthn.register(&asked, &device.makes(&[1; 32]))
}

fn checked(device: &Device) -> Result<Asserted, NotTaken> {
    let asked = Asked { challenge: &[1; 32], party: &party(), verified: true };
    WebAuthn.check(&asked, &device.key(), &device.answers(&[1; 32]))
}

#[test]
fn the_passkey_of_the_standard_is_registered() {
    let challenge = vector("none.ES256 challenge").try_into().unwrap();
    let asked = Asked { challenge: &challenge, party: &party(), verified: false };
    let answer = NewPasskey {
        client_data: vector("none.ES256 clientDataJSON"),
        attestation: vector("none.ES256 attestationObject"),
    };
    let attested = WebAuthn.register(&asked, &answer).unwrap();
    assert_eq!(attested.credential.as_bytes(), vector("none.ES256 credential"));
    assert_eq!(attested.key, vector("none.ES256 key"));
    assert_eq!((attested.counter, attested.backup), (0, Backup::Done));
    let verified = Asked { verified: true, ..asked };
    let refused = WebAuthn.register(&verified, &answer);
    assert_eq!(refused, Err(NotTaken("the device did not verify the person")));
}

#[test]
fn the_answers_of_the_standard_are_taken_and_nothing_beside_them() {
    for name in ["none.ES256", "packed.EdDSA", "packed.RS256"] {
        let part = |part: &str| vector(&format!("{name} {part}"));
        let challenge = part("get challenge").try_into().unwrap();
        let asked = Asked { challenge: &challenge, party: &party(), verified: false };
        let key = part("key");
        let answer = Assertion {
            client_data: part("get clientDataJSON"),
            authenticator_data: part("authenticatorData"),
            signature: part("signature"),
        };
        assert_eq!(WebAuthn.check(&asked, &key, &answer).unwrap().counter, 0, "{name}");
        let last = answer.signature.len() - 1;
        let mut wrong = answer.clone();
        wrong.signature[last] ^= 1;
        let refused = Err(NotTaken("the signature is not of this passkey"));
        assert_eq!(WebAuthn.check(&asked, &key, &wrong), refused, "{name}");
        let mut wrong = answer.clone();
        wrong.authenticator_data[36] = 1;
        assert_eq!(WebAuthn.check(&asked, &key, &wrong), refused, "{name}");
        let mut wrong = answer.clone();
        wrong.client_data.push(b' ');
        assert_eq!(WebAuthn.check(&asked, &key, &wrong), refused, "{name}");
        let other = Device::new().key();
        assert_eq!(WebAuthn.check(&asked, &other, &answer), refused, "{name}");
    }
}

#[test]
fn a_device_of_our_own_is_registered_and_checked() {
    let device = Device::new();
    let attested = registered(&device).unwrap();
    assert_eq!((attested.credential.as_bytes(), attested.counter), (&[1, 2, 3][..], 7));
    let asserted = checked(&device).unwrap();
    assert_eq!(asserted, Asserted { counter: 7, backup: Backup::OneDevice });
    let extensions = written(&cbor!({"credProps" => {"rk" => true}}).unwrap());
    let device = Device { extensions, flags: PRESENT | VERIFIED | EXTENSIONS, ..device };
    assert!(registered(&device).is_ok() && checked(&device).is_ok());
}

#[test]
fn what_was_asked_elsewhere_is_refused() {
    let elsewhere = RelyingParty::at(&Url::parse("https://evil.example").unwrap()).unwrap();
    let device = Device { party: elsewhere, ..Device::new() };
    let refused = NotTaken("the device signed for another relying party");
    assert_eq!((registered(&device), checked(&device)), (Err(refused), Err(refused)));
    for origin in [
        "https://evil.example",
        "http://example.org",
        "https://a.example.org",
        "https://example.org:8443",
    ] {
        let device = Device { origin: origin.to_owned(), ..Device::new() };
        let refused = NotTaken("a page of another origin asked");
        assert_eq!((registered(&device), checked(&device)), (Err(refused), Err(refused)));
    }
}

#[test]
fn an_answer_to_another_challenge_or_ceremony_is_refused() {
    let (device, party) = (Device::new(), party());
    let asked = Asked { challenge: &[2; 32], party: &party, verified: true };
    let refused = NotTaken("another challenge was answered");
    assert_eq!(WebAuthn.register(&asked, &device.makes(&[1; 32])), Err(refused));
    assert_eq!(WebAuthn.check(&asked, &device.key(), &device.answers(&[1; 32])), Err(refused));
    assert_eq!(WebAuthn.check(&asked, &device.key(), &device.answers(&[2; 31])), Err(refused));
    let mut crossed = device.answers(&[2; 32]);
    crossed.client_data = device.client_data("webauthn.create", &[2; 32]);
    crossed.signature = device.sign(&crossed.authenticator_data, &crossed.client_data);
    let refused = NotTaken("the client data are of another ceremony");
    assert_eq!(WebAuthn.check(&asked, &device.key(), &crossed), Err(refused));
    for framed in [r#""crossOrigin":true"#, r#""topOrigin":"https://evil.example""#] {
        let mut answer = device.answers(&[2; 32]);
        let text = String::from_utf8(answer.client_data).unwrap();
        answer.client_data = text.replace(r#""crossOrigin":false"#, framed).into_bytes();
        answer.signature = device.sign(&answer.authenticator_data, &answer.client_data);
        let refused = NotTaken("a page in a frame of another origin asked");
        assert_eq!(WebAuthn.check(&asked, &device.key(), &answer), Err(refused), "{framed}");
    }
}

#[test]
fn nobody_absent_nobody_unverified_and_no_impossible_backup() {
    for (flags, refused) in [
        (VERIFIED, "nobody was present"),
        (PRESENT, "the device did not verify the person"),
        (PRESENT | VERIFIED | 1 << 4, "a passkey that cannot be backed up is backed up"),
        (PRESENT | VERIFIED | EXTENSIONS, "what the device wrote is no CBOR"),
    ] {
        let device = Device { flags, ..Device::new() };
        let refused = NotTaken(refused);
        assert_eq!((registered(&device), checked(&device)), (Err(refused), Err(refused)));
    }
    let device = Device { extensions: vec![0], ..Device::new() };
    let refused = NotTaken("something follows the authenticator data");
    assert_eq!((registered(&device), checked(&device)), (Err(refused), Err(refused)));
    let device = Device { flags: PRESENT | VERIFIED | ATTESTED, ..Device::new() };
    assert!(checked(&device).is_err());
}

#[test]
fn an_attestation_is_none_or_the_devices_own() {
    let asked = Asked { challenge: &[1; 32], party: &party(), verified: true };
    let device = Device::new();
    let client_data = device.client_data("webauthn.create", &[1; 32]);
    let register = |attestation| {
        let client_data = client_data.clone();
        WebAuthn.register(&asked, &NewPasskey { client_data, attestation }).map(drop)
    };
    let data = device.made();
    let own = |algorithm: i64, signature: Vec<u8>| {
        let signature = Value::Bytes(signature);
        cbor!({"alg" => algorithm, "sig" => signature}).unwrap()
    };
    let right = device.sign(&data, &client_data);
    assert_eq!(register(object("packed", &own(-7, right.clone()), data.clone())), Ok(()));
    let refused = Err(NotTaken("the device did not sign its attestation"));
    assert_eq!(register(object("packed", &own(-8, right.clone()), data.clone())), refused);
    let wrong = Device::new().sign(&data, &client_data);
    assert_eq!(register(object("packed", &own(-7, wrong), data.clone())), refused);
    let sent = Err(NotTaken("an attestation was sent, and none was asked for"));
    assert_eq!(register(object("tpm", &cbor!({}).unwrap(), data.clone())), sent);
    assert_eq!(register(object("none", &own(-7, right.clone()), data.clone())), sent);
    let certified = cbor!({"alg" => -7, "sig" => [], "x5c" => []}).unwrap();
    assert_eq!(register(object("packed", &certified, data)), sent);
    let known = Device { kind: [1; 16], ..device };
    let data = known.made();
    let signature = known.sign(&data, &client_data);
    assert_eq!(register(object("packed", &own(-7, signature), data)), sent);
}

#[test]
fn a_key_of_another_kind_is_refused() {
    let (x, zero) = (Value::Bytes(vec![1; 32]), Value::Bytes(vec![]));
    for key in [
        cbor!({1 => 2, 3 => -35, -1 => 2, -2 => x, -3 => x}).unwrap(),
        cbor!({1 => 2, 3 => -7, -1 => 2, -2 => x, -3 => x}).unwrap(),
        cbor!({1 => 2, 3 => -7, -1 => 1, -2 => x, -3 => true}).unwrap(),
        cbor!({1 => 2, 3 => -7, -1 => 1, -2 => x, -3 => zero}).unwrap(),
        cbor!({1 => 1, 3 => -8, -1 => 7, -2 => x}).unwrap(),
        cbor!({1 => 3, 3 => -257, -1 => x}).unwrap(),
        cbor!({1 => 4, 3 => 5}).unwrap(),
    ] {
        assert!(PublicKey::read(&written(&key)).is_err(), "{key:?}");
    }
    let twice = Value::Map(vec![(1.into(), 2.into()), (1.into(), 2.into())]);
    assert!(PublicKey::read(&written(&twice)).is_err());
    // No point of the curve, and a modulus of 16 bits: keys that have signed nothing.
    let point = PublicKey::Es256([4; 65]);
    assert!(!point.has_signed(b"", &[]) && !point.has_signed(b"a", &[0; 70]));
    let short = PublicKey::Rs256 { n: vec![0xff, 0xf1], e: vec![1, 0, 1] };
    assert!(!short.has_signed(b"", &[0; 2]));
}

#[test]
fn a_truncated_answer_is_refused_wherever_it_ends() {
    let asked = Asked { challenge: &[1; 32], party: &party(), verified: true };
    let device = Device::new();
    let whole = device.makes(&[1; 32]);
    for end in 0..whole.attestation.len() {
        let attestation = whole.attestation[..end].to_vec();
        let answer = NewPasskey { attestation, ..whole.clone() };
        assert!(WebAuthn.register(&asked, &answer).is_err(), "{end}");
    }
    let whole = device.answers(&[1; 32]);
    for end in 0..whole.authenticator_data.len() {
        let authenticator_data = whole.authenticator_data[..end].to_vec();
        let answer = Assertion { authenticator_data, ..whole.clone() };
        assert!(WebAuthn.check(&asked, &device.key(), &answer).is_err(), "{end}");
    }
}

#[test]
fn deep_long_and_lying_cbor_costs_nothing() {
    let asked = Asked { challenge: &[1; 32], party: &party(), verified: true };
    let whole = Device::new().makes(&[1; 32]);
    for attestation in [
        vec![0x81; 8_000],
        vec![0xa1; 8_000],
        vec![0xd8; 8_000],
        // An array of 2^63 values, a text of 2^63 bytes: nothing follows.
        vec![0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        vec![0x7b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        vec![0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        vec![0; 9_000],
    ] {
        let answer = NewPasskey { attestation, ..whole.clone() };
        assert!(WebAuthn.register(&asked, &answer).is_err());
    }
}

proptest! {
    #[test]
    fn no_bytes_make_us_panic(bytes: Vec<u8>, place: usize, byte: u8) {
        let asked = Asked { challenge: &[1; 32], party: &party(), verified: true };
        let client_data = Device::new().client_data("webauthn.create", &[1; 32]);
        let answer = NewPasskey { client_data: client_data.clone(), attestation: bytes.clone() };
        prop_assert!(WebAuthn.register(&asked, &answer).is_err());
        let data = [vec![0xa1], bytes.clone()].concat();
        let answer = NewPasskey { client_data, attestation: data };
        prop_assert!(WebAuthn.register(&asked, &answer).is_err());
        // One byte of a good one is another.
        let mut key = vector("none.ES256 key");
        let n = place % key.len();
        key[n] = byte;
        if let Ok(key) = PublicKey::read(&key) {
            key.has_signed(&bytes, &bytes);
        }
        let mut answer = NewPasskey {
            client_data: vector("none.ES256 clientDataJSON"),
            attestation: vector("none.ES256 attestationObject"),
        };
        let n = place % answer.attestation.len();
        answer.attestation[n] = byte;
        let challenge = vector("none.ES256 challenge").try_into().unwrap();
        let asked = Asked { challenge: &challenge, party: &party(), verified: false };
        drop(WebAuthn.register(&asked, &answer));
        let answer = Assertion { client_data: bytes.clone(), authenticator_data: bytes.clone(), signature: bytes };
        prop_assert!(WebAuthn.check(&asked, &vector("none.ES256 key"), &answer).is_err());
    }
}
