//! `livret verify`: judges one badge, wherever it stands, and says so in words and by its exit code.

mod input;
mod print;
mod said;

use std::io::{self, Write};
use std::process::ExitCode;

use checks::{Inquiry, Policy, Report, Standard, Verdict};
use clap::Args;
use fetch::{Door, DoorSettings, NamedOrigin, gather};
use time::OffsetDateTime;
use time::format_description::well_known::{Iso8601, Rfc3339};

pub use input::{InputFault, LARGEST};
pub use print::Language;

/// What `livret verify` is asked.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Le badge : un fichier (JSON, JWT, PNG, SVG, PDF), une adresse https, ou `-` pour l’entrée standard.
    #[arg(value_name = "FICHIER|ADRESSE|-")]
    pub badge: String,
    /// Écrit le rapport en JSON, avec ses codes stables.
    #[arg(long)]
    pub json: bool,
    /// Juge à ce moment : une date (jusqu’à sa fin, UTC) ou un instant RFC 3339. Un retrait reste celui d’aujourd’hui.
    #[arg(long, value_name = "MOMENT", value_parser = moment_of_verdict)]
    pub at: Option<OffsetDateTime>,
    /// Demande si le badge est à cette adresse électronique.
    #[arg(long, value_name = "COURRIEL")]
    pub recipient: Option<String>,
    /// La question à laquelle une présentation doit répondre (`challenge`, ou `nonce` d’un jeton) : une autre est refusée.
    #[arg(long, value_name = "QUESTION")]
    pub challenge: Option<String>,
    /// Pour qui une présentation doit être signée (`domain`, ou `aud` d’un jeton), d’ordinaire une origine.
    #[arg(long, value_name = "DOMAINE")]
    pub domain: Option<String>,
    /// Le registre de confiance qui doit répondre de l’émetteur (`https://…/registre.json`).
    #[arg(long, value_name = "ADRESSE")]
    pub register: Option<String>,
    /// Une origine atteinte telle quelle, même en http ou sur une adresse privée (répétable).
    #[arg(long, value_name = "ORIGINE", value_parser = named_origin)]
    pub allow_origin: Vec<NamedOrigin>,
    /// La langue de la réponse.
    #[arg(long, value_enum, default_value_t = Language::Fr)]
    pub lang: Language,
}

/// Judges, prints, and answers 0 for a valid badge, 1 for a refused one, 2 for what could not be checked.
pub async fn run(args: VerifyArgs) -> ExitCode {
    let inquiry = match open(&args) {
        Ok(inquiry) => inquiry,
        Err(fault) => {
            eprintln!("livret verify : {}", fault.said(args.lang));
            return ExitCode::from(COULD_NOT_CHECK);
        }
    };
    let door = Door::new(DoorSettings { named: args.allow_origin.clone(), ..DoorSettings::default() });
    let report = gather::finish(inquiry, &door, args.register.as_deref().unwrap_or_default()).await;
    let text = if args.json { print::json(&report) } else { print::words(&report, &args, &door.refused()) };
    match io::stdout().lock().write_all(text.as_bytes()) {
        // What was asked about a presentation does not hold of what is none.
        Ok(()) if exit_code(&report) == VALID && asked_in_vain(&report, &args) => ExitCode::from(COULD_NOT_CHECK),
        Ok(()) => ExitCode::from(exit_code(&report)),
        // Nobody heard the answer.
        Err(_) => ExitCode::from(COULD_NOT_CHECK),
    }
}

const VALID: u8 = 0;
const REFUSED: u8 = 1;
const COULD_NOT_CHECK: u8 = 2;

/// Of a collection, its least good badge decides.
fn exit_code(report: &Report) -> u8 {
    if said::is_of_another(report) {
        return REFUSED;
    }
    match report.least() {
        Verdict::Authentic => VALID,
        Verdict::Withdrawn
        | Verdict::Suspended
        | Verdict::Expired
        | Verdict::NotYetValid
        | Verdict::Altered
        | Verdict::UnknownIssuer => REFUSED,
        Verdict::CouldNotCheck => COULD_NOT_CHECK,
    }
}

/// Whether a question was put to a presentation, and there is none.
fn asked_in_vain(report: &Report, args: &VerifyArgs) -> bool {
    let presented = report.form.is_some_and(|form| form.standard == Standard::Presentation);
    (args.challenge.is_some() || args.domain.is_some()) && !presented
}

fn open(args: &VerifyArgs) -> Result<Inquiry, InputFault> {
    let today = OffsetDateTime::now_utc();
    let now = args.at.unwrap_or(today);
    let policy = Policy { trust: args.register.is_some(), status: true };
    let mut inquiry = if input::is_address(&args.badge) {
        Inquiry::open_url(&args.badge, now, policy)
    } else {
        Inquiry::open_bytes(input::read(&args.badge)?, now, policy)
    };
    inquiry = inquiry.with_documents_of(today);
    if let Some(register) = &args.register {
        inquiry = inquiry.with_register_at(register);
    }
    if let Some(recipient) = &args.recipient {
        inquiry = inquiry.with_recipient(recipient);
    }
    if let Some(challenge) = &args.challenge {
        inquiry = inquiry.with_challenge(challenge);
    }
    if let Some(domain) = &args.domain {
        inquiry = inquiry.with_domain(domain);
    }
    Ok(inquiry)
}

fn named_origin(text: &str) -> Result<NamedOrigin, &'static str> {
    NamedOrigin::parse(text).map_err(|_| "écrivez une origine, par exemple http://localhost:8080")
}

/// An RFC 3339 instant, or a day: its last second, UTC, so that what was attested that day counts.
fn moment_of_verdict(text: &str) -> Result<OffsetDateTime, &'static str> {
    let instant = OffsetDateTime::parse(text, &Rfc3339);
    instant.or_else(|_| moment(text).map(|midnight| midnight.replace_time(time::macros::time!(23:59:59))))
}

/// An RFC 3339 instant, or a day: its first instant, UTC.
pub(crate) fn moment(text: &str) -> Result<OffsetDateTime, &'static str> {
    OffsetDateTime::parse(text, &Rfc3339)
        .or_else(|_| time::Date::parse(text, &Iso8601::DATE).map(|day| day.midnight().assume_utc()))
        .map_err(|_| "ni une date (2026-11-25) ni un instant (2026-11-25T09:00:00Z)")
}
