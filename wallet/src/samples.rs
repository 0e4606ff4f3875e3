//! Every page of the house in every state, with invented people: rendered in tests, audited in a browser.

use askama::Template;
use time::macros::{date, datetime};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;
use web::codes::{Code, Kind};
use web::tokens::LinkToken;
use web::{Sample, Site};

use crate::access::{Learner, address, card, enter, link};
use crate::badges::Badge;
use crate::claims::{self, ClaimPage, ClaimToken, OfferedBadge, Question, TypePage, messages};
use crate::livret::{BadgePage, Forms, Page as LivretPage};
use crate::pages::outside;
use crate::reading::Reading;
use crate::sharing::rows::Share;
use crate::sharing::{share, show, views};
use crate::{HOUSE, leaving, record, takeout};

const NOW: OffsetDateTime = datetime!(2026-11-22 13:30 UTC);
const NAME: &str = "Inès Duval";
const SENTENCE: &str =
    "Service de midi sur le plateau technique cuisine : 40 couverts, équipe de cinq, poste tournant.";

/// One sample per page and state.
pub fn samples(site: &Site) -> Vec<Sample> {
    let mut all = claim_samples(site);
    all.extend(access_samples(site));
    all.extend(livret_samples(site));
    all.extend(sharing_samples(site));
    all.extend(leaving_samples(site));
    all
}

fn sample(path: &'static str, name: &'static str, page: &impl Template) -> Sample {
    Sample::new(HOUSE, path, name, page)
}

fn claim_samples(site: &Site) -> Vec<Sample> {
    let Ok(token) = ClaimToken::parse(LinkToken::from_bytes(&[7; 16]).as_str()) else { return Vec::new() };
    let slip = Code::derive(Kind::Slip, &[9; 32]);
    let Ok(slip_token) = ClaimToken::parse(slip.as_str()) else { return Vec::new() };
    let offer = |kind| claims::sample_offer(kind, offered(site));
    let mut refused = TypePage::new(site);
    "RK4M 2PQ0".clone_into(&mut refused.typed);
    refused.errors.add("code", web::codes::CodeFault::Sign('0').message());
    let question = |from_session, name| Question {
        shell: outside(site, "Est-ce bien le même livret\u{202f}?").narrow(),
        token: token.as_str().to_owned(),
        holder: "Karim Benali".to_owned(),
        organisation: "Estuaire Compétences".to_owned(),
        from_session,
        other: name,
        shared: false,
    };
    vec![
        sample("/r", "code", &TypePage::new(site)),
        sample("/r", "code-faux", &refused),
        sample("/r/{token}", "badge-lettre", &ClaimPage::new(site, &token, &offer("letter"), None)),
        sample("/r/{token}", "badge-papier", &ClaimPage::new(site, &slip_token, &offer("slip"), None)),
        sample(
            "/r/{token}",
            "badge-livret-ouvert",
            &ClaimPage::new(site, &slip_token, &offer("slip"), Some(&learner())),
        ),
        sample("/r/{token}", "badge-autre-nom", &question(true, NAME.to_owned())),
        sample("/r/{token}", "badge-adresse-partagee", &question(false, String::new())),
        sample("/r/{token}", "badge-repris", &claims::resume(site, &token)),
        sample("/r/{token}", "badge-deja-pris", &messages::taken(site)),
        sample("/r/{token}", "badge-supprime-avant", &messages::removed(site)),
        sample("/r/{token}", "badge-retire", &messages::withdrawn(site, Some(date!(2026 - 11 - 22)))),
        sample("/r/{token}", "badge-lien-ancien", &messages::expired(site, "Estuaire Compétences")),
        sample("/r/{token}", "badge-inconnu", &messages::unknown(site)),
        sample("/r/{token}", "badge-sans-reponse", &messages::silent(site, &token)),
        sample("/r/{token}", "badge-modifie-en-route", &messages::altered(site)),
    ]
}

fn access_samples(site: &Site) -> Vec<Sample> {
    let code = Code::derive(Kind::Card, &[5; 32]);
    let token = LinkToken::from_bytes(&[8; 16]);
    let mut refused = enter::Page::new(site, None);
    "ines@exemple".clone_into(&mut refused.email);
    refused.errors.add("courriel", "Il manque la fin, par exemple «\u{a0}.fr\u{a0}»");
    let row =
        |email: &str| address::Row { id: id(3), email: email.to_owned(), since: "3\u{a0}octobre 2026".to_owned() };
    let two = vec![row("ines@exemple.fr"), row("ines.duval@exemple.org")];
    let mut sent = address::Page::new(site, NAME, two);
    sent.said = Some("Un courriel est parti. Ouvrez son lien pour confirmer l’adresse.");
    vec![
        sample("/livret/entrer", "entrer", &enter::Page::new(site, None)),
        sample("/livret/entrer", "entrer-faux", &refused),
        sample("/livret/entrer/envoye", "entrer-envoye", &enter::sent_page(site)),
        sample("/livret/telephone-perdu", "telephone-perdu", &phone(site, false)),
        sample("/livret/telephone-perdu", "telephone-perdu-ouvert", &phone(site, true)),
        sample("/livret/aide", "aide-livret", &enter::Help { shell: outside(site, "Aide").narrow() }),
        sample(
            "/livret/vos-donnees",
            "vos-donnees",
            &enter::Privacy { shell: outside(site, "Vos données et vos droits").narrow() },
        ),
        sample("/c/{code}", "carte-porte", &card::door_page(site, &code)),
        sample("/livret/lien/{token}", "lien", &link::open_page(site, token.as_str(), None)),
        sample("/livret/adresses/confirmer/{token}", "adresse-confirmer", &address::confirm_page(site, token.as_str())),
        sample("/livret/adresses", "adresses", &sent),
        sample("/livret/adresses", "adresses-aucune", &address::Page::new(site, NAME, Vec::new())),
        sample("/livret/carte", "carte", &card::Page::new(site, NAME, &code, None)),
        sample("/livret/carte", "carte-premiere", &card::Page::new(site, NAME, &code, Some(id(1)))),
        sample("/livret/carte/perdue", "carte-perdue", &card::lost_page(site, NAME)),
    ]
}

fn phone(site: &Site, signed_in: bool) -> enter::Phone {
    enter::Phone { shell: outside(site, "Téléphone perdu").narrow(), signed_in }
}

fn livret_samples(site: &Site) -> Vec<Sample> {
    let many = badges(site, 12);
    let later = NOW + Duration::days(60);
    let (mut withdrawn, mut doubtful) = (many[0].clone(), many[0].clone());
    checks::Verdict::Withdrawn.code().clone_into(&mut withdrawn.verdict);
    checks::Verdict::CouldNotCheck.code().clone_into(&mut doubtful.verdict);
    let mut said = BadgePage::new(site, NAME, &many[0], reading());
    said.said = Some("Le badge est dans votre livret. Rien n’est envoyé à un employeur sans votre accord.");
    said.forms = Forms::at(site.houses.issuer.join("/badges/7d3c1f7e-2f0a-4b83-9a1f-2f6a1c0e9d47"));
    let mut one_of_three = BadgePage::new(site, NAME, &many[0], reading());
    (one_of_three.said, one_of_three.waiting) = (said.said, 2);
    let mut taken_back = BadgePage::new(site, NAME, &withdrawn, reading());
    taken_back.withdrawn = Some("22\u{a0}novembre 2026".to_owned());
    let mut refused = record::Page::new(site, NAME, &many, &[]);
    refused.errors.add("badges", "Choisissez au moins un badge");
    vec![
        sample("/livret/releve", "releve", &record::Page::new(site, NAME, &many, &[many[0].badge_id])),
        sample("/livret/releve", "releve-faux", &refused),
        sample("/livret/releve", "releve-rien", &record::Page::new(site, NAME, &[], &[])),
        sample("/livret/emporter", "emporter", &takeout::Page::new(site, NAME, &many)),
        sample("/livret/emporter", "emporter-rien", &takeout::Page::new(site, "", &[])),
        sample(
            "/livret/emporter",
            "emporter-retire",
            &takeout::Page::new(site, NAME, std::slice::from_ref(&withdrawn)),
        ),
        sample("/livret/imprimer", "imprimer", &takeout::Paper::new(site, NAME, &many, NOW)),
        sample("/livret/imprimer", "imprimer-rien", &takeout::Paper::new(site, "", &[], NOW)),
        sample("/livret", "livret-vide", &LivretPage::new(site, "", &[], 0, NOW)),
        sample("/livret", "livret-un", &LivretPage::new(site, NAME, &many[..1], 0, NOW)),
        sample("/livret", "livret", &LivretPage::new(site, NAME, &many, 2, NOW)),
        sample("/livret", "livret-plus-tard", &LivretPage::new(site, NAME, &many, 1, later)),
        sample("/livret", "livret-sans-reponse", &LivretPage::new(site, NAME, std::slice::from_ref(&doubtful), 0, NOW)),
        sample("/livret/badges/{id}", "badge", &said),
        sample("/livret/badges/{id}", "badge-un-de-trois", &one_of_three),
        sample("/livret/badges/{id}", "badge-retire-garde", &taken_back),
        sample("/livret/badges/{id}", "badge-non-verifie", &BadgePage::new(site, NAME, &doubtful, reading())),
    ]
}

fn sharing_samples(site: &Site) -> Vec<Sample> {
    let many = badges(site, 6);
    let (link, code) = (LinkToken::from_bytes(&[6; 16]), Code::derive(Kind::Share, &[4; 32]));
    let showing = Code::derive(Kind::Showing, &[3; 32]);
    let open = share_row("Mécanique du Talou", 2);
    let mut stopped = share_row("", 1);
    stopped.ended_at = Some(NOW - Duration::days(20));
    let mut over = share_row("Cap emploi, Le Havre", 0);
    over.until_at = NOW - Duration::days(3);
    let shares = [open.clone(), share_row("", 0), stopped.clone(), over.clone()];
    let answers = share::Answers { badges: vec![many[0].badge_id], ..share::Answers::default() };
    let mut refused = share::Page::new(site, NAME, &many, &[], &share::Answers::default(), NOW);
    refused.errors.add("badges", "Choisissez au moins un badge");
    let seen = |share: bool, label: &str| views::Row {
        seen_at: NOW - Duration::hours(3),
        audience: share.then(|| "adviser".to_owned()),
        label: share.then(|| label.to_owned()),
        badges: 2,
    };
    let mut openings = vec![seen(true, "Mission locale de Lisieux"), seen(false, ""), seen(true, "")];
    let few = openings.clone();
    openings.extend((0..25).map(|_| seen(false, "")));
    let until = NOW + Duration::minutes(15);
    vec![
        sample("/livret/montrer", "montrer-choisir", &show::Choose::new(site, NAME, &many, Some(many[1].badge_id))),
        sample("/livret/montrer", "montrer-rien", &show::Choose::new(site, NAME, &[], None)),
        sample(
            "/livret/montrer/{id}",
            "montrer",
            &show::Show::new(site, "Travail en équipe", "Je pratique", NAME, &showing, until, "/livret"),
        ),
        sample(
            "/livret/montrer/{id}",
            "montrer-plusieurs",
            &show::Show::new(site, "3\u{a0}badges", "", NAME, &showing, until, "/livret"),
        ),
        sample("/livret/partager", "partager", &share::Page::new(site, NAME, &many, &shares, &answers, NOW)),
        sample(
            "/livret/partager",
            "partager-rien",
            &share::Page::new(site, NAME, &[], &[], &share::Answers::default(), NOW),
        ),
        sample("/livret/partager", "partager-faux", &refused),
        sample("/livret/partages/{id}", "partage", &share::One::new(site, NAME, &open, &link, &code, NOW)),
        sample("/livret/partages/{id}", "partage-arrete", &share::One::new(site, NAME, &stopped, &link, &code, NOW)),
        sample("/livret/partages/{id}", "partage-termine", &share::One::new(site, NAME, &over, &link, &code, NOW)),
        sample("/livret/vues", "vues-aucune", &views::Page::new(site, NAME, &[], 1)),
        sample("/livret/vues", "vues", &views::Page::new(site, NAME, &few, 1)),
        sample("/livret/vues", "vues-suite", &views::Page::new(site, NAME, &openings, 2)),
    ]
}

fn leaving_samples(site: &Site) -> Vec<Sample> {
    vec![
        sample(
            "/livret/badges/{id}/supprimer",
            "badge-supprimer",
            &leaving::badge_page(site, NAME, id(1), "Travail en équipe"),
        ),
        sample("/livret/supprimer", "livret-supprimer", &leaving::livret_page(site, NAME, 6)),
        sample("/livret/au-revoir", "au-revoir", &leaving::goodbye_page(site)),
    ]
}

fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x4000_8000_0000_0000_0000 + n)
}

fn learner() -> Learner {
    Learner { livret_id: id(1), login_id: id(2), name: NAME.to_owned() }
}

fn offered(site: &Site) -> OfferedBadge {
    OfferedBadge {
        name: "Travail en équipe – Je pratique".to_owned(),
        level: "Je pratique".to_owned(),
        description: "Se coordonner avec les autres pour atteindre un objectif commun.".to_owned(),
        image: site.houses.issuer.join("/referentiel/0.1.0/cpt-travail-en-equipe/pratique/image.svg"),
        organisation: "Estuaire Compétences".to_owned(),
        awarded_on: "2026-11-20".to_owned(),
        attested_on: "2026-11-23".to_owned(),
    }
}

/// The first badges of the référentiel, the third withdrawn.
fn badges(site: &Site, count: usize) -> Vec<Badge> {
    let achievements = badge_schemas::referentiel::referentiel().achievements();
    let one = |(n, achievement): (usize, &badge_schemas::referentiel::Achievement)| {
        let url = achievement.url(site.houses.issuer.as_str());
        let verdict = if n == 2 { checks::Verdict::Withdrawn } else { checks::Verdict::Authentic };
        Badge {
            badge_id: id(100 + n as u128),
            credential_id: site.houses.issuer.join(&format!("/badges/{}", id(200 + n as u128))),
            name: achievement.badge_name.clone(),
            level_code: achievement.level.code().to_owned(),
            holder_name: NAME.to_owned(),
            organisation: "Estuaire Compétences".to_owned(),
            awarded_on: "2026-05-12".to_owned(),
            valid_from: "2026-11-20T14:05:09Z".to_owned(),
            image_url: format!("{url}/image.png"),
            achievement_url: url,
            received_at: NOW - Duration::hours(1),
            verdict: verdict.code().to_owned(),
            judged_at: NOW,
        }
    };
    achievements.iter().step_by(3).take(count).enumerate().map(one).collect()
}

fn reading() -> Reading {
    Reading {
        level_means: "la compétence est observée dans des situations connues, avec un rappel ou un appui".to_owned(),
        organisation_url: "https://livret.example/o/7h2k9qx4".to_owned(),
        description: "Se coordonner avec les autres pour atteindre un objectif commun.".to_owned(),
        criteria: ["Prend sa part du travail et tient ses engagements.", "Respecte les rôles de chacun."]
            .map(str::to_owned)
            .into(),
        observed: vec!["Prend sa part du travail et tient ses engagements.".to_owned()],
        sentence: Some(SENTENCE.replace(" :", "\u{a0}:")),
        ..Reading::default()
    }
}

fn share_row(label: &str, seen: i64) -> Share {
    Share {
        share_id: id(40),
        audience: "company".to_owned(),
        label: label.to_owned(),
        until_at: NOW + Duration::days(7),
        ended_at: None,
        badges: 2,
        views: seen,
        last_view: (seen > 0).then(|| NOW - Duration::hours(2)),
    }
}
