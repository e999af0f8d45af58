//! The key that signs checkpoints of the audit trail: Ed25519 (RFC 8032), in a
//! file of its own, so that whoever owns the database cannot sign.

use std::{
    fs, io,
    io::Write as _,
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use ed25519_dalek::{Signature, Signer as _, SigningKey};
use lodge_kernel::Entropy;

/// The key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointKeyError {
    /// Somebody else may read the file.
    #[error("{path} has mode {mode:03o}, so that others may sign: run `chmod 600 {path}`")]
    TooOpen {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file has something else in it.
    #[error("{path} is not a key for checkpoints: it has `ed25519:` and 32 bytes as base64url")]
    Format {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be read or made.
    #[error("{path} cannot be read or made: check that its folder exists and belongs to this user")]
    File {
        /// The file.
        path: PathBuf,
        /// What happened.
        #[source]
        source: io::Error,
    },
}

/// Signs lines, and knows its own signatures. Wiped when dropped.
pub struct CheckpointKey(SigningKey);

impl CheckpointKey {
    const PREFIX: &'static str = "ed25519:";

    /// Reads the key in `path`.
    ///
    /// # Errors
    ///
    /// [`CheckpointKeyError`].
    pub fn read(path: &Path) -> Result<Self, CheckpointKeyError> {
        let failed = |source| CheckpointKeyError::File { path: path.to_owned(), source };
        let mode = fs::metadata(path).map_err(failed)?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(CheckpointKeyError::TooOpen { path: path.to_owned(), mode });
        }
        let text = fs::read_to_string(path).map_err(failed)?;
        let bytes = text.trim().strip_prefix(Self::PREFIX);
        let bytes = bytes.and_then(|it| BASE64_URL_SAFE_NO_PAD.decode(it).ok());
        let bytes: Option<[u8; 32]> = bytes.and_then(|it| it.try_into().ok());
        let wrong = || CheckpointKeyError::Format { path: path.to_owned() };
        Ok(Self(SigningKey::from_bytes(&bytes.ok_or_else(wrong)?)))
    }

    /// Reads the key in `path`, or makes one where there is none.
    ///
    /// # Errors
    ///
    /// [`CheckpointKeyError`].
    pub fn read_or_create(path: &Path, entropy: &dyn Entropy) -> Result<Self, CheckpointKeyError> {
        let failed = |source| CheckpointKeyError::File { path: path.to_owned(), source };
        let mut options = fs::OpenOptions::new();
        match options.write(true).create_new(true).mode(0o600).open(path) {
            Ok(mut file) => {
                let mut bytes = [0; 32];
                entropy.fill(&mut bytes);
                let text = format!("{}{}\n", Self::PREFIX, BASE64_URL_SAFE_NO_PAD.encode(bytes));
                let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
                written.map_err(failed)?;
                Ok(Self(SigningKey::from_bytes(&bytes)))
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Self::read(path),
            Err(error) => Err(failed(error)),
        }
    }

    /// `text`, a blank, and its signature as unpadded base64url.
    pub fn sign(&self, text: &str) -> String {
        let signature = self.0.sign(text.as_bytes());
        format!("{text} {}", BASE64_URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }

    /// The text of a line that [`sign`](Self::sign) made. `None` when the
    /// signature does not fit.
    pub fn signed<'a>(&self, line: &'a str) -> Option<&'a str> {
        let (text, signature) = line.rsplit_once(' ')?;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?;
        let signature = Signature::from_slice(&bytes).ok()?;
        let fits = self.0.verifying_key().verify_strict(text.as_bytes(), &signature);
        fits.is_ok().then_some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OsEntropy;

    #[test]
    fn a_line_is_known_by_its_signature_and_a_changed_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("checkpoint-key");
        let key = CheckpointKey::read_or_create(&path, &OsEntropy).unwrap();
        let line = key.sign("a b");
        assert_eq!(CheckpointKey::read(&path).unwrap().signed(&line), Some("a b"));
        for wrong in
            [line.replacen('a', "c", 1), "a b".to_owned(), format!("{line}A"), String::new()]
        {
            assert_eq!(key.signed(&wrong), None, "{wrong}");
        }
        let other = folder.path().join("other");
        let other = CheckpointKey::read_or_create(&other, &OsEntropy).unwrap();
        assert_eq!(other.signed(&line), None);
    }

    #[test]
    fn a_file_that_others_can_read_or_that_is_no_key_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("checkpoint-key");
        CheckpointKey::read_or_create(&path, &OsEntropy).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let refused = CheckpointKey::read(&path);
        assert!(matches!(refused, Err(CheckpointKeyError::TooOpen { mode: 0o640, .. })));
        fs::write(&path, "ed25519:short").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let refused = CheckpointKey::read_or_create(&path, &OsEntropy);
        assert!(matches!(refused, Err(CheckpointKeyError::Format { .. })));
    }
}
