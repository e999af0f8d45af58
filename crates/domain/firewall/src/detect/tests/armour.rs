//! Private keys.

use super::{all_masked, reviewed};

pub(super) const LINES: [&str; 3] = [
    "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj",
    "MzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYEvu",
    "NMoSfm76oqFvAp8Gy0iz5sxjZmSnXyCdPEovGhLa0VzMaQ8s+CLOyS56YyCFGg==",
];

fn key(label: &str, mark: &str, line_break: &str) -> String {
    let [one, two, three] = LINES;
    [
        format!("{mark}-----BEGIN {label}-----"),
        format!("{mark}⟦{one}⟧"),
        format!("{mark}⟦{two}⟧"),
        format!("{mark}⟦{three}⟧"),
        format!("{mark}-----END {label}-----"),
    ]
    .join(line_break)
}

#[test]
fn every_line_of_a_private_key_is_masked_and_none_is_lost() {
    for label in [
        "PRIVATE KEY",
        "RSA PRIVATE KEY",
        "EC PRIVATE KEY",
        "OPENSSH PRIVATE KEY",
        "ENCRYPTED PRIVATE KEY",
        "PGP PRIVATE KEY BLOCK",
    ] {
        for mark in ["", "+", "-", " ", "  ", "+    ", "++", "\t", "# ", "> "] {
            for line_break in ["\n", "\r\n"] {
                all_masked("private-key", &[&key(label, mark, line_break)]);
            }
        }
    }
}

#[test]
fn a_key_that_a_hunk_has_cut_is_masked() {
    let [one, two, three] = LINES;
    all_masked(
        "private-key",
        &[
            &format!("@@ -1,2 +1,2 @@\n ⟦{one}⟧\n-⟦{two}⟧\n+⟦{three}⟧"),
            &format!("@@ -1 +1 @@\n+⟦{two}⟧"),
            &format!(" ⟦{two}⟧\n ⟦CFGg==⟧\n -----END PRIVATE KEY-----"),
            " ⟦CFGg==⟧\n -----END PRIVATE KEY-----",
            &format!(
                " -----BEGIN RSA PRIVATE KEY-----\n Proc-Type: 4,ENCRYPTED\n DEK-Info: AES-128-CBC,0123\n \n+⟦{one}⟧"
            ),
            &format!("-----BEGIN PRIVATE KEY-----\n⟦{one}⟧\n@@ -9 +9 @@\nlet x = 1;"),
        ],
    );
}

#[test]
fn a_key_on_one_line_is_masked() {
    let [one, two, three] = LINES;
    all_masked(
        "private-key",
        &[
            &format!(
                "\"key\": \"-----BEGIN PRIVATE KEY-----\\n⟦{one}\\n{two}\\n{three}⟧\\n-----END PRIVATE KEY-----\\n\","
            ),
            &format!("KEY='-----BEGIN EC PRIVATE KEY-----\\n⟦{one}⟧'"),
            &format!("-----BEGIN PRIVATE KEY----- ⟦{one}⟧ -----END PRIVATE KEY-----"),
        ],
    );
}

#[test]
fn a_key_in_base64_is_masked() {
    all_masked(
        "private-key",
        &[
            "client-key-data: ⟦LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQpNSUlFcEFJQkFBS0NBUUVB⟧",
            "tls.key: ⟦LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1JSUV2UUlCQURBTkJna3Foa2lH⟧\n",
        ],
    );
}

#[test]
fn a_certificate_stays_as_it_is_even_when_its_beginning_is_cut() {
    let [one, two, _] = LINES;
    for text in [
        format!("-----BEGIN CERTIFICATE-----\n{one}\n{two}\nAbc=\n-----END CERTIFICATE-----"),
        format!("+{one}\n+{two}\n+Abc=\n+-----END CERTIFICATE-----"),
    ] {
        assert_eq!(reviewed(&text), text);
    }
}
