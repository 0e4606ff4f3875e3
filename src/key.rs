//! `livret key`: the signing keys of organisations, seen and replaced from the command line.

use std::time::Duration;

use clap::{Args, Subcommand};
use issuer::Issuer;
use issuer::keys::rotation::{self, MARGIN, Start};
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
        let mut ends: Vec<(String, Vec<Option<OffsetDateTime>>)> = Vec::new();
        for key in issuer::keys::rows::of(&house.db, organisation.organisation_id).await? {
            of_kind(&mut ends, "Ed25519").push(key.retired_at);
        }
        for key in issuer::keys::jose::rows::of(&house.db, organisation.organisation_id).await? {
            of_kind(&mut ends, &key.algorithm).push(key.retired_at);
        }
        for (kind, ends) in ends {
            for words in standing(&ends, house.clock.now()) {
                println!("          {kind:7}  {words}");
            }
        }
    }
    Ok(())
}

fn of_kind<'a, T>(all: &'a mut Vec<(String, Vec<T>)>, kind: &str) -> &'a mut Vec<T> {
    let place = all.iter().position(|(known, _)| known == kind).unwrap_or_else(|| {
        all.push((kind.to_owned(), Vec::new()));
        all.len() - 1
    });
    &mut all[place].1
}

/// What each key of one kind does now, by its end: one signs, one may wait for its turn, the others have ended.
fn standing(ends: &[Option<OffsetDateTime>], now: OffsetDateTime) -> Vec<String> {
    let lives = |end: &&Option<OffsetDateTime>| end.is_none_or(|end| end > now + MARGIN);
    // The one that ends first; the newest has no end.
    let signs = ends.iter().filter(lives).min_by_key(|end| (end.is_none(), **end)).copied();
    let say = |end: &Option<OffsetDateTime>| match (end, signs) {
        (end, Some(signs)) if *end == signs => match end {
            Some(end) => format!("signe maintenant, jusqu’au {}", at(*end)),
            None => "signe maintenant".to_owned(),
        },
        (None, Some(Some(before))) => format!("annoncée, signera à partir du {}", at(before)),
        (Some(end), _) => format!("ne signe plus, terminée le {}", at(*end)),
        (None, _) => "ne signe pas".to_owned(),
    };
    ends.iter().map(say).collect()
}

fn at(moment: OffsetDateTime) -> String {
    moment.format(&Rfc3339).unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn one_key_of_a_kind_signs_now_and_it_is_said_which() {
        let now = datetime!(2026-11-25 9:00 UTC);
        let (past, soon) = (Some(datetime!(2026-11-01 8:00 UTC)), Some(datetime!(2026-11-25 9:03 UTC)));
        assert_eq!(standing(&[None], now), ["signe maintenant"]);
        assert_eq!(
            standing(&[past, None], now),
            ["ne signe plus, terminée le 2026-11-01T08:00:00Z", "signe maintenant"]
        );
        assert_eq!(
            standing(&[past, soon, None], now),
            [
                "ne signe plus, terminée le 2026-11-01T08:00:00Z",
                "signe maintenant, jusqu’au 2026-11-25T09:03:00Z",
                "annoncée, signera à partir du 2026-11-25T09:03:00Z",
            ]
        );
        // As the signer does: it leaves a key some seconds before its end.
        assert_eq!(standing(&[soon, None], datetime!(2026-11-25 9:02:55 UTC))[1], "signe maintenant");
    }
}
