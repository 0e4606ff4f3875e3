//! `livret doctor`: looks at the configuration and at what it leads to, and says what to mend.

use std::time::Duration;

use store::{Db, Vault};
use url::Url;

use crate::StartError;
use crate::config::Options;

/// What was found about one thing.
#[derive(Debug, PartialEq, Eq)]
pub enum Finding {
    /// All is well.
    Good(String),
    /// Works, but should not stay so on a real instance.
    Notice(String),
    /// Must be mended; says how.
    ToMend(String),
}

/// Prints every finding, redacted.
///
/// # Errors
/// When something must be mended.
pub async fn run(options: Options) -> Result<(), StartError> {
    let options = options.with_file()?;
    let findings = examine(&options).await;
    let mut to_mend = 0;
    for finding in &findings {
        match finding {
            Finding::Good(text) => println!("bon        {text}"),
            Finding::Notice(text) => println!("à savoir   {text}"),
            Finding::ToMend(text) => {
                to_mend += 1;
                println!("à réparer  {text}");
            }
        }
    }
    if to_mend == 0 { Ok(()) } else { Err(StartError::ToMend(to_mend)) }
}

/// Every finding, in the order in which things are started. Makes nothing: no file, no table.
pub async fn examine(options: &Options) -> Vec<Finding> {
    let mut findings = vec![origin(options)];
    findings.extend(database(options).await);
    findings.push(letters(options).await);
    findings
}

fn origin(options: &Options) -> Finding {
    let Some(origin) = &options.origin else {
        return Finding::Notice(
            "origine : aucune n’est donnée, http://localhost servira. Elle est signée dans chaque badge, pour toujours : \
             avant le premier vrai badge, donnez --origin avec un nom que la Région possède."
                .into(),
        );
    };
    let Ok(parsed) = web::Origin::parse(origin) else {
        return Finding::ToMend(format!(
            "origine : « {origin} » n’est pas une origine. Écrivez par exemple https://livret.normandie.example"
        ));
    };
    if parsed.host().parse::<std::net::IpAddr>().is_ok() {
        return Finding::ToMend(
            "origine : une adresse IP ne peut pas nommer un émetteur (did:web). Donnez un nom.".into(),
        );
    }
    if parsed.host() == "localhost" {
        return Finding::Notice(
            "origine : localhost ne sert qu’à essayer ; personne d’autre ne vérifiera ces badges.".into(),
        );
    }
    if !parsed.is_https() {
        return Finding::ToMend("origine : les badges se vérifient en https. Donnez une origine https://…".into());
    }
    Finding::Good(format!("origine : {parsed} (permanente ; elle devrait appartenir à la Région)"))
}

async fn database(options: &Options) -> Vec<Finding> {
    let url = options.database();
    if let Some(path) = url.strip_prefix("sqlite:")
        && !std::path::Path::new(path).exists()
    {
        return vec![Finding::Notice(format!(
            "base : {path} n’existe pas encore ; elle sera créée au premier démarrage."
        ))];
    }
    let db = match Db::open(url).await {
        Ok(db) => db,
        Err(error) => {
            return vec![Finding::ToMend(format!(
                "base : elle ne s’ouvre pas ({error}). Vérifiez --database et que le serveur répond."
            ))];
        }
    };
    let mut findings = Vec::new();
    match store::migrations::state(&db).await {
        Ok(state) if state.database == state.program => {
            findings.push(Finding::Good(format!("base : à jour (version {})", state.database)));
        }
        Ok(state) if state.database < state.program => findings.push(Finding::ToMend(format!(
            "base : version {}, le programme attend {}. Lancez `livret migrate`.",
            state.database, state.program
        ))),
        Ok(state) => findings.push(Finding::ToMend(format!(
            "base : version {}, plus récente que le programme ({}). Installez le programme à jour.",
            state.database, state.program
        ))),
        Err(error) => findings.push(Finding::ToMend(format!("base : illisible ({error})."))),
    }
    findings.push(master_key(&db).await);
    findings
}

async fn master_key(db: &Db) -> Finding {
    let vault = match (Vault::from_env(), db) {
        (Err(error), _) => return Finding::ToMend(format!("clé maîtresse : {error}.")),
        (Ok(Some(vault)), _) => vault,
        (Ok(None), Db::Postgres(_)) => {
            return Finding::ToMend(
                "clé maîtresse : avec PostgreSQL, LIVRET_MASTER_KEY est obligatoire (openssl rand -base64 32).".into(),
            );
        }
        (Ok(None), Db::Sqlite { path, .. }) => {
            let file = path.with_extension("key");
            if !file.exists() {
                return Finding::ToMend(format!(
                    "clé maîtresse : {} manque. Remettez la copie que vous avez gardée, ou donnez LIVRET_MASTER_KEY.",
                    file.display()
                ));
            }
            match Vault::from_file(&file) {
                Ok((vault, _)) => vault,
                Err(error) => return Finding::ToMend(format!("clé maîtresse : {error}.")),
            }
        }
    };
    match vault.matches(db).await {
        Ok(Some(true)) => Finding::Good("clé maîtresse : c’est celle de cette base".into()),
        Ok(None) => Finding::Notice(
            "clé maîtresse : cette base n’en connaît pas encore ; le premier démarrage la notera.".into(),
        ),
        Ok(Some(false)) => {
            Finding::ToMend("clé maîtresse : ce n’est pas celle de cette base. Remettez la bonne.".into())
        }
        Err(error) => Finding::ToMend(format!("clé maîtresse : {error}.")),
    }
}

async fn letters(options: &Options) -> Finding {
    let Some(address) = &options.letters else {
        return Finding::Notice("courriers : ils vont dans le dossier « courriers ». Donnez --letters smtp://…".into());
    };
    if address == "memory" {
        return Finding::Notice("courriers : gardés en mémoire, personne ne les reçoit.".into());
    }
    if let Some(path) = address.strip_prefix("dir:") {
        return Finding::Notice(format!("courriers : écrits dans « {path} », personne ne les reçoit."));
    }
    let Ok(url) = Url::parse(address) else {
        return Finding::ToMend("courriers : l’adresse du serveur ne se lit pas.".into());
    };
    let host = url.host_str().unwrap_or_default().to_owned();
    let port = url.port().unwrap_or(if url.scheme() == "smtps" { 465 } else { 587 });
    let reached =
        tokio::time::timeout(Duration::from_secs(5), tokio::net::TcpStream::connect((host.as_str(), port))).await;
    match reached {
        Ok(Ok(_)) => Finding::Good(format!("courriers : {host}:{port} répond")),
        _ => Finding::ToMend(format!(
            "courriers : {host}:{port} ne répond pas. Vérifiez le nom, le port et le pare-feu."
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_address_cannot_name_an_issuer() {
        let options = Options { origin: Some("https://192.0.2.7".into()), ..Options::default() };
        assert!(matches!(origin(&options), Finding::ToMend(text) if text.contains("did:web")));
    }

    #[tokio::test]
    async fn a_silent_mail_server_is_found() {
        // A port that was free a moment ago answers nobody.
        let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its number").port();
        let options = Options { letters: Some(format!("smtp://127.0.0.1:{port}")), ..Options::default() };
        assert!(matches!(letters(&options).await, Finding::ToMend(_)));
    }

    #[tokio::test]
    async fn a_missing_key_file_is_found() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("livret.db");
        let db = Db::open(&format!("sqlite:{}", path.display())).await.expect("a database");
        store::migrate(&db).await.expect("tables");
        assert!(matches!(master_key(&db).await, Finding::ToMend(text) if text.contains("livret.key")));
    }
}
