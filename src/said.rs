//! What libraries say when something goes wrong, in the words of whoever runs the program: French, and what to do.

use std::error::Error;
use std::io::{self, ErrorKind};

use fetch::FetchError;
use post::SettingError;
use store::{StoreError, VaultError};

use crate::browser::BrowserError;

/// Why a file, a folder or a port does not do.
pub(crate) fn io(error: &io::Error) -> String {
    let words = match error.kind() {
        ErrorKind::NotFound => "il n’existe pas",
        ErrorKind::PermissionDenied => "le droit manque",
        ErrorKind::AlreadyExists => "il existe déjà",
        ErrorKind::IsADirectory => "c’est un dossier",
        ErrorKind::NotADirectory => "ce n’est pas un dossier",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "le disque est plein",
        ErrorKind::ReadOnlyFilesystem => "le disque ne se laisse pas écrire",
        ErrorKind::AddrInUse => "ce port est déjà pris",
        ErrorKind::AddrNotAvailable => "cette adresse n’est pas celle de cette machine",
        ErrorKind::ConnectionRefused => "rien ne répond à cette adresse",
        ErrorKind::TimedOut => "pas de réponse à temps",
        ErrorKind::InvalidData => "le contenu n’est pas celui attendu",
        ErrorKind::UnexpectedEof => "il manque la fin",
        _ => {
            return match error.raw_os_error() {
                Some(number) => format!("erreur {number} du système"),
                None => "erreur de lecture ou d’écriture".to_owned(),
            };
        }
    };
    words.to_owned()
}

/// Why the database does not do.
pub(crate) fn store(error: &StoreError) -> String {
    match error {
        StoreError::Address(_) => {
            "son adresse ne se lit pas : écrivez sqlite:FICHIER ou postgres://compte:secret@serveur/base".to_owned()
        }
        StoreError::DatabaseIsNewer(version) => {
            format!(
                "elle est plus récente que ce programme (version {version}) : installez le livret qui l’a faite, ou un plus récent"
            )
        }
        StoreError::Migration(_) => {
            "elle n’a pas pu être mise à jour : vérifiez qu’aucun autre programme ne la tient, puis `livret doctor`"
                .to_owned()
        }
        StoreError::Vault(fault) => vault(fault),
        StoreError::Sql(fault) => sql(fault),
        StoreError::Unique { .. } | StoreError::ForeignKey | StoreError::Check { .. } | StoreError::Payload(_) => {
            "ses lignes ne sont pas celles attendues : voyez `livret doctor`".to_owned()
        }
        // Said by the commands that read and write backups.
        _ => "elle n’a pas répondu comme il faut : voyez `livret doctor`".to_owned(),
    }
}

/// What the database itself said, under whatever failed: for whoever repairs it, in its own words. Neither values of rows
/// ([`StoreError`]) nor the address, which holds a password, are in them.
pub(crate) fn cause(error: &(dyn Error + 'static)) -> Option<String> {
    let mut next = Some(error);
    while let Some(error) = next {
        match error.downcast_ref::<StoreError>() {
            Some(StoreError::Migration(words)) => return Some(format!("migration {words}")),
            // Said of the address.
            Some(StoreError::Sql(sqlx::Error::Configuration(_))) => return None,
            Some(store @ StoreError::Sql(_)) => return Some(store.to_string()),
            Some(_) => return None,
            None => next = error.source(),
        }
    }
    None
}

/// Why the master key does not do.
pub(crate) fn vault(error: &VaultError) -> String {
    match error {
        VaultError::Missing => "avec PostgreSQL, la clé maîtresse vient de LIVRET_MASTER_KEY, qui n’est pas donnée \
                                (32 octets : openssl rand -base64 32)"
            .to_owned(),
        VaultError::Malformed(place) => {
            format!("la clé maîtresse ({place}) n’est pas 32 octets en base64 ou en hexadécimal")
        }
        VaultError::WrongKey => "cette clé maîtresse n’est pas celle de cette base : remettez la bonne".to_owned(),
        VaultError::Sealed => "ce qui est scellé ne s’ouvre pas avec cette clé maîtresse".to_owned(),
        VaultError::File(error) => format!("le fichier de la clé maîtresse : {}", io(error)),
        _ => "la clé maîtresse ne se lit pas".to_owned(),
    }
}

/// Why letters cannot be sent that way.
pub(crate) fn post(error: &SettingError) -> String {
    match error {
        SettingError::Unknown => {
            "donnez --letters smtps://compte:secret@serveur, smtp://…, dir:DOSSIER ou memory".to_owned()
        }
        SettingError::Server(_) => {
            "l’adresse du serveur ne se lit pas : écrivez smtps://compte:secret@serveur (un @ du \
                                    compte s’écrit %40)"
                .to_owned()
        }
        SettingError::Sender => {
            "l’expéditeur ne se lit pas : écrivez --letters-from 'Nom <adresse@domaine>'".to_owned()
        }
        SettingError::Folder(kind) => format!("le dossier des lettres : {}", io(&(*kind).into())),
        _ => "le réglage --letters ne se lit pas".to_owned(),
    }
}

/// Why an address brought nothing.
pub(crate) fn fetch(error: FetchError) -> &'static str {
    match error {
        FetchError::BadAddress => "l’adresse ne se lit pas",
        FetchError::NotHttps => "l’adresse n’est pas en https",
        FetchError::NotPublic | FetchError::NotAPeer => "l’adresse n’est pas publique",
        FetchError::Unresolved => "ce nom ne mène à aucune adresse",
        FetchError::Unreachable => "pas de connexion",
        FetchError::TimedOut => "pas de réponse à temps",
        FetchError::TooLarge => "la réponse est trop grosse",
        FetchError::Encoded => "la réponse est compressée",
        FetchError::Redirected => "trop de renvois",
    }
}

/// Where the demonstration stopped.
pub(crate) fn browser(error: &BrowserError) -> String {
    match error {
        BrowserError::Http(_) => "le programme ne se répond pas : l’origine donnée mène-t-elle bien ici ?".to_owned(),
        BrowserError::Url(_) => "une de ses adresses ne se lit pas".to_owned(),
        BrowserError::Redirects => "une de ses pages renvoie sans fin".to_owned(),
        BrowserError::Missing { url, .. } => format!("il manque quelque chose à la page {url}"),
        BrowserError::Status { url, status, title } => format!("la page {url} a répondu {status} ({title})"),
    }
}

fn sql(error: &sqlx::Error) -> String {
    let words = match error {
        sqlx::Error::Io(error) if error.kind() == ErrorKind::NotFound => "son fichier ou son dossier n’existe pas",
        sqlx::Error::Io(error) => return format!("elle ne répond pas ({})", io(error)),
        sqlx::Error::PoolTimedOut => "elle ne répond pas à temps",
        sqlx::Error::Configuration(_) => "son adresse ne se lit pas",
        sqlx::Error::Tls(_) => "la connexion chiffrée n’a pas pu s’établir",
        sqlx::Error::Database(fault) => {
            let code = fault.code().unwrap_or_default();
            match known(&code) {
                "" => return format!("elle a répondu par une erreur ({code}) : voyez `livret doctor`"),
                words => words,
            }
        }
        _ => "elle n’a pas répondu comme il faut : voyez `livret doctor`",
    };
    words.to_owned()
}

/// What a code of SQLite (a number) or PostgreSQL (five signs) means; empty when it is not one of those met by who runs
/// the program.
fn known(code: &str) -> &'static str {
    // The extended forms of SQLite carry the plain one in their last byte.
    let sqlite = code.parse::<u32>().ok().filter(|number| *number < 10_000).map(|number| number & 0xff);
    match (sqlite, code) {
        (Some(5 | 6), _) => "elle est occupée par un autre programme",
        (Some(8), _) => "son fichier ne se laisse pas écrire",
        (Some(10), _) => "son disque ne répond pas comme il faut",
        (Some(11), _) => "son fichier est abîmé",
        (Some(13), _) => "son disque est plein",
        (Some(14), _) => "son fichier ne s’ouvre pas : vérifiez le dossier et les droits",
        (Some(26), _) => "ce fichier n’est pas une base SQLite",
        (_, "28P01" | "28000") => "le compte ou le mot de passe est refusé",
        (_, "3D000") => "cette base n’existe pas sur ce serveur",
        (_, "42501") => "ce compte n’a pas les droits qu’il faut",
        (_, "53300") => "le serveur a trop de connexions",
        (_, "57P03") => "le serveur démarre ou s’arrête",
        _ => "",
    }
}

/// Why a word of the command line does not do, when the reader of that word is not ours.
pub(crate) fn word(error: &(dyn Error + 'static)) -> String {
    if error.is::<std::net::AddrParseError>() {
        "écrivez une adresse et un port, par exemple 127.0.0.1:8080".to_owned()
    } else if error.is::<std::num::ParseIntError>() {
        "écrivez un nombre entier".to_owned()
    } else {
        error.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_the_system_are_said_without_its_words() {
        assert_eq!(io(&io::Error::from_raw_os_error(2)), "il n’existe pas");
        assert_eq!(io(&io::Error::from_raw_os_error(28)), "le disque est plein");
        assert_eq!(io(&io::Error::from_raw_os_error(71)), "erreur 71 du système");
        assert_eq!(io(&io::Error::other("0x7f3a")), "erreur de lecture ou d’écriture");
    }

    #[test]
    fn the_cause_is_that_of_the_database_alone() {
        use crate::StartError;
        let failed = |error: StoreError| cause(&StartError::from(error));
        assert_eq!(
            failed(StoreError::Migration("9: no such table: t (code 1)".to_owned())).as_deref(),
            Some("migration 9: no such table: t (code 1)")
        );
        assert!(
            failed(StoreError::Sql(sqlx::Error::PoolTimedOut)).is_some_and(|words| words.starts_with("database: "))
        );
        let address = sqlx::Error::Configuration("postgres://livret:tresor@serveur".into());
        assert_eq!(failed(StoreError::Sql(address)), None, "it may hold a password");
        assert_eq!(failed(StoreError::ForeignKey), None);
        assert_eq!(cause(&StartError::NoSecret), None);
    }

    #[test]
    fn codes_of_both_engines_are_known() {
        assert_eq!(known("26"), "ce fichier n’est pas une base SQLite");
        assert_eq!(known("1032"), "son fichier ne se laisse pas écrire", "readonly, moved");
        assert_eq!(known("28P01"), "le compte ou le mot de passe est refusé");
        assert_eq!(known("53300"), "le serveur a trop de connexions");
        assert_eq!((known("99"), known("")), ("", ""));
        let missing = StoreError::Sql(sqlx::Error::Io(io::Error::from_raw_os_error(2)));
        assert_eq!(store(&missing), "son fichier ou son dossier n’existe pas");
        assert_eq!(store(&StoreError::Sql(sqlx::Error::PoolTimedOut)), "elle ne répond pas à temps");
    }
}
