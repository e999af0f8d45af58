//! A clock that stands still, chance that can be foreseen, and keys that lock
//! nothing.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use lodge_access::Statement;
use lodge_intake::Intake;
use lodge_kernel::{
    Clock, Digest, Entropy, ExposeSecret as _, Keyring, Pseudonym, SecretString, Task, Tasks,
    TenantId, Timestamp, Vault, WrappedKey,
};
use lodge_services::{HashError, OneTimeCodes, PasswordHasher, ReceiptWriter, Verdict};

use lodge_storage::{IntakeLog, Kept, Storage, StorageError};

use crate::builders::NOW;

/// A clock that moves only when it is told to. It starts at [`NOW`].
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// A clock that stands at `at`.
    pub const fn at(at: Timestamp) -> Self {
        Self(AtomicI64::new(at.as_micros()))
    }

    /// Moves it forward.
    pub fn advance(&self, duration: Duration) {
        self.0.store(self.now().plus(duration).as_micros(), Ordering::SeqCst);
    }
}

impl Default for FixedClock {
    fn default() -> Self {
        Self::at(NOW)
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// Chance that is the same in every run, and never twice the same in one.
#[derive(Debug, Default)]
pub struct CountingEntropy(AtomicU64);

impl CountingEntropy {
    /// Chance that differs from that of every other `seed`.
    pub fn seeded(seed: u32) -> Self {
        // A seed is worth four thousand million drawings of its own.
        Self(AtomicU64::new(u64::from(seed) << 32))
    }
}

impl Entropy for CountingEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let drawn = mix(self.0.fetch_add(1, Ordering::Relaxed)).to_le_bytes();
            for (byte, chance) in chunk.iter_mut().zip(drawn) {
                *byte = chance;
            }
        }
    }
}

/// A keyring for tests: equal inputs give equal outputs, different ones
/// different outputs, and anybody can open everything. Not cryptography.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainKeyring;

impl PlainKeyring {
    /// What [`Keyring::is_tag`] takes for a tag.
    pub fn tag(self, key: &Digest, message: &[u8]) -> [u8; 32] {
        self.digest(&[&key.0, message].concat()).0
    }
}

impl Keyring for PlainKeyring {
    fn digest(&self, bytes: &[u8]) -> Digest {
        let mut digest = [0; 32];
        for (place, chunk) in (0_u64..).zip(digest.chunks_mut(8)) {
            chunk.copy_from_slice(&hash(place, bytes).to_be_bytes());
        }
        Digest(digest)
    }

    fn is_tag(&self, key: &Digest, message: &[u8], tag: &[u8; 32]) -> bool {
        self.tag(key, message) == *tag
    }

    fn pseudonym(&self, tenant: TenantId, value: &[u8]) -> Pseudonym {
        let mut keyed = tenant.as_uuid().as_bytes().to_vec();
        keyed.extend(value);
        let [_, _, rest @ ..] = hash(0, &keyed).to_be_bytes();
        Pseudonym(rest)
    }

    fn seal(&self, context: &[u8], plain: &[u8]) -> String {
        let mut sealed = self.digest(context).0.to_vec();
        sealed.extend(self.digest(plain).0);
        sealed.extend(plain);
        URL_SAFE_NO_PAD.encode(sealed)
    }

    fn open(&self, context: &[u8], sealed: &str) -> Option<Vec<u8>> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (of_context, rest) = bytes.split_at_checked(32)?;
        let (of_plain, plain) = rest.split_at_checked(32)?;
        let fits = of_context == self.digest(context).0 && of_plain == self.digest(plain).0;
        fits.then(|| plain.to_vec())
    }
}

/// Data keys that open only beside their context, as [`PlainKeyring`] does it.
/// The master key of the present is 1.
impl Vault for PlainKeyring {
    fn master(&self) -> u8 {
        1
    }

    fn fresh_key(&self, context: &[u8]) -> String {
        self.seal(context, b"data key")
    }

    fn rewrap(&self, context: &[u8], wrapped: &str) -> Option<String> {
        self.open(context, wrapped).map(|key| self.seal(context, &key))
    }

    fn seal_with(&self, key: &WrappedKey<'_>, context: &[u8], plain: &str) -> Option<String> {
        self.open(key.context, key.text).map(|_| self.seal(context, plain.as_bytes()))
    }

    fn open_with(
        &self,
        key: &WrappedKey<'_>,
        context: &[u8],
        sealed: &str,
    ) -> Option<SecretString> {
        self.open(key.context, key.text)?;
        let plain = String::from_utf8(self.open(context, sealed)?);
        plain.ok().map(SecretString::from)
    }
}

/// Receipts that say little and are signed by nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainReceipts;

impl ReceiptWriter for PlainReceipts {
    fn write(&self, it: &Statement<'_>) -> String {
        let (change, names) = (it.change.name(), it.authorization.repositories.iter());
        let names: Vec<_> = names.map(|it| format!("\"{}\"", it.full_name)).collect();
        let (version, names) = (it.version, names.join(","));
        let payload =
            format!("{{\"change\":\"{change}\",\"version\":{version},\"repositories\":[{names}]}}");
        format!("e30.{}.", URL_SAFE_NO_PAD.encode(payload))
    }

    fn keys(&self) -> String {
        "{\"keys\":[]}".to_owned()
    }
}

/// Passwords that are hashed in no time, and codes that can be foreseen. A hash
/// that begins with `old` is right, and to be made again.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainProofs;

#[async_trait]
impl PasswordHasher for PlainProofs {
    async fn hash(&self, password: SecretString) -> Result<String, HashError> {
        Ok(format!("plain:{}", password.expose_secret()))
    }

    async fn verify(
        &self,
        password: SecretString,
        hash: Option<String>,
    ) -> Result<Verdict, HashError> {
        let password = password.expose_secret();
        Ok(match hash.as_deref().and_then(|it| it.split_once(':')) {
            Some(("plain", right)) if right == password => Verdict::Right,
            Some(("old", right)) if right == password => Verdict::RightButOld,
            _ => Verdict::Wrong,
        })
    }
}

impl OneTimeCodes for PlainProofs {
    fn code(&self, key: &[u8], step: u64) -> u32 {
        let [a, b, c, ..] = PlainKeyring.digest(&[key, &step.to_be_bytes()].concat()).0;
        (u32::from(a) << 16 | u32::from(b) << 8 | u32::from(c)) % 1_000_000
    }
}

/// Runs tasks on the runtime of the test.
#[derive(Clone, Copy, Debug, Default)]
pub struct TestTasks;

impl Tasks for TestTasks {
    fn run(&self, task: Task) {
        tokio::spawn(task);
    }

    fn sleep(&self, duration: Duration) -> Task {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// FNV-1a of 64 bits (<http://www.isthe.com/chongo/tech/comp/fnv/>), begun at
/// `place`, and mixed so that every bit counts.
fn hash(place: u64, bytes: &[u8]) -> u64 {
    let begin = 0xcbf2_9ce4_8422_2325 ^ mix(place);
    mix(bytes
        .iter()
        .fold(begin, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)))
}

/// The output function of `SplitMix64`: <https://prng.di.unimi.it/splitmix64.c>.
const fn mix(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

/// Keeps each delivery in a unit of work of its own.
pub struct DirectIntake(pub Arc<dyn Storage>);

#[async_trait]
impl IntakeLog for DirectIntake {
    async fn keep(&self, intake: Intake, parcel: String) -> Result<Kept, StorageError> {
        let mut work = self.0.begin().await?;
        let kept = work.intake().receive(&[(intake, parcel)]).await?;
        work.commit().await?;
        kept.first().copied().ok_or_else(|| StorageError::Other("no answer".into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_text_opens_only_beside_its_context() {
        let sealed = PlainKeyring.seal(b"cursor", b"page 2");
        assert_eq!(PlainKeyring.open(b"cursor", &sealed), Some(b"page 2".to_vec()));
        assert_eq!(PlainKeyring.open(b"token", &sealed), None);
        let other = if sealed.ends_with('A') { "E" } else { "A" };
        let changed = format!("{}{other}", &sealed[..sealed.len() - 1]);
        assert_eq!(PlainKeyring.open(b"cursor", &changed), None);
        assert_eq!(PlainKeyring.open(b"cursor", "?"), None);
    }

    #[test]
    fn equal_bytes_have_equal_digests_and_different_bytes_different_ones() {
        assert_eq!(PlainKeyring.digest(b"a"), PlainKeyring.digest(b"a"));
        assert_ne!(PlainKeyring.digest(b"a"), PlainKeyring.digest(b"b"));
    }

    #[test]
    fn chance_never_comes_twice() {
        let (entropy, mut first, mut second) = (CountingEntropy::default(), [0; 16], [0; 16]);
        entropy.fill(&mut first);
        entropy.fill(&mut second);
        assert_ne!(first, second);
    }
}
