//! Everything a change must pass, and everything that is made from the code.
//!
//! Reading order: [`ci`] (the steps), [`suite`] (the tests and their database),
//! [`browser`] (what people see), [`layers`] and [`tidy`] (what the compiler
//! cannot see), [`codegen`], [`mod@bench`], [`conformance`].

mod bench;
mod browser;
mod ci;
mod codegen;
mod conformance;
mod debian;
mod deny;
mod layers;
mod postgres;
mod programs;
mod run;
mod scratch;
mod suite;
mod terminal;
mod tidy;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{terminal::complain, workspace::Workspace};

/// Tasks around Gitlodge's code.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run every test against the embedded store and a throw-away PostgreSQL.
    Test {
        /// Passed on to the test runner, for example `-p lodge-store`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        runner: Vec<String>,
    },
    /// Walk through the pages in a real browser, and let unmodified clients of
    /// OAuth and of streams in, against the real binary.
    Browser {
        /// Files of `tests/browser`, for example `frame.test.js`; all when absent.
        files: Vec<String>,
    },
    /// Write a picture of every page, in both themes, for a phone and a desk, to
    /// `target/screenshots`.
    Screenshots {
        /// Only pages whose name has one of these words.
        words: Vec<String>,
    },
    /// Run everything that a change must pass, in order, and stop at the first refusal.
    Ci,
    /// Check that crates use only the rings inside their own.
    CheckLayers,
    /// Check the rules of the house that the compiler does not see.
    Tidy,
    /// Write what is made from the code: OpenAPI, errors, the table of crates.
    Codegen {
        /// Only compare with what is committed.
        #[arg(long)]
        check: bool,
    },
    /// Measure the goals of speed: ratios taken in one run, one line each.
    Bench(bench::Options),
    /// Prove every Git host against simulators and recordings, and write what was proved.
    Conformance(conformance::Options),
}

fn main() -> ExitCode {
    match perform(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> anyhow::Result<()> {
    let workspace = Workspace::read()?;
    match task {
        Task::Test { runner } => suite::test(&workspace, &runner),
        Task::Browser { files } => browser::test(&workspace, &files),
        Task::Screenshots { words } => browser::screenshots(&workspace, &words),
        Task::Ci => ci::check_everything(&workspace),
        Task::CheckLayers => layers::check(&workspace),
        Task::Tidy => tidy::check(&workspace),
        Task::Conformance(options) => conformance::prove(&workspace, &options),
        Task::Bench(options) => bench::bench(&workspace, &options),
        Task::Codegen { check } => codegen::codegen(&workspace, check),
    }
}
