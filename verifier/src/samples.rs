//! Every page of this house with fixed values: one per verdict, and the states of each page.

use badge_schemas::referentiel::referentiel;
use checks::{
    AchievementFacts, BadgeFacts, Check, Finding, IssuerFacts, Outcome, RecipientFacts, RecordFacts, ReferentielFacts,
    Report, Verdict, codes,
};
use time::macros::datetime;
use web::codes::Kind;
use web::{Sample, Site};

use crate::count::Way;
use crate::intake::Intake;
use crate::report::{Record, Shown};
use crate::verdict::{Around, One, Several};

const TOKEN: &str = "AEBAGBAFAYDQQCIKBMGA2DQPCA";

/// All of them.
pub fn samples(site: &Site) -> Vec<Sample> {
    let intake = |name, page: &Intake| Sample::new("verifier", "/v", name, page);
    let mut samples = vec![
        intake("verifier", &Intake::new(site)),
        intake(
            "verifier-code-faux",
            &Intake::new(site)
                .typed("7K4M 2PQ8")
                .wrong("code", "Un signe est faux, ou deux sont inversés\u{a0}: relisez le code"),
        ),
        intake("verifier-code-de-fiche", &Intake::new(site).typed("RK4M 2PQ9 7WXY").belongs("code", Kind::Slip)),
        intake(
            "verifier-photo-sans-qr",
            &Intake::new(site).wrong(
                "photo",
                "Nous n’avons pas vu de QR sur cette photo\u{a0}: approchez-vous, ou tapez le code écrit dessous",
            ),
        ),
        intake("verifier-fichier-vide", &Intake::new(site).wrong("fichier", "Choisissez le fichier du badge")),
        intake("verifier-lien-faux", &Intake::new(site).wrong("lien", "Il n’y a pas de badge à cette adresse")),
    ];
    let names = [
        "verdict-authentique",
        "verdict-retire",
        "verdict-suspendu",
        "verdict-fini",
        "verdict-pas-encore",
        "verdict-modifie",
        "verdict-emetteur-inconnu",
        "verdict-pas-pu-verifier",
    ];
    let until = Some(datetime!(2026-12-22 09:00 UTC));
    for (verdict, name) in Verdict::ALL.into_iter().zip(names) {
        let shown = Shown::new(&report(verdict), true);
        let page = One::new(site, shown, Around::new(Some(TOKEN), until, Way::Share));
        samples.push(Sample::new("verifier", "/v/{token}", name, &page));
    }
    let mut withdrawn = report(Verdict::Withdrawn);
    if let Some(badge) = &mut withdrawn.badge {
        badge.credential_id = site.houses.issuer.join("/badges/5f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47");
    }
    let page = One::new(site, Shown::new(&withdrawn, true), Around::new(Some(TOKEN), until, Way::Share));
    samples.push(Sample::new("verifier", "/v/{token}", "verdict-retire-depuis", &page));
    let of_file = One::new(site, Shown::new(&report(Verdict::Authentic), false), Around::new(None, None, Way::File));
    samples.push(Sample::new("verifier", "/v/{token}", "verdict-de-fichier", &of_file));
    let several = |verdicts: &[Verdict]| {
        let shown = verdicts.iter().map(|verdict| Shown::new(&report(*verdict), true)).collect();
        Several::new(site, shown, Around::new(Some(TOKEN), until, Way::Share))
    };
    let good = several(&[Verdict::Authentic; 3]);
    samples.push(Sample::new("verifier", "/v/{token}", "verdicts-authentiques", &good));
    samples.push(Sample::new("verifier", "/v/{token}", "verdicts-divers", &several(&Verdict::ALL)));
    let gathered = || {
        let mut around = Around::new(None, None, Way::File);
        around.record = Some(Record::new(&record()));
        around
    };
    let all = [Verdict::Authentic; 3].iter().map(|verdict| Shown::new(&report(*verdict), false)).collect();
    let page = Several::new(site, all, gathered());
    samples.push(Sample::new("verifier", "/v/{token}", "verdict-de-releve", &page));
    let page = One::new(site, Shown::new(&report(Verdict::Withdrawn), false), gathered());
    samples.push(Sample::new("verifier", "/v/{token}", "verdict-de-releve-d-un-badge", &page));
    samples
}

/// A record that the Région signed.
fn record() -> RecordFacts {
    RecordFacts {
        credential_id: "urn:uuid:6f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47".to_owned(),
        issuer: IssuerFacts {
            id: "did:web:livret.example:o:r4m8t2wz".to_owned(),
            name: "Région Normandie".to_owned(),
            short_name: None,
            town: None,
            vouched: true,
        },
        valid_from: datetime!(2026-11-22 15:00 UTC),
    }
}

/// A judgement as `checks` would give it.
pub(crate) fn report(verdict: Verdict) -> Report {
    use Outcome::{CouldNotCheck, Failed, NotExamined, Noted, Passed};
    let mut findings: Vec<Finding> = [
        (Check::Format, Passed, codes::OPEN_BADGES_3, None),
        (Check::Schema, Passed, codes::SCHEMA_OK, None),
        (Check::JsonLd, Passed, codes::JSON_LD_OK, None),
        (Check::Signature, Passed, codes::SIGNATURE_OK, None),
        (Check::Key, Passed, codes::KEY_OK, None),
        (Check::Issuer, Passed, codes::ISSUER_IN_REGISTER, Some("2026-11-21T00:00:00Z")),
        (Check::Start, Passed, codes::STARTED, None),
        (Check::End, Passed, codes::NO_END, None),
        (Check::Revocation, Passed, codes::STATUS_CLEAR, None),
        (Check::Suspension, NotExamined, codes::NOT_ASKED, None),
        (Check::Recipient, Noted, codes::RECIPIENT_NAMED, None),
    ]
    .into_iter()
    .map(|(check, outcome, code, detail)| Finding { check, outcome, code, detail: detail.map(str::to_owned) })
    .collect();
    let mut set = |check: Check, outcome, code, detail: Option<&str>| {
        for finding in findings.iter_mut().filter(|finding| finding.check == check) {
            (finding.outcome, finding.code, finding.detail) = (outcome, code, detail.map(str::to_owned));
        }
    };
    match verdict {
        Verdict::Authentic => {}
        Verdict::Withdrawn => set(Check::Revocation, Failed, codes::STATUS_SET, None),
        Verdict::Suspended => set(Check::Suspension, Failed, codes::STATUS_SET, None),
        Verdict::Expired => set(Check::End, Failed, codes::ENDED, Some("2026-11-01T00:00:00Z")),
        Verdict::NotYetValid => set(Check::Start, Failed, codes::NOT_STARTED, Some("2027-01-04T08:00:00Z")),
        Verdict::Altered => {
            set(Check::Signature, Failed, codes::SIGNATURE_MISMATCH, None);
            for later in &Check::ALL[5..] {
                set(*later, NotExamined, codes::POINTLESS, None);
            }
        }
        Verdict::UnknownIssuer => set(Check::Issuer, Failed, codes::ISSUER_NOT_IN_REGISTER, Some("Atelier 27")),
        Verdict::CouldNotCheck => set(Check::Revocation, CouldNotCheck, codes::STATUS_UNANSWERED, Some("timed_out")),
    }
    let badge = (verdict != Verdict::Altered).then(|| badge(verdict != Verdict::UnknownIssuer));
    let at = datetime!(2026-11-23 13:32 UTC);
    Report { verdict, at, findings, badge, endorsement: None, record: None, form: None, parts: Vec::new() }
}

fn badge(vouched: bool) -> BadgeFacts {
    let code = "cpt-travail-en-equipe/pratique";
    let known = referentiel().achievement_by_code(code);
    BadgeFacts {
        credential_id: "https://livret.example/badges/5f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47".to_owned(),
        achievement: AchievementFacts {
            id: format!("https://livret.example/referentiel/0.1.0/{code}"),
            name: "Travail en équipe – Je pratique".to_owned(),
            description: "Se coordonner avec les autres pour atteindre un objectif commun.".to_owned(),
            criteria: None,
            image: None,
            referentiel: known.map(|achievement| ReferentielFacts {
                version: achievement.version.clone(),
                badge: achievement.badge_id.clone(),
                badge_name: achievement.badge_name.clone(),
                level: achievement.level.code().to_owned(),
                level_name: achievement.level.name().to_owned(),
                level_descriptor: achievement.level_descriptor.clone(),
            }),
        },
        image: None,
        recipient: RecipientFacts { name: Some("Inès Duval".to_owned()), ..RecipientFacts::default() },
        issuer: if vouched {
            IssuerFacts {
                id: "did:web:livret.example:o:7h2k9qx4".to_owned(),
                name: "Estuaire Compétences".to_owned(),
                short_name: None,
                town: Some("Le Havre".to_owned()),
                vouched,
            }
        } else {
            IssuerFacts {
                id: "did:web:atelier.example".to_owned(),
                name: "Atelier 27".to_owned(),
                short_name: None,
                town: None,
                vouched,
            }
        },
        valid_from: datetime!(2026-11-20 14:05:09 UTC),
        valid_until: None,
        awarded: Some(datetime!(2026-11-20 00:00 UTC)),
        observed: vec![
            "Prend sa part du travail et tient ses engagements.".to_owned(),
            "Aide un collègue ou accepte de l’aide.".to_owned(),
        ],
        sentence: Some(
            "Service de midi sur le plateau technique cuisine\u{a0}: 40\u{a0}couverts, équipe de cinq, poste tournant."
                .to_owned(),
        ),
        evidence_type: Some("mise-en-situation".to_owned()),
    }
}
