//! Which passwords are taken (NIST SP 800-63B-4, 3.1.1.2): long ones, and not
//! those that everybody tries first. No rule about kinds of characters.

/// The shortest, in characters.
pub const SHORTEST: usize = 10;
/// The longest, in bytes.
pub const LONGEST: usize = 1_024;

/// Passwords of ten characters and more that stand in every list of stolen
/// ones, in lower case, and the beginnings that people make long by repeating.
#[rustfmt::skip]
const COMMON: &[&str] = &[
    "1234567890", "12345678910", "0123456789", "0987654321", "9876543210", "1q2w3e4r5t", "1q2w3e4r5t6y",
    "qwertyuiop", "qwertyuiop[]", "asdfghjkl;", "1qaz2wsx3edc", "qazwsxedcrfv", "zaq12wsxcde3", "q1w2e3r4t5",
    "q1w2e3r4t5y6", "qwerty12345", "qwerty123456", "qwerty1234", "qwertyuiop123", "asdf123456", "abc1234567",
    "abcd123456", "abcde12345", "abcdefghij", "abcdefghijk", "a123456789", "aa12345678", "password12",
    "password123", "password1234", "password12345", "password123456", "password123!", "password1!", "password01",
    "passw0rd123", "p@ssw0rd123", "p@ssword123", "p@ssw0rd1234", "mypassword", "mypassword1", "newpassword",
    "changeme123", "changemenow", "letmein123", "letmein1234", "welcome123", "welcome1234", "welcome2024",
    "welcome2025", "welcome2026", "administrator", "admin12345", "admin123456", "admin@1234", "adminadmin",
    "rootrootroot", "superman123", "iloveyou123", "iloveyou12", "iloveyou1234", "football123", "baseball123",
    "basketball", "sunshine123", "princess123", "computer123", "internet123", "michael123", "jennifer123",
    "liverpool1", "manchester", "barcelona1", "realmadrid", "chocolate1", "butterfly1", "spiderman1",
    "pokemon123", "dragon1234", "monkey1234", "master1234", "shadow1234", "qwerty!@#$", "!@#$%^&*()",
    "correcthorsebatterystaple", "correct horse battery staple", "gitlodge123", "gitlodge1234", "development",
    "developer1", "developer123", "test123456", "testtest123", "testtesttest", "secret1234", "secretsecret",
    "trustno1234", "whatever123", "starwars123", "christmas1", "september1", "november2026", "december2026",
];

/// A password cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too few characters.
    #[error("a password has at least 10 characters")]
    Short,
    /// Too many bytes.
    #[error("a password has at most 1,024 bytes")]
    Long,
    /// It is the person's own address, or the part before the `@`.
    #[error("a password is not your own e-mail address")]
    OwnAddress,
    /// It stands in every list of stolen ones.
    #[error("this password is one of those that everybody tries first: take another one")]
    Common,
}

/// Checks a new password of the person with the address `email`.
///
/// # Errors
///
/// The first rule that is broken.
pub fn check(password: &str, email: &str) -> Result<(), PasswordError> {
    if password.len() > LONGEST {
        return Err(PasswordError::Long);
    }
    if password.chars().count() < SHORTEST {
        return Err(PasswordError::Short);
    }
    let lower = password.trim().to_lowercase();
    let own = email.split('@').next().unwrap_or_default();
    if lower == email || lower == own {
        return Err(PasswordError::OwnAddress);
    }
    if COMMON.contains(&lower.as_str()) || repeats(&lower) || counts(&lower) {
        return Err(PasswordError::Common);
    }
    Ok(())
}

/// It is one to five characters, again and again.
fn repeats(text: &str) -> bool {
    let characters: Vec<char> = text.chars().collect();
    (1..=5).any(|n| characters.iter().zip(characters.iter().skip(n)).all(|(a, b)| a == b))
}

/// Each character is the one after, or before, the one before it.
fn counts(text: &str) -> bool {
    let codes: Vec<u32> = text.chars().map(u32::from).collect();
    let steps = |by: i64| {
        let pairs = codes.iter().zip(codes.iter().skip(1));
        pairs.clone().all(|(a, b)| i64::from(*b) - i64::from(*a) == by)
    };
    steps(1) || steps(-1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ADA: &str = "ada.lovelace@example.org";

    #[test]
    fn what_everybody_tries_first_is_refused_however_it_is_written() {
        for wrong in [
            "1234567890",
            "Password123",
            "aaaaaaaaaa",
            "abcabcabcabc",
            "abcdefghijklm",
            "zyxwvutsrqpo",
            " qwertyuiop ",
        ] {
            assert_eq!(check(wrong, ADA), Err(PasswordError::Common), "{wrong}");
        }
        for own in [ADA, "Ada.Lovelace"] {
            assert_eq!(check(own, ADA), Err(PasswordError::OwnAddress), "{own}");
        }
        assert_eq!(check("ninechars", ADA), Err(PasswordError::Short));
        assert_eq!(check(&"é".repeat(513), ADA), Err(PasswordError::Long));
    }

    #[test]
    fn a_long_phrase_is_taken_whatever_it_is_made_of() {
        for right in ["seven brown otters", "ünïcödé-täglich", "0000 1111 2222 9", "x7f!Qz,pl#"]
        {
            assert_eq!(check(right, ADA), Ok(()), "{right}");
        }
    }

    #[test]
    fn the_list_is_long_enough_to_be_asked_and_in_lower_case() {
        for it in COMMON {
            assert!(it.chars().count() >= SHORTEST && *it == it.to_lowercase(), "{it}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_check_panic(password: String, email: String) {
            let _ = check(&password, &email);
        }
    }
}
