//! One line a goal, and the same as a table.

use std::{fmt::Write, fs, path::PathBuf};

use anyhow::Context;

use super::{
    goal::{Aim, Goal},
    goals::Outcome,
};
use crate::workspace::Workspace;

/// Figure, must, stretch, and how far to trust it.
pub(super) fn line(goal: &Goal, outcome: &Outcome) -> String {
    match outcome {
        Outcome::NotMeasurable { reason } => format!("{:<4} not measurable: {reason}", goal.name),
        Outcome::Measured { figure, details } => format!(
            "{:<4} {figure:.3}  must {}{}  stretch {}  {}  [{details}]",
            goal.name,
            bound(goal, goal.must),
            verdict(goal, *figure, goal.must),
            goal.stretch.map_or_else(
                || "–".to_owned(),
                |it| format!("{}{}", bound(goal, it), verdict(goal, *figure, it))
            ),
            goal.ratio,
        ),
    }
}

/// Writes the table for `docs/performance.md`.
pub(super) fn write(
    workspace: &Workspace,
    outcomes: &[(&Goal, Outcome)],
    quick: bool,
) -> anyhow::Result<PathBuf> {
    let folder = workspace.target.join("bench");
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let path = folder.join("latest.md");
    fs::write(&path, table(outcomes, quick))
        .with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(path)
}

fn table(outcomes: &[(&Goal, Outcome)], quick: bool) -> String {
    let mut table = String::new();
    if quick {
        table.push_str("A quick run: it shows that the benchmarks work, and proves nothing.\n\n");
    }
    table
        .push_str("| # | ratio | figure | must | stretch | details |\n|---|---|---|---|---|---|\n");
    for (goal, outcome) in outcomes {
        let (figure, details) = match outcome {
            Outcome::NotMeasurable { reason } => ("–".to_owned(), reason),
            Outcome::Measured { figure, details } => (format!("{figure:.3}"), details),
        };
        let stretch = goal.stretch.map_or_else(|| "–".to_owned(), |it| bound(goal, it));
        // Writing to a text cannot fail.
        let _ = writeln!(
            table,
            "| {} | {} | {figure} | {} | {stretch} | {details} |",
            goal.name,
            goal.ratio,
            bound(goal, goal.must)
        );
    }
    table
}

fn bound(goal: &Goal, bound: f64) -> String {
    let sign = if goal.aim == Aim::AtLeast { '≥' } else { '≤' };
    format!("{sign} {bound:.2}")
}

fn verdict(goal: &Goal, figure: f64, bound: f64) -> &'static str {
    if goal.meets(figure, bound) { " ✓" } else { " ✗" }
}

#[cfg(test)]
mod tests {
    use super::{super::goal::GOALS, *};

    #[test]
    fn a_line_says_figure_must_and_stretch() {
        let outcome = Outcome::Measured { figure: 0.57, details: "5 pairs".to_owned() };
        let line = line(&GOALS[0], &outcome);
        assert!(line.starts_with("P1   0.570  must ≥ 0.50 ✓  stretch ≥ 0.65 ✗  "), "{line}");
    }

    #[test]
    fn what_was_not_measured_says_why() {
        let outcome = Outcome::NotMeasurable { reason: "no switch".to_owned() };
        assert_eq!(line(&GOALS[2], &outcome), "P3   not measurable: no switch");
        assert!(
            table(&[(&GOALS[2], outcome)], true).contains("| – | ≥ 0.70 | ≥ 0.80 | no switch |")
        );
    }
}
