//! Everything that a change must pass, cheapest first.

use std::time::Instant;

use anyhow::Context;

use crate::{
    browser, codegen, deny, layers,
    run::{cargo, run},
    suite,
    terminal::{note, say},
    tidy,
    workspace::Workspace,
};

/// One thing that a change must pass.
struct Step {
    name: &'static str,
    check: fn(&Workspace) -> anyhow::Result<()>,
}

#[rustfmt::skip]
const STEPS: &[Step] = &[
    Step { name: "fmt",          check: |it| with_cargo(it, &["fmt", "--all", "--check"], &[]) },
    Step { name: "check-layers", check: layers::check },
    Step { name: "tidy",         check: tidy::check },
    Step { name: "clippy",       check: |it| with_cargo(it, &["clippy", "--locked", "--workspace", "--lib", "--bins", "--examples", "--tests", "--", "-D", "warnings"], &[]) },
    Step { name: "doc",          check: |it| with_cargo(it, &["doc", "--locked", "--workspace", "--no-deps"], &[("RUSTDOCFLAGS", "-D warnings")]) },
    Step { name: "codegen",      check: |it| codegen::codegen(it, true) },
    Step { name: "deny",         check: deny::check },
    Step { name: "browser",      check: |it| browser::test(it, &[]) },
    Step { name: "test",         check: |it| suite::test(it, &[]) },
];

/// Runs every step and stops at the first that refuses.
///
/// # Errors
///
/// What the refusing step says, with its name.
pub(crate) fn check_everything(workspace: &Workspace) -> anyhow::Result<()> {
    let started = Instant::now();
    let mut times = Vec::new();
    for step in STEPS {
        note(&format!("── {}", step.name));
        let began = Instant::now();
        (step.check)(workspace)
            .with_context(|| format!("the step `{}` refuses this change", step.name))?;
        times.push(format!("{} {:.1} s", step.name, began.elapsed().as_secs_f64()));
    }
    say(&format!("{}\nall passed in {:.0} s", times.join(" · "), started.elapsed().as_secs_f64()));
    Ok(())
}

/// The names of the steps: what an invariant may say it is kept by.
pub(crate) fn step_names() -> impl Iterator<Item = &'static str> {
    STEPS.iter().map(|it| it.name)
}

fn with_cargo(
    workspace: &Workspace,
    arguments: &[&str],
    environment: &[(&str, &str)],
) -> anyhow::Result<()> {
    let mut command = cargo();
    command.current_dir(&workspace.root).args(arguments).envs(environment.iter().copied());
    run(&mut command)
}
