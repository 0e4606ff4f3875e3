//! Files as people send them, through the doors of the house, on both engines.

mod large;

use http::StatusCode;
use store::on;
use store::testing::databases;

use super::reading;
use crate::awards::tests::hands::{FILE, Figures, Hands, SEEN, badges_are_made, db_figures, letters_leave, world};
use crate::tests::world::{CLAIRE, NADIA, World};

const UNKNOWN: &str = "Identité;Contact;NIR\nAmina Lefèvre;amina@exemple.fr;299027600000012\nBastien Roussel;;\n";

/// What « Attester » says of a file whose lines have their own badges.
const ALL: [(&str, &str); 5] = [
    ("badge", ""),
    ("jour", "2026-11-20"),
    ("preuve", "mise-en-situation"),
    ("phrase", "Service de midi : 40 couverts, équipe de cinq."),
    ("do", "attest"),
];

async fn db_count(world: &World, sql: &'static str) -> i64 {
    on!(world.issuer.db, c => sqlx::query_scalar(sql).fetch_one(c).await).expect("a count")
}

/// The columns of a page of `cells;of;text`, as a workbook of our own making.
fn as_workbook(csv: &str) -> Vec<u8> {
    let rows: Vec<Vec<&str>> = csv.trim().lines().map(|line| line.split(';').collect()).collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    reading::tests_only::workbook(&rows)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_is_read_as_a_csv_is() {
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        let import = claire.drops(&session, &as_workbook(&FILE.replace('\r', ""))).await.to;
        let review = claire.get(&import).await;
        assert_eq!(review.title(), "4\u{a0}lignes sont prêtes, 1\u{a0}est à corriger", "{}", test.engine());
        assert!(review.text.contains("Colonnes lues\u{a0}: nom («\u{a0}Nom\u{a0}»), prénom"), "{}", review.text);
        let lot = claire.attests_import(&import).await;
        badges_are_made(&world).await;
        assert_eq!(claire.get(&lot.to).await.title(), "4\u{a0}badges attestés");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_are_said_once_and_remembered() {
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        let columns = claire.drops(&session, UNKNOWN.as_bytes()).await.to;
        assert!(columns.starts_with("/atelier/fichiers/"), "{columns}");
        let page = claire.get(&columns).await;
        assert!(page.text.contains("Amina Lefèvre · Bastien Roussel"), "{}", page.text);
        assert!(page.text.contains("(numéro masqué)") && !page.text.contains("299027600000012"), "{}", page.text);
        // Whoever comes back finds the file where it was; another organisation does not.
        assert!(claire.get(&format!("{session}/importer")).await.text.contains(&columns));
        let mut nadia = Hands::signed_in(&world, NADIA).await;
        assert_eq!(nadia.get(&columns).await.status, StatusCode::NOT_FOUND);
        assert_eq!(nadia.post(&columns, &[("c-0", "whole_name")]).await.status, StatusCode::NOT_FOUND);

        let refused = claire.post(&columns, &[("c-1", "email"), ("c-2", "email")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("est déjà le courriel") && refused.text.contains("quelle colonne est le nom"));
        assert!(refused.text.contains("<option value=\"email\" selected>"), "answers are kept");
        let import = claire.post(&columns, &[("c-0", "whole_name"), ("c-1", "email"), ("c-2", "")]).await.to;
        assert_eq!(claire.get(&import).await.title(), "2\u{a0}lignes sont prêtes", "{}", test.engine());
        assert_eq!(db_count(&world, "select count(*) from issuer_import_file").await, 0, "the file is forgotten");
        assert_eq!(claire.get(&columns).await.status, StatusCode::NOT_FOUND);

        // The same titles in another order and dress.
        let again = claire.drops(&session, "NIR;CONTACT ;identite\n;lise@exemple.fr;Lise Roy\n".as_bytes()).await.to;
        assert!(again.starts_with("/atelier/imports/"), "{again}");
        assert!(claire.get(&again).await.text.contains("lise@exemple.fr"));
        // Unless one wants to say otherwise: what was said is offered, and changed.
        let asked = claire.drops_saying(&session, UNKNOWN.as_bytes(), "choisir").await.to;
        let page = claire.get(&asked).await;
        assert!(page.text.contains("<option value=\"whole_name\" selected>"), "{}", page.text);
        claire.post(&asked, &[("c-0", "whole_name")]).await;
        let without = claire.drops(&session, UNKNOWN.as_bytes()).await.to;
        assert!(!claire.get(&without).await.text.contains("amina@exemple.fr"), "the address is no longer read");
        // What one organisation said is nobody else's.
        let theirs = nadia.opens("Socle").await;
        assert!(nadia.drops(&theirs, UNKNOWN.as_bytes()).await.to.starts_with("/atelier/fichiers/"));
        // A file that nobody came back to is gone after a day, with the next one that waits.
        world.later(std::time::Duration::from_secs(24 * 3600 + 1));
        let mut nadia = Hands::signed_in(&world, NADIA).await;
        nadia.drops(&theirs, UNKNOWN.as_bytes()).await;
        assert_eq!(db_count(&world, "select count(*) from issuer_import_file").await, 1, "{}", test.engine());
    }
}

/// The faults after the first depend on the choice for the whole file.
#[tokio::test(flavor = "multi_thread")]
async fn another_default_badge_settles_every_fault_again() {
    const LINA: &str = "Nom complet;Courriel;Badge;Niveau\nLina Morel;lina@exemple;;Je maîtrise\n";
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        let import = claire.drops(&session, LINA.as_bytes()).await.to;
        assert!(import.starts_with("/atelier/imports/"), "{import}");
        // « Je maîtrise » asks for two dated observations of a behaviour; without a badge nothing is refused.
        let refused =
            "select count(*) from issuer_import_row where fault = 'address_incomplete' and more_faults is not null";
        for (badge, expected) in [("cpt-rigueur/pratique", 1), ("", 0), ("cpt-rigueur/pratique", 1)] {
            claire.post(&import, &[("badge", badge), ("jour", "2026-11-20")]).await;
            assert_eq!(db_count(&world, refused).await, expected, "{badge} {}", test.engine());
        }
    }
}

/// « MARTIN Lucie » in one cell is the « Lucie Martin » one knows: nothing to ask.
#[tokio::test(flavor = "multi_thread")]
async fn a_surname_in_capitals_asks_nothing() {
    const FIRST: &str = "Prénom;Nom;Courriel\nLucie;Martin;lucie@exemple.fr\nAnne;de la Tour;anne@exemple.fr\n";
    const SECOND: &str = "Nom Prénom;Courriel\nMARTIN Lucie;lucie@exemple.fr\nDE LA TOUR Anne;anne@exemple.fr\n\
        LE GALL-MORIN Jean-Marc;jm@exemple.fr\nDuval Inès;\n;lise@exemple.fr\n";
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        claire.imports(&session, FIRST).await;
        badges_are_made(&world).await;
        let import = claire.drops(&session, SECOND.as_bytes()).await.to;
        // A line mended in place is read the same way.
        claire.post(&import, &[("m-name-6", "ROY Lise"), ("badge", "bas-lire/pratique"), ("do", "save")]).await;
        let review = claire.get(&format!("{import}?voir=toutes")).await;
        assert_eq!(review.title(), "5\u{a0}lignes sont prêtes", "{}", test.engine());
        for name in ["Lucie MARTIN", "Anne DE LA TOUR", "Jean-Marc LE GALL-MORIN", "Duval Inès", "Lise ROY"] {
            assert!(review.text.contains(&format!("<b>{name}</b>")), "{name}");
        }
        let mut fields = SEEN.to_vec();
        (fields[0].1, fields[2].1) = ("bas-lire/pratique", "mise-en-situation");
        fields.push(("do", "attest"));
        let lot = claire.post(&import, &fields).await;
        assert_eq!(lot.status, StatusCode::SEE_OTHER, "{}", lot.text);
        badges_are_made(&world).await;
        assert_eq!(db_count(&world, "select count(*) from issuer_trainee").await, 5, "{}", test.engine());
        letters_leave(&world.issuer).await;
        let letters = world.letters();
        let greeted = |name: &str| letters.iter().filter(|l| l.text.contains(&format!("Bonjour {name}"))).count();
        assert_eq!((greeted("Lise ROY"), greeted("Jean-Marc LE GALL-MORIN"), greeted("ROY")), (1, 1, 0));
    }
}

/// A day before the session is asked about, once; lines that have their own are said.
#[tokio::test(flavor = "multi_thread")]
async fn a_day_before_the_session_is_not_taken_without_a_word() {
    const DATED: &str = "Nom complet;Courriel;Date\nLina Morel;lina@exemple.fr;20/10/2026\nLise Roy;;\n";
    const EARLY: [(&str, &str); 5] = [
        ("badge", "bas-lire/pratique"),
        ("jour", "2026-10-21"),
        ("preuve", "mise-en-situation"),
        ("o", "0"),
        ("phrase", "Lecture du planning."),
    ];
    const MEANT: (&str, &str) = ("jour-voulu", "2026-10-21");
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        let import = claire.drops(&session, DATED.as_bytes()).await.to;
        let review = claire.get(&import).await.text;
        assert!(
            review
                .contains("La ligne 2 est prête, mais sa date est d’avant la session (depuis le 2\u{a0}novembre 2026"),
            "{review}"
        );
        assert!(review.contains("Chaque ligne garde sa date"), "{review}");
        let mut fields = EARLY.to_vec();
        fields.push(("do", "attest"));
        let asked = claire.post(&import, &fields).await;
        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", test.engine());
        assert!(asked.text.contains("Le 21\u{a0}octobre 2026 est avant la session (depuis le 2"), "{}", asked.text);
        assert!(asked.text.contains("name=\"jour-voulu\" value=\"2026-10-21\""), "{}", asked.text);
        assert!(asked.text.contains("Lecture du planning."), "the form keeps its answers");
        fields.push(MEANT);
        assert_eq!(claire.post(&import, &fields).await.status, StatusCode::SEE_OTHER, "{}", test.engine());
        badges_are_made(&world).await;
        assert_eq!(db_figures(&world).await.in_force, 2);
        // The same of people who are ticked.
        let attest = format!("{session}/attester");
        let page = claire.get(&format!("{attest}?badge=bas-ecrire/pratique")).await;
        let person = page.text.split("name=\"p\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let person = person.expect("somebody to tick").to_owned();
        let mut fields = EARLY.to_vec();
        fields[0].1 = "bas-ecrire/pratique";
        fields.push(("p", &person));
        let asked = claire.post(&attest, &fields).await;
        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", test.engine());
        assert!(asked.text.contains("Le 21\u{a0}octobre 2026 est avant la session"), "{}", asked.text);
        let other = claire.post(&attest, &[&fields[..], &[("jour-voulu", "2026-10-22")]].concat()).await;
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "another day was meant");
        let done = claire.post(&attest, &[&fields[..], &[MEANT]].concat()).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    }
}

/// Programs of before wrote names without their words, and mended lines without renewing them.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_program_of_before_wrote_is_found_by_name() {
    const NAMES: &str = "Nom complet\nAmina Lefèvre\n";
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        let person = [("nom", "Amina Lefèvre")];
        let added = claire.post(&format!("{session}/personnes"), &person).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
        let write = async |sql: &'static str| {
            let mut tx = world.issuer.db.begin().await.expect("a transaction");
            store::execute!(tx, sqlx::query(sql)).expect("written");
            tx.commit().await.expect("a commit");
        };
        // A question is no answer: what it read of the words is kept all the same.
        write("update issuer_trainee set name_words = null").await;
        let asked = claire.post(&format!("{session}/personnes"), &[("nom", "Lefèvre Amina")]).await;
        assert!(asked.text.contains("Dites si c’est la même personne"), "{}", asked.text);
        let without = "select count(*) from issuer_trainee where name_words is null";
        assert_eq!(db_count(&world, without).await, 0, "{}", test.engine());

        let import = claire.drops(&session, NAMES.as_bytes()).await.to;
        write("update issuer_import_row set name_words = 'somebody else', question = null, trainee_id = null").await;
        claire.post(&import, &[("jour", "2026-11-20")]).await;
        let known = "select count(*) from issuer_import_row where trainee_id is not null";
        assert_eq!(db_count(&world, known).await, 1, "{}", test.engine());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_badges_in_one_file() {
    const MANY: &str = "Nom complet;Courriel;Badge;Niveau\nAmina Lefèvre;amina@exemple.fr;Lire;Je pratique\n\
        Amina Lefèvre;amina@exemple.fr;travail en equipe;pratique\nBastien Roussel;;bas-lire/pratique;\n\
        Chloé Marie;chloe@exemple.fr;Esprit d’équipe;pratique\nDylan Lecomte;;Rigueur;maîtrise\n\
        Amina Lefèvre;amina@exemple.fr;LIRE;pratique\nLina Morel;lina@exemple.fr;;\n";
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        let import = claire.drops(&session, MANY.as_bytes()).await.to;
        let review = claire.get(&format!("{import}?voir=toutes")).await;
        assert_eq!(review.title(), "4\u{a0}lignes sont prêtes, 2 sont à corriger", "{}", test.engine());
        assert!(review.text.contains("vouliez-vous dire «\u{a0}Travail en équipe\u{a0}»"), "{}", review.text);
        assert!(review.text.contains("deux observations datées"), "rules hold line by line");
        // What was not understood is told as it was written.
        let before = claire.get(&format!("{import}/resultat.csv")).await.text;
        assert!(
            before.contains("5;Chloé Marie;chloe@exemple.fr;;Esprit d’équipe;Je pratique;22/11/2026;À corriger;"),
            "{before}"
        );
        // Lina says no badge: one is asked for, once.
        let refused = claire.post(&import, &ALL).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("1\u{a0}ligne ne dit pas de badge"), "{}", refused.text);
        let chosen: Vec<(&str, &str)> =
            [("badge", "bas-ecrire/decouvre"), ("m-badge-5", "cpt-travail-en-equipe/pratique")]
                .into_iter()
                .chain(ALL.into_iter().skip(1))
                .collect();
        let followed = claire.post(&import, &chosen).await;
        assert_eq!(
            (followed.status, followed.to.as_str()),
            (StatusCode::SEE_OTHER, import.as_str()),
            "{}",
            followed.text
        );
        let running = claire.get(&import).await;
        assert_eq!(running.title(), "0 sur 5\u{a0}: les badges se préparent");
        assert!(
            running.text.contains("http-equiv=\"refresh\"") && running.text.contains("<progress value=\"0\" max=\"5\"")
        );
        badges_are_made(&world).await;
        let done = claire.get(&import).await;
        assert_eq!(done.title(), "5\u{a0}badges attestés", "{}", test.engine());
        assert!(!done.text.contains("http-equiv=\"refresh\""));
        // Each of its lots can be taken back and its slips printed from here, as from its own page.
        let links = |end: &str| done.text.matches(&format!("{end}\">")).count();
        assert_eq!((links("/coupons"), links("/annuler")), (3, 3), "{}", done.text);
        assert_eq!(db_count(&world, "select count(*) from issuer_lot").await, 3);
        assert_eq!(db_count(&world, "select count(*) from issuer_trainee").await, 4, "Amina is one person");
        assert_eq!(db_figures(&world).await, Figures { in_force: 5, texts: 5, entries: 5, letters: 4 });

        let csv = claire.get(&format!("{import}/resultat.csv")).await.text;
        for line in [
            "2;Amina Lefèvre;amina@exemple.fr;;Lire;Je pratique;20/11/2026;Attesté;",
            "5;Chloé Marie;chloe@exemple.fr;;Travail en équipe;Je pratique;20/11/2026;Attesté;",
            "6;Dylan Lecomte;;;Rigueur;Je maîtrise;20/11/2026;À corriger;«\u{a0}Je maîtrise",
            "7;Amina Lefèvre;amina@exemple.fr;;Lire;Je pratique;20/11/2026;Doublon;Même personne qu’à la ligne 2",
            "8;Lina Morel;lina@exemple.fr;;Écrire;Je découvre;20/11/2026;Attesté;",
        ] {
            assert!(csv.contains(line), "{line} in {csv}");
        }
        assert_eq!(csv.lines().count(), 8);
        // The same file again: nothing twice, and every line says why.
        let again = claire.drops(&session, MANY.as_bytes()).await.to;
        claire.post(&again, &[("do", "save"), ("toutes", "same"), ("badge", "bas-ecrire/decouvre")]).await;
        assert_eq!(claire.get(&again).await.title(), "Aucune ligne n’est prête, 2 sont à corriger");
        let csv = claire.get(&format!("{again}/resultat.csv")).await.text;
        assert!(csv.contains("2;Amina Lefèvre;amina@exemple.fr;;Lire;Je pratique;;Déjà attesté;"), "{csv}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_is_mended_in_place() {
    const WRONG: &str =
        "nom;courriel;dossier;date\nLina Morel;lina@exemple;1,2E+12;31/11/2026\nLise Roy;lise@exemple.fr;;\n";
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        let import = claire.drops(&session, WRONG.as_bytes()).await.to;
        let review = claire.get(&import).await;
        assert!(review.text.contains("name=\"m-email-2\"") && review.text.contains("value=\"lina@exemple\""));
        // Still wrong: what was typed stays, with what is wrong now.
        claire.post(&import, &[("m-email-2", "lina"), ("do", "save")]).await;
        let review = claire.get(&import).await;
        assert!(
            review.text.contains("value=\"lina\"") && review.text.contains("Il manque «\u{a0}@\u{a0}»"),
            "{}",
            review.text
        );
        // Everything that is wrong with the line stands there at once, and one round mends it.
        for field in ["m-email-2", "m-file_number-2", "m-observed_on-2"] {
            assert!(review.text.contains(&format!("name=\"{field}\"")), "{field}");
        }
        assert!(review.text.contains("value=\"31/11/2026\""), "{}", review.text);
        // A field that is not at fault, and a line of nobody's, change nothing.
        claire.post(&import, &[("m-name-3", "Autre Nom"), ("m-email-99", "x@y.fr"), ("do", "save")]).await;
        let mended = [
            ("m-email-2", "lina@exemple.fr"),
            ("m-file_number-2", "A-12"),
            ("m-observed_on-2", "20/11/2026"),
            ("do", "save"),
        ];
        claire.post(&import, &mended).await;
        let review = claire.get(&format!("{import}?voir=toutes")).await;
        assert_eq!(review.title(), "2\u{a0}lignes sont prêtes", "{}", test.engine());
        assert!(review.text.contains("Lise Roy") && review.text.contains("vu le 20\u{a0}novembre 2026"));
        let mut fields = SEEN.to_vec();
        fields.push(("do", "attest"));
        let lot = claire.post(&import, &fields).await;
        assert_eq!(lot.status, StatusCode::SEE_OTHER, "{}", lot.text);
        badges_are_made(&world).await;
        assert_eq!(db_figures(&world).await.in_force, 2, "{}", test.engine());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_badge_that_was_not_offered_can_be_named() {
    const WRONG: &str = "nom;badge;niveau\nLina Morel;Esprit d’équipe;pratique\nLise Roy;xyz;\n";
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        let import = claire.drops(&session, WRONG.as_bytes()).await.to;
        let review = claire.get(&import).await;
        assert_eq!(review.text.matches("<datalist").count(), 1, "{}", review.text);
        assert!(review.text.contains("<option value=\"Lire – Je découvre\">"), "{}", review.text);
        assert!(!review.text.contains("<option value=\"Rigueur – Je maîtrise\">"), "what is refused cannot be named");
        // What is typed counts instead of what is chosen; nothing typed leaves the choice.
        let fields = [
            ("m-badge-2", "cpt-travail-en-equipe/pratique"),
            ("m-autre-2", "Rigueur – Je pratique"),
            ("m-badge-3", "choix"),
            ("m-autre-3", ""),
            ("badge", "bas-lire/pratique"),
            ("do", "save"),
        ];
        claire.post(&import, &fields).await;
        let review = claire.get(&format!("{import}?voir=toutes")).await;
        assert_eq!(review.title(), "2\u{a0}lignes sont prêtes", "{}", test.engine());
        assert!(review.text.contains("Rigueur – Je pratique"), "{}", review.text);
        assert!(!review.text.contains("<datalist"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_in_the_other_order_is_asked_about() {
    const KNOWN: &str = "nom;prénom;courriel;dossier\nDuval;Inès;ines@exemple.fr;D-4711\nRoy;Lise;;D-4712\n";
    const OTHERWISE: &str = "nom complet\nDUVAL Inès\nROY Lise\nMOREL Lina\n";
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        claire.imports(&session, KNOWN).await;
        badges_are_made(&world).await;
        // As a program of before left them: the house notes what it needs by itself.
        let mut tx = world.issuer.db.begin().await.expect("a transaction");
        store::execute!(tx, sqlx::query("update issuer_trainee set name_words = null")).expect("as before");
        tx.commit().await.expect("written");
        let other = claire.opens("Numérique").await;
        let import = claire.drops(&other, OTHERWISE.as_bytes()).await.to;
        let review = claire.get(&import).await;
        assert_eq!(review.title(), "1\u{a0}ligne est prête, 2 attendent votre réponse", "{}", test.engine());
        assert!(
            review.text.contains("Vous connaissez déjà Inès Duval (ines@exemple.fr, dossier D-4711)."),
            "{}",
            review.text
        );
        assert!(
            review.text.contains("Vous connaissez déjà Lise Roy (sans adresse, dossier D-4712)."),
            "{}",
            review.text
        );
        claire.post(&import, &[("q-2", "same"), ("q-3", "same"), ("do", "save")]).await;
        claire.attests_import(&import).await;
        assert_eq!(db_count(&world, "select count(*) from issuer_trainee").await, 3, "{}", test.engine());
        // By hand too.
        let asked = claire.post(&format!("{other}/personnes"), &[("nom", "morel  lina")]).await;
        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", test.engine());
        assert!(asked.text.contains("Vous connaissez déjà Lina MOREL (sans adresse)"), "{}", asked.text);
    }
}

/// « MARTIN Lucie » was kept as written until names were read in their order: she is the same person still.
#[tokio::test(flavor = "multi_thread")]
async fn a_name_kept_surname_first_is_the_same_person() {
    const FILE: &str = "nom complet;courriel\nMARTIN Lucie;lucie@exemple.fr\n";
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        claire.imports(&session, FILE).await;
        badges_are_made(&world).await;
        let mut tx = world.issuer.db.begin().await.expect("a transaction");
        let before = "update issuer_trainee set name = 'MARTIN Lucie', folded_name = 'martin lucie'";
        store::execute!(tx, sqlx::query(before)).expect("as before");
        tx.commit().await.expect("written");
        let again = claire.drops(&session, FILE.as_bytes()).await.to;
        let csv = claire.get(&format!("{again}/resultat.csv")).await.text;
        // Nothing is chosen yet: with the badge she has, it is there already.
        assert!(csv.contains("2;Lucie MARTIN;lucie@exemple.fr;;;;22/11/2026;Prête;"), "{csv} {}", test.engine());
        claire.post(&again, &[("badge", "cpt-travail-en-equipe/pratique"), ("do", "save")]).await;
        let csv = claire.get(&format!("{again}/resultat.csv")).await.text;
        assert!(csv.contains(";Déjà attesté;"), "{csv} {}", test.engine());
    }
}

/// Where the title says the order, or the form does, capitals say nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_first_name_in_capitals_stays_first() {
    const FILE: &str = "Prénom et nom;courriel\nMARIE Le Goff;marie@exemple.fr\nJEAN Dupont;jean@exemple\n";
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        let import = claire.drops(&session, FILE.as_bytes()).await.to;
        let csv = claire.get(&format!("{import}/resultat.csv")).await.text;
        assert!(csv.contains("2;MARIE Le Goff;") && csv.contains("3;JEAN Dupont;"), "{csv} {}", test.engine());
        let added = claire.post(&format!("{session}/personnes"), &[("nom", "LUCIE Martin")]).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
        let kept = "select count(*) from issuer_trainee where name = 'LUCIE Martin'";
        assert_eq!(db_count(&world, kept).await, 1, "{}", test.engine());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_is_its_organisations_own() {
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        let file = "nom;courriel\n=HYPERLINK(\"x\");\nAmina Lefèvre;amina@exemple.fr\n";
        let import = claire.drops(&session, file.as_bytes()).await.to;
        let before = claire.get(&format!("{import}/resultat.csv")).await.text;
        assert!(before.contains(";\"'=HYPERLINK(\"\"x\"\")\";"), "{before}");
        assert!(before.contains("3;Amina Lefèvre;amina@exemple.fr;;;;22/11/2026;Prête;"), "{before}");
        let lot = claire.attests_import(&import).await.to;
        badges_are_made(&world).await;
        assert_eq!(claire.get(&import).await.to, lot, "one lot is followed at its own page");
        assert!(claire.get(&lot).await.text.contains("/resultat.xlsx"));
        claire.post(&format!("{lot}/annuler"), &[]).await;
        let undone = claire.get(&format!("{import}/resultat.csv")).await.text;
        assert!(
            undone.contains("3;Amina Lefèvre;amina@exemple.fr;;Travail en équipe;Je pratique;20/11/2026;Annulé;"),
            "{undone}"
        );
        let mut nadia = Hands::signed_in(&world, NADIA).await;
        for end in ["csv", "xlsx"] {
            let page = format!("{import}/resultat.{end}");
            assert_eq!(claire.get(&page).await.status, StatusCode::OK, "{page}");
            assert_eq!(nadia.get(&page).await.status, StatusCode::NOT_FOUND, "{page}");
            assert_ne!(Hands::of(&world).get(&page).await.status, StatusCode::OK, "{page}");
        }
    }
}
