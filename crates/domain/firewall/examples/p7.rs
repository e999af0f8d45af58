//! How fast texts are masked, beside a plain search for the same pattern.
//!
//! `p7 pattern` prints the pattern of the one pass, for `rg -j1 -c`.
//! `p7 FILE` masks a file, piece by piece as the gateway sees it, writes the
//! result to a sink, and prints one line of JSON.
#![expect(clippy::print_stdout, reason = "the answer of this program")]
#![expect(clippy::disallowed_methods, reason = "it measures time, and reads a file")]

use std::{hint::black_box, io::Write as _, time::Instant};

use lodge_firewall::{Firewall, Rules, Tally};

#[path = "common/keys.rs"]
mod keys;

use keys::Keys;

/// Patches are cut here, at the next line break: most are far smaller.
const PIECE: usize = 1 << 20;

/// Seconds that this process has had a core; zero where nobody tells. On a busy
/// machine it says more than the clock.
fn cpu_seconds() -> f64 {
    let told = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanos = told.split(' ').next().and_then(|first| first.parse::<f64>().ok());
    nanos.unwrap_or_default() / 1e9
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let what = std::env::args().nth(1).ok_or("say `pattern`, or name a file")?;
    if what == "pattern" {
        println!("{}", Rules::combined_pattern());
        return Ok(());
    }
    let text = String::from_utf8(std::fs::read(what)?)?;
    let mut pieces = Vec::new();
    let mut rest = text.as_str();
    while let Some(at) =
        rest.as_bytes().get(PIECE..).and_then(|tail| tail.iter().position(|byte| *byte == b'\n'))
    {
        let (piece, tail) = rest.split_at(PIECE + at + 1);
        pieces.push(piece.to_owned());
        rest = tail;
    }
    pieces.push(rest.to_owned());

    let rules = Rules::built_in();
    let keys = Keys::known();
    let tenant = "tenant_00000000000000000000000000000007".parse()?;
    let firewall = Firewall::new(&rules, &keys, tenant);
    let mut tally = Tally::default();
    let mut sink = std::io::sink();
    let begun = (Instant::now(), cpu_seconds());
    for piece in pieces {
        sink.write_all(black_box(firewall.review_text(piece, &mut tally)).as_bytes())?;
    }
    let seconds = begun.0.elapsed().as_secs_f64();
    let cpu_seconds = cpu_seconds() - begun.1;
    let bytes = text.len();
    let megabytes = f64::from(u32::try_from(bytes / 1_000)?) / 1_000.0;
    println!(
        "{{\"bytes\":{bytes},\"seconds\":{seconds:.6},\"mb_per_s\":{:.1},\"cpu_seconds\":{cpu_seconds:.6},\"masked\":{}}}",
        megabytes / seconds,
        tally.masked
    );
    Ok(())
}
