//! A SIRET: the 14 digits of an establishment.

use std::fmt;

/// A SIRET whose key is right. Kept for the Région's own records; never inside a signed id (it changes).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Siret(String);

/// Why some text is not a SIRET, in words for the person who typed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SiretFault {
    /// Not 14 digits.
    #[error("Il faut 14 chiffres\u{a0}: il y en a {0}")]
    Length(usize),
    /// Something else than digits and spaces.
    #[error("Un SIRET n’a que des chiffres")]
    Sign,
    /// The key is wrong: a digit was mistyped.
    #[error("Un chiffre n’est pas bon\u{a0}: relisez le SIRET")]
    Key,
}

impl Siret {
    /// Reads what a person typed: spaces (also narrow and no-break), dots and hyphens between the digits are ignored.
    pub fn parse(typed: &str) -> Result<Self, SiretFault> {
        let digits: String =
            typed.chars().filter(|sign| !sign.is_whitespace() && !matches!(sign, '.' | '-' | '\u{202f}')).collect();
        if !digits.chars().all(|sign| sign.is_ascii_digit()) {
            return Err(SiretFault::Sign);
        }
        if digits.len() != 14 {
            return Err(SiretFault::Length(digits.len()));
        }
        if luhn(&digits) || la_poste(&digits) { Ok(Self(digits)) } else { Err(SiretFault::Key) }
    }

    /// The 14 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Siret {
    /// « 123 456 789 00012 », with no-break spaces.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = &self.0;
        write!(f, "{}\u{a0}{}\u{a0}{}\u{a0}{}", &digits[..3], &digits[3..6], &digits[6..9], &digits[9..])
    }
}

fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(digit - b'0') * if place % 2 == 1 { 2 } else { 1 };
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// La Poste has more establishments than Luhn allows: for its SIREN the sum of the digits is a multiple of five.
fn la_poste(digits: &str) -> bool {
    digits.starts_with("356000000")
        && digits.bytes().map(|digit| u32::from(digit - b'0')).sum::<u32>().is_multiple_of(5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_type() {
        for typed in ["73282932000074", "732 829 320 00074", " 732.829.320-00074 ", "732\u{a0}829\u{202f}320 00074"] {
            assert_eq!(Siret::parse(typed).as_ref().map(Siret::as_str), Ok("73282932000074"), "{typed}");
        }
    }

    #[test]
    fn says_what_is_wrong() {
        assert_eq!(Siret::parse("7328293200007"), Err(SiretFault::Length(13)));
        assert_eq!(Siret::parse("73282932000075"), Err(SiretFault::Key));
        assert_eq!(Siret::parse("7328293200007O"), Err(SiretFault::Sign));
        assert_eq!(Siret::parse(""), Err(SiretFault::Length(0)));
    }

    #[test]
    fn la_poste_has_its_own_rule() {
        assert!(Siret::parse("35600000049837").is_ok());
        assert!(Siret::parse("35600000000048").is_ok(), "its head office also follows Luhn");
        assert_eq!(Siret::parse("35600000049838"), Err(SiretFault::Key));
    }

    #[test]
    fn is_written_in_groups() {
        let siret = Siret::parse("73282932000074").map(|siret| siret.to_string());
        assert_eq!(siret.as_deref(), Ok("732\u{a0}829\u{a0}320\u{a0}00074"));
    }
}
