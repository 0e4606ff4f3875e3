//! Logs: a sentence and its fields on standard error. `RUST_LOG` chooses how much.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// Starts logging once; a second call changes nothing. A demonstration only says what goes wrong, so that the address
/// to open is not lost among requests.
pub fn start(demo: bool) {
    let usual = if demo { "warn" } else { "info,sqlx=warn,hyper=warn,rustls=warn" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    let _already = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .with_target(false)
        .try_init();
}
