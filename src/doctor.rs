//! `livret doctor`: looks at the configuration and at what it leads to, and says what to mend.
//!
//! It changes nothing: a folder is tried by a file that is made and removed at once.

mod database;
mod files;
mod finding;
mod house;
mod settings;

use std::io::{self, Write};

use clap::Args;
use serde_json::json;
use store::Clock;

use crate::StartError;
use crate::config::Options;

pub use finding::{Code, Finding, Level};

/// What `livret doctor` is asked.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Écrit les constats en JSON, avec leurs codes stables.
    #[arg(long)]
    pub json: bool,
    /// Va aussi voir l’adresse publique, comme un visiteur : mandataire, nom, certificat.
    #[arg(long)]
    pub online: bool,
    /// Place libre en dessous de laquelle le disque est dit plein, en Mio.
    #[arg(long, value_name = "MIO", default_value_t = 512)]
    pub min_free: u64,
    /// What is looked at.
    #[command(flatten)]
    pub options: Options,
}

/// Prints every finding; no secret, no name.
///
/// # Errors
/// When something must be mended.
pub async fn run(args: DoctorArgs) -> Result<(), StartError> {
    let findings = examine(&args, &Clock::system()).await;
    let text = if args.json { as_json(&findings) } else { as_words(&findings) };
    // Nobody hears: the exit code still tells.
    let _closed = io::stdout().lock().write_all(text.as_bytes());
    match findings.iter().filter(|finding| finding.level == Level::ToMend).count() {
        0 => Ok(()),
        to_mend => Err(StartError::ToMend(to_mend)),
    }
}

/// Every finding, in the order in which things are started.
pub async fn examine(args: &DoctorArgs, clock: &Clock) -> Vec<Finding> {
    let options = match args.options.clone().with_file() {
        Ok(options) => options,
        Err(error) => {
            return vec![Finding::to_mend(
                Code::ConfigurationUnreadable,
                format!("configuration : {error}."),
                "Corrigez cette ligne, ou donnez un autre fichier par --config.",
            )];
        }
    };
    let mut findings = vec![settings::origin(&options)];
    findings.extend(settings::proxies(&options));
    findings.push(settings::listening(&options).await);
    findings.extend(settings::peers(&options));
    findings.extend(files::examine(&options, args.min_free));
    if let Some(db) = database::examine(&options, clock, &mut findings).await {
        house::examine(&db, &options, clock, &mut findings).await;
        db.close().await;
    }
    findings.push(settings::letters(&options).await);
    if args.online {
        findings.push(settings::public_page(&options).await);
    }
    findings
}

fn as_words(findings: &[Finding]) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for finding in findings {
        let level = match finding.level {
            Level::Good => "bon      ",
            Level::Notice => "à savoir ",
            Level::ToMend => "à réparer",
        };
        let _infallible = writeln!(text, "{level}  {}", finding.said);
        if !finding.todo.is_empty() {
            let _infallible = writeln!(text, "           → {}  [{}]", finding.todo, finding.code.as_str());
        }
    }
    text
}

fn as_json(findings: &[Finding]) -> String {
    let all: Vec<_> = findings
        .iter()
        .map(|finding| {
            json!({
                "level": finding.level.as_str(),
                "code": finding.code.as_str(),
                "said": finding.said,
                "todo": finding.todo,
            })
        })
        .collect();
    format!("{:#}\n", json!({ "findings": all }))
}
