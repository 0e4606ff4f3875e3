//! Logs: a sentence and its fields on standard error. `RUST_LOG` chooses how much.

use tracing_subscriber::EnvFilter;

/// Starts logging once; a second call changes nothing.
pub fn start() {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,hyper=warn,rustls=warn"));
    let _already =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).try_init();
}
