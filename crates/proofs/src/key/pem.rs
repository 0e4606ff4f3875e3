//! PEM (RFC 7468 §13): one `PUBLIC KEY` block.

use data_encoding::BASE64;

use super::{KeyFault, PublicKey, der};

/// Longest text read, in bytes; an RSA key of 8192 bits has 1.5 kB.
const LONGEST: usize = 8192;

const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";

pub fn read(text: &str) -> Result<PublicKey, KeyFault> {
    if text.len() > LONGEST {
        return Err(KeyFault::Length);
    }
    let text = text.trim();
    let (label, rest) = text.strip_prefix(BEGIN).and_then(|rest| rest.split_once(DASHES)).ok_or(KeyFault::Pem)?;
    if label.contains("PRIVATE") {
        return Err(KeyFault::Private);
    }
    if label != "PUBLIC KEY" {
        return Err(KeyFault::PemLabel);
    }
    let body = rest.strip_suffix("-----END PUBLIC KEY-----").ok_or(KeyFault::Pem)?;
    // Lines of any length: JSON often carries the block on one.
    let body: String = body.split_ascii_whitespace().collect();
    der::read(&BASE64.decode(body.as_bytes()).map_err(|_| KeyFault::Pem)?)
}

pub fn write(key: &PublicKey) -> String {
    let encoded = BASE64.encode(&der::write(key));
    let mut text = String::from("-----BEGIN PUBLIC KEY-----\n");
    for (place, sign) in encoded.chars().enumerate() {
        if place > 0 && place % 64 == 0 {
            text.push('\n');
        }
        text.push(sign);
    }
    text.push_str("\n-----END PUBLIC KEY-----\n");
    text
}
