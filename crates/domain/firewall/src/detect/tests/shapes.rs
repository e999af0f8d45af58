//! Secrets that are known by their shape. No literal here is a token that a
//! scanner of this repository would take for one: each is put together.

use super::{all_masked, reviewed};
use crate::detect::shapes::{Body, SHAPES};

/// Thirty-six characters that look drawn by chance.
const DRAWN: &str = "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8";

fn sample(body: Body, len: usize) -> String {
    let from = match body {
        Body::Upper => "A2B3C4D5E6F7G2H3",
        Body::Hex => "0a1b2c3d4e5f6789",
        _ => DRAWN,
    };
    from.chars().cycle().take(len).collect()
}

#[test]
fn every_shape_is_masked_wherever_it_stands() {
    for shape in SHAPES {
        let secret = format!("{}{}", shape.prefix, sample(shape.body, shape.least));
        let telling = shape.prefix.ends_with('=');
        let shown = if telling { shape.prefix } else { "" };
        let mask = format!("{shown}‹masked:{}:…›", shape.rule.kind());
        for (before, after) in [
            ("", ""),
            ("use ", " now"),
            ("+\"", "\";"),
            ("(", ")"),
            ("\\n", "\\n"),
            ("x=", "&y"),
            ("a, ", ", b"),
        ] {
            let text = format!("{before}{secret}{after}");
            assert_eq!(reviewed(&text), format!("{before}{mask}{after}"), "{text}");
        }
    }
}

#[test]
fn a_shape_after_an_escape_is_masked() {
    let token = format!("ghp_{DRAWN}");
    for before in ["\\n", "\\t", "%3D", "%20", "\\u0026", "_", "-", "/"] {
        let text = format!("{before}{token}");
        assert_eq!(reviewed(&text), format!("{before}‹masked:github:…›"), "{text}");
    }
}

#[test]
fn a_shape_keeps_its_kind_under_a_name() {
    let row = |before: &str| format!("{before}⟦ghp_{DRAWN}⟧");
    let rows = [
        row("GITHUB_TOKEN="),
        row("token: "),
        row("password = \""),
        row("https://x:"),
        row("Bearer "),
    ];
    let rows: Vec<String> = rows
        .iter()
        .map(|row| if row.contains("://") { format!("{row}@example.org") } else { row.clone() })
        .collect();
    all_masked("github", &rows.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn json_web_tokens_are_masked() {
    let (head, body, sign) =
        ("eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxMjM0NTY3ODkwIn0", "dozjgNryP4J3jVmNHl0w5N");
    all_masked(
        "jwt",
        &[
            &format!("⟦{head}.{body}.{sign}⟧"),
            &format!("see ⟦{head}.{body}.{sign}⟧."),
            &format!("jwt=\"⟦{head}.{body}.{sign}⟧\""),
            &format!("⟦{head}.{body}.⟧"),
            &format!("⟦{head}.{body}.{sign}.{sign}.{sign}⟧"),
        ],
    );
}
