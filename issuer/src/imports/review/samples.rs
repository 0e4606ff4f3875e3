//! The review in all its states.

use sqlx::types::Json;
use time::macros::datetime;
use uuid::Uuid;
use web::{FieldErrors, Sample, Site};

use super::{Counts, Line, ReviewPage, Told, View, badges, early, holds};
use crate::HOUSE;
use crate::awards::choices::Choices;
use crate::awards::observation::{Answers, Around};
use crate::imports::reading::{Fault, Field};
use crate::imports::rows::{self, Import};
use crate::training_sessions::paging::{PER_PAGE, Paging};

/// An import of samples.
pub(in crate::imports) fn sample_import(row_count: i64) -> Import {
    let read = [("surname", "NOM"), ("first_name", "Prénom"), ("email", "Mél"), ("observed_on", "Vu le")];
    Import {
        import_id: Uuid::nil(),
        session_id: Uuid::nil(),
        file_name: "badges-novembre.csv".into(),
        row_count,
        state: "ready".into(),
        answers: Json(Answers::default()),
        lot_id: None,
        columns_read: Some(Json(read.map(|(m, t)| (m.to_owned(), t.to_owned())).to_vec())),
    }
}

pub(in crate::imports) fn samples(site: &Site) -> Vec<Sample> {
    const PATH: &str = "/atelier/imports/{import}";
    let told = |line, name: &str, category: &str| Told {
        line,
        name: name.into(),
        email: Some("prenom@exemple.fr".into()),
        file_number: None,
        observed_on: None,
        fault: None,
        fault_detail: None,
        same_as_line: Some(6),
        question: None,
        answer: None,
        known_name: None,
        known_email: None,
        known_number: None,
        badge_id: None,
        level: None,
        fault_field: None,
        more_faults: None,
        category: category.into(),
        since: Some(datetime!(2026-11-03 9:00 UTC)),
        withdrawn_at: Some(datetime!(2026-11-10 9:00 UTC)),
    };
    let fault = |line, name: &str, field: Field, fault: &Fault| Told {
        email: Some("d.lecomte@exemple".into()),
        fault: Some(fault.code().into()),
        fault_detail: fault.detail().map(str::to_owned),
        fault_field: Some(field.code().into()),
        ..told(line, name, "fault")
    };
    let question = |line, kind: &str, answer: Option<&str>| Told {
        question: Some(kind.into()),
        answer: answer.map(str::to_owned),
        known_name: Some("Jean Martin".into()),
        email: None,
        ..told(line, "Jean Martin", "question")
    };
    let lines = [
        Told {
            more_faults: Some(Json(vec![
                rows::kept(Field::ObservedOn, &Fault::DateDoesNotExist("31/11/2026".into())),
                rows::kept(Field::Badge, &Fault::BadgeUnknown("Esprit d’équipe".into())),
            ])),
            ..fault(4, "Dylan Lecomte", Field::Email, &Fault::AddressIncomplete)
        },
        fault(9, "Lina Morel", Field::ObservedOn, &Fault::DateDoesNotExist("31/11/2026".into())),
        fault(10, "", Field::Name, &Fault::LooksLikeNir),
        Told {
            level: Some("pratique".into()),
            ..fault(16, "Sofia Pereira", Field::Badge, &Fault::BadgeUnknown("Esprit d’équipe".into()))
        },
        Told { question: None, ..told(17, "Jean Martin", "question") },
        question(12, "trainee", None),
        question(14, "line", Some("other")),
        told(11, "Hugo Vasseur", "duplicate"),
        told(13, "Fatou Diarra", "already"),
        told(15, "Sofia Pereira", "withdrawn"),
    ];
    let ready = [told(2, "Amina Lefèvre", "ready"), told(3, "Bastien Roussel", "ready")];
    let families = ["comportementale", "base", "numerique"].map(str::to_owned);
    let chosen = Answers {
        achievement: "cpt-travail-en-equipe/pratique".into(),
        day: "2026-11-20".into(),
        evidence: "plateau-technique".into(),
        points: vec![0],
        sentence: "Service de midi\u{a0}: 40 couverts, équipe de cinq.".into(),
        meant_day: String::new(),
    };
    let page = |view, counts: Counts, lines: &[Told], answers: &Answers, errors| {
        let total = counts.ready + counts.aside();
        let paging = Paging::new(1, counts.shown(view), PER_PAGE);
        let form = Choices::new(answers, Some(&families));
        let session = "#Avenir, groupe du lundi";
        let organisation = "Les Ateliers du Noireau";
        let lines = lines.iter().map(|told| Line::new(told, Some(&families))).collect();
        let import = sample_import(total);
        let mut page = ReviewPage::new(site, organisation, session, &import, view, counts, lines, paging, form, errors);
        page.name_every_badge(Some(&families));
        page
    };
    let said = [
        (Some("bas-lire".to_owned()), Some("pratique".to_owned()), 9),
        (Some("cpt-rigueur".to_owned()), Some("pratique".to_owned()), 3),
        (None, None, 1),
    ];
    let own = |line, name: &str| Told {
        badge_id: Some("bas-lire".into()),
        level: Some("pratique".into()),
        ..told(line, name, "ready")
    };
    let several = [own(2, "Amina Lefèvre"), own(3, "Bastien Roussel"), told(4, "Chloé Marie", "ready")];
    let mixed = Counts { ready: 13, fault: 3, question: 2, duplicate: 1, already: 1, withdrawn: 1 };
    let none = FieldErrors::new;
    let first = Answers { day: "2026-11-23".into(), ..Answers::default() };
    let refused = Answers { day: "31/11/2026".into(), sentence: String::new(), ..chosen.clone() };
    let errors = refused
        .check(Around { today: time::macros::date!(2026 - 11 - 23), families: Some(&families), points_wanted: false })
        .err()
        .unwrap_or_default();
    let mut badged = page(View::Ready, Counts { ready: 13, ..Counts::default() }, &several, &chosen, none());
    (badged.holds, badged.badges) = (holds(true, true), badges(&chosen, &said));
    badged.early = early(
        &[("ready".to_owned(), 13, 2, Some(4))],
        "depuis le 2\u{a0}novembre 2026, entrées et sorties permanentes",
    );
    let many = Counts { ready: 9_987, fault: 13, ..Counts::default() };
    vec![
        Sample::new(HOUSE, PATH, "import-revoir", &page(View::Aside, mixed, &lines, &first, none())),
        Sample::new(
            HOUSE,
            PATH,
            "import-pret",
            &page(View::Ready, Counts { ready: 2, ..Counts::default() }, &ready, &chosen, none()),
        ),
        Sample::new(HOUSE, PATH, "import-plusieurs-badges", &badged),
        Sample::new(HOUSE, PATH, "import-revoir-refuse", &page(View::Aside, mixed, &lines, &refused, errors)),
        Sample::new(HOUSE, PATH, "import-beaucoup", &page(View::All, many, &ready, &chosen, none())),
        Sample::new(
            HOUSE,
            PATH,
            "import-rien-de-pret",
            &page(View::Aside, Counts { fault: 1, ..Counts::default() }, &lines[..1], &first, none()),
        ),
    ]
}
