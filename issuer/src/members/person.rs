//! What a person types about somebody: an e-mail address and a name.

/// An e-mail address as one types it, trimmed and in lower case.
#[derive(Clone, PartialEq, Eq)]
pub struct Email(String);

/// Why some text is not an e-mail address, in words for the person who typed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailFault {
    /// Nothing was typed.
    #[error("Écrivez l’adresse e-mail")]
    Empty,
    /// No @, or two.
    #[error("Il faut un «\u{a0}@\u{a0}», par exemple «\u{a0}prenom.nom@exemple.fr\u{a0}»")]
    At,
    /// Nothing before the @.
    #[error("Il manque ce qui est avant «\u{a0}@\u{a0}»")]
    Start,
    /// The domain has no dot.
    #[error("Il manque la fin, par exemple «\u{a0}.fr\u{a0}»")]
    End,
    /// A sign that no address has, or too long.
    #[error("Cette adresse a un signe ou un espace de trop")]
    Sign,
}

impl Email {
    /// Reads what a person typed. Whether the address receives letters is only known by writing to it.
    pub fn parse(typed: &str) -> Result<Self, EmailFault> {
        let text = typed.trim().to_lowercase();
        if text.is_empty() {
            return Err(EmailFault::Empty);
        }
        let stray = |sign: char| sign.is_whitespace() || sign.is_control() || "<>()[],;:\\\"".contains(sign);
        if text.len() > 254 || text.chars().any(stray) {
            return Err(EmailFault::Sign);
        }
        let (start, domain) = text.split_once('@').ok_or(EmailFault::At)?;
        if domain.contains('@') {
            return Err(EmailFault::At);
        }
        if start.is_empty() {
            return Err(EmailFault::Start);
        }
        let labels: Vec<&str> = domain.split('.').collect();
        if labels.len() < 2 || labels.last().is_some_and(|last| last.chars().count() < 2) {
            return Err(EmailFault::End);
        }
        if start.starts_with('.') || start.ends_with('.') || start.contains("..") || labels.iter().any(|l| l.is_empty())
        {
            return Err(EmailFault::Sign);
        }
        Ok(Self(text))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The name of somebody who works for an organisation, in NFC and without stray signs.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonName(String);

/// Why some text is not a person's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    /// Nothing was typed.
    #[error("Écrivez le prénom et le nom")]
    Empty,
    /// More than 80 signs.
    #[error("C’est trop long\u{a0}: 80 signes au plus")]
    Long,
    /// A control character, or a number that looks like a NIR.
    #[error("Un signe ou un numéro n’est pas permis dans un nom")]
    Sign,
}

impl PersonName {
    /// Reads what a person typed; runs of spaces become one.
    pub fn parse(typed: &str) -> Result<Self, NameFault> {
        parse_words(typed, 80).map(Self)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A name of somebody or something: NFC, single spaces, signable, at most `most` signs.
pub(crate) fn parse_words(typed: &str, most: usize) -> Result<String, NameFault> {
    let text = badge_schemas::text::nfc(&typed.split_whitespace().collect::<Vec<_>>().join(" "));
    if text.is_empty() {
        return Err(NameFault::Empty);
    }
    if text.chars().count() > most {
        return Err(NameFault::Long);
    }
    badge_schemas::text::check_signable(&text).map_err(|_| NameFault::Sign)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_trimmed_and_lowered() {
        assert_eq!(
            Email::parse(" Claire.Aubert@Exemple.FR ").as_ref().map(Email::as_str),
            Ok("claire.aubert@exemple.fr")
        );
    }

    #[test]
    fn each_fault_is_named() {
        for (typed, fault) in [
            ("", EmailFault::Empty),
            ("claire", EmailFault::At),
            ("claire@@exemple.fr", EmailFault::At),
            ("@exemple.fr", EmailFault::Start),
            ("claire@exemple", EmailFault::End),
            ("claire@exemple.", EmailFault::End),
            ("claire aubert@exemple.fr", EmailFault::Sign),
            ("claire@exemple.fr\r\nbcc:x@y.fr", EmailFault::Sign),
            ("claire@.exemple.fr", EmailFault::Sign),
        ] {
            assert_eq!(Email::parse(typed).err(), Some(fault), "{typed}");
        }
    }

    #[test]
    fn names_have_single_spaces() {
        assert_eq!(PersonName::parse("  Claire \t Aubert ").map(|name| name.0), Ok("Claire Aubert".to_owned()));
        assert_eq!(PersonName::parse("   ").err(), Some(NameFault::Empty));
        assert_eq!(PersonName::parse(&"a".repeat(81)).err(), Some(NameFault::Long));
    }
}
