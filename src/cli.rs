//! The command line: what can be asked of `livret`, in words.

use std::error::Error;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::attest::AttestArgs;
use crate::backup::BackupArgs;
use crate::config::Options;
use crate::doctor::DoctorArgs;
use crate::key::{Key, KeyArgs};
use crate::logs::LogForm;
use crate::restore::RestoreArgs;
use crate::said;
use crate::verify::VerifyArgs;

/// Attester, garder, vérifier et rendre utiles les compétences.
#[derive(Debug, Parser)]
#[command(name = "livret", version, about, disable_help_subcommand = true)]
pub struct Cli {
    /// Ce qu’il faut faire.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Les quatre maisons dans un seul programme (avec --demo : une démonstration à essayer).
    Serve(Options),
    /// La maison des organismes de formation, seule.
    Issuer(Options),
    /// La maison des stagiaires (le livret), seule.
    Wallet(Options),
    /// La maison de qui vérifie, seule.
    Verifier(Options),
    /// La maison des entreprises, seule.
    JobNormandie(Options),
    /// Met la base de données à jour, puis s’arrête.
    Migrate(Options),
    /// Regarde la configuration et dit ce qu’il faut réparer.
    Doctor(DoctorArgs),
    /// Sauvegarde la base dans un fichier, pendant que le programme tourne.
    Backup(BackupArgs),
    /// Remet une sauvegarde dans une base vide, puis vérifie chaque badge.
    Restore(RestoreArgs),
    /// Les clés de signature des organismes : les voir, les remplacer.
    Key(KeyArgs),
    /// Vérifie un badge : un fichier, une adresse ou l’entrée standard. Répond 0 (bon), 1 (refusé) ou 2 (pas pu vérifier).
    Verify(VerifyArgs),
    /// Atteste les lignes d’un fichier. Répond 0 (toutes), 1 (certaines sont laissées de côté) ou 2 (rien n’a pu être fait).
    Attest(AttestArgs),
    /// Les premières personnes : un agent de la Région, un organisme, un formateur.
    Bootstrap(BootstrapArgs),
}

impl Command {
    /// What was given on the command line of that command; `None` for those that need no instance.
    pub const fn options(&self) -> Option<&Options> {
        Some(match self {
            Self::Serve(options)
            | Self::Issuer(options)
            | Self::Wallet(options)
            | Self::Verifier(options)
            | Self::JobNormandie(options)
            | Self::Migrate(options)
            | Self::Key(KeyArgs { what: Key::List { options } | Key::Rotate { options, .. } }) => options,
            Self::Doctor(args) => &args.options,
            Self::Backup(args) => &args.options,
            Self::Restore(args) => &args.options,
            Self::Bootstrap(args) => match &args.what {
                Bootstrap::Officer { options, .. }
                | Bootstrap::Organisation { options, .. }
                | Bootstrap::Trainer { options, .. } => options,
            },
            Self::Attest(args) => &args.options,
            Self::Verify(_) => return None,
        })
    }

    /// How logs begin: only what goes wrong in a demonstration and beside an answer, and in which form.
    pub fn logs(&self) -> (bool, LogForm) {
        let given = self.options().cloned().unwrap_or_default();
        let serves = matches!(
            self,
            Self::Serve(_) | Self::Issuer(_) | Self::Wallet(_) | Self::Verifier(_) | Self::JobNormandie(_)
        );
        // A file that cannot be read is said by the command itself.
        let form = given.log.or_else(|| given.clone().with_file().ok().and_then(|file| file.log));
        (given.demo || !serves, form.unwrap_or_default())
    }
}

/// `livret bootstrap …`
#[derive(Debug, Args)]
pub struct BootstrapArgs {
    /// Who is made.
    #[command(subcommand)]
    pub what: Bootstrap,
}

/// Who `bootstrap` makes.
#[derive(Debug, Subcommand)]
pub enum Bootstrap {
    /// Un agent de la Région, qui habilite les organismes.
    Officer {
        /// Son adresse électronique.
        #[arg(long)]
        email: String,
        /// Son prénom et son nom.
        #[arg(long)]
        name: String,
        /// The database and the rest.
        #[command(flatten)]
        options: Options,
    },
    /// Un organisme de formation, habilité aussitôt.
    Organisation {
        /// Son nom.
        #[arg(long)]
        name: String,
        /// Son nom court, sur le bord des badges (45 signes au plus).
        #[arg(long)]
        short_name: Option<String>,
        /// Sa commune.
        #[arg(long)]
        town: String,
        /// Son numéro SIRET (14 chiffres).
        #[arg(long)]
        siret: String,
        /// The database and the rest.
        #[command(flatten)]
        options: Options,
    },
    /// Une formatrice ou un formateur d’un organisme.
    Trainer {
        /// L’identifiant de l’organisme, écrit par `bootstrap organisation`.
        #[arg(long)]
        organisation: String,
        /// Son adresse électronique.
        #[arg(long)]
        email: String,
        /// Son prénom et son nom.
        #[arg(long)]
        name: String,
        /// Peut ajouter des membres à l’organisme.
        #[arg(long)]
        referent: bool,
        /// The database and the rest.
        #[command(flatten)]
        options: Options,
    },
}

/// Prints a failure in one line, what the database said of it on another, and gives the exit code.
pub fn failed(error: &(dyn Error + 'static)) -> ExitCode {
    eprintln!("livret : {error}");
    if let Some(cause) = said::cause(error) {
        eprintln!("Cause : {cause}");
    }
    ExitCode::FAILURE
}
