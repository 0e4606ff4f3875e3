//! Words for people: one sentence for each code, in French and English. Plain: whoever reads them is shown a badge, not
//! a standard. Dates, names and hours are added by whoever shows the report.

mod sentences;

use crate::report::{Check, Verdict};

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// French.
    French,
    /// English.
    English,
}

/// The sentence of a code of [`crate::codes`]; an empty text for what is no code.
pub fn sentence(code: &str, language: Language) -> &'static str {
    let found = sentences::ALL.iter().find(|(known, ..)| *known == code);
    found.map_or("", |(_, french, english)| language.pick(french, english))
}

/// What is examined, as a heading.
pub const fn check(check: Check, language: Language) -> &'static str {
    match check {
        Check::Format => language.pick("Le fichier", "The file"),
        Check::Schema => language.pick("L’écriture selon la norme", "How it is written"),
        Check::JsonLd => language.pick("Le vocabulaire", "Its vocabulary"),
        Check::Signature => language.pick("La signature", "The signature"),
        Check::Key => language.pick("La clé de qui atteste", "The key of whoever attests"),
        Check::Issuer => language.pick("Qui atteste", "Who attests"),
        Check::Start => language.pick("Le début", "The beginning"),
        Check::End => language.pick("La fin", "The end"),
        Check::Revocation => language.pick("Le retrait", "Withdrawal"),
        Check::Suspension => language.pick("La suspension", "Suspension"),
        Check::Recipient => language.pick("La personne", "The person"),
        Check::Endorsements => language.pick("Les recommandations", "Endorsements"),
        Check::Embedded => language.pick("Les badges contenus", "Badges inside"),
        Check::Refresh => language.pick("La version", "The version"),
        Check::Resources => language.pick("Les fichiers liés", "Linked files"),
    }
}

/// The verdict, in a few words.
pub const fn verdict(verdict: Verdict, language: Language) -> &'static str {
    match verdict {
        Verdict::Authentic => language.pick("Badge authentique", "Authentic badge"),
        Verdict::Withdrawn => language.pick("Badge retiré", "Withdrawn badge"),
        Verdict::Suspended => language.pick("Badge suspendu", "Suspended badge"),
        Verdict::Expired => language.pick("Badge expiré", "Expired badge"),
        Verdict::NotYetValid => language.pick("Badge pas encore valable", "Badge not yet valid"),
        Verdict::Altered => language.pick("Badge modifié", "Altered badge"),
        Verdict::UnknownIssuer => language.pick("Émetteur inconnu", "Unknown issuer"),
        Verdict::CouldNotCheck => language.pick("Vérification impossible", "Could not be checked"),
    }
}

impl Language {
    const fn pick(self, french: &'static str, english: &'static str) -> &'static str {
        match self {
            Self::French => french,
            Self::English => english,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::codes;

    #[test]
    fn every_code_has_its_sentence_in_both_languages() {
        for code in codes::ALL {
            for language in [Language::French, Language::English] {
                let words = sentence(code, language);
                assert!(words.ends_with('.'), "{code} {language:?}: {words}");
            }
        }
        let known: HashSet<_> = sentences::ALL.iter().map(|(code, ..)| *code).collect();
        assert_eq!(known.len(), sentences::ALL.len(), "a code with two sentences");
        assert_eq!(known, codes::ALL.iter().copied().collect());
    }

    #[test]
    fn no_sentence_speaks_jargon() {
        let jargon = ["JSON", "JWT", "JWS", "JWK", "DID", "RDF", "cryptosuite", "base64", "URL", "révoqu", "revoke"];
        for (code, french, english) in sentences::ALL {
            for word in jargon {
                assert!(!french.contains(word) && !english.contains(word), "{code}: {word}");
            }
            // French typography: a space that does not break before the double signs.
            for sign in [" :", " ;", " ?", " !"] {
                assert!(!french.contains(sign), "{code}: {french}");
            }
            assert!(!french.contains('\''), "{code}: {french}");
        }
    }

    #[test]
    fn checks_and_verdicts_have_words() {
        for language in [Language::French, Language::English] {
            let checks: HashSet<_> = Check::ALL.iter().map(|one| check(*one, language)).collect();
            assert_eq!(checks.len(), Check::ALL.len());
            let verdicts: HashSet<_> = Verdict::ALL.iter().map(|one| verdict(*one, language)).collect();
            assert_eq!(verdicts.len(), Verdict::ALL.len());
        }
    }
}
