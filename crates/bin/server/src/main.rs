//! The composition root of Gitlodge: it reads the settings, wires the rooms,
//! and runs one of the commands.

mod admin;
mod admin_keys;
mod audit;
mod background;
mod backup;
mod checkpoints;
mod cli;
mod courses;
mod demo;
mod doctor;
mod hosts;
mod intake_worker;
mod job_worker;
mod keys;
mod print;
mod reference;
mod serve;
mod settings;
mod telemetry;
mod upkeep;
mod wire;
mod worker;

use std::process::ExitCode;

use clap::Parser as _;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let command = cli::Cli::parse().command;
    // One provider of cryptography for every TLS connection.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    match run(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            print::error(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(command: cli::Command) -> anyhow::Result<()> {
    match command {
        cli::Command::Serve(options) => serve::run(*options),
        cli::Command::Migrate(options) => admin::migrate(&options),
        cli::Command::Admin(command) => admin::run(command),
        cli::Command::AdminKey(command) => admin_keys::run(command),
        cli::Command::Audit(command) => audit::run(command),
        cli::Command::Keys(command) => keys::run(command),
        cli::Command::Backup(command) => backup::run(command),
        cli::Command::Doctor(options) => doctor::run(&options),
        cli::Command::Openapi => reference::openapi(),
        cli::Command::Docs { page: cli::DocsPage::Errors } => {
            print::text(&lodge_http_api::problem::codes::reference())
        }
    }
}
