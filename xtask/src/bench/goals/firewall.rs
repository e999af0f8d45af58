//! P7: the firewall on one core beside ripgrep, which only counts.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use serde_json::Value;

use super::Outcome;
use crate::{
    bench::{Bench, build},
    programs::{Needed, ensure, in_path},
    run::read,
    scratch::Scratch,
};

const NEEDED: Needed = Needed {
    what: "ripgrep (rg)",
    debian_package: "ripgrep",
    elsewhere: "see https://github.com/BurntSushi/ripgrep",
};

const MIB: u64 = 1024 * 1024;

pub(super) fn measure(bench: &Bench<'_>) -> anyhow::Result<Outcome> {
    let ripgrep = ensure(&NEEDED, || in_path("rg"))?;
    let ours = build::example(bench, "lodge-firewall", "p7")?;
    let scratch = Scratch::open("corpus", 200)?;
    let corpus = scratch.folder.join("corpus.diff");
    let size = if bench.quick { 32 } else { 256 } * MIB;
    write_corpus(&corpus, size)?;
    let pattern = read(Command::new(&ours).arg("pattern"))?;
    let pattern = pattern.trim_end_matches('\n');

    let series = bench.protocol.compare(
        bench,
        |window| {
            repeat(window, || {
                let said = read(Command::new(&ours).arg(&corpus))?;
                let said: Value =
                    serde_json::from_str(said.trim()).context("p7 printed no JSON")?;
                said.get("mb_per_s").and_then(Value::as_f64).context("p7 gave no mb_per_s")
            })
        },
        |window| {
            repeat(window, || {
                let began = Instant::now();
                let mut rg = Command::new(&ripgrep);
                rg.args([
                    "--no-config",
                    "-j1",
                    "-c",
                    "--regex-size-limit=1G",
                    "--dfa-size-limit=1G",
                ]);
                let counted = read(rg.arg("-e").arg(pattern).arg(&corpus))?;
                if counted.trim().parse::<u64>().unwrap_or(0) == 0 {
                    bail!("ripgrep found nothing in a corpus that is full of secrets");
                }
                // The unit cancels out against p7's only when both count bytes in millions.
                Ok(corpus_millions(size) / began.elapsed().as_secs_f64())
            })
        },
    )?;
    Ok(Outcome::Measured {
        figure: series.figure(),
        details: format!("{}; {} MiB of diffs, output written", series.spread(), size / MIB),
    })
}

fn corpus_millions(size: u64) -> f64 {
    // Exact below 2^32 thousand bytes.
    u32::try_from(size / 1_000).map_or(f64::NAN, f64::from) / 1_000.0
}

/// The mean of as many rounds as fit into `window`, at least one.
fn repeat(window: Duration, mut round: impl FnMut() -> anyhow::Result<f64>) -> anyhow::Result<f64> {
    let (started, mut sum, mut rounds) = (Instant::now(), 0.0, 0.0);
    while rounds < 1.0 || started.elapsed() < window {
        sum += round()?;
        rounds += 1.0;
    }
    Ok(sum / rounds)
}

/// Writes diffs of ordinary code, with a secret about every two hundred lines.
fn write_corpus(path: &Path, size: u64) -> anyhow::Result<()> {
    let file =
        File::create(path).with_context(|| format!("{} cannot be written", path.display()))?;
    let mut corpus = BufWriter::new(file);
    let (mut chance, mut written, mut line) = (Chance(7), 0_u64, 0_u64);
    while written < size {
        let text = corpus_line(line, &mut chance);
        corpus.write_all(text.as_bytes())?;
        written += u64::try_from(text.len())?;
        line += 1;
    }
    corpus.flush().context("the corpus cannot be written")
}

fn corpus_line(line: u64, chance: &mut Chance) -> String {
    let number = chance.next();
    match (line % 120, number % 200) {
        (0, _) => format!("diff --git a/src/part{0}.rs b/src/part{0}.rs\n", number % 1000),
        (1, _) => format!("--- a/src/part{}.rs\n", number % 1000),
        (2, _) => format!("+++ b/src/part{}.rs\n", number % 1000),
        (3, _) => format!("@@ -{0},40 +{0},42 @@ fn compute_{0}()\n", number % 5000),
        // Made up at run time, so that no scanner takes this file for a leak.
        (_, 0) => format!("+    const KEY: &str = \"{}{}\";\n", "AKIA", chance.letters(16)),
        (_, 1) => format!("-token = \"{}_{}\"\n", "ghp", chance.letters(36)),
        (_, 2) => format!("+  password: {}\n", chance.letters(20)),
        (_, 3..40) => {
            format!("+    let value_{number} = compute(&input, {}); // step {line}\n", number % 97)
        }
        (_, 40..70) => {
            format!("-        return Err(Error::new(\"part {number} is not ready\"));\n")
        }
        (_, 70..90) => {
            format!(" <a href=\"https://docs.example.com/page/{number}?from={line}\">more</a>\n")
        }
        (_, 90..100) => " \n".to_owned(),
        _ => format!(
            "     self.rows.iter().filter(|it| it.id != {number}).map(Row::name).collect()\n"
        ),
    }
}

/// Marsaglia's xorshift64: the same corpus on every machine.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn letters(&mut self, count: usize) -> String {
        (0..count)
            .filter_map(|_| char::from_digit(u32::try_from(self.next() % 36).ok()?, 36))
            .map(|it| it.to_ascii_uppercase())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corpus_is_the_same_each_time_and_holds_secrets() {
        let lines = |seed| -> String {
            let mut chance = Chance(seed);
            (0..5_000).map(|line| corpus_line(line, &mut chance)).collect()
        };
        let text = lines(7);
        assert_eq!(text, lines(7));
        for part in ["diff --git", "AKIA", "ghp_", "password: "] {
            assert!(text.contains(part), "{part}");
        }
    }

    #[test]
    fn at_least_one_round_is_run() {
        let mut rounds = 0;
        let mean = repeat(Duration::ZERO, || {
            rounds += 1;
            Ok(4.0)
        });
        assert!((mean.unwrap() - 4.0).abs() < 1e-9);
        assert_eq!(rounds, 1);
    }
}
