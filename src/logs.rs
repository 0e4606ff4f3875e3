//! Logs: a sentence and its fields on standard error, for people or as lines of JSON. `RUST_LOG` chooses how much.
//!
//! Names, addresses, codes and links stay out of them, whatever the form (`tests/logs.rs` walks and looks).

use std::io::IsTerminal;

use clap::ValueEnum;
use serde::Deserialize;
use tracing_subscriber::EnvFilter;

/// How a line of the log is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogForm {
    /// For people.
    #[default]
    Text,
    /// One JSON object per line.
    Json,
}

/// The exit code of a program whose reader went away, as a shell says it (128 and SIGPIPE).
const NOBODY_READS: i32 = 141;

/// Starts logging once; a second call changes nothing. `quiet` only says what goes wrong: in a demonstration the address to
/// open is not lost among requests, and the answer of a command not among its steps, nor among remarks of the database.
pub fn start(quiet: bool, form: LogForm) {
    let usual = if quiet { "warn,sqlx=error" } else { "info,sqlx=warn,hyper=warn,rustls=warn" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    let _already = match form {
        LogForm::Text => lines.with_ansi(std::io::stderr().is_terminal()).try_init(),
        LogForm::Json => lines.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init(),
    };
    // The words of a panic may hold anything: where it was is enough to find it.
    std::panic::set_hook(Box::new(|panic| {
        // Whoever reads the answer has heard enough: `livret key list | head -1`.
        if panic.payload().downcast_ref::<String>().is_some_and(|words| words.starts_with("failed printing to stdout"))
        {
            std::process::exit(NOBODY_READS);
        }
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(panic.location = %place, "a part of the program panicked");
    }));
}
