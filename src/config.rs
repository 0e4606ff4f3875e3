//! Configuration: one flag, one environment variable and one line of `livret.toml` per setting.
//!
//! A flag wins over the environment, which wins over the file, which wins over the default.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use serde::Deserialize;

use crate::logs::LogForm;

/// Everything that can be set, as given: nothing is decided yet.
#[derive(Clone, Default, Args, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Options {
    /// Adresse et port d’écoute [défaut : 127.0.0.1:8080].
    #[arg(long, env = "LIVRET_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// Origine publique, permanente : elle est dans chaque badge signé [défaut : `http://localhost:PORT`].
    #[arg(long, env = "LIVRET_ORIGIN")]
    pub origin: Option<String>,
    /// Origine de la maison des organismes, si elle est ailleurs.
    #[arg(long, env = "LIVRET_ISSUER_ORIGIN")]
    pub issuer_origin: Option<String>,
    /// Origine du livret, si elle est ailleurs.
    #[arg(long, env = "LIVRET_WALLET_ORIGIN")]
    pub wallet_origin: Option<String>,
    /// Origine de la vérification, si elle est ailleurs.
    #[arg(long, env = "LIVRET_VERIFIER_ORIGIN")]
    pub verifier_origin: Option<String>,
    /// Origine de Job-Normandie, si elle est ailleurs.
    #[arg(long, env = "LIVRET_JOB_ORIGIN")]
    pub job_origin: Option<String>,
    /// Base de données : `sqlite:FICHIER` ou `postgres://…` [défaut : sqlite:livret.db].
    #[arg(long, env = "LIVRET_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
    /// Courriers : `smtp://…`, `smtps://…`, `dir:DOSSIER` ou `memory` [défaut : dir:courriers].
    #[arg(long, env = "LIVRET_LETTERS", hide_env_values = true)]
    pub letters: Option<String>,
    /// Secondes pendant lesquelles un badge attesté peut être repris avant que sa lettre parte [défaut : 600].
    #[arg(long, env = "LIVRET_LETTER_DELAY")]
    pub letter_delay: Option<u64>,
    /// Adresse d’où partent les courriers.
    #[arg(long, env = "LIVRET_LETTERS_FROM")]
    pub letters_from: Option<String>,
    /// Réseau d’un mandataire de confiance (CIDR), répétable.
    #[arg(long, env = "LIVRET_TRUSTED_PROXY", value_delimiter = ',')]
    #[serde(default)]
    pub trusted_proxy: Vec<String>,
    /// Adresse à écrire sur les pages d’aide, d’accessibilité et de données personnelles.
    #[arg(long, env = "LIVRET_CONTACT")]
    pub contact: Option<String>,
    /// Secret partagé entre la vérification et le livret, quand ils sont séparés.
    #[arg(long, env = "LIVRET_PEER_SECRET", hide_env_values = true)]
    pub peer_secret: Option<String>,
    /// Nom de l’instance, au pied des pages.
    #[arg(long, env = "LIVRET_INSTANCE_NAME")]
    pub instance_name: Option<String>,
    /// Adresse et port des mesures pour Prometheus (`/metrics`), à part des pages [défaut : aucune].
    #[arg(long, env = "LIVRET_METRICS", value_name = "ADRESSE:PORT")]
    pub metrics: Option<SocketAddr>,
    /// Forme des journaux : `text` ou `json` (une ligne par événement) [défaut : text].
    #[arg(long, env = "LIVRET_LOG", value_enum)]
    pub log: Option<LogForm>,
    /// Une démonstration : base jetable, exemples, courriers montrés à /courrier.
    #[arg(long, env = "LIVRET_DEMO", value_parser = clap::builder::FalseyValueParser::new())]
    #[serde(default)]
    pub demo: bool,
    /// Fichier de configuration [défaut : livret.toml, s’il existe].
    #[arg(long, env = "LIVRET_CONFIG")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("listen", &self.listen)
            .field("origin", &self.origin)
            .field("demo", &self.demo)
            .finish_non_exhaustive()
    }
}

/// What is wrong with the configuration, in words.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file could not be read.
    #[error("le fichier {path} ne se lit pas : {}", crate::said::io(source))]
    Unreadable {
        /// Which file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not what it should be.
    #[error("le fichier {path} contient une erreur, ligne {line} : {message}")]
    Malformed {
        /// Which file.
        path: String,
        /// Where, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
}

impl Options {
    /// These options, completed by `livret.toml` (or the file of `--config`).
    pub fn with_file(self) -> Result<Self, ConfigError> {
        let (path, must_exist) = match &self.config {
            Some(path) => (path.clone(), true),
            None => (PathBuf::from("livret.toml"), false),
        };
        if !must_exist && !path.exists() {
            return Ok(self);
        }
        let file = read(&path)?;
        Ok(self.or(file))
    }

    fn or(self, file: Self) -> Self {
        Self {
            listen: self.listen.or(file.listen),
            origin: self.origin.or(file.origin),
            issuer_origin: self.issuer_origin.or(file.issuer_origin),
            wallet_origin: self.wallet_origin.or(file.wallet_origin),
            verifier_origin: self.verifier_origin.or(file.verifier_origin),
            job_origin: self.job_origin.or(file.job_origin),
            database: self.database.or(file.database),
            letters: self.letters.or(file.letters),
            letter_delay: self.letter_delay.or(file.letter_delay),
            letters_from: self.letters_from.or(file.letters_from),
            trusted_proxy: if self.trusted_proxy.is_empty() { file.trusted_proxy } else { self.trusted_proxy },
            contact: self.contact.or(file.contact),
            peer_secret: self.peer_secret.or(file.peer_secret),
            instance_name: self.instance_name.or(file.instance_name),
            metrics: self.metrics.or(file.metrics),
            log: self.log.or(file.log),
            demo: self.demo || file.demo,
            config: self.config,
        }
    }

    /// Where the program listens.
    pub fn listen(&self) -> SocketAddr {
        self.listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)))
    }

    /// How long a letter waits, so that « Annuler » takes it back unseen: ten minutes, none in the demonstration.
    pub fn letter_delay(&self) -> Duration {
        Duration::from_secs(self.letter_delay.unwrap_or(if self.demo { 0 } else { 600 }))
    }

    /// The database, as given or the default.
    pub fn database(&self) -> &str {
        self.database.as_deref().unwrap_or("sqlite:livret.db")
    }
}

fn read(path: &Path) -> Result<Options, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| ConfigError::Unreadable { path: path.display().to_string(), source })?;
    toml::from_str(&text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = 1 + before.matches('\n').count();
        ConfigError::Malformed { path: path.display().to_string(), line, message: malformed(error.message()) }
    })
}

/// What the reader of TOML says, in French. Its excerpt of the file could show a secret: the message alone.
fn malformed(message: &str) -> String {
    let quoted = |text: &str| text.split('`').nth(1).map(str::to_owned);
    match message {
        unknown if unknown.starts_with("unknown field") => {
            format!("le réglage « {} » n’existe pas", quoted(unknown).unwrap_or_default())
        }
        double if double.contains("duplicate key") => "un réglage y est deux fois".to_owned(),
        wrong if wrong.starts_with("invalid type") || wrong.starts_with("invalid value") => {
            "cette valeur n’est pas de la bonne sorte (un texte entre guillemets, un nombre, true ou false)".to_owned()
        }
        _ => "cette ligne ne se lit pas : écrivez réglage = \"valeur\"".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_wins_over_the_file() {
        let flags = Options { origin: Some("https://livret.example".into()), ..Options::default() };
        let file: Options = toml::from_str(
            "origin = \"https://autre.example\"\ndatabase = \"sqlite:a.db\"\ntrusted-proxy = [\"10.0.0.0/8\"]",
        )
        .expect("a good file");
        let both = flags.or(file);
        assert_eq!(both.origin.as_deref(), Some("https://livret.example"));
        assert_eq!(both.database(), "sqlite:a.db");
        assert_eq!(both.trusted_proxy, ["10.0.0.0/8"]);
    }

    #[test]
    fn the_file_of_the_debian_package_is_read() {
        let text = include_str!("../packaging/debian/livret.toml");
        let file: Options = toml::from_str(text).expect("a good file");
        assert_eq!(file.database(), "sqlite:/var/lib/livret/livret.db");
        assert_eq!(file.trusted_proxy.len(), 2);
        // What is only suggested is right too.
        let suggested: Vec<&str> =
            text.lines().filter_map(|line| line.strip_prefix("# ")).filter(|line| line.contains(" = ")).collect();
        let suggested = suggested.join("\n");
        let file: Options = toml::from_str(&suggested).expect("good suggestions");
        assert_eq!(file.origin.as_deref(), Some("https://livret.normandie.example"));
        assert_eq!(file.metrics, Some("127.0.0.1:9464".parse().expect("an address")));
    }

    #[test]
    fn an_unknown_line_is_said() {
        let error = toml::from_str::<Options>("orgin = \"https://livret.example\"").expect_err("a typing error");
        assert_eq!(malformed(error.message()), "le réglage « orgin » n’existe pas");
    }

    #[test]
    fn a_wrong_file_is_said_in_french_with_its_line_and_without_its_secrets() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("livret.toml");
        for (text, line, said) in [
            ("origin = \"https://a.example\"\npeer-secret = tresor", 2, "ne se lit pas"),
            ("letter-delay = \"tresor\"", 1, "n’est pas de la bonne sorte"),
            ("contact = \"a\"\ncontact = \"tresor\"", 2, "deux fois"),
        ] {
            std::fs::write(&path, text).expect("a file");
            let error = read(&path).expect_err("a wrong file").to_string();
            assert!(error.contains(&format!("ligne {line} :")) && error.contains(said), "{error}");
            assert!(!error.contains("tresor"), "{error}");
        }
    }
}
