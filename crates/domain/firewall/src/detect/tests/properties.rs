//! What holds for every text.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::{armour::LINES, reviewed};
use crate::{
    Tally,
    detect::Detectors,
    testing::{SECRET, firewall},
};

fn masked(text: &str) -> String {
    firewall().review_text(text.to_owned(), &mut Tally::default())
}

/// Pieces from which texts are made that are close to secrets.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "password",
            "token",
            "secret",
            "api_key",
            "auth",
            "Authorization",
            "Bearer ",
            "://",
            "user:",
            "@",
            "=",
            ": ",
            " = ",
            " => ",
            ",",
            "(",
            ")",
            "\"",
            "'",
            "`",
            "\\",
            "\\\"",
            "\\n",
            "\n",
            "\r\n",
            "\n+",
            "\n-",
            "\n ",
            "@@ -1 +1 @@\n",
            "-----BEGIN ",
            "-----END ",
            "PRIVATE KEY-----",
            "CERTIFICATE-----",
            "LS0tLS1CRUdJTi",
            "eyJhbGciOiJI",
            ".",
            "ghp_",
            "AKIA",
            "‹masked:",
            "password:",
            "0123456789ab",
            "›",
            "‹masked:password:0123456789ab›",
            "${",
            "}",
            "<",
            ">",
            "value",
            "|",
            "|\n",
            "hunter2",
            "correct horse",
            "--password ",
            "export ",
            "ü",
            "😀",
            "\u{301}",
            "\0",
            "\t",
            "  ",
            "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8",
            "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj",
        ])
        .prop_map(str::to_owned),
        "[ -~]{0,12}",
        any::<char>().prop_map(String::from),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..40).prop_map(|pieces| pieces.concat())
}

static DETECTORS: LazyLock<Detectors> = LazyLock::new(Detectors::new);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn lines_and_their_first_characters_stay(text in text()) {
        let out = masked(&text);
        prop_assert_eq!(out.matches('\n').count(), text.matches('\n').count());
        for (before, after) in text.lines().zip(out.lines()) {
            if before.starts_with(['+', ' ']) {
                prop_assert_eq!(before.get(..1), after.get(..1));
            }
        }
    }

    #[test]
    fn a_second_review_changes_nothing(text in text()) {
        let once = masked(&text);
        prop_assert_eq!(masked(&once), once);
    }

    #[test]
    fn bytes_that_are_no_text_do_no_harm(bytes: Vec<u8>) {
        let text = String::from_utf8_lossy(&bytes);
        let _ = masked(&text);
    }

    /// Time grows with length and nothing else: whatever is repeated, no more
    /// bytes are looked at for each of it when there is more of it.
    #[test]
    fn no_text_is_looked_at_more_often_when_it_is_longer(unit in text()) {
        let looked_at = |times: usize| {
            DETECTORS.scanned(&unit.repeat(times)).looked_at.get()
        };
        let (some, more) = (looked_at(32), looked_at(256));
        prop_assert!(more <= some * 9 + 4_096, "{} then {} for {:?}", some, more, unit);
    }

    #[test]
    fn a_planted_secret_never_survives(before in "([ -~]{0,30}[^A-Za-z0-9])?", after in "([^A-Za-z0-9][ -~]{0,30})?") {
        let text = format!("{before}{SECRET}{after}");
        prop_assert!(!masked(&text).contains(SECRET), "{}", text);
    }

    #[test]
    fn a_planted_password_never_survives(
        name in prop::sample::select(vec!["password", "DB_PASSWORD", "dbPassword", "passwd", "passphrase"]),
        join in prop::sample::select(vec!["=", ": ", " = ", "\": ", "' => ", " := "]),
        secret in "[a-z]{2,6}[0-9]{2}[A-Z!#%]{2,6}[a-z]{1,9}",
        quote in prop::sample::select(vec!["\"", "'", "`"]),
        mark in prop::sample::select(vec!["", "+", "-", " ", "+    "]),
    ) {
        let text = format!("{mark}{name}{join}{quote}{secret}{quote},\n");
        prop_assert!(!masked(&text).contains(&secret), "{}", text);
    }

    #[test]
    fn no_cut_of_a_hunk_shows_a_line_of_a_key(
        from in 0_usize..6, len in 1_usize..7, mark in prop::sample::select(vec!["", "+", "-", " "]),
    ) {
        let [one, two, three] = LINES;
        let lines = ["x = 1", "-----BEGIN PRIVATE KEY-----", one, two, three, "-----END PRIVATE KEY-----", "y = 2"];
        let hunk: Vec<String> = lines.iter().skip(from).take(len).map(|line| format!("{mark}{line}")).collect();
        let out = masked(&hunk.join("\n"));
        for line in LINES {
            prop_assert!(!out.contains(line), "{}", out);
        }
    }
}

#[test]
fn a_masked_user_of_an_address_is_not_taken_for_a_user_and_a_password() {
    let once = masked("https://A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8@host.example/x");
    assert!(once.contains("‹masked:url-password:"), "{once}");
    assert_eq!(masked(&once), once);
    let forged = reviewed("https://‹masked:url-password:0123456789ab›:swordfish@host.example");
    assert!(!forged.contains("swordfish"), "{forged}");
}

#[test]
fn a_forged_mask_hides_nothing_around_it() {
    let out = reviewed("password=hunter2 ‹masked:password:0123456789ab› token=a81bc81bdead4e5d");
    assert!(!out.contains("hunter2") && !out.contains("a81bc81bdead4e5d"), "{out}");
}
