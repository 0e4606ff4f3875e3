//! Who carries letters.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lettre::message::Mailbox;
use tracing::error;

use crate::smtp::Server;
use crate::{Letter, Memory, SendError};

/// Carries letters; cheap to clone.
#[derive(Clone, Debug)]
pub struct Postman {
    from: Mailbox,
    reply_to: Option<Mailbox>,
    way: Way,
}

#[derive(Clone, Debug)]
enum Way {
    Smtp(Arc<Server>),
    Folder(Arc<PathBuf>),
    Memory(Memory),
}

/// What every letter has in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Who writes: `Livret <ne-pas-repondre@livret.example>`. Its domain is also the name said to servers.
    pub from: String,
    /// Who reads the answers.
    pub reply_to: Option<String>,
}

/// What is wrong with the settings of letters. Never repeats the address, which may hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingError {
    /// Neither `smtp://`, `smtps://`, `dir:` nor `memory`.
    #[error("letters go to smtp://user:password@host:port, smtps://…, dir:PATH or memory")]
    Unknown,
    /// The address of the server cannot be read.
    #[error("the address of the mail server cannot be read: {0}")]
    Server(&'static str),
    /// The sender or the address for answers is not one.
    #[error("the sender of letters is written « Name <address@domain> »")]
    Sender,
    /// The folder cannot be made.
    #[error("the folder for letters cannot be made: {0}")]
    Folder(std::io::ErrorKind),
}

impl Postman {
    /// From `smtp://…`, `smtps://…`, `dir:PATH` or `memory`. Nothing is sent or connected yet.
    ///
    /// With a server, make and drop it inside a tokio runtime: its connections are tasks.
    pub fn open(address: &str, settings: Settings) -> Result<Self, SettingError> {
        if address == "memory" {
            Self::memory(settings)
        } else if let Some(path) = address.strip_prefix("dir:") {
            Self::dir(Path::new(path), settings)
        } else if address.starts_with("smtp://") || address.starts_with("smtps://") {
            Self::smtp(address, settings)
        } else {
            Err(SettingError::Unknown)
        }
    }

    /// To a mail server.
    pub fn smtp(url: &str, settings: Settings) -> Result<Self, SettingError> {
        let (from, reply_to) = senders(settings)?;
        let server = Server::open(url, from.email.domain())?;
        Ok(Self { from, reply_to, way: Way::Smtp(Arc::new(server)) })
    }

    /// Into a folder, made when missing.
    pub fn dir(path: &Path, settings: Settings) -> Result<Self, SettingError> {
        let (from, reply_to) = senders(settings)?;
        fs::create_dir_all(path).map_err(|error| SettingError::Folder(error.kind()))?;
        Ok(Self { from, reply_to, way: Way::Folder(Arc::new(path.to_owned())) })
    }

    /// Into memory: read again with [`Postman::letters`].
    pub fn memory(settings: Settings) -> Result<Self, SettingError> {
        let (from, reply_to) = senders(settings)?;
        Ok(Self { from, reply_to, way: Way::Memory(Memory::default()) })
    }

    /// Where answers to letters go: the address for answers, else the sender's. Without a name.
    pub fn answers_to(&self) -> String {
        self.reply_to.as_ref().unwrap_or(&self.from).email.to_string()
    }

    /// The letters sent to memory, oldest first; `None` for the other ways.
    pub fn letters(&self) -> Option<&Memory> {
        match &self.way {
            Way::Memory(memory) => Some(memory),
            Way::Smtp(_) | Way::Folder(_) => None,
        }
    }

    /// Sends one letter. `Ok` means that the server (folder, memory) took it.
    pub async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        let message = letter.message(&self.from, self.reply_to.as_ref())?;
        match &self.way {
            Way::Smtp(server) => server.send(message).await,
            Way::Memory(memory) => {
                memory.keep(letter.clone());
                Ok(())
            }
            Way::Folder(folder) => {
                let path = folder.join(letter.file_name());
                let text = message.formatted();
                let written = tokio::task::spawn_blocking(move || write_whole(&path, &text)).await;
                match written {
                    Ok(Ok(())) => Ok(()),
                    Ok(Err(error)) => {
                        error!(post.error = ?error.kind(), "a letter cannot be written into its folder");
                        Err(SendError::Later)
                    }
                    Err(_) => Err(SendError::Later),
                }
            }
        }
    }
}

fn senders(settings: Settings) -> Result<(Mailbox, Option<Mailbox>), SettingError> {
    let parse = |text: String| text.parse::<Mailbox>().map_err(|_| SettingError::Sender);
    Ok((parse(settings.from)?, settings.reply_to.map(parse).transpose()?))
}

/// A reader of the folder never sees half a letter. The same letter sent twice is one file.
fn write_whole(path: &Path, text: &[u8]) -> std::io::Result<()> {
    let draft = path.with_extension("draft");
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    file.write_all(text)?;
    file.sync_all()?;
    fs::rename(&draft, path)
}
