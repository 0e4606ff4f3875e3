//! What keeps the program from starting, in the words of whoever runs it.

use std::net::SocketAddr;

use crate::browser::BrowserError;
use crate::config::ConfigError;
use crate::said;

/// Why a command could not do its work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// An origin that is none.
    #[error("l’origine « {text} » ne convient pas : {error}")]
    Origin {
        /// As given.
        text: String,
        /// Why.
        error: web::OriginError,
    },
    /// A network that is none.
    #[error("« {0} » n’est pas un réseau, par exemple 10.0.0.0/8")]
    Network(String),
    /// Nothing can be heard there.
    #[error(
        "impossible d’écouter sur {address} : {} (choisissez une autre adresse, par exemple --listen 127.0.0.1:8081)",
        said::io(source)
    )]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The database or the master key.
    #[error("base de données : {}", said::store(.0))]
    Store(#[from] store::StoreError),
    /// Letters.
    #[error("courriers : {}", said::post(.0))]
    Post(#[from] post::SettingError),
    /// The wallet and the verifier are apart and share nothing.
    #[error(
        "le livret et la vérification sont séparés : donnez à chacun le même LIVRET_PEER_SECRET (32 signes au hasard)"
    )]
    NoSecret,
    /// Too short to be a secret.
    #[error("LIVRET_PEER_SECRET est trop court : 16 signes au moins")]
    ShortSecret,
    /// The demonstration met a closed door.
    #[error("la démonstration n’a pas pu se préparer : {}", said::browser(.0))]
    Demo(#[from] BrowserError),
    /// A file or folder.
    #[error("{what} : {}", said::io(source))]
    File {
        /// Which.
        what: &'static str,
        /// Why.
        source: std::io::Error,
    },
    /// What a house answered, in French.
    #[error("{0}")]
    Refused(String),
    /// `restore` loaded everything, and some badges are not as they should be.
    #[error("{0} badge(s) à regarder : ils ne sont pas ce que la base en dit")]
    Amiss(usize),
    /// `doctor` found something to mend.
    #[error("{0} point(s) à réparer")]
    ToMend(usize),
}
