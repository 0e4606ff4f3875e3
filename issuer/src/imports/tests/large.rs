//! Files that are settled and written in several parts.

use std::fmt::Write as _;

use http::StatusCode;
use store::testing::databases;

use super::{ALL, db_count};
use crate::awards::tests::hands::{Hands, badges_are_made, world};
use crate::tests::world::{CLAIRE, HUGO};

/// Lines that nobody can attest: they part what stands before them from what stands after.
const BETWEEN: usize = 5_100;

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_one_person_in_every_part() {
    let mut file = String::from("nom complet;courriel;dossier;badge;niveau\n");
    file.push_str("Amina Lefèvre;;A-1;Lire;pratique\nBastien Roussel;bastien@exemple.fr;;Lire;pratique\n");
    for n in 0..BETWEEN {
        let _ = writeln!(file, "Sans Arobase {n};courriel{n};;Lire;pratique");
    }
    file.push_str(
        "Lefèvre Amina;amina@exemple.fr;A-1;Écrire;découvre\nAmina Lefèvre;;A-1;Lire;pratique\n\
         Bastien Roussel;;;Écrire;découvre\nLise Roy;;A-1;Lire;pratique\nBASTIEN ROUSSEL;bastien@exemple.fr;;Écrire;découvre\n",
    );
    let (after, lines) = (BETWEEN + 4, BETWEEN + 7);
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        let import = claire.drops(&session, file.as_bytes()).await.to;
        let asked = format!("q-{}", after + 2);
        claire.post(&import, &[(asked.as_str(), "same"), ("jour", "2026-11-22"), ("do", "save")]).await;
        let csv = claire.get(&format!("{import}/resultat.csv")).await.text;
        assert_eq!(csv.lines().count(), lines + 1, "{}", test.engine());
        for (line, told) in [
            (after, "Lefèvre Amina;amina@exemple.fr;A-1;Écrire;Je découvre;22/11/2026;Prête;".to_owned()),
            (
                after + 1,
                "Amina Lefèvre;;A-1;Lire;Je pratique;22/11/2026;Doublon;Même personne qu’à la ligne 2".to_owned(),
            ),
            (after + 2, "Bastien Roussel;;;Écrire;Je découvre;22/11/2026;Prête;".to_owned()),
            (after + 3, "Lise Roy;;A-1;Lire;Je pratique;22/11/2026;À corriger;".to_owned()),
            (
                after + 4,
                format!(
                    "BASTIEN ROUSSEL;bastien@exemple.fr;;Écrire;Je découvre;22/11/2026;Doublon;Même personne qu’à la ligne {}",
                    after + 2
                ),
            ),
        ] {
            assert!(csv.contains(&format!("\n{line};{told}")), "{line} {told} {}", test.engine());
        }
        let aside = claire.get(&format!("{import}/ecartees.csv")).await.text;
        assert_eq!(aside.lines().count(), BETWEEN + 3 + 1, "{}", test.engine());

        assert_eq!(claire.post(&import, &ALL).await.status, StatusCode::SEE_OTHER);
        badges_are_made(&world).await;
        assert_eq!(claire.get(&import).await.title(), "4\u{a0}badges attestés", "{}", test.engine());
        assert_eq!(db_count(&world, "select count(*) from issuer_trainee").await, 2, "{}", test.engine());
        let complete =
            "select count(*) from issuer_trainee where email_key = 'amina@exemple.fr' and file_number = 'A-1'";
        assert_eq!(db_count(&world, complete).await, 1, "what a later part says is kept: {}", test.engine());
        let totals = "select count(*) from issuer_lot where total = 2 and done = 2";
        assert_eq!(db_count(&world, totals).await, 2, "{}", test.engine());
        // The same file again: known in every part, nothing twice.
        let again = claire.drops(&session, file.as_bytes()).await.to;
        claire.post(&again, &[(asked.as_str(), "same"), ("jour", "2026-11-22"), ("do", "save")]).await;
        let csv = claire.get(&format!("{again}/resultat.csv")).await.text;
        assert_eq!(csv.matches(";Déjà attesté;").count(), 4, "{}", test.engine());
        assert!(csv.contains(&format!("\n{};Lise Roy;;A-1;Lire;Je pratique;22/11/2026;À corriger;", after + 3)));
        assert!(csv.contains("Amina Lefèvre"), "{}", test.engine());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_refused_further_down_leaves_nothing() {
    let mut file = String::from("nom\n");
    for n in 0..=super::reading::MAX_ROWS {
        let _ = writeln!(file, "Élève {n}");
    }
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        let refused = claire.drops(&session, file.as_bytes()).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", test.engine());
        assert!(refused.text.contains("100\u{202f}000") || refused.text.contains("100\u{a0}000"), "{}", refused.text);
        assert_eq!(db_count(&world, "select count(*) from issuer_import_row").await, 0, "{}", test.engine());
        assert_eq!(db_count(&world, "select count(*) from issuer_import").await, 0, "{}", test.engine());
    }
}

/// Each of two files adds the same new people, the last of one first in the other: neither waits for ever, nobody is
/// added twice.
#[tokio::test(flavor = "multi_thread")]
async fn the_same_new_people_from_two_files_at_once() {
    const PEOPLE: usize = 10_000;
    let lines: Vec<String> = (0..PEOPLE).map(|n| format!("Élève{n};D-{n:05}\n")).collect();
    let forward = format!("nom;dossier\n{}", lines.concat());
    let backward = format!("nom;dossier\n{}", lines.iter().rev().map(String::as_str).collect::<String>());
    for test in databases().await {
        let world = world(&test).await;
        let (mut claire, mut hugo) = (Hands::signed_in(&world, CLAIRE).await, Hands::signed_in(&world, HUGO).await);
        let (monday, tuesday) = (claire.opens("Lundi").await, hugo.opens("Mardi").await);
        let first = claire.drops(&monday, forward.as_bytes()).await.to;
        let second = hugo.drops(&tuesday, backward.as_bytes()).await.to;
        let (first, second) = tokio::join!(claire.attests_import(&first), hugo.attests_import(&second));
        assert_eq!((first.status, second.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER), "{}", test.engine());
        let count = i64::try_from(PEOPLE).expect("a number");
        assert_eq!(db_count(&world, "select count(*) from issuer_trainee").await, count, "{}", test.engine());
        assert_eq!(
            db_count(&world, "select count(*) from issuer_session_trainee").await,
            2 * count,
            "{}",
            test.engine()
        );
        assert_eq!(db_count(&world, "select count(*) from issuer_lot where total = 10000").await, 2);
    }
}

/// What the first part brings (an address, a number, a new person) does not change who the lines of another part are: what
/// is attested is what the review said.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_attested_is_what_the_review_said() {
    let mut file =
        String::from("nom complet;courriel;dossier\nJean Martin;j@exemple.fr;A-1\nLise Roy;l1@exemple.fr;\n");
    for n in 0..BETWEEN {
        let _ = writeln!(file, "Sans Arobase {n};courriel{n};");
    }
    file.push_str("Jean Martin;j@exemple.fr;A-2\nLise Roy;l2@exemple.fr;\n");
    let after = BETWEEN + 4;
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let before = claire.opens("Avant").await;
        claire.imports(&before, "nom complet;courriel\nJean Martin;j@exemple.fr\nLise Roy;\n").await;
        badges_are_made(&world).await;
        let session = claire.opens("Socle").await;
        let import = claire.drops(&session, file.as_bytes()).await.to;
        claire.post(&import, &[("q-3", "same"), ("jour", "2026-11-22"), ("do", "save")]).await;
        let csv = claire.get(&format!("{import}/resultat.csv")).await.text;
        let outcome = |csv: &str, line: usize| {
            let line = csv.lines().find(|told| told.starts_with(&format!("{line};"))).expect("the line");
            line.split(';').nth(7).expect("its outcome").to_owned()
        };
        let outcomes = |csv: &str| [2, 3, after, after + 1].map(|line| outcome(csv, line));
        assert_eq!(outcomes(&csv), ["Prête", "Prête", "Doublon", "Question"], "{}", test.engine());
        assert_eq!(claire.attests_import(&import).await.status, StatusCode::SEE_OTHER);
        badges_are_made(&world).await;
        let csv = claire.get(&format!("{import}/resultat.csv")).await.text;
        assert_eq!(outcomes(&csv), ["Attesté", "Attesté", "Doublon", "Question"], "{}", test.engine());
        assert_eq!(db_count(&world, "select count(*) from issuer_trainee").await, 2, "{}", test.engine());
        assert_eq!(db_count(&world, "select count(*) from issuer_award").await, 4, "{}", test.engine());
        let complete = "select count(*) from issuer_trainee where file_number = 'A-1' or email_key = 'l1@exemple.fr'";
        assert_eq!(db_count(&world, complete).await, 2, "what was not known is filled in: {}", test.engine());
    }
}
