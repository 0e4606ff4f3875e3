//! Short codes that people read, say and type.
//!
//! Alphabet of 31 signs without 0 O 1 I L; the last sign is a check. 12 signs, the first names the kind, for slips,
//! cards and shares; 8 signs for « Montrer » (decisions §19).

use std::fmt;

/// The 31 signs. A prime count: a weighted sum modulo 31 finds every wrong sign and every swap.
pub const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/// A code whose shape and check sign are right. Whether it opens anything is the house's question.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Code {
    kind: Kind,
    signs: String,
}

/// What a code is for; it can be told from its shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Printed on a slip: brings a badge into a livret. 12 signs from `R`.
    Slip,
    /// Printed on a livret card: opens the livret again. 12 signs from `C`.
    Card,
    /// Of a share: shows chosen badges until a date. 12 signs from `P`.
    Share,
    /// Of « Montrer »: shows badges for a quarter of an hour. 8 signs.
    Showing,
}

/// Why a typed text is not the code that was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeFault {
    /// Nothing was typed.
    Empty,
    /// A sign that no code has, such as 0, O, 1, I or L.
    Sign(char),
    /// Neither 8 nor 12 signs.
    Length(usize),
    /// 12 signs that do not begin with R, C or P.
    Unknown,
    /// One sign is wrong, or two are swapped.
    Check,
    /// A good code of another kind.
    Other(Kind),
}

impl Code {
    /// The code of 32 derived bytes (decisions §18). The same bytes always give the same code.
    pub fn derive(kind: Kind, bytes: &[u8; 32]) -> Self {
        let mut number = bytes[..16].iter().fold(0u128, |n, b| n << 8 | u128::from(*b));
        let mut signs = String::with_capacity(kind.signs());
        signs.extend(kind.letter());
        while signs.len() < kind.signs() - 1 {
            // 128 bits for at most 50: the remainder is even to 2⁻⁷⁸.
            signs.push(ALPHABET[(number % 31) as usize] as char);
            number /= 31;
        }
        signs.push(check_sign(signs.as_bytes()) as char);
        Self { kind, signs }
    }

    /// Reads what a person typed: any case, spaces, hyphens and dots are forgiven.
    pub fn parse(text: &str) -> Result<Self, CodeFault> {
        // Their count first: what is no code at all is not told about one of its letters.
        match text.chars().filter(|c| !is_gap(*c)).count() {
            0 => return Err(CodeFault::Empty),
            8 | 12 => {}
            n => return Err(CodeFault::Length(n)),
        }
        let mut signs = String::with_capacity(12);
        for c in text.chars().filter(|c| !is_gap(*c)) {
            let upper = c.to_ascii_uppercase();
            if !upper.is_ascii() || value(upper as u8).is_none() {
                return Err(CodeFault::Sign(c));
            }
            signs.push(upper);
        }
        let kind = match (signs.len(), signs.as_bytes().first()) {
            (8, _) => Kind::Showing,
            (12, Some(b'R')) => Kind::Slip,
            (12, Some(b'C')) => Kind::Card,
            (12, Some(b'P')) => Kind::Share,
            _ => return Err(CodeFault::Unknown),
        };
        if weighted(signs.as_bytes()) != 0 {
            return Err(CodeFault::Check);
        }
        Ok(Self { kind, signs })
    }

    /// As [`Code::parse`], and of one of these kinds; else [`CodeFault::Other`] says where it belongs.
    pub fn parse_as(kinds: &[Kind], text: &str) -> Result<Self, CodeFault> {
        let code = Self::parse(text)?;
        if kinds.contains(&code.kind) { Ok(code) } else { Err(CodeFault::Other(code.kind)) }
    }

    /// What it is for.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The bare signs, upper case: the form that is hashed, and that stands in addresses.
    pub fn as_str(&self) -> &str {
        &self.signs
    }

    /// In groups of 4, as it is printed: `RK4M 2PQ9 7WXY`.
    pub fn grouped(&self) -> String {
        let groups: Vec<&str> = (0..self.signs.len()).step_by(4).filter_map(|i| self.signs.get(i..i + 4)).collect();
        groups.join(" ")
    }
}

impl Kind {
    /// How many signs, the check sign included.
    pub fn signs(self) -> usize {
        if self == Self::Showing { 8 } else { 12 }
    }

    /// The first sign of this kind, if it has one.
    pub fn letter(self) -> Option<char> {
        match self {
            Self::Slip => Some('R'),
            Self::Card => Some('C'),
            Self::Share => Some('P'),
            Self::Showing => None,
        }
    }

    /// What a person who typed it in the wrong place is told.
    pub fn belongs(self) -> &'static str {
        match self {
            Self::Slip => "C’est le code d’un coupon\u{a0}: il se tape sur la page «\u{a0}Recevoir un badge\u{a0}».",
            Self::Card => {
                "C’est le code d’une carte de livret\u{a0}: il ouvre un livret, sur la page «\u{a0}Ouvrir mon livret\u{a0}»."
            }
            Self::Share | Self::Showing => {
                "C’est un code pour montrer des badges\u{a0}: il se tape sur la page «\u{a0}Vérifier un badge\u{a0}»."
            }
        }
    }
}

impl CodeFault {
    /// One line beside the field: what is wrong, then what to do.
    pub fn message(self) -> String {
        match self {
            Self::Empty => "Tapez le code écrit sous le QR".to_owned(),
            Self::Sign('0' | 'o' | 'O') => {
                "Il n’y a ni zéro ni O dans nos codes\u{a0}: regardez si c’est un Q, un D ou un 8".to_owned()
            }
            Self::Sign('1' | 'i' | 'I' | 'l' | 'L') => {
                "Il n’y a ni 1, ni I, ni L dans nos codes\u{a0}: regardez si c’est un J ou un 7".to_owned()
            }
            Self::Sign(_) => {
                "Un code n’a que des chiffres et des lettres sans accent\u{a0}: recopiez-le tel qu’il est écrit"
                    .to_owned()
            }
            Self::Length(n) => {
                format!(
                    "Un code a 8 ou 12\u{a0}signes, et vous en avez tapé {n}\u{a0}: recopiez-le tel qu’il est écrit"
                )
            }
            Self::Unknown => "Ce code n’est pas un des nôtres\u{a0}: vérifiez la première lettre".to_owned(),
            Self::Check => "Un signe est faux, ou deux sont inversés\u{a0}: relisez le code".to_owned(),
            Self::Other(kind) => kind.belongs().to_owned(),
        }
    }
}

impl fmt::Debug for Code {
    /// Codes stay out of logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Code({:?}, …)", self.kind)
    }
}

fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '–' | '—' | '.' | '_' | '·' | '\u{200b}' | '\u{feff}')
}

fn value(sign: u8) -> Option<usize> {
    ALPHABET.iter().position(|s| *s == sign)
}

/// The sign that makes the whole sum zero.
fn check_sign(signs: &[u8]) -> u8 {
    let weight = signs.len() + 1;
    let sum = weighted(signs);
    let found = (0..31).find(|v| (sum + weight * v).is_multiple_of(31));
    ALPHABET[found.unwrap_or(0)]
}

/// Σ position × value modulo 31. Positions 1 to 12 are distinct and prime to 31, so one changed sign, or two signs
/// exchanged, always changes the sum.
fn weighted(signs: &[u8]) -> usize {
    signs.iter().zip(1..).map(|(s, weight)| weight * value(*s).unwrap_or(0)).sum::<usize>() % 31
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KINDS: [Kind; 4] = [Kind::Slip, Kind::Card, Kind::Share, Kind::Showing];

    fn any_code() -> impl Strategy<Value = Code> {
        (any::<[u8; 32]>(), 0..4usize).prop_map(|(bytes, kind)| Code::derive(KINDS[kind], &bytes))
    }

    proptest! {
        #[test]
        fn what_is_derived_is_read_back(code in any_code()) {
            prop_assert_eq!(code.as_str().len(), code.kind().signs());
            prop_assert_eq!(Code::parse(code.as_str()), Ok(code.clone()));
            let sloppy = format!(" {}- ", code.grouped().to_lowercase().replace(' ', "\u{a0}"));
            prop_assert_eq!(Code::parse(&sloppy), Ok(code));
        }

        #[test]
        fn every_single_wrong_sign_is_found(code in any_code()) {
            for at in 0..code.as_str().len() {
                for wrong in ALPHABET.iter().filter(|s| **s != code.as_str().as_bytes()[at]) {
                    let mut signs = code.as_str().as_bytes().to_vec();
                    signs[at] = *wrong;
                    prop_assert!(Code::parse(std::str::from_utf8(&signs).unwrap()).is_err());
                }
            }
        }

        #[test]
        fn every_swap_is_found(code in any_code()) {
            let signs = code.as_str().as_bytes();
            for (i, j) in (0..signs.len()).flat_map(|i| (0..i).map(move |j| (i, j))).filter(|(i, j)| signs[*i] != signs[*j]) {
                let mut swapped = signs.to_vec();
                swapped.swap(i, j);
                prop_assert!(Code::parse(std::str::from_utf8(&swapped).unwrap()).is_err());
            }
        }

        #[test]
        fn strangers_text_never_panics(text in "\\PC*") {
            let _ = Code::parse(&text).map_err(CodeFault::message);
        }
    }

    #[test]
    fn a_code_of_another_kind_is_recognised() {
        let card = Code::derive(Kind::Card, &[7; 32]);
        assert!(card.as_str().starts_with('C'));
        assert_eq!(Code::parse_as(&[Kind::Slip], card.as_str()), Err(CodeFault::Other(Kind::Card)));
        assert!(Code::parse_as(&[Kind::Slip, Kind::Card], card.as_str()).is_ok());
    }

    #[test]
    fn faults_say_what_to_do() {
        assert_eq!(Code::parse(" - "), Err(CodeFault::Empty));
        assert_eq!(Code::parse("RO2K M234"), Err(CodeFault::Sign('O')));
        assert_eq!(Code::parse("hello"), Err(CodeFault::Length(5)), "no code at all, not a code with an L in it");
        assert_eq!(Code::parse("ABC"), Err(CodeFault::Length(3)));
        assert_eq!(Code::parse(&"A".repeat(1_000_000)), Err(CodeFault::Length(1_000_000)));
        assert_eq!(Code::parse("ABCD ABCD ABCD"), Err(CodeFault::Unknown));
        assert_eq!(Code::parse("7K4M 2PQé"), Err(CodeFault::Sign('é')));
        assert_eq!(
            CodeFault::Length(3).message(),
            "Un code a 8 ou 12\u{a0}signes, et vous en avez tapé 3\u{a0}: recopiez-le tel qu’il est écrit"
        );
    }

    #[test]
    fn debug_does_not_tell() {
        assert_eq!(format!("{:?}", Code::derive(Kind::Showing, &[1; 32])), "Code(Showing, …)");
    }
}
