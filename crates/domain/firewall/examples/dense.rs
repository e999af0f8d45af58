//! What text costs that is made to be looked at: nanoseconds of a core for each
//! byte, for texts of plain code and for texts that are dense with beginnings
//! of secrets, in two sizes.
//!
//! Prints one line of JSON a text; `dense NAME` takes only the texts of that
//! name, for a profiler. The goal is that none costs three times as
//! much as plain code does, and that a text of eightfold size costs no more a
//! byte.
#![expect(clippy::print_stdout, reason = "the answer of this program")]
#![expect(clippy::disallowed_methods, reason = "it measures time")]

use std::{hint::black_box, time::Instant};

use lodge_firewall::{Firewall, Rules, Tally};
use lodge_kernel::TenantId;

#[path = "common/keys.rs"]
mod keys;

use keys::Keys;

/// Bytes of the small text.
const SMALL: usize = 1 << 17;

/// What a text repeats, with its name. `#` is a number that grows.
const TEXTS: &[(&str, &str)] = &[
    (
        "plain code",
        "+    let repository = guard.open(&path, limits).map_err(|error| broken(error))?;\n \
         // The page goes on where the host said so, in its own words.\n+    for (index, line) in \
         text.lines().enumerate() {\n-        total += usize::from(line.starts_with('+'));\n ",
    ),
    ("names", "password = user.password, "),
    ("names alone", "password="),
    ("short names", "pwd=a "),
    ("tokens", "token: Token, "),
    ("quotes", "secret=\"\\\"\\\"\" "),
    ("open quotes", "secret=\"a "),
    ("long strings", "secret=\"\"\"a\n"),
    ("backslashes", "key='\\\\\\\\"),
    ("blocks", "password: |\n  a\n"),
    ("options", "--password $A "),
    ("addresses", "://a:"),
    ("addresses with signs", "://a:b@c/"),
    ("bearers", "bearer aaaaaaaa "),
    ("web tokens", "eyJaaaaaaaa."),
    ("armour", "-----BEGIN PRIVATE KEY"),
    ("armour in lines", "-----BEGIN PRIVATE KEY-----\n"),
    ("armour in base64", "LS0tLS1CRUdJTi "),
    ("base64 lines", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n"),
    ("prefixes", "ghp_ "),
    ("headers", "Authorization: Basic $A\n"),
    ("calls", "secret(from(into(new(\""),
    ("masks", "‹masked:password:0123456789ab› "),
    ("secrets", "password=hunter#x "),
    ("github tokens", "ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6####\n"),
];

fn made(unit: &str, len: usize) -> String {
    let mut text = String::with_capacity(len + unit.len());
    let mut n = 1_000_u32;
    while text.len() < len {
        let number = n.to_string();
        let mut digits = number.chars().cycle();
        text.extend(
            unit.chars().map(|it| if it == '#' { digits.next().unwrap_or('0') } else { it }),
        );
        n += 1;
    }
    text
}

/// Nanoseconds for each byte of `text`, the best of several reviews.
fn cost(firewall: &Firewall<'_>, text: &str) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..7 {
        let copy = text.to_owned();
        let begun = Instant::now();
        black_box(firewall.review_text(copy, &mut Tally::default()));
        best = best.min(begun.elapsed().as_secs_f64());
    }
    best * 1e9 / f64::from(u32::try_from(text.len()).unwrap_or(u32::MAX))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rules = Rules::built_in();
    let tenant: TenantId = "tenant_00000000000000000000000000000007".parse()?;
    let keys = Keys::known();
    let firewall = Firewall::new(&rules, &keys, tenant);
    let only = std::env::args().nth(1);
    let mut plain = None;
    for (name, unit) in TEXTS.iter().filter(|(name, _)| only.as_ref().is_none_or(|it| it == name)) {
        let small = cost(&firewall, &made(unit, SMALL));
        let large = cost(&firewall, &made(unit, SMALL * 8));
        let plain = *plain.get_or_insert(small);
        println!(
            "{{\"text\":\"{name}\",\"ns_per_byte\":{small:.2},\"of_plain\":{:.1},\"eightfold\":{:.2}}}",
            small / plain,
            large / small
        );
    }
    Ok(())
}
