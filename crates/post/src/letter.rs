//! One letter, and how it becomes a message.

use std::fmt;
use std::fmt::Write as _;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};
use serde::{Deserialize, Serialize};

use crate::SendError;

/// A letter to one person, in text and HTML.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Address, parsed when sent: one that is not an address is refused as `bad_address`.
    pub to: String,
    /// The person's name, beside the address.
    pub to_name: Option<String>,
    /// One line.
    pub subject: String,
    /// The whole letter in plain text.
    pub text: String,
    /// The whole letter in HTML.
    pub html: String,
    /// `left@host`, without angle brackets: stable, so that a letter sent twice can be recognised.
    pub message_id: String,
}

/// Whether a text is an e-mail address letters can go to.
pub fn is_address(text: &str) -> bool {
    text.parse::<Address>().is_ok() && !text.contains(char::is_control)
}

impl Letter {
    pub(crate) fn message(&self, from: &Mailbox, reply_to: Option<&Mailbox>) -> Result<Message, SendError> {
        if !is_address(&self.to) {
            return Err(SendError::Refused("bad_address".into()));
        }
        let address = self.to.parse::<Address>().map_err(|_| SendError::Refused("bad_address".into()))?;
        if !is_message_id(&self.message_id) {
            return Err(SendError::Refused("bad_message_id".into()));
        }
        let name = self.to_name.as_deref().map(one_line).filter(|name| !name.is_empty());
        let mut message = Message::builder()
            .from(from.clone())
            .to(Mailbox::new(name, address))
            .subject(one_line(&self.subject))
            .message_id(Some(format!("<{}>", self.message_id)))
            .date_now()
            // RFC 3834: absence notices and other programs do not answer.
            .raw_header(header("Auto-Submitted", "auto-generated"))
            .raw_header(header("Content-Language", "fr"));
        if let Some(reply_to) = reply_to {
            message = message.reply_to(reply_to.clone());
        }
        message
            .multipart(MultiPart::alternative_plain_html(self.text.clone(), self.html.clone()))
            .map_err(|_| SendError::Refused("bad_letter".into()))
    }

    /// The message id, with the signs that file systems dislike written as `%XX`.
    pub(crate) fn file_name(&self) -> String {
        let mut name = String::with_capacity(self.message_id.len() + 4);
        for (at, byte) in self.message_id.bytes().enumerate() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'@') || (byte == b'.' && at > 0) {
                name.push(char::from(byte));
            } else {
                // Writing to a String does not fail.
                let _ = write!(name, "%{byte:02X}");
            }
        }
        name.push_str(".eml");
        name
    }
}

/// Shows the message id alone: names, addresses and links stay out of logs.
impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter").field("message_id", &self.message_id).finish_non_exhaustive()
    }
}

/// `dot-atom@dot-atom` of RFC 5322, short enough for a header line and a file name.
fn is_message_id(text: &str) -> bool {
    let good = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.:".contains(&b))
    };
    text.len() <= 200 && text.split_once('@').is_some_and(|(left, right)| good(left) && good(right))
}

fn one_line(text: &str) -> String {
    text.replace(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'), " ").trim().to_owned()
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}
