//! Digests, pseudonyms and sealed texts under the master keys.

use std::sync::{Mutex, PoisonError};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chacha20poly1305::{AeadInOut as _, KeyInit as _, Tag, XChaCha20Poly1305, XNonce};
use ed25519_dalek::{Signer as _, SigningKey};
use hmac::{Hmac, Mac as _};
use lodge_kernel::{Digest, Entropy as _, Keyring, Pseudonym, Signer, TenantId};
use secrecy::{ExposeSecret as _, zeroize::Zeroizing};
use sha2::{Digest as _, Sha256};

use crate::{MasterKeys, OsEntropy, master_keys::MasterKey};

type HmacSha256 = Hmac<Sha256>;

/// Bytes of a nonce: long enough to be drawn at random for ever.
const NONCE_LEN: usize = 24;
/// Bytes of an authentication tag.
const TAG_LEN: usize = 16;
/// What stands before the encrypted bytes: the key's number and the nonce.
const HEAD_LEN: usize = 1 + NONCE_LEN;
/// Sealed texts up to this many bytes are put together on the stack.
const STACK_LEN: usize = 1024;

/// What a master key is used for. Each use has a key of its own, so that
/// breaking one tells nothing about the other.
mod label {
    pub(super) const SEAL: &[u8] = b"gitlodge.seal.v1";
    pub(super) const PSEUDONYM: &[u8] = b"gitlodge.pseudonym.v1";
    pub(super) const SIGN: &[u8] = b"gitlodge.sign.v1";
}

/// A key that seals and opens.
struct SealKey {
    id: u8,
    cipher: XChaCha20Poly1305,
}

impl SealKey {
    fn new(master: &MasterKey) -> Self {
        let key = Zeroizing::new(mac_of(keyed(master.bytes.expose_secret()), label::SEAL));
        Self { id: master.id, cipher: XChaCha20Poly1305::new((&*key).into()) }
    }

    /// Fills `out`, which has the right length, with number, nonce, encrypted
    /// bytes and tag.
    #[expect(clippy::expect_used, reason = "the lengths are fixed, and no text is 256 GiB long")]
    fn seal(&self, context: &[u8], plain: &[u8], out: &mut [u8]) {
        let (head, rest) = out.split_first_chunk_mut::<HEAD_LEN>().expect("room for the head");
        let (body, tag) = rest.split_last_chunk_mut::<TAG_LEN>().expect("room for the tag");
        let mut nonce = [0; NONCE_LEN];
        OsEntropy.fill(&mut nonce);
        let (id, kept) = head.split_first_mut().expect("room for the number");
        *id = self.id;
        kept.copy_from_slice(&nonce);
        body.copy_from_slice(plain);
        let made = self
            .cipher
            .encrypt_inout_detached(&XNonce::from(nonce), context, body.into())
            .expect("a text of at most 256 GiB");
        tag.copy_from_slice(&made);
    }
}

/// The product's keyring, from master keys in a file or a text.
///
/// It seals with the newest key and opens with the one before it too, so that
/// a cursor outlives a rotation. Pseudonyms come from a root of their own,
/// which is not rotated: an equal secret has the same one for ever.
pub struct FileKeyring {
    newest: SealKey,
    previous: Option<SealKey>,
    pseudonyms: HmacSha256,
    /// From the root too: who kept a receipt for a year can still check it.
    signing: SigningKey,
    /// The key of the tenant that was asked for last: a text that is dense
    /// with secrets has thousands of pseudonyms of one tenant.
    of_tenant: Mutex<Option<(TenantId, HmacSha256)>>,
}

impl std::fmt::Debug for FileKeyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileKeyring").field("newest", &self.newest.id).finish_non_exhaustive()
    }
}

/// HMAC-SHA-256 under `key`.
#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
fn keyed(key: &[u8]) -> HmacSha256 {
    HmacSha256::new_from_slice(key).expect("a key of any length")
}

/// HMAC-SHA-256 of `bytes`.
fn mac_of(mut mac: HmacSha256, bytes: &[u8]) -> [u8; 32] {
    mac.update(bytes);
    mac.finalize().into_bytes().into()
}

impl FileKeyring {
    /// A keyring of these master keys.
    pub fn new(keys: &MasterKeys) -> Self {
        let root = keyed(keys.pseudonym_root());
        Self {
            newest: SealKey::new(&keys.newest),
            previous: keys.previous.as_ref().map(SealKey::new),
            signing: SigningKey::from_bytes(&Zeroizing::new(mac_of(root.clone(), label::SIGN))),
            pseudonyms: keyed(&Zeroizing::new(mac_of(root, label::PSEUDONYM))[..]),
            of_tenant: Mutex::default(),
        }
    }

    /// The number of the key that seals.
    pub(crate) const fn newest_id(&self) -> u8 {
        self.newest.id
    }

    /// The key of a tenant's pseudonyms.
    fn key_of(&self, tenant: TenantId) -> HmacSha256 {
        let mut known = self.of_tenant.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, key)) = known.as_ref().filter(|(of, _)| *of == tenant) {
            return key.clone();
        }
        let key = mac_of(self.pseudonyms.clone(), tenant.as_uuid().as_bytes());
        let key = keyed(&Zeroizing::new(key)[..]);
        *known = Some((tenant, key.clone()));
        key
    }

    fn key(&self, id: u8) -> Option<&SealKey> {
        [Some(&self.newest), self.previous.as_ref()].into_iter().flatten().find(|key| key.id == id)
    }
}

impl Keyring for FileKeyring {
    fn digest(&self, bytes: &[u8]) -> Digest {
        Digest(Sha256::digest(bytes).into())
    }

    fn is_tag(&self, key: &Digest, message: &[u8], tag: &[u8; 32]) -> bool {
        let mut mac = keyed(&key.0);
        mac.update(message);
        mac.verify_slice(tag).is_ok()
    }

    fn pseudonym(&self, tenant: TenantId, value: &[u8]) -> Pseudonym {
        let mac = mac_of(self.key_of(tenant), value);
        let [first, second, third, fourth, fifth, sixth, ..] = mac;
        Pseudonym([first, second, third, fourth, fifth, sixth])
    }

    fn seal(&self, context: &[u8], plain: &[u8]) -> String {
        let len = HEAD_LEN + plain.len() + TAG_LEN;
        let mut stack = [0; STACK_LEN];
        let mut heap = Vec::new();
        // Cursors fit the stack: the text is all that is allocated.
        let sealed = if let Some(front) = stack.get_mut(..len) {
            front
        } else {
            heap.resize(len, 0);
            heap.as_mut_slice()
        };
        self.newest.seal(context, plain, sealed);
        BASE64_URL_SAFE_NO_PAD.encode(sealed)
    }

    fn open(&self, context: &[u8], sealed: &str) -> Option<Vec<u8>> {
        // Strict: one text for the same bytes, without padding or loose bits.
        let mut bytes = BASE64_URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (head, rest) = bytes.split_first_chunk_mut::<HEAD_LEN>()?;
        let (id, nonce) = head.split_first()?;
        let (body, tag) = rest.split_last_chunk_mut::<TAG_LEN>()?;
        let nonce: &[u8; NONCE_LEN] = nonce.try_into().ok()?;
        self.key(*id)?
            .cipher
            .decrypt_inout_detached(&XNonce::from(*nonce), context, body.into(), &Tag::from(*tag))
            .ok()?;
        let plain_len = body.len();
        bytes.drain(..HEAD_LEN);
        bytes.truncate(plain_len);
        Some(bytes)
    }
}

impl Signer for FileKeyring {
    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.signing.sign(message).to_bytes()
    }

    fn public_key(&self) -> [u8; 32] {
        self.signing.verifying_key().to_bytes()
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signature, VerifyingKey};
    use proptest::prelude::*;

    use super::*;

    const A: &str = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    const B: &str = "k2:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    const C: &str = "k3:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE";

    fn ring(text: &str) -> FileKeyring {
        FileKeyring::new(&MasterKeys::parse(&text.to_owned().into()).unwrap())
    }

    fn tenant(bits: u128) -> TenantId {
        TenantId::from_uuid(uuid::Uuid::from_u128(bits))
    }

    #[test]
    fn a_digest_is_sha_256() {
        // FIPS 180-4, the example of one block.
        assert_eq!(
            format!("{:?}", ring(A).digest(b"abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn a_tag_is_hmac_sha_256() {
        // RFC 4231, test case 2, has a key of 4 bytes; zeros fill it up.
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        let message = b"what do ya want for nothing?";
        let tag = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        let tag = lodge_kernel::hex::decode(tag).unwrap();
        assert!(ring(A).is_tag(&Digest(key), message, &tag));
        for bit in 0..256 {
            let mut wrong = tag;
            wrong[bit / 8] ^= 1 << (bit % 8);
            assert!(!ring(A).is_tag(&Digest(key), message, &wrong), "{bit}");
        }
        assert!(!ring(A).is_tag(&Digest([0; 32]), message, &tag));
        assert!(!ring(A).is_tag(&Digest(key), b"what do ya want for something?", &tag));
    }

    #[test]
    fn the_example_of_the_documentation_is_right() {
        let page = include_str!("../../../../docs/signed-customers.md");
        let (_, page) = page.split_once("## An example").unwrap();
        // Of a row of the table, what stands between its backticks.
        let told = |name: &str| {
            let row = page.lines().find(|it| it.starts_with(&format!("| {name} |"))).unwrap();
            row.trim_start_matches(&format!("| {name} |")).split('`').nth(1).unwrap().to_owned()
        };
        let key = ring(A).digest(told("client secret").as_bytes());
        assert_eq!(lodge_kernel::hex::encode(&key.0), told("key, in hexadecimal"));
        let sig = ["v1", &told("`EXPIRES`"), &told("`NONCE`"), &told("`TAG`")].join(".");
        let sig = lodge_access::CustomerSig::parse(&sig).unwrap();
        let name = told("`customer_name`");
        let client = told("`client_id`").parse().unwrap();
        let message = sig.message(client, &told("`customer_ref`"), Some(&name));
        assert!(ring(A).is_tag(&key, message.as_bytes(), sig.tag()));
    }

    #[test]
    fn a_pseudonym_depends_on_tenant_value_and_key_and_on_nothing_else() {
        let (one, two) = (ring(A), ring(B));
        let pseudonym = one.pseudonym(tenant(1), b"hunter2");
        assert_eq!(pseudonym, ring(A).pseudonym(tenant(1), b"hunter2"));
        assert_eq!(pseudonym, ring(&format!("{A},{B}")).pseudonym(tenant(1), b"hunter2"));
        assert_ne!(pseudonym, one.pseudonym(tenant(2), b"hunter2"));
        assert_ne!(pseudonym, one.pseudonym(tenant(1), b"hunter3"));
        assert_ne!(pseudonym, two.pseudonym(tenant(1), b"hunter2"));
        // Kept texts hold pseudonyms: another derivation would be a change of
        // format. Checked with Python's hmac.
        assert_eq!(pseudonym.to_string(), "458d4fca0d6e");
    }

    #[test]
    fn a_signature_is_checked_with_the_public_key_alone_and_outlives_a_rotation() {
        let (before, after) = (ring(A), ring(&format!("{B},{A},{}", A.replacen("k1", "p", 1))));
        let signature = before.sign(b"receipt");
        assert_eq!(before.public_key(), after.public_key());
        let key = VerifyingKey::from_bytes(&after.public_key()).unwrap();
        let signature = Signature::from_bytes(&signature);
        assert!(key.verify_strict(b"receipt", &signature).is_ok());
        assert!(key.verify_strict(b"Receipt", &signature).is_err());
        assert_ne!(ring(B).public_key(), before.public_key());
    }

    #[test]
    fn a_rotation_changes_no_pseudonym() {
        let root = C.replacen("k3", "p", 1);
        let before = ring(&format!("{A},{root}")).pseudonym(tenant(1), b"hunter2");
        for rotated in [format!("{B},{A},{root}"), format!("{root},{B}"), format!("{C},{B},{root}")]
        {
            assert_eq!(ring(&rotated).pseudonym(tenant(1), b"hunter2"), before, "{rotated}");
        }
        // Without a root, the oldest key stands in for it while it is there.
        let before = ring(A).pseudonym(tenant(1), b"hunter2");
        assert_eq!(ring(&format!("{B},{A}")).pseudonym(tenant(1), b"hunter2"), before);
        assert_ne!(ring(B).pseudonym(tenant(1), b"hunter2"), before);
    }

    #[test]
    fn a_rotation_keeps_what_the_key_before_has_sealed_and_no_more() {
        let sealed = ring(A).seal(b"context", b"plain");
        let rotated = ring(&format!("{B},{A}"));
        assert_eq!(rotated.open(b"context", &sealed).as_deref(), Some(&b"plain"[..]));
        let newer = rotated.seal(b"context", b"plain");
        assert_eq!(ring(A).open(b"context", &newer), None);
        assert_eq!(ring(&format!("{C},{B}")).open(b"context", &sealed), None);
        // The same number with another key is another key.
        assert_eq!(ring(&B.replacen("k2", "k1", 1)).open(b"context", &sealed), None);
    }

    #[test]
    fn two_seals_of_one_text_differ() {
        let ring = ring(A);
        assert_ne!(ring.seal(b"", b"plain"), ring.seal(b"", b"plain"));
    }

    #[test]
    fn every_flipped_bit_every_cut_and_every_other_form_is_refused() {
        let ring = ring(&format!("{A},{B}"));
        // All three lengths modulo 3, so that base64 ends in each way.
        for plain in [&b""[..], b"a", b"ab", b"0123456789abcdef0123456789abcdef!"] {
            let sealed = ring.seal(b"context", plain);
            assert_eq!(ring.open(b"context", &sealed).as_deref(), Some(plain));
            for at in 0..sealed.len() {
                assert_eq!(ring.open(b"context", &sealed[..at]), None, "cut at {at}");
                for bit in 0..8 {
                    let mut bytes = sealed.clone().into_bytes();
                    bytes[at] ^= 1 << bit;
                    let Ok(changed) = String::from_utf8(bytes) else { continue };
                    assert_eq!(ring.open(b"context", &changed), None, "bit {bit} of byte {at}");
                }
            }
            for other in ["=", "==", "A", "AAAA", "\n", " "] {
                assert_eq!(ring.open(b"context", &format!("{sealed}{other}")), None, "{other:?}");
                assert_eq!(ring.open(b"context", &format!("{other}{sealed}")), None, "{other:?}");
            }
            assert_eq!(ring.open(b"contexT", &sealed), None);
            assert_eq!(ring.open(b"", &sealed), None);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_was_sealed_opens(context: Vec<u8>, plain in prop::collection::vec(any::<u8>(), 0..3000)) {
            let ring = ring(A);
            let sealed = ring.seal(&context, &plain);
            prop_assert_eq!(sealed.len(), (HEAD_LEN + plain.len() + TAG_LEN).div_ceil(3) * 4
                - [0, 2, 1][(HEAD_LEN + plain.len() + TAG_LEN) % 3]);
            prop_assert_eq!(ring.open(&context, &sealed), Some(plain));
        }

        #[test]
        fn no_text_makes_opening_panic(text: String, bytes: Vec<u8>) {
            let ring = ring(A);
            prop_assert_eq!(ring.open(b"", &text), None);
            prop_assert_eq!(ring.open(b"", &BASE64_URL_SAFE_NO_PAD.encode(bytes)), None);
        }
    }
}
