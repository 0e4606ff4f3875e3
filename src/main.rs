//! `livret`: a table of contents; every command lives in the library.

use std::process::ExitCode;

use livret::StartError;
use livret::cli::Command;
use livret::{attest, backup, bootstrap, doctor, key, migrate, restore, serve, verify};

fn main() -> ExitCode {
    let cli = match livret::typed::read(std::env::args_os()) {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    let (quiet, form) = cli.command.logs();
    livret::logs::start(quiet, form);
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return livret::cli::failed(&livret::StartError::File { what: "le programme", source: error }),
    };
    let outcome: Result<ExitCode, StartError> = runtime.block_on(async {
        match cli.command {
            Command::Serve(options) => serve::run(options, serve::ALL).await,
            Command::Issuer(options) => serve::run(options, &[serve::HouseName::Issuer]).await,
            Command::Wallet(options) => serve::run(options, &[serve::HouseName::Wallet]).await,
            Command::Verifier(options) => serve::run(options, &[serve::HouseName::Verifier]).await,
            Command::JobNormandie(options) => serve::run(options, &[serve::HouseName::JobNormandie]).await,
            Command::Migrate(options) => migrate::run(options).await,
            Command::Doctor(args) => doctor::run(args).await,
            Command::Backup(args) => backup::run(args).await,
            Command::Restore(args) => restore::run(args).await,
            Command::Key(args) => key::run(args).await,
            Command::Bootstrap(what) => bootstrap::run(what).await,
            Command::Attest(args) => return Ok(attest::run(args).await),
            Command::Verify(args) => return Ok(verify::run(args).await),
        }
        .map(|()| ExitCode::SUCCESS)
    });
    match outcome {
        Ok(code) => code,
        Err(error) => livret::cli::failed(&error),
    }
}
