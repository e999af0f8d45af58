//! The goals of speed, each a ratio taken in one run on one machine.
//!
//! Reading order: [`goal`] (what must be shown), [`protocol`] (how), [`goals`] (what is run).

mod build;
mod consent;
mod form;
mod gateway;
mod goal;
mod goals;
mod http;
mod nginx;
mod probe;
mod protocol;
mod report;
mod repositories;
mod wrk;

use anyhow::bail;

use self::{
    goal::{GOALS, Goal},
    goals::Outcome,
    protocol::Protocol,
};
use crate::{
    terminal::{note, say},
    workspace::Workspace,
};

/// How the benchmarks are run.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Goals to measure, for example `P1 P7`; all when none is named.
    goals: Vec<String>,
    /// Two short pairs each: shows that it works, proves nothing.
    #[arg(long)]
    quick: bool,
    /// The build to measure; another one than what is shipped proves nothing.
    #[arg(long, default_value = "dist")]
    profile: String,
    /// Run the gateway on a throw-away PostgreSQL instead of the embedded store.
    #[arg(long)]
    postgres: bool,
}

/// What every benchmark is given.
struct Bench<'a> {
    workspace: &'a Workspace,
    protocol: Protocol,
    quick: bool,
    profile: &'a str,
    postgres: bool,
}

/// Measures, prints one line a goal, and writes `bench/latest.md` into the target folder.
///
/// # Errors
///
/// When something is missing, or a figure is worse than what it must be by more
/// than the noise that is allowed for.
pub(crate) fn bench(workspace: &Workspace, options: &Options) -> anyhow::Result<()> {
    let chosen = chosen(&options.goals)?;
    let bench = Bench {
        workspace,
        protocol: if options.quick { Protocol::QUICK } else { Protocol::FULL },
        quick: options.quick,
        profile: &options.profile,
        postgres: options.postgres,
    };
    let mut outcomes: Vec<(&Goal, Outcome)> = Vec::new();
    // One run may answer for several goals, each of which is named by its first.
    for run in goals::RUNS {
        let wanted: Vec<&Goal> =
            chosen.iter().copied().filter(|it| run.answers.contains(&it.name)).collect();
        if wanted.is_empty() {
            continue;
        }
        note(&format!("── {}", run.answers.join(", ")));
        let outcome = (run.measure)(&bench)?;
        for goal in wanted {
            say(&report::line(goal, &outcome));
            outcomes.push((goal, outcome.clone()));
        }
    }
    let path = report::write(workspace, &outcomes, options.quick)?;
    say(&format!("written to {}", path.display()));
    let missed: Vec<&str> = outcomes
        .iter()
        .filter(|(goal, outcome)| outcome.figure().is_some_and(|it| goal.is_clearly_missed(it)))
        .map(|(goal, _)| goal.name)
        .collect();
    if !missed.is_empty() && !options.quick {
        bail!("{} clearly miss what they must reach", missed.join(", "));
    }
    Ok(())
}

fn chosen(names: &[String]) -> anyhow::Result<Vec<&'static Goal>> {
    if names.is_empty() {
        return Ok(GOALS.iter().collect());
    }
    let find = |name: &String| GOALS.iter().find(|it| it.name.eq_ignore_ascii_case(name));
    let known: Vec<&str> = GOALS.iter().map(|it| it.name).collect();
    let mut found = Vec::new();
    for name in names {
        match find(name) {
            Some(goal) => found.push(goal),
            None => bail!("there is no goal `{name}`; there are {}", known.join(", ")),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_goal_is_measured_by_exactly_one_run() {
        for goal in GOALS {
            let runs = goals::RUNS.iter().filter(|it| it.answers.contains(&goal.name)).count();
            assert_eq!(runs, 1, "{}", goal.name);
        }
    }

    #[test]
    fn an_unknown_goal_is_answered_with_the_known_ones() {
        assert_eq!(chosen(&["p7".to_owned()]).unwrap()[0].name, "P7");
        assert!(chosen(&["P99".to_owned()]).err().unwrap().to_string().contains("P12"));
    }
}
