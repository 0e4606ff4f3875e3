//! Where the badge comes from: a file, standard input, or an address that the door goes to.

use std::fs::File;
use std::io::{self, Read};

use super::Language;
use crate::said;

/// The largest file read, in bytes.
pub const LARGEST: u64 = 10 * 1024 * 1024;

/// Why a file could not be judged.
#[derive(Debug, thiserror::Error)]
pub enum InputFault {
    /// It cannot be read.
    #[error("the file cannot be read: {0}")]
    Unread(#[from] io::Error),
    /// More than [`LARGEST`].
    #[error("more than 10 MB: that is no badge")]
    TooLarge,
}

impl InputFault {
    /// In words for people.
    pub fn said(&self, language: Language) -> String {
        match (language, self) {
            (Language::En, _) => self.to_string(),
            (Language::Fr, Self::Unread(error)) => format!("le fichier ne peut pas être lu : {}", said::io(error)),
            (Language::Fr, Self::TooLarge) => "plus de 10 Mo : ce n’est pas un badge".to_owned(),
        }
    }
}

/// Whether the badge is named by an address instead of a file.
pub(super) fn is_address(badge: &str) -> bool {
    badge
        .split_once("://")
        .is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http"))
}

/// The bytes of a file, or of standard input for `-`.
pub(super) fn read(badge: &str) -> Result<Vec<u8>, InputFault> {
    match badge {
        "-" => up_to_largest(io::stdin().lock()),
        path => up_to_largest(File::open(path)?),
    }
}

fn up_to_largest(source: impl Read) -> Result<Vec<u8>, InputFault> {
    let mut bytes = Vec::new();
    // One byte more tells a file of the largest size from an endless one.
    let read = source.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if read as u64 > LARGEST { Err(InputFault::TooLarge) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endless_file_is_not_read_to_its_end() {
        assert!(matches!(up_to_largest(io::repeat(b'a')), Err(InputFault::TooLarge)));
        assert_eq!(up_to_largest(io::repeat(b'a').take(LARGEST)).expect("bytes").len() as u64, LARGEST);
    }

    #[test]
    fn addresses_and_files_are_told_apart() {
        for address in ["https://a.example/b", "HTTP://a.example"] {
            assert!(is_address(address), "{address}");
        }
        for file in ["badge.json", "-", "./https:/a", "file:///etc/passwd"] {
            assert!(!is_address(file), "{file}");
        }
    }
}
