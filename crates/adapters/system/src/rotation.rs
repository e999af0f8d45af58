//! Rotating the master keys in their file, without a moment in which a running
//! process meets a text that it cannot open.
//!
//! A new key first stands below the newest one, where it opens; when every
//! process has read it, it comes to the top, where it seals. [`LivingKeyring`]
//! reads the file again when it has changed.

use std::{
    fmt::Write as _,
    fs, io,
    io::Write as _,
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, SystemTime},
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use lodge_kernel::{
    Digest, Entropy, Keyring, Pseudonym, SecretString, Signer, TenantId, Vault, WrappedKey, hex,
};
use secrecy::{ExposeSecret as _, ExposeSecretMut as _, SecretBox};

use crate::{FileKeyring, MasterKeys, MasterKeysError, master_keys::MasterKey};

/// How often [`LivingKeyring::refresh`] is to be called.
pub const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What stands above the keys.
const HEAD: &str = "\
# Gitlodge's master keys, the newest first. Keep a copy, apart from the database.
# The line of `p` stays when the others are rotated.
";

impl MasterKeys {
    /// The number of the key that seals.
    pub const fn newest(&self) -> u8 {
        self.newest.id
    }

    /// The number of the key that only opens, if there is one.
    pub fn previous(&self) -> Option<u8> {
        self.previous.as_ref().map(|key| key.id)
    }

    /// The same ring with a fresh key below the newest one; the one that stood
    /// there is gone.
    #[must_use]
    pub fn with_fresh(self, entropy: &dyn Entropy) -> Self {
        let taken = [Some(self.newest.id), self.previous()];
        let mut numbers = (self.newest.id..=u8::MAX).chain(1..=u8::MAX);
        let id = numbers.find(|id| !taken.contains(&Some(*id))).unwrap_or(1);
        let mut bytes = SecretBox::new(Box::new([0_u8; 32]));
        entropy.fill(bytes.expose_secret_mut());
        self.with_root().below(MasterKey { id, bytes })
    }

    /// The same ring with its two keys changed about. A ring with one key stays
    /// as it is.
    #[must_use]
    pub fn turned(self) -> Self {
        let ring = self.with_root();
        match ring.previous {
            Some(previous) => Self { newest: previous, previous: Some(ring.newest), ..ring },
            None => ring,
        }
    }

    /// The ring as its file has it.
    pub fn to_text(&self) -> SecretString {
        let mut text = String::with_capacity(512);
        text.push_str(HEAD);
        for key in [Some(&self.newest), self.previous.as_ref()].into_iter().flatten() {
            // Writing to a `String` cannot fail.
            let _ = write!(text, "k{}:", key.id);
            BASE64_URL_SAFE_NO_PAD.encode_string(key.bytes.expose_secret(), &mut text);
            text.push('\n');
        }
        text.push_str("p:");
        BASE64_URL_SAFE_NO_PAD.encode_string(self.pseudonym_root(), &mut text);
        text.push('\n');
        SecretString::from(text)
    }

    /// Writes the ring in the place of the file at `path`, at once and whole.
    ///
    /// # Errors
    ///
    /// [`MasterKeysError::File`]; the file is as it was then.
    pub fn replace(&self, path: &Path, entropy: &dyn Entropy) -> Result<(), MasterKeysError> {
        let failed = |source| MasterKeysError::File { path: path.to_owned(), source };
        replace(path, &self.to_text(), entropy).map_err(failed)
    }
}

fn replace(path: &Path, text: &SecretString, entropy: &dyn Entropy) -> io::Result<()> {
    let mut suffix = [0; 8];
    entropy.fill(&mut suffix);
    let mut draft = path.as_os_str().to_owned();
    // Writing to an `OsString` cannot fail.
    let _ = write!(draft, ".{}", hex::encode(&suffix));
    let draft = PathBuf::from(draft);
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    file.write_all(text.expose_secret().as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&draft, path))
        .inspect_err(|_| drop(fs::remove_file(&draft)))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// The keyring of a file that may change: what it opens is what the file's
/// keys open.
pub struct LivingKeyring {
    path: PathBuf,
    seen: Mutex<Option<Version>>,
    ring: RwLock<Arc<FileKeyring>>,
}

impl LivingKeyring {
    /// Reads the key file at `path`, or makes it.
    ///
    /// # Errors
    ///
    /// As [`MasterKeys::read_or_create`].
    pub fn open(path: &Path, entropy: &dyn Entropy) -> Result<Self, MasterKeysError> {
        let keys = MasterKeys::read_or_create(path, entropy)?;
        Ok(Self {
            path: path.to_owned(),
            seen: Mutex::new(version_of(path)),
            ring: RwLock::new(Arc::new(FileKeyring::new(&keys))),
        })
    }

    /// Reads the file again when it has changed; answers whether it had. To be
    /// called every [`LOOK_EVERY`].
    ///
    /// # Errors
    ///
    /// [`MasterKeysError`]; the keys stay as they were then.
    pub fn refresh(&self) -> Result<bool, MasterKeysError> {
        let found = version_of(&self.path);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if found.is_none() || *seen == found {
            return Ok(false);
        }
        let keys = MasterKeys::read(&self.path)?;
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) =
            Arc::new(FileKeyring::new(&keys));
        *seen = found;
        Ok(true)
    }

    fn ring(&self) -> Arc<FileKeyring> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What differs between two files that stand at the same place one after the
/// other: clocks of file systems tick a few hundred times a second only, so that
/// the time alone is not enough.
type Version = (SystemTime, u64);

fn version_of(path: &Path) -> Option<Version> {
    let found = fs::metadata(path).ok()?;
    Some((found.modified().ok()?, found.ino()))
}

impl Keyring for LivingKeyring {
    fn digest(&self, bytes: &[u8]) -> Digest {
        self.ring().digest(bytes)
    }

    fn is_tag(&self, key: &Digest, message: &[u8], tag: &[u8; 32]) -> bool {
        self.ring().is_tag(key, message, tag)
    }

    fn pseudonym(&self, tenant: TenantId, value: &[u8]) -> Pseudonym {
        self.ring().pseudonym(tenant, value)
    }

    fn seal(&self, context: &[u8], plain: &[u8]) -> String {
        self.ring().seal(context, plain)
    }

    fn open(&self, context: &[u8], sealed: &str) -> Option<Vec<u8>> {
        self.ring().open(context, sealed)
    }
}

impl Signer for LivingKeyring {
    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.ring().sign(message)
    }

    fn public_key(&self) -> [u8; 32] {
        self.ring().public_key()
    }
}

impl Vault for LivingKeyring {
    fn master(&self) -> u8 {
        self.ring().master()
    }

    fn fresh_key(&self, context: &[u8]) -> String {
        self.ring().fresh_key(context)
    }

    fn rewrap(&self, context: &[u8], wrapped: &str) -> Option<String> {
        self.ring().rewrap(context, wrapped)
    }

    fn seal_with(&self, key: &WrappedKey<'_>, context: &[u8], plain: &str) -> Option<String> {
        self.ring().seal_with(key, context, plain)
    }

    fn open_with(
        &self,
        key: &WrappedKey<'_>,
        context: &[u8],
        sealed: &str,
    ) -> Option<SecretString> {
        self.ring().open_with(key, context, sealed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OsEntropy;

    fn tenant() -> TenantId {
        TenantId::from_uuid(uuid::Uuid::from_u128(1))
    }

    #[test]
    fn a_rotation_never_leaves_a_process_with_a_text_that_it_cannot_open() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let (one, two) = (
            LivingKeyring::open(&path, &OsEntropy).unwrap(),
            LivingKeyring::open(&path, &OsEntropy),
        );
        let two = two.unwrap();
        let masked = one.pseudonym(tenant(), b"hunter2");
        let old = one.seal(b"cursor", b"page 2");
        let both_open = |sealed: &str| {
            assert!(one.open(b"cursor", sealed).is_some() && two.open(b"cursor", sealed).is_some());
        };
        let steps: [fn(MasterKeys) -> MasterKeys; 2] =
            [|keys| keys.with_fresh(&OsEntropy), MasterKeys::turned];
        for step in steps {
            step(MasterKeys::read(&path).unwrap()).replace(&path, &OsEntropy).unwrap();
            assert!(one.refresh().unwrap());
            assert!(!one.refresh().unwrap());
            // The other one has not looked yet.
            both_open(&one.seal(b"cursor", b"page 2"));
            both_open(&two.seal(b"cursor", b"page 2"));
            assert!(two.refresh().unwrap());
            both_open(&old);
            assert_eq!(two.pseudonym(tenant(), b"hunter2"), masked);
        }
        assert_eq!((one.master(), two.master()), (2, 2));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "a draft was left behind");
    }

    #[test]
    fn the_root_of_pseudonyms_outlives_the_key_that_stood_in_for_it() {
        let text = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8".to_owned();
        let keys = MasterKeys::parse(&text.into()).unwrap();
        let before = FileKeyring::new(&keys).pseudonym(tenant(), b"hunter2");
        let rotated = keys.with_fresh(&OsEntropy).turned().with_fresh(&OsEntropy).turned();
        assert_eq!((rotated.newest(), rotated.previous()), (3, Some(2)));
        let read = MasterKeys::parse(&rotated.to_text()).unwrap();
        assert_eq!(FileKeyring::new(&read).pseudonym(tenant(), b"hunter2"), before);
    }

    #[test]
    fn the_number_after_the_last_is_the_first_that_is_free() {
        let text = "k255:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8".to_owned();
        let keys = MasterKeys::parse(&text.into()).unwrap().with_fresh(&OsEntropy);
        assert_eq!((keys.newest(), keys.previous()), (255, Some(1)));
    }

    #[test]
    fn a_file_that_became_unusable_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let ring = LivingKeyring::open(&path, &OsEntropy).unwrap();
        let sealed = ring.seal(b"", b"plain");
        std::thread::sleep(Duration::from_millis(20));
        fs::write(&path, "nonsense").unwrap();
        assert!(ring.refresh().is_err());
        assert!(ring.open(b"", &sealed).is_some());
        fs::remove_file(&path).unwrap();
        assert!(!ring.refresh().unwrap());
    }
}
