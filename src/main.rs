//! `livret`: a table of contents; every command lives in the library.

use std::process::ExitCode;

use clap::Parser;
use livret::cli::{Cli, Command};
use livret::{bootstrap, doctor, migrate, serve};

fn main() -> ExitCode {
    let cli = Cli::parse();
    livret::logs::start(matches!(&cli.command, Command::Serve(options) if options.demo));
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return livret::cli::failed(&error),
    };
    let outcome = runtime.block_on(async {
        match cli.command {
            Command::Serve(options) => serve::run(options, serve::ALL).await,
            Command::Issuer(options) => serve::run(options, &[serve::HouseName::Issuer]).await,
            Command::Wallet(options) => serve::run(options, &[serve::HouseName::Wallet]).await,
            Command::Verifier(options) => serve::run(options, &[serve::HouseName::Verifier]).await,
            Command::JobNormandie(options) => serve::run(options, &[serve::HouseName::JobNormandie]).await,
            Command::Migrate(options) => migrate::run(options).await,
            Command::Doctor(options) => doctor::run(options).await,
            Command::Bootstrap(what) => bootstrap::run(what).await,
        }
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => livret::cli::failed(&error),
    }
}
