//! A form with a file, read chunk by chunk under caps.

use axum::extract::{Multipart, multipart::MultipartError};
use http::StatusCode;

use crate::Error;

/// How much of a multipart form is read. The route needs a [`body_limit`](crate::body_limit) a little above `file`.
#[derive(Debug, Clone, Copy)]
pub struct Caps {
    /// Bytes of the file.
    pub file: usize,
    /// Bytes of any other field.
    pub field: usize,
    /// Parts in all.
    pub parts: usize,
}

/// What was sent: at most one file, and the other fields.
#[derive(Default)]
pub struct Upload {
    /// The file, if one was chosen.
    pub file: Option<File>,
    fields: Vec<(String, String)>,
}

/// A file from a stranger.
pub struct File {
    /// The name it has on their computer: last segment, no control characters, 120 signs at most. Only for display.
    pub name: String,
    /// The media type their browser claims. Only a hint.
    pub media: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Caps {
    /// Caps for a file of this many bytes beside a few short fields.
    pub const fn file(bytes: usize) -> Self {
        Self { file: bytes, field: 16_000, parts: 32 }
    }
}

impl Upload {
    /// The first value of a field, without surrounding blanks; empty when it was not sent.
    pub fn get(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.trim())
    }
}

/// Reads a multipart form; stops at the first byte over a cap, with [`Error::TooLarge`].
///
/// A file field without a chosen file is no file. Of several files the first counts.
pub async fn read(mut parts: Multipart, caps: Caps) -> Result<Upload, Error> {
    let mut upload = Upload::default();
    let mut seen = 0;
    while let Some(mut part) = parts.next_field().await.map_err(|e| refused(&e))? {
        seen += 1;
        if seen > caps.parts {
            return Err(Error::TooLarge);
        }
        let name = part.name().unwrap_or_default().to_owned();
        let chosen = part.file_name().map(display_name);
        let media = part.content_type().unwrap_or_default().to_owned();
        let max = if chosen.is_some() { caps.file } else { caps.field };
        let mut bytes = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(|e| refused(&e))? {
            if bytes.len() + chunk.len() > max {
                return Err(Error::TooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        match chosen {
            Some(name) if upload.file.is_none() && !(name.is_empty() && bytes.is_empty()) => {
                upload.file = Some(File { name, media, bytes });
            }
            Some(_) => {}
            None => upload.fields.push((name, String::from_utf8(bytes).map_err(|_| cut())?)),
        }
    }
    Ok(upload)
}

fn display_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(120).collect()
}

fn refused(error: &MultipartError) -> Error {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { Error::TooLarge } else { cut() }
}

fn cut() -> Error {
    Error::Invalid("Le fichier n’est pas arrivé entier. Revenez en arrière et envoyez-le de nouveau.".to_owned())
}
