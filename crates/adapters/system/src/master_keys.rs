//! Master keys: where they are kept, and how they are written.
//!
//! One key a line, the newest first, `k` and a number from 1 to 255, a colon,
//! and 32 bytes as unpadded base64url. The line of `p` is the root of the
//! pseudonyms in masks: it stays when the others are rotated, so that an equal
//! secret keeps its mask. Lines that begin with `#` are comments:
//!
//! ```text
//! # The newest key seals; the one below it still opens.
//! k2:7A1qk0v0o1bq0mUuR3Q2m2pY5Yw0mFfQzq3j1r8x9aE
//! k1:uQnq6J8gk3m2p0o1r7bWc5tVx4yZ2a1b0c9d8e7f6g0
//! p:c3mQ0r5uW1xY8zA2bC4dE6fG7hJ9kL0mN1pQ3rS5tU8
//! ```
//!
//! Without a line of `p`, the key with the lowest number stands in for it: the
//! masks then change when that key is taken out. In an environment variable, commas may stand in the place of line breaks.

use std::{
    fmt::Write as _,
    fs, io,
    io::Write as _,
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use lodge_kernel::{Entropy, hex};
use secrecy::{ExposeSecret as _, SecretBox, SecretString};

/// Master keys cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MasterKeysError {
    /// Somebody else may read the file.
    #[error(
        "{path} has mode {mode:03o}, so that others may read the master keys: run `chmod 600 {path}`"
    )]
    TooOpen {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A line is not a key.
    #[error(
        "line {line} of the master keys {problem}: write `k1:` and 32 bytes as unpadded base64url"
    )]
    Line {
        /// Counted from 1.
        line: usize,
        /// What is wrong, without the key.
        problem: &'static str,
    },
    /// There is no key.
    #[error(
        "there is no master key: restore the key file from its copy, or remove it if nothing was \
         ever stored, and a new one is made at the next start"
    )]
    Empty,
    /// There is more than one root of pseudonyms.
    #[error("there is more than one line of `p` in the master keys: keep the first that there was")]
    TwoRoots,
    /// There are too many keys.
    #[error("there are more than two master keys: keep the newest and the one before it")]
    TooMany,
    /// The file cannot be read or written.
    #[error("{path} cannot be read or made: check that its folder exists and belongs to this user")]
    File {
        /// The file.
        path: PathBuf,
        /// What happened.
        #[source]
        source: io::Error,
    },
}

/// 256 bits of chance.
type Key = SecretBox<[u8; 32]>;

/// One master key.
#[derive(Debug)]
pub(crate) struct MasterKey {
    pub(crate) id: u8,
    pub(crate) bytes: Key,
}

/// The newest master key, the one before it if there is one, and the root of
/// the pseudonyms. Wiped when dropped, never printed.
#[derive(Debug)]
pub struct MasterKeys {
    pub(crate) newest: MasterKey,
    pub(crate) previous: Option<MasterKey>,
    pub(crate) root: Option<Key>,
}

impl MasterKeys {
    /// Reads keys from a text.
    ///
    /// # Errors
    ///
    /// [`MasterKeysError`] when the text is anything else, says which line.
    pub fn parse(text: &SecretString) -> Result<Self, MasterKeysError> {
        let mut keys: Vec<MasterKey> = Vec::with_capacity(2);
        let mut root = None;
        let lines = text.expose_secret().lines().enumerate();
        let lines = lines.filter(|(_, line)| !line.trim_start().starts_with('#'));
        for (at, entry) in lines.flat_map(|(at, line)| line.split(',').map(move |it| (at, it))) {
            let entry = entry.trim();
            if entry.is_empty() {
                continue;
            }
            let wrong = |problem| MasterKeysError::Line { line: at + 1, problem };
            if let Some(bytes) = entry.strip_prefix("p:") {
                if root.replace(parse_bytes(bytes).map_err(wrong)?).is_some() {
                    return Err(MasterKeysError::TwoRoots);
                }
                continue;
            }
            let key = parse_entry(entry).map_err(wrong)?;
            if keys.iter().any(|known| known.id == key.id) {
                return Err(wrong("has the number of another key"));
            }
            keys.push(key);
        }
        let mut keys = keys.into_iter();
        match (keys.next(), keys.next(), keys.next()) {
            (None, ..) => Err(MasterKeysError::Empty),
            (Some(newest), previous, None) => Ok(Self { newest, previous, root }),
            _ => Err(MasterKeysError::TooMany),
        }
    }

    /// What the pseudonyms of every tenant come from.
    pub(crate) fn pseudonym_root(&self) -> &[u8; 32] {
        let keys = [Some(&self.newest), self.previous.as_ref()].into_iter().flatten();
        let oldest = keys.min_by_key(|key| key.id).unwrap_or(&self.newest);
        self.root.as_ref().unwrap_or(&oldest.bytes).expose_secret()
    }

    /// The same ring, with the root of the pseudonyms as a line of its own: it
    /// no longer goes with a key that is taken out.
    pub(crate) fn with_root(self) -> Self {
        let root = SecretBox::new(Box::new(*self.pseudonym_root()));
        Self { root: Some(root), ..self }
    }

    /// The same ring with `key` below the newest one.
    pub(crate) fn below(self, key: MasterKey) -> Self {
        Self { previous: Some(key), ..self }
    }

    /// Reads the key file at `path`.
    ///
    /// # Errors
    ///
    /// [`MasterKeysError`] when the file is not usable, or others may read it.
    pub fn read(path: &Path) -> Result<Self, MasterKeysError> {
        let failed = |source| MasterKeysError::File { path: path.to_owned(), source };
        let mode = fs::metadata(path).map_err(failed)?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(MasterKeysError::TooOpen { path: path.to_owned(), mode });
        }
        Self::parse(&fs::read_to_string(path).map_err(failed)?.into())
    }

    /// Reads the key file at `path`. When there is none, makes one with a
    /// fresh key that only this user may read. Of two processes that start at
    /// once, both get the same key.
    ///
    /// # Errors
    ///
    /// [`MasterKeysError`] when the file is not usable, or others may read it.
    pub fn read_or_create(path: &Path, entropy: &dyn Entropy) -> Result<Self, MasterKeysError> {
        let failed = |source| MasterKeysError::File { path: path.to_owned(), source };
        match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                create(path, entropy).map_err(failed)?;
            }
            Err(error) => return Err(failed(error)),
            Ok(_) => {}
        }
        Self::read(path)
    }
}

/// Reads `k1:…`; says what is wrong with it.
fn parse_entry(entry: &str) -> Result<MasterKey, &'static str> {
    let (name, key) = entry.split_once(':').ok_or("has no colon")?;
    let id = name
        .strip_prefix('k')
        .filter(|digits| !digits.starts_with(['0', '+']))
        .and_then(|digits| digits.parse().ok())
        .ok_or("does not begin with `k` and a number from 1 to 255")?;
    Ok(MasterKey { id, bytes: parse_bytes(key)? })
}

/// Reads 32 bytes as unpadded base64url.
fn parse_bytes(text: &str) -> Result<Key, &'static str> {
    let mut right = false;
    let bytes = SecretBox::init_with_mut(|bytes: &mut [u8; 32]| {
        right = BASE64_URL_SAFE_NO_PAD.decode_slice(text, bytes) == Ok(32);
    });
    if right { Ok(bytes) } else { Err("has no 32 bytes as unpadded base64url") }
}

/// Makes a key file that is complete as soon as it can be seen.
fn create(path: &Path, entropy: &dyn Entropy) -> io::Result<()> {
    let mut text = String::with_capacity(512);
    text.push_str(
        "# Gitlodge's master keys, the newest first. Keep a copy, apart from the database.\n\
         # The line of `p` stays when the others are rotated.\n",
    );
    for name in ["k1:", "p:"] {
        let mut key = SecretBox::new(Box::new([0_u8; 32]));
        entropy.fill(secrecy::ExposeSecretMut::expose_secret_mut(&mut key));
        text.push_str(name);
        BASE64_URL_SAFE_NO_PAD.encode_string(key.expose_secret(), &mut text);
        text.push('\n');
    }
    let text = SecretString::from(text);

    let mut suffix = [0; 8];
    entropy.fill(&mut suffix);
    let mut draft = path.as_os_str().to_owned();
    // Writing to an `OsString` cannot fail.
    let _ = write!(draft, ".{}", hex::encode(&suffix));
    let draft = PathBuf::from(draft);

    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    let written = file
        .write_all(text.expose_secret().as_bytes())
        .and_then(|()| file.sync_all())
        // Unlike a rename, a link never replaces what another process made.
        .and_then(|()| match fs::hard_link(&draft, path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            linked => linked,
        });
    fs::remove_file(&draft)?;
    written?;
    // The name itself must survive a power cut too.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::OsEntropy;

    const ONE: &str = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    const TWO: &str = "k2:_____________________________________________________8";

    fn parse(text: &str) -> Result<(u8, Option<u8>), MasterKeysError> {
        let keys = MasterKeys::parse(&text.to_owned().into())?;
        Ok((keys.newest.id, keys.previous.map(|key| key.id)))
    }

    fn second() -> String {
        format!("k2:{}8", "_".repeat(42))
    }

    #[test]
    fn the_first_key_is_the_newest() {
        assert_eq!(parse(ONE).unwrap(), (1, None));
        assert_eq!(parse(&format!("# new\n{}\r\n\n {ONE} \n", second())).unwrap(), (2, Some(1)));
        assert_eq!(parse(&format!("{ONE},{}", second())).unwrap(), (1, Some(2)));
    }

    #[test]
    fn what_is_not_a_key_is_refused_with_its_line() {
        let short = ONE.strip_suffix('8').unwrap().to_owned();
        let loose_bits = format!("{short}9");
        let padded = format!("{ONE}=");
        let name = |name: &str| ONE.replacen("k1", name, 1);
        for wrong in [
            "secret".to_owned(),
            short,
            loose_bits,
            padded,
            TWO.to_owned(),
            name("1"),
            name("k0"),
            name("k01"),
            name("k256"),
            name("k+1"),
            name("k"),
            name("K1"),
        ] {
            let error = parse(&format!("# first\n{wrong}")).unwrap_err();
            assert!(matches!(error, MasterKeysError::Line { line: 2, .. }), "{wrong}: {error}");
            assert!(!error.to_string().contains(&wrong), "the message shows the key");
        }
        assert!(matches!(
            parse(&format!("{ONE}\n{ONE}")),
            Err(MasterKeysError::Line { line: 2, .. })
        ));
        assert!(matches!(parse("# nothing\n\n"), Err(MasterKeysError::Empty)));
        let three = format!("{ONE},{},{}", second(), name("k3"));
        assert!(matches!(parse(&three), Err(MasterKeysError::TooMany)));
    }

    #[test]
    fn the_root_of_pseudonyms_is_one_line_anywhere() {
        let root = ONE.replacen("k1", "p", 1);
        for text in [format!("{root}\n{}", second()), format!("{},{root}", second())] {
            let keys = MasterKeys::parse(&text.into()).unwrap();
            assert_eq!(keys.pseudonym_root(), &std::array::from_fn(|n| u8::try_from(n).unwrap()));
            assert_eq!(keys.newest.id, 2);
        }
        assert!(matches!(parse(&root), Err(MasterKeysError::Empty)));
        let two = format!("{root}\n{root}\n{ONE}");
        assert!(matches!(parse(&two), Err(MasterKeysError::TwoRoots)));
        let short = root.strip_suffix('8').unwrap();
        let error = parse(&format!("{ONE}\n{short}")).unwrap_err();
        assert!(matches!(error, MasterKeysError::Line { line: 2, .. }), "{error}");
    }

    #[test]
    fn the_first_start_makes_a_file_that_only_its_user_reads() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.keys");
        let made = MasterKeys::read_or_create(&path, &OsEntropy).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let read = MasterKeys::read_or_create(&path, &OsEntropy).unwrap();
        assert_eq!(made.newest.bytes.expose_secret(), read.newest.bytes.expose_secret());
        assert_ne!(made.newest.bytes.expose_secret(), &[0; 32]);
        assert_eq!(made.pseudonym_root(), read.pseudonym_root());
        assert_ne!(made.pseudonym_root(), made.newest.bytes.expose_secret());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "a draft was left behind");
    }

    #[test]
    fn processes_that_start_at_once_get_one_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.keys");
        let start =
            || *MasterKeys::read_or_create(&path, &OsEntropy).unwrap().newest.bytes.expose_secret();
        let keys: Vec<[u8; 32]> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(start)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(keys.windows(2).all(|pair| pair[0] == pair[1]));
    }

    #[test]
    fn a_file_that_others_may_read_is_refused_with_the_cure() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.keys");
        MasterKeys::read_or_create(&path, &OsEntropy).unwrap();
        for mode in [0o640, 0o604, 0o660, 0o601, 0o644] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let error = MasterKeys::read_or_create(&path, &OsEntropy).unwrap_err();
            assert!(error.to_string().contains("chmod 600"), "{mode:o}: {error}");
        }
    }

    #[test]
    fn a_missing_folder_and_an_empty_file_are_errors_not_new_keys() {
        let folder = tempfile::tempdir().unwrap();
        let error =
            MasterKeys::read_or_create(&folder.path().join("no/keys"), &OsEntropy).unwrap_err();
        assert!(matches!(error, MasterKeysError::File { .. }), "{error}");
        let path = folder.path().join("empty");
        fs::write(&path, "").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let error = MasterKeys::read_or_create(&path, &OsEntropy).unwrap_err();
        assert!(matches!(error, MasterKeysError::Empty), "{error}");
    }

    #[test]
    fn keys_are_never_printed() {
        let keys = MasterKeys::parse(&ONE.to_owned().into()).unwrap();
        assert!(format!("{keys:?}").contains("REDACTED"), "{keys:?}");
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text: String) {
            let _ = parse(&text);
            let _ = parse(&format!("k1:{text}"));
        }
    }
}
