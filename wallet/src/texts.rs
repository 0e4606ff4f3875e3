//! Words of this house for people, written once.

use checks::Verdict;

/// How a verdict is told to the badge's own holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// Tone of the note.
    pub class: &'static str,
    /// Lucide name.
    pub icon: &'static str,
    /// One word or two.
    pub word: &'static str,
    /// What it means, what to do.
    pub sentence: &'static str,
}

/// The note above a badge that is not simply authentic.
pub fn state(code: &str) -> Option<State> {
    let verdict = Verdict::ALL.into_iter().find(|verdict| verdict.code() == code)?;
    let (class, icon, word, sentence) = match verdict {
        Verdict::Authentic => return None,
        Verdict::Withdrawn => ("bad", "ban", "Retiré", "L’organisme a retiré ce badge. Demandez-lui pourquoi."),
        Verdict::Suspended => {
            ("warn", "pause", "Suspendu", "L’organisme a mis ce badge en attente. Demandez-lui pourquoi.")
        }
        Verdict::Expired => ("warn", "clock", "Terminé", "La date de fin de ce badge est passée."),
        Verdict::NotYetValid => ("info", "clock", "Pas encore commencé", "Ce badge commence à une date à venir."),
        Verdict::Altered => (
            "bad",
            "file-warning",
            "Modifié",
            "Le texte de ce badge a changé. Demandez à l’organisme de vous le donner de nouveau.",
        ),
        Verdict::UnknownIssuer => (
            "warn",
            "circle-help",
            "Émetteur inconnu",
            "La Région ne connaît pas l’organisme de ce badge pour cette date.",
        ),
        Verdict::CouldNotCheck => (
            "warn",
            "cloud-off",
            "Pas pu être vérifié",
            "Un service ne répond pas pour le moment. Le badge est gardé. Revenez dans une minute.",
        ),
    };
    Some(State { class, icon, word, sentence })
}

/// The word on a grey badge of the shelf.
pub fn gone(code: &str) -> Option<&'static str> {
    let gone = [Verdict::Withdrawn, Verdict::Suspended, Verdict::Expired, Verdict::Altered];
    gone.iter().any(|verdict| verdict.code() == code).then(|| state(code).map(|state| state.word)).flatten()
}

/// « Inès » out of « Inès Duval »; the whole name when its first word may be a family name in capitals.
pub fn given_name(name: &str) -> String {
    let first = name.split_whitespace().next().unwrap_or_default();
    let capitals = first.chars().count() > 1 && first.chars().all(|c| !c.is_lowercase());
    if capitals { name.to_owned() } else { first.to_owned() }
}

/// For whom a share is.
pub struct Audience {
    pub code: &'static str,
    pub icon: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    /// After « Donnez ce code à ».
    pub to: &'static str,
}

/// The four kinds of readers.
pub const AUDIENCES: [Audience; 4] = [
    Audience { code: "company", icon: "building-2", label: "Une entreprise", hint: "", to: "l’entreprise" },
    Audience {
        code: "adviser",
        icon: "user",
        label: "Mon conseiller",
        hint: "France Travail, mission locale, Cap emploi",
        to: "votre conseiller",
    },
    Audience {
        code: "training",
        icon: "school",
        label: "Un organisme de formation",
        hint: "",
        to: "l’organisme de formation",
    },
    Audience { code: "other", icon: "globe", label: "Une autre personne", hint: "", to: "cette personne" },
];

/// How long a share lasts.
pub struct Span {
    pub code: &'static str,
    pub minutes: i64,
    pub label: &'static str,
    pub hint: &'static str,
}

/// The four lengths of a share.
pub const SPANS: [Span; 4] = [
    Span { code: "15m", minutes: 15, label: "15\u{a0}minutes", hint: "Pendant un entretien" },
    Span { code: "1j", minutes: 24 * 60, label: "1\u{a0}jour", hint: "" },
    Span { code: "7j", minutes: 7 * 24 * 60, label: "7\u{a0}jours", hint: "Le temps d’une réponse" },
    Span { code: "30j", minutes: 30 * 24 * 60, label: "30\u{a0}jours", hint: "Le plus long possible" },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_names() {
        assert_eq!(given_name("Inès Duval"), "Inès");
        assert_eq!(given_name("DUVAL Inès"), "DUVAL Inès");
        assert_eq!(given_name(""), "");
    }

    #[test]
    fn every_verdict_but_one_has_words() {
        for verdict in Verdict::ALL {
            assert_eq!(state(verdict.code()).is_none(), verdict == Verdict::Authentic);
        }
        assert_eq!(gone("withdrawn"), Some("Retiré"));
        assert_eq!((gone("could_not_check"), gone("authentic")), (None, None));
    }

    #[test]
    fn every_icon_is_drawn() {
        for verdict in Verdict::ALL {
            assert!(state(verdict.code()).is_none_or(|state| !web::icon(state.icon).is_empty()));
        }
        assert!(AUDIENCES.iter().all(|audience| !web::icon(audience.icon).is_empty()));
    }
}
