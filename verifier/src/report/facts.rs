//! What the badge says, ready to be shown.

use badge_schemas::artwork::{self, Artwork};
use badge_schemas::referentiel::{Level, referentiel};
use checks::{BadgeFacts, IssuerFacts, RecordFacts, Verdict};
use data_encoding::BASE64;
use web::dates;

/// The facts of one badge in words.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    /// The badge's id, as signed.
    pub id: String,
    /// The picture, as a `data:` address: nothing is asked of the issuer while an employer reads.
    pub picture: Option<String>,
    /// The same, small.
    pub vignette: Option<String>,
    /// The competence, without its level.
    pub competence: String,
    /// One sentence.
    pub description: String,
    /// « Je pratique » and what it means.
    pub level: Option<(String, String)>,
    /// The person's name.
    pub recipient: Option<String>,
    /// The organisation's name: the register's, or in guillemets the badge's own word.
    pub issuer: String,
    /// The register vouches.
    pub vouched: bool,
    /// « Observé le » and « Attesté le », each with its day.
    pub days: Vec<(&'static str, String)>,
    /// The points observed.
    pub observed: Vec<String>,
    /// The trainer's sentence.
    pub sentence: Option<String>,
    /// The whole is shown in full, with its picture: only when the badge counts.
    pub in_full: bool,
}

/// A record that gathers badges, ready to be shown: who signed it, when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    /// Who gathered and signed: the register's name, or in guillemets the record's own word.
    pub issuer: String,
    /// The register vouches.
    pub vouched: bool,
    /// « 22 novembre 2026 ».
    pub day: String,
}

impl Record {
    pub(crate) fn new(record: &RecordFacts) -> Self {
        Self {
            issuer: named(&record.issuer),
            vouched: record.issuer.vouched,
            day: dates::long(dates::day_in_paris(record.valid_from)),
        }
    }
}

/// The register's name and town, or in guillemets what a text says of its own issuer.
fn named(issuer: &IssuerFacts) -> String {
    match (&issuer.town, issuer.vouched) {
        (Some(town), true) => format!("{}, {town}", issuer.name),
        (None, true) => issuer.name.clone(),
        (_, false) => format!("«\u{a0}{}\u{a0}»", issuer.name),
    }
}

/// The name on the rim of an organisation's badges.
fn on_the_rim(issuer: &IssuerFacts) -> &str {
    issuer.short_name.as_deref().unwrap_or(&issuer.name)
}

impl Facts {
    /// « observé le 12 mai 2026, attesté le 30 novembre 2026 ».
    pub(crate) fn when(&self) -> String {
        let said: Vec<_> = self.days.iter().map(|(word, day)| format!("{} {day}", word.to_lowercase())).collect();
        said.join(", ")
    }

    pub(super) fn new(badge: &BadgeFacts, verdict: Verdict) -> Self {
        let place = badge.achievement.referentiel.as_ref();
        let known = place.and_then(|place| referentiel().achievement(&place.badge, Level::parse(&place.level)?));
        let vouched = badge.issuer.vouched;
        let art = known
            .filter(|_| vouched)
            // The same picture as in the livret.
            .map(|achievement| Artwork { achievement, organisation: Some(on_the_rim(&badge.issuer)) });
        let data = |svg: String| format!("data:image/svg+xml;base64,{}", BASE64.encode(svg.as_bytes()));
        Self {
            id: badge.credential_id.clone(),
            picture: art.as_ref().map(|art| data(artwork::svg(art))),
            vignette: art.as_ref().map(|art| data(artwork::vignette(art))),
            competence: place.map_or(&badge.achievement.name, |place| &place.badge_name).clone(),
            description: badge.achievement.description.clone(),
            level: place.map(|place| (place.level_name.clone(), place.level_descriptor.clone())),
            recipient: badge.recipient.name.clone(),
            issuer: named(&badge.issuer),
            vouched,
            days: dates::observed_and_attested(
                badge.awarded.map(time::OffsetDateTime::date),
                dates::day_in_paris(badge.valid_from),
            ),
            observed: badge.observed.clone(),
            sentence: badge.sentence.clone(),
            in_full: verdict == Verdict::Authentic,
        }
    }
}
