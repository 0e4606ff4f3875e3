//! `livret key`: the signing keys of organisations, seen and replaced from the command line.

use std::time::Duration;

use clap::{Args, Subcommand};
use issuer::Issuer;
use issuer::keys::rotation::{self, Start};
use issuer::organisations::{OpaqueId, Organisation, rows};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::bootstrap::house;
use crate::config::Options;
use crate::{StartError, verify};

/// `livret key …`
#[derive(Debug, Args)]
pub struct KeyArgs {
    /// What is done.
    #[command(subcommand)]
    pub what: Key,
}

/// What `key` does.
#[derive(Debug, Subcommand)]
pub enum Key {
    /// Les organismes, leur identifiant et leurs clés.
    List {
        /// The database and the rest.
        #[command(flatten)]
        options: Options,
    },
    /// Remplace les clés : les nouvelles signent trois minutes après, les anciennes restent publiées et leurs badges authentiques.
    Rotate {
        /// L’identifiant d’un organisme (voir `livret key list`).
        #[arg(long, required_unless_present = "all", conflicts_with = "all")]
        organisation: Option<String>,
        /// Tous les organismes, et la Région.
        #[arg(long)]
        all: bool,
        /// Ne remplace que les clés plus anciennes que ce moment [défaut : il y a une heure, pour qu’une commande
        /// interrompue puisse être relancée sans rien faire deux fois].
        #[arg(long, value_name = "MOMENT", value_parser = verify::moment)]
        before: Option<OffsetDateTime>,
        /// La clé actuelle est entre de mauvaises mains : la nouvelle signe tout de suite.
        #[arg(long)]
        at_once: bool,
        /// The database and the rest.
        #[command(flatten)]
        options: Options,
    },
}

/// A key drawn in the last hour is not replaced by a command that is run again.
const FRESH: Duration = Duration::from_secs(3600);

/// Does it and says what was done.
///
/// # Errors
/// In French, what was refused and why.
pub async fn run(args: KeyArgs) -> Result<(), StartError> {
    match args.what {
        Key::List { options } => list(&house(options).await?).await,
        Key::Rotate { organisation, before, at_once, options, .. } => {
            let house = house(options).await?;
            let chosen = chosen(&house, organisation.as_deref()).await?;
            // A key in the wrong hands is replaced however young it is, and so is one that waits to sign.
            let now = house.clock.now();
            let before = before.unwrap_or(if at_once { now + FRESH } else { now - FRESH });
            rotate(&house, &chosen, before, if at_once { Start::AtOnce } else { Start::Announced }).await
        }
    }
}

async fn list(house: &Issuer) -> Result<(), StartError> {
    for organisation in everybody(house).await? {
        println!("{}  {}", organisation.opaque, organisation.name);
        for key in issuer::keys::rows::of(&house.db, organisation.organisation_id).await? {
            println!("          Ed25519  {}", until(key.retired_at));
        }
        for key in issuer::keys::jose::rows::of(&house.db, organisation.organisation_id).await? {
            println!("          {:7}  {}", key.algorithm, until(key.retired_at));
        }
    }
    Ok(())
}

fn until(end: Option<OffsetDateTime>) -> String {
    match end {
        Some(end) => format!("jusqu’au {}", end.format(&Rfc3339).unwrap_or_default()),
        None => "la plus récente".into(),
    }
}

async fn rotate(
    house: &Issuer,
    organisations: &[Organisation],
    before: OffsetDateTime,
    start: Start,
) -> Result<(), StartError> {
    let mut replaced = false;
    for organisation in organisations {
        let done = rotation::rotate(house, organisation.organisation_id, before, start).await.map_err(|_| {
            StartError::Refused(format!("{} : les clés n’ont pas pu être remplacées.", organisation.opaque))
        })?;
        if done.replaced.is_empty() {
            println!("{} : rien à remplacer, ses clés sont plus récentes.", organisation.opaque);
        } else {
            replaced = true;
            println!(
                "{} : clés remplacées : {} ; les nouvelles signent à partir du {}.",
                organisation.opaque,
                done.replaced.join(", "),
                done.signs_from.format(&Rfc3339).unwrap_or_default()
            );
        }
    }
    if replaced {
        println!("Faites une sauvegarde maintenant : l’ancienne ne connaît pas les nouvelles clés.");
    }
    Ok(())
}

/// The organisation of that public id, or all of them.
async fn chosen(house: &Issuer, organisation: Option<&str>) -> Result<Vec<Organisation>, StartError> {
    let Some(id) = organisation else { return everybody(house).await };
    let found = match OpaqueId::parse(id) {
        Some(opaque) => rows::by_opaque(&house.db, &opaque).await?,
        None => None,
    };
    found.map(|one| vec![one]).ok_or_else(|| {
        StartError::Refused(format!("aucun organisme n’a l’identifiant « {id} » : voyez `livret key list`."))
    })
}

/// The Région first.
async fn everybody(house: &Issuer) -> Result<Vec<Organisation>, StartError> {
    let mut all: Vec<Organisation> = rows::region(&house.db).await?.into_iter().collect();
    all.extend(rows::all(&house.db).await?);
    Ok(all)
}
