//! One-time codes of an authenticator app (RFC 6238).

use std::time::Duration;

use lodge_kernel::{Sealed, TenantId, Timestamp};

/// How long one code is shown (RFC 6238, 4.1).
pub const STEP: Duration = Duration::from_secs(30);
/// How many bytes the key has: the length of SHA-1 (RFC 4226, 4, R6).
pub const KEY_BYTES: usize = 20;
/// How many digits a code has.
pub const DIGITS: usize = 6;

/// A person's authenticator app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authenticator {
    /// With whose data key the key is sealed.
    pub tenant: TenantId,
    /// The key that app and gateway share, sealed.
    pub key: Sealed,
    /// When the person proved to have it. Until then no login asks for it.
    pub confirmed_at: Option<Timestamp>,
    /// The step of the latest code that was taken. It and all before it are
    /// not taken again.
    pub last_step: Option<u64>,
}

/// The steps whose codes are taken at `now`: this one, and the one before and
/// after it, since clocks differ and people type slowly (RFC 6238, 5.2).
pub fn window(now: Timestamp) -> [u64; 3] {
    let seconds = u64::try_from(now.as_seconds()).unwrap_or_default();
    let step = seconds / STEP.as_secs();
    [step, step.saturating_sub(1), step.saturating_add(1)]
}

/// The step at which `given` is the code. `code_at` says the code of a step.
/// One that is not after `last_step` was seen before, and is as good as wrong.
pub fn step_of(
    given: &str,
    now: Timestamp,
    last_step: Option<u64>,
    code_at: impl Fn(u64) -> u32,
) -> Option<u64> {
    let digits: String = given.chars().filter(|it| !it.is_whitespace()).collect();
    if digits.len() != DIGITS || !digits.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let given: u32 = digits.parse().ok()?;
    let fresh = |step: &u64| last_step.is_none_or(|last| *step > last);
    window(now).into_iter().filter(fresh).find(|step| code_at(*step) == given)
}

/// What people scan, or type: base32 without padding (RFC 4648, 6).
pub fn base32(key: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::new();
    let (mut bits, mut n_bits) = (0_u32, 0_u32);
    for byte in key {
        bits = (bits << 8) | u32::from(*byte);
        n_bits += 8;
        while n_bits >= 5 {
            n_bits -= 5;
            text.push(letter(ALPHABET, bits >> n_bits));
        }
    }
    if n_bits > 0 {
        text.push(letter(ALPHABET, bits << (5 - n_bits)));
    }
    text
}

fn letter(alphabet: &[u8; 32], bits: u32) -> char {
    let place = usize::try_from(bits & 31).unwrap_or_default();
    char::from(alphabet.get(place).copied().unwrap_or(b'A'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(step: u64) -> u32 {
        u32::try_from(step.wrapping_mul(2_654_435_761) % 1_000_000).unwrap()
    }

    fn text(step: u64) -> String {
        format!("{:06}", code(step))
    }

    #[test]
    fn the_base32_of_the_standard() {
        // RFC 4648, 10, without the padding.
        for (plain, coded) in
            [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!(base32(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn what_is_no_code_is_not_taken() {
        let now = Timestamp::from_seconds(59);
        for wrong in ["", "12345", "1234567", "12345a", "+12345", "１２３４５６"] {
            assert_eq!(step_of(wrong, now, None, |_| 12_345), None, "{wrong}");
        }
        assert_eq!(step_of("012 345", now, None, |_| 12_345), Some(1));
    }

    proptest! {
        #[test]
        fn a_code_is_taken_one_step_early_or_late_and_no_more(seconds in 90_i64..4_000_000_000, off in -5_i64..=5) {
            let now = Timestamp::from_seconds(seconds);
            let step = u64::try_from(seconds / 30 + off.max(-3)).unwrap();
            let there = u64::try_from(seconds / 30).unwrap().abs_diff(step) <= 1;
            // Codes of different steps can be equal by chance.
            prop_assume!(there || window(now).iter().all(|it| code(*it) != code(step)));
            let found = step_of(&text(step), now, None, code);
            prop_assert_eq!(found.is_some(), there);
        }

        #[test]
        fn a_code_is_not_taken_twice_nor_is_one_before_it(seconds in 90_i64..4_000_000_000, later in 0_i64..90) {
            let now = Timestamp::from_seconds(seconds);
            let step = u64::try_from(seconds / 30).unwrap();
            let first = step_of(&text(step), now, None, code);
            prop_assert!(first.is_some());
            let later = Timestamp::from_seconds(seconds + later);
            for old in [step, step - 1] {
                let again = step_of(&text(old), later, first, code);
                // A later step may have the same code by chance: that one is new.
                prop_assert!(again.is_none_or(|it| Some(it) > first));
            }
        }

        #[test]
        fn no_text_makes_the_reader_panic(given: String, seconds: i64) {
            let _ = step_of(&given, Timestamp::from_micros(seconds), None, code);
        }
    }
}
