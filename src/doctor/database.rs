//! The database: whether it answers, whose tables it has, and the master key that goes with it.

use store::{Clock, Db, Vault, VaultError};

use super::finding::{Code, Finding};
use crate::backup::{existing_key, sqlite_path};
use crate::config::Options;
use crate::{said, signed};

/// How far two clocks may be apart.
const APART: time::Duration = time::Duration::minutes(2);

/// The database when it has the tables of this program, so that more can be asked of it.
pub(super) async fn examine(options: &Options, clock: &Clock, findings: &mut Vec<Finding>) -> Option<Db> {
    let url = options.database();
    if let Some(path) = sqlite_path(url)
        && !path.exists()
    {
        findings.push(Finding::notice(
            Code::DatabaseMissing,
            format!("base : {} n’existe pas encore.", path.display()),
            "Elle sera créée au premier démarrage ; si elle devrait exister, vérifiez --database et le dossier courant.",
        ));
        return None;
    }
    if url.starts_with("postgres") && matches!(Vault::from_env(), Ok(None)) {
        findings.push(missing_key("LIVRET_MASTER_KEY n’est pas donnée"));
    }
    let db = match Db::open(url).await {
        Ok(db) => db,
        Err(error) if error.is_damage() => {
            findings.push(damaged(&said::store(&error)));
            return None;
        }
        Err(error) => {
            findings.push(Finding::to_mend(
                Code::DatabaseUnreachable,
                format!("base : elle ne s’ouvre pas ({}).", said::store(&error)),
                "Vérifiez --database, que le serveur répond et que ce compte y entre (`psql` avec la même adresse).",
            ));
            return None;
        }
    };
    if let Ok(Some(damage)) = db.damage().await {
        findings.push(damaged(&damage));
        return None;
    }
    let current = match store::migrations::state(&db).await {
        Ok(state) if state.database == state.program => {
            findings.push(Finding::good(Code::Database, format!("base : à jour (version {})", state.database)));
            true
        }
        Ok(state) if state.database < state.program => {
            findings.push(Finding::to_mend(
                Code::MigrationsMissing,
                format!("base : version {}, le programme attend {}.", state.database, state.program),
                "Faites une sauvegarde (`livret backup`), puis lancez `livret migrate`.",
            ));
            false
        }
        Ok(state) => {
            findings.push(Finding::to_mend(
                Code::DatabaseNewer,
                format!("base : version {}, plus récente que le programme ({}).", state.database, state.program),
                "Installez le livret qui a fait cette base, ou un plus récent.",
            ));
            false
        }
        Err(error) => {
            findings.push(Finding::to_mend(
                Code::DatabaseUnreachable,
                format!("base : illisible ({}).", said::store(&error)),
                "Vérifiez que --database est bien une base de livret.",
            ));
            false
        }
    };
    if !current {
        db.close().await;
        return None;
    }
    master_key(&db, findings).await;
    clocks(&db, clock, findings).await;
    Some(db)
}

fn damaged(words: &str) -> Finding {
    Finding::to_mend(
        Code::DatabaseDamaged,
        format!("base : le fichier est abîmé ({words})."),
        "Arrêtez livret, copiez le fichier tel quel, puis remettez la dernière sauvegarde : `livret restore`.",
    )
}

fn missing_key(why: &str) -> Finding {
    Finding::to_mend(
        Code::MasterKeyMissing,
        format!("clé maîtresse : {why}. Sans elle, les clés des organismes ne s’ouvrent pas."),
        "Remettez la copie que vous avez gardée à sa place, ou donnez-la dans LIVRET_MASTER_KEY.",
    )
}

async fn master_key(db: &Db, findings: &mut Vec<Finding>) {
    let vault = match existing_key(db) {
        Ok(vault) => vault,
        // Said before the database was opened.
        Err(store::StoreError::Vault(VaultError::Missing)) => return,
        Err(store::StoreError::Vault(VaultError::File(error))) if error.kind() == std::io::ErrorKind::NotFound => {
            findings.push(missing_key("son fichier manque"));
            return;
        }
        Err(error) => {
            findings.push(Finding::to_mend(
                Code::MasterKeyUnreadable,
                format!("clé maîtresse : elle ne se lit pas ({}).", said::store(&error)),
                "Remettez la copie que vous avez gardée : 32 octets en base64, lisibles par l’utilisateur de livret.",
            ));
            return;
        }
    };
    findings.push(match vault.matches(db).await {
        Ok(Some(true)) => Finding::good(Code::MasterKey, "clé maîtresse : c’est celle de cette base"),
        Ok(None) => Finding::notice(
            Code::MasterKey,
            "clé maîtresse : cette base n’en connaît pas encore.",
            "Le premier démarrage la notera ; gardez-en une copie ailleurs.",
        ),
        Ok(Some(false)) => Finding::to_mend(
            Code::MasterKeyWrong,
            "clé maîtresse : ce n’est pas celle de cette base.",
            "Remettez la bonne (celle gardée avec la sauvegarde de cette base) ; n’en créez pas une autre.",
        ),
        Err(error) => Finding::to_mend(
            Code::MasterKeyUnreadable,
            format!("clé maîtresse : {}.", said::store(&error)),
            "Vérifiez que la base répond.",
        ),
    });
}

/// Compares with the server's clock, and with the latest signature: time does not go back.
async fn clocks(db: &Db, clock: &Clock, findings: &mut Vec<Finding>) {
    let now = clock.now();
    let todo = "Mettez la machine à l’heure (`timedatectl set-ntp true`) : un badge signé à une fausse heure le reste.";
    if let Ok(Some(theirs)) = db.server_time().await
        && (theirs - now).abs() > APART
    {
        let minutes = (theirs - now).whole_minutes();
        findings.push(Finding::to_mend(
            Code::ClockOff,
            format!("horloge : celle de la base et celle de cette machine diffèrent de {minutes} minutes."),
            todo,
        ));
        return;
    }
    if let Ok(Some(latest)) = signed::latest(db).await
        && latest - now > APART
    {
        let minutes = (latest - now).whole_minutes();
        findings.push(Finding::to_mend(
            Code::ClockOff,
            format!("horloge : cette machine a {minutes} minutes de retard sur la dernière signature."),
            todo,
        ));
        return;
    }
    findings.push(Finding::good(Code::Clock, "horloge : en accord avec la base"));
}
