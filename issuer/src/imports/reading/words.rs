//! Faults and refusals in French, at the display edge, and in short codes for the database.

use super::{Column, Fault, Refusal, badges};

impl Fault {
    /// The code kept beside the row.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NameMissing => "name_missing",
            Self::NotAName => "not_a_name",
            Self::AddressWithoutAt => "address_without_at",
            Self::AddressIncomplete => "address_incomplete",
            Self::AddressSeveral => "address_several",
            Self::AddressSigns => "address_signs",
            Self::DateDoesNotExist(_) => "date_does_not_exist",
            Self::DateUnreadable(_) => "date_unreadable",
            Self::DateInFuture(_) => "date_in_future",
            Self::DateTooOld(_) => "date_too_old",
            Self::LooksLikeNir => "looks_like_nir",
            Self::HiddenCharacters => "hidden_characters",
            Self::Illegible => "illegible",
            Self::TooLong => "too_long",
            Self::NumberShortened => "number_shortened",
            Self::NumberOfAnother(_) => "number_of_another",
            Self::Yourself => "yourself",
            Self::BadgeUnknown(_) => "badge_unknown",
            Self::LevelUnknown(_) => "level_unknown",
            Self::LevelMissing(_) => "level_missing",
            Self::LevelNotOfBadge(_) => "level_not_of_badge",
            Self::LevelsDiffer(_) => "levels_differ",
            Self::BadgeRefused(_) => "badge_refused",
        }
    }

    /// What was written, when the sentence needs it.
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::DateDoesNotExist(said)
            | Self::DateUnreadable(said)
            | Self::DateInFuture(said)
            | Self::DateTooOld(said)
            | Self::NumberOfAnother(said)
            | Self::BadgeUnknown(said)
            | Self::LevelUnknown(said)
            | Self::LevelMissing(said)
            | Self::LevelNotOfBadge(said)
            | Self::LevelsDiffer(said)
            | Self::BadgeRefused(said) => Some(said),
            _ => None,
        }
    }

    /// Back from the database.
    pub fn from_code(code: &str, detail: Option<&str>) -> Option<Self> {
        let said = || detail.unwrap_or_default().to_owned();
        Some(match code {
            "name_missing" => Self::NameMissing,
            "not_a_name" => Self::NotAName,
            "address_without_at" => Self::AddressWithoutAt,
            "address_incomplete" => Self::AddressIncomplete,
            "address_several" => Self::AddressSeveral,
            "address_signs" => Self::AddressSigns,
            "date_does_not_exist" => Self::DateDoesNotExist(said()),
            "date_unreadable" => Self::DateUnreadable(said()),
            "date_in_future" => Self::DateInFuture(said()),
            "date_too_old" => Self::DateTooOld(said()),
            "looks_like_nir" => Self::LooksLikeNir,
            "hidden_characters" => Self::HiddenCharacters,
            "illegible" => Self::Illegible,
            "too_long" => Self::TooLong,
            "number_shortened" => Self::NumberShortened,
            "number_of_another" => Self::NumberOfAnother(said()),
            "badge_unknown" => Self::BadgeUnknown(said()),
            "level_unknown" => Self::LevelUnknown(said()),
            "level_missing" => Self::LevelMissing(said()),
            "level_not_of_badge" => Self::LevelNotOfBadge(said()),
            "levels_differ" => Self::LevelsDiffer(said()),
            "badge_refused" => Self::BadgeRefused(said()),
            "yourself" => Self::Yourself,
            _ => return None,
        })
    }

    /// What is wrong, then what to do, in one line.
    pub fn words(&self) -> String {
        match self {
            Self::NameMissing => "Il manque le nom de la personne.".into(),
            Self::NotAName => "Ce n’est pas un nom\u{a0}: écrivez le prénom et le nom.".into(),
            Self::AddressWithoutAt => "Il manque «\u{a0}@\u{a0}» dans l’adresse.".into(),
            Self::AddressIncomplete => "Il manque la fin de l’adresse, par exemple «\u{a0}.fr\u{a0}».".into(),
            Self::AddressSeveral => "Il y a plusieurs adresses dans la case\u{a0}: gardez-en une.".into(),
            Self::AddressSigns => "L’adresse contient un signe qu’une adresse n’a jamais\u{a0}: relisez-la.".into(),
            Self::DateDoesNotExist(said) => format!("Le {said} n’existe pas\u{a0}: corrigez la date."),
            Self::DateUnreadable(said) => {
                format!("«\u{a0}{said}\u{a0}» ne se lit pas comme une date\u{a0}: écrivez par exemple 22/11/2026.")
            }
            Self::DateInFuture(said) => format!("Le {said} n’est pas encore arrivé\u{a0}: corrigez la date."),
            Self::DateTooOld(said) => format!("Le {said} est trop ancien\u{a0}: corrigez la date."),
            Self::LooksLikeNir => "Un numéro ressemble à un numéro de sécurité sociale\u{a0}: retirez-le du fichier. \
                 Livret ne le garde pas."
                .into(),
            Self::HiddenCharacters => "Il y a des caractères invisibles\u{a0}: retapez la case.".into(),
            Self::Illegible => {
                "Des lettres sont illisibles\u{a0}: enregistrez le fichier en «\u{a0}CSV UTF-8\u{a0}».".into()
            }
            Self::TooLong => "La case est trop longue\u{a0}: raccourcissez-la.".into(),
            Self::NumberShortened => {
                "Le tableur a abrégé le numéro de dossier\u{a0}: mettez la colonne au format «\u{a0}Texte\u{a0}»."
                    .into()
            }
            Self::Yourself => "C’est votre adresse\u{a0}: on ne s’atteste pas soi-même.".into(),
            Self::BadgeUnknown(said) => match badges::nearest(said, None).first() {
                Some(near) => format!(
                    "«\u{a0}{said}\u{a0}» n’est pas dans le référentiel\u{a0}: vouliez-vous dire «\u{a0}{}\u{a0}»\u{202f}?",
                    near.badge_name
                ),
                None => format!("«\u{a0}{said}\u{a0}» n’est pas dans le référentiel\u{a0}: corrigez le badge."),
            },
            Self::LevelUnknown(said) => format!(
                "«\u{a0}{said}\u{a0}» n’est pas un niveau\u{a0}: écrivez Je découvre, Je pratique ou Je maîtrise."
            ),
            Self::LevelMissing(badge) => format!("Il manque le niveau de «\u{a0}{badge}\u{a0}»\u{a0}: choisissez-le."),
            Self::LevelNotOfBadge(badge) => {
                format!("«\u{a0}{badge}\u{a0}» ne s’atteste pas à ce niveau\u{a0}: choisissez-en un autre.")
            }
            Self::LevelsDiffer(badge) => {
                format!("La ligne dit deux niveaux pour «\u{a0}{badge}\u{a0}»\u{a0}: choisissez le bon.")
            }
            Self::BadgeRefused(why) => why.clone(),
            Self::NumberOfAnother(who) => {
                format!("Ce numéro de dossier est celui de {who}\u{a0}: corrigez le numéro ou le nom.")
            }
        }
    }
}

impl Refusal {
    /// What is wrong with the file, then what to do.
    pub fn words(&self) -> String {
        match self {
            Self::TooBig => "Le fichier dépasse 25\u{a0}Mo. Gardez seulement les colonnes nom, prénom et courriel, ou \
                 coupez-le en deux."
                .into(),
            Self::Empty => "Le fichier ne contient personne. Choisissez un fichier avec une ligne d’en-tête, puis une \
                 ligne par stagiaire."
                .into(),
            Self::OldWorkbook => "C’est un classeur d’un ancien format, ou protégé par un mot de passe. Ouvrez-le, \
                 choisissez «\u{a0}Enregistrer sous\u{a0}», puis «\u{a0}Classeur Excel (.xlsx)\u{a0}», sans mot de passe."
                .into(),
            Self::OpenDocument => "C’est un classeur LibreOffice (.ods). Ouvrez-le, choisissez «\u{a0}Enregistrer \
                 sous\u{a0}», puis «\u{a0}Excel (.xlsx)\u{a0}» ou «\u{a0}CSV\u{a0}», et déposez ce fichier."
                .into(),
            Self::WorkbookTooLarge => "Le classeur est trop grand\u{a0}: 10\u{a0}Mo au plus, 200\u{a0}Mo une fois ouvert. \
                 Gardez seulement la feuille des stagiaires, ou enregistrez-la en «\u{a0}CSV UTF-8\u{a0}»."
                .into(),
            Self::WorkbookDamaged => "Ce classeur ne se lit pas. Ouvrez-le dans un tableur, enregistrez-le de nouveau en \
                 «\u{a0}Classeur Excel (.xlsx)\u{a0}», et déposez-le."
                .into(),
            Self::WorkbookCell => "Une case du classeur contient un texte bien trop long. Gardez seulement les colonnes \
                 utiles."
                .into(),
            Self::NotText => "Ce fichier n’est pas une liste. Déposez un classeur .xlsx ou un fichier CSV.".into(),
            Self::TooManyRows => "Le fichier a plus de 100\u{202f}000 lignes. Coupez-le en plusieurs fichiers.".into(),
            Self::TooManyColumns(line) => {
                format!("La ligne {line} a plus de 1\u{202f}000 colonnes. Gardez seulement nom, prénom et courriel.")
            }
            Self::HugeCell(line) => format!(
                "Une case commencée à la ligne {line} ne finit pas\u{a0}: un guillemet ouvert n’est sans doute pas \
                 refermé. Corrigez cette ligne."
            ),
            Self::NoHeader => "La première ligne est déjà une personne. Ajoutez au-dessus une ligne d’en-tête, par \
                 exemple «\u{a0}nom;prénom;courriel\u{a0}»."
                .into(),
            Self::NoUsableColumn(found) if found.is_empty() => {
                "Aucune colonne ne porte un nom connu. Écrivez en première ligne «\u{a0}nom;prénom;courriel\u{a0}»."
                    .into()
            }
            Self::NoUsableColumn(found) => format!(
                "Aucune colonne ne dit qui est la personne. Nous avons lu\u{a0}: {}. Nommez une colonne \
                 «\u{a0}nom\u{a0}» et, si vous l’avez, une colonne «\u{a0}prénom\u{a0}».",
                found.join(", ")
            ),
        }
    }
}

impl Column {
    /// How the page names the column.
    pub fn words(self) -> &'static str {
        match self {
            Self::Surname | Self::WholeName => "nom",
            Self::FirstName => "prénom",
            Self::Email => "courriel",
            Self::FileNumber => "n° de dossier",
            Self::ObservedOn => "date",
            Self::Badge => "badge",
            Self::Level => "niveau",
        }
    }
}
