//! Data keys: wrapped by a master key, and sealing what is kept.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chacha20poly1305::{AeadInOut as _, KeyInit as _, Tag, XChaCha20Poly1305, XNonce};
use lodge_kernel::{Entropy as _, Keyring as _, SecretString, Vault, WrappedKey};
use secrecy::zeroize::Zeroizing;

use crate::{FileKeyring, OsEntropy};

/// Bytes of a nonce: long enough to be drawn at random for ever.
const NONCE_LEN: usize = 24;
/// Bytes of an authentication tag.
const TAG_LEN: usize = 16;

impl FileKeyring {
    /// The cipher of a data key, which is in clear no longer than that.
    fn cipher(&self, key: &WrappedKey<'_>) -> Option<XChaCha20Poly1305> {
        let bytes = Zeroizing::new(self.open(key.context, key.text)?);
        XChaCha20Poly1305::new_from_slice(&bytes).ok()
    }
}

impl Vault for FileKeyring {
    fn master(&self) -> u8 {
        self.newest_id()
    }

    fn fresh_key(&self, context: &[u8]) -> String {
        let mut key = Zeroizing::new([0; 32]);
        OsEntropy.fill(&mut *key);
        self.seal(context, &*key)
    }

    fn rewrap(&self, context: &[u8], wrapped: &str) -> Option<String> {
        let key = Zeroizing::new(self.open(context, wrapped)?);
        Some(self.seal(context, &key))
    }

    fn seal_with(&self, key: &WrappedKey<'_>, context: &[u8], plain: &str) -> Option<String> {
        let cipher = self.cipher(key)?;
        let mut nonce = [0; NONCE_LEN];
        OsEntropy.fill(&mut nonce);
        let mut sealed = Vec::with_capacity(NONCE_LEN + plain.len() + TAG_LEN);
        sealed.extend(nonce);
        sealed.extend(plain.as_bytes());
        let body = sealed.get_mut(NONCE_LEN..)?;
        let tag = cipher.encrypt_inout_detached(&XNonce::from(nonce), context, body.into()).ok()?;
        sealed.extend(&tag[..]);
        Some(BASE64_URL_SAFE_NO_PAD.encode(sealed))
    }

    fn open_with(
        &self,
        key: &WrappedKey<'_>,
        context: &[u8],
        sealed: &str,
    ) -> Option<SecretString> {
        let mut bytes = Zeroizing::new(BASE64_URL_SAFE_NO_PAD.decode(sealed).ok()?);
        let (nonce, rest) = bytes.split_first_chunk_mut::<NONCE_LEN>()?;
        let (body, tag) = rest.split_last_chunk_mut::<TAG_LEN>()?;
        self.cipher(key)?
            .decrypt_inout_detached(
                &XNonce::from(*nonce),
                context,
                (&mut *body).into(),
                &Tag::from(*tag),
            )
            .ok()?;
        std::str::from_utf8(body).ok().map(SecretString::from)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::MasterKeys;

    const A: &str = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    const B: &str = "k2:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    const PLACE: &[u8] = b"data_keys|tenant|1";

    fn ring(text: &str) -> FileKeyring {
        FileKeyring::new(&MasterKeys::parse(&text.to_owned().into()).unwrap())
    }

    fn opened(ring: &FileKeyring, key: &str, context: &[u8], sealed: &str) -> Option<String> {
        let key = WrappedKey { context: PLACE, text: key };
        ring.open_with(&key, context, sealed).map(|it| it.expose_secret().to_owned())
    }

    #[test]
    fn a_rotation_wraps_the_key_again_and_leaves_the_values() {
        let old = ring(A);
        let wrapped = old.fresh_key(PLACE);
        let key = WrappedKey { context: PLACE, text: &wrapped };
        let sealed = old.seal_with(&key, b"row", "gho_token").unwrap();

        let both = ring(&format!("{B},{A}"));
        assert_eq!((old.master(), both.master()), (1, 2));
        assert_eq!(opened(&both, &wrapped, b"row", &sealed).as_deref(), Some("gho_token"));
        let rewrapped = both.rewrap(PLACE, &wrapped).unwrap();
        let new = ring(B);
        assert_eq!(opened(&new, &rewrapped, b"row", &sealed).as_deref(), Some("gho_token"));
        assert_eq!(opened(&new, &wrapped, b"row", &sealed), None);
        assert_eq!(new.rewrap(PLACE, &wrapped), None);
    }

    #[test]
    fn nothing_opens_in_another_place() {
        let ring = ring(A);
        let (one, two) = (ring.fresh_key(PLACE), ring.fresh_key(PLACE));
        let key = WrappedKey { context: PLACE, text: &one };
        let sealed = ring.seal_with(&key, b"row", "gho_token").unwrap();
        assert_eq!(opened(&ring, &one, b"another row", &sealed), None);
        assert_eq!(opened(&ring, &two, b"row", &sealed), None);
        let moved = WrappedKey { context: b"data_keys|other|1", text: &one };
        assert!(ring.open_with(&moved, b"row", &sealed).is_none());
        assert_eq!(ring.seal_with(&moved, b"row", "gho_token"), None);
        assert!(!sealed.contains("gho_token"));
        assert_ne!(ring.seal_with(&key, b"row", "gho_token").unwrap(), sealed);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_was_sealed_opens_and_what_was_changed_does_not(plain: String, at: usize) {
            let ring = ring(A);
            let wrapped = ring.fresh_key(PLACE);
            let key = WrappedKey { context: PLACE, text: &wrapped };
            let sealed = ring.seal_with(&key, b"row", &plain).unwrap();
            prop_assert_eq!(opened(&ring, &wrapped, b"row", &sealed), Some(plain));
            let at = at % sealed.len();
            let other = if sealed.as_bytes()[at] == b'A' { "B" } else { "A" };
            let mut changed = sealed;
            changed.replace_range(at..=at, other);
            prop_assert_eq!(opened(&ring, &wrapped, b"row", &changed), None);
        }

        #[test]
        fn no_text_makes_opening_panic(text: String) {
            let ring = ring(A);
            let wrapped = ring.fresh_key(PLACE);
            prop_assert_eq!(opened(&ring, &wrapped, b"row", &text), None);
            prop_assert_eq!(opened(&ring, &text, b"row", &text), None);
        }
    }
}
