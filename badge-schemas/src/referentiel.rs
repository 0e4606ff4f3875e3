//! The Référentiel Normand: 50 badges, 134 achievements and 9 key badges, as the project's own versioned data.
//!
//! The text of a published version is frozen (decisions §13): it goes into signed badges.
//! A new version is a new file beside `data/referentiel-0.1.0.json`, never a change of that one.

mod load;

use std::sync::LazyLock;

use crate::text;

/// The référentiel in force.
pub fn referentiel() -> &'static Referentiel {
    &CURRENT
}

/// One published version of the référentiel.
#[derive(Debug)]
pub struct Referentiel {
    /// Version, as in the permanent paths: `0.1.0`.
    pub version: String,
    /// The 50 badges, in the order of the référentiel.
    pub badges: Vec<Badge>,
    /// The 9 key badges: the four keys at two levels, then the general badge.
    pub key_badges: Vec<KeyBadge>,
    /// The kinds of evidence a trainer chooses from.
    pub evidence_types: Vec<EvidenceType>,
    achievements: Vec<Achievement>,
    key_achievements: Vec<Achievement>,
}

impl Referentiel {
    /// The 134 achievements: every badge at each of its levels, in the order of the référentiel.
    pub fn achievements(&self) -> &[Achievement] {
        &self.achievements
    }

    /// The achievements of the 9 key badges, which a person awards and no import ever does (decisions §9).
    pub fn key_achievements(&self) -> &[Achievement] {
        &self.key_achievements
    }

    /// One achievement, key badges included (`cle-s-organiser` at [`Level::Pratique`], `cle-general` at [`Level::General`]).
    pub fn achievement(&self, badge_id: &str, level: Level) -> Option<&Achievement> {
        self.achievements.iter().chain(&self.key_achievements).find(|a| a.badge_id == badge_id && a.level == level)
    }

    /// One achievement by its human code, `cpt-travail-en-equipe/pratique`.
    pub fn achievement_by_code(&self, human_code: &str) -> Option<&Achievement> {
        let (badge_id, level) = human_code.split_once('/')?;
        self.achievement(badge_id, Level::parse(level)?)
    }

    /// The badge with this id.
    pub fn badge(&self, id: &str) -> Option<&Badge> {
        self.badges.iter().find(|b| b.id == id)
    }

    /// The badge a person means: its id, its name, or its name without regard to case, accents, hyphens and apostrophes.
    pub fn find(&self, asked: &str) -> Option<&Badge> {
        let key = text::search_key(asked);
        self.badges.iter().find(|b| b.id == asked.trim() || b.search_key == key || b.id.replace('-', " ") == key)
    }

    /// The kind of evidence with this id.
    pub fn evidence_type(&self, id: &str) -> Option<&EvidenceType> {
        self.evidence_types.iter().find(|e| e.id == id)
    }
}

/// A competence of the référentiel, attested at one of its levels.
#[derive(Debug)]
pub struct Badge {
    /// Permanent id: `cpt-travail-en-equipe`.
    pub id: String,
    /// Family of the competence.
    pub family: Family,
    /// The group inside its family: « Communiquer », « Protection et sécurité ».
    pub group: String,
    /// Name in French.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// One sentence in French.
    pub description: String,
    /// What a trainer can tick, in the order that signed badges refer to.
    pub observables: Vec<String>,
    /// Ids of the kinds of evidence foreseen for this badge.
    pub evidence_types: Vec<String>,
    /// How much evidence is expected, in French.
    pub evidence_rule: String,
    /// Levels at which it can be attested, lowest first.
    pub levels: Vec<Level>,
    search_key: String,
}

/// A badge computed from others: suggested by the program, awarded by a person.
#[derive(Debug)]
pub struct KeyBadge {
    /// Permanent id with its level: `cle-s-organiser-pratique`, `cle-general`.
    pub id: String,
    /// The same without its level: `cle-s-organiser`, `cle-general`.
    pub badge_id: String,
    /// Its level.
    pub level: Level,
    /// Name in French: « Organiser – Je pratique ».
    pub name: String,
    /// Ids of the badges (or, for the general badge, key badges) it is made of.
    pub members: Vec<String>,
    /// How many of them are needed.
    pub minimum: usize,
}

/// A badge at one level: what a signed badge is about (Open Badges 3.0, §B.1.1).
#[derive(Debug)]
pub struct Achievement {
    /// Id of the badge: `cpt-travail-en-equipe`.
    pub badge_id: String,
    /// Level.
    pub level: Level,
    /// Family.
    pub family: Family,
    /// Name without the level: « Travail en équipe ».
    pub badge_name: String,
    /// Name as signed: « Travail en équipe – Je pratique ».
    pub name: String,
    /// Description as signed.
    pub description: String,
    /// `criteria.narrative` as signed (Markdown).
    pub narrative: String,
    /// `humanCode` as signed: `cpt-travail-en-equipe/pratique`.
    pub human_code: String,
    /// `tag` as signed.
    pub tags: Vec<String>,
    /// `alignment` as signed.
    pub alignments: Vec<Alignment>,
    /// Points that can be observed, in the order that signed badges refer to; empty for key badges.
    pub observables: Vec<String>,
    /// Ids of the kinds of evidence foreseen.
    pub evidence_types: Vec<String>,
    /// What this level means, in French.
    pub level_descriptor: String,
    /// Version of the référentiel.
    pub version: String,
}

impl Achievement {
    /// Permanent path: `/referentiel/0.1.0/cpt-travail-en-equipe/pratique`.
    pub fn path(&self) -> String {
        format!("/referentiel/{}/{}", self.version, self.human_code)
    }

    /// Permanent id, on the issuer's origin (decisions §13).
    pub fn url(&self, issuer_base: &str) -> String {
        format!("{}{}", issuer_base.trim_end_matches('/'), self.path())
    }

    /// True for the 16 behavioural « Je maîtrise »: two dated observations, two contexts, two people.
    /// Until the second look exists they are refused (decisions §9).
    pub fn needs_second_look(&self) -> bool {
        self.family == Family::Comportementale && self.level == Level::Maitrise
    }

    /// True for key badges, which no import may award (decisions §9).
    pub fn is_key(&self) -> bool {
        self.family == Family::Cle
    }
}

/// A link to another framework (Open Badges 3.0, §B.1.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alignment {
    /// Name in that framework.
    pub target_name: String,
    /// Address of that framework.
    pub target_url: String,
    /// Name of that framework.
    pub target_framework: String,
    /// Code in that framework, if it has codes.
    pub target_code: Option<String>,
}

/// A kind of evidence; its id is signed as `evidence.genre`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceType {
    /// Permanent id: `mise-en-situation`.
    pub id: String,
    /// Name in French.
    pub name: String,
}

/// A level of the one scale of the référentiel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// « Je découvre »
    Decouvre,
    /// « Je pratique »
    Pratique,
    /// « Je maîtrise »
    Maitrise,
    /// The general badge, which has no level.
    General,
}

impl Level {
    /// Every level.
    pub const ALL: [Self; 4] = [Self::Decouvre, Self::Pratique, Self::Maitrise, Self::General];

    /// The code in paths and files: `pratique`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Decouvre => "decouvre",
            Self::Pratique => "pratique",
            Self::Maitrise => "maitrise",
            Self::General => "general",
        }
    }

    /// The words for people: « Je pratique ».
    pub const fn name(self) -> &'static str {
        match self {
            Self::Decouvre => "Je découvre",
            Self::Pratique => "Je pratique",
            Self::Maitrise => "Je maîtrise",
            Self::General => "Badge général",
        }
    }

    /// Number of pips on the artwork: 1 to 3, 0 for the general badge.
    pub const fn rank(self) -> u8 {
        match self {
            Self::Decouvre => 1,
            Self::Pratique => 2,
            Self::Maitrise => 3,
            Self::General => 0,
        }
    }

    /// The level with this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.code() == code)
    }

    /// The level a person means: its code, its name, or its name without « Je », case and accents.
    pub fn find(asked: &str) -> Option<Self> {
        let key = text::search_key(asked);
        Self::ALL.into_iter().find(|l| {
            let name = text::search_key(l.name());
            key == l.code() || key == name || name.strip_prefix("je ") == Some(&key)
        })
    }
}

/// A family of competences; told by shape on the artwork.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Behavioural competences (circle).
    Comportementale,
    /// Basic competences (arch).
    Base,
    /// Digital competences (rounded square).
    Numerique,
    /// Key badges (quatrefoil).
    Cle,
}

impl Family {
    /// Every family.
    pub const ALL: [Self; 4] = [Self::Comportementale, Self::Base, Self::Numerique, Self::Cle];

    /// The code in files: `comportementale`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Comportementale => "comportementale",
            Self::Base => "base",
            Self::Numerique => "numerique",
            Self::Cle => "cle",
        }
    }

    /// The words for people: « Compétences comportementales ».
    pub const fn name(self) -> &'static str {
        match self {
            Self::Comportementale => "Compétences comportementales",
            Self::Base => "Compétences de base",
            Self::Numerique => "Compétences numériques",
            Self::Cle => "Badges clés",
        }
    }

    /// The family with this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.code() == code)
    }
}

static CURRENT: LazyLock<Referentiel> = LazyLock::new(|| {
    // Our own file, read whole by the tests of this crate: it cannot fail at run time.
    load::load(include_str!("../data/referentiel-0.1.0.json")).expect("own référentiel")
});

#[cfg(test)]
mod tests;
