//! Tokens that stand in links: 128 bits as 26 signs of upper-case base32 (A–Z, 2–7), for dense QR codes.

use std::fmt;

use data_encoding::BASE32_NOPAD;

/// A link token in its canonical, upper-case form. Its `Debug` does not tell it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LinkToken(String);

impl LinkToken {
    /// The token of 16 derived or drawn bytes.
    pub fn from_bytes(bytes: &[u8; 16]) -> Self {
        Self(BASE32_NOPAD.encode(bytes))
    }

    /// The token of the first 16 of 32 derived bytes.
    pub fn derive(bytes: &[u8; 32]) -> Self {
        Self(BASE32_NOPAD.encode(&bytes[..16]))
    }

    /// Reads a token from a link, any case. `None` for anything that is not exactly one.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 26 {
            return None;
        }
        let upper = text.to_ascii_uppercase();
        // Strict decoding: the two spare bits must be zero, so one token has one writing.
        BASE32_NOPAD.decode(upper.as_bytes()).ok()?;
        Some(Self(upper))
    }

    /// The 26 signs: what is hashed for the database, and what stands in the link.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_case_gives_one_token(bytes in any::<[u8; 16]>()) {
            let token = LinkToken::from_bytes(&bytes);
            prop_assert_eq!(token.as_str().len(), 26);
            prop_assert_eq!(LinkToken::parse(&token.as_str().to_lowercase()), Some(token));
        }

        #[test]
        fn strangers_text_never_panics(text in "\\PC*") {
            let _ = LinkToken::parse(&text);
        }
    }

    #[test]
    fn only_the_canonical_writing() {
        let token = LinkToken::from_bytes(&[0; 16]);
        assert_eq!(token.as_str(), "AAAAAAAAAAAAAAAAAAAAAAAAAA");
        assert_eq!(LinkToken::parse("AAAAAAAAAAAAAAAAAAAAAAAAAB"), None);
        assert_eq!(LinkToken::parse("AAAAAAAAAAAAAAAAAAAAAAAAA"), None);
        assert_eq!(LinkToken::parse("ÀAAAAAAAAAAAAAAAAAAAAAAAA"), None);
    }
}
