//! The walk of ARCHITECTURE.md in the product's words: on SQLite, on PostgreSQL, in one process, and as four
//! processes on four databases.

mod world;

use std::time::{Duration, Instant};

use livret::browser::{Browser, Page};
use livret::people::{Learner, Observation, Officer, Trainer};
use serde_json::Value;
use store::testing;
use world::{Apart, ESTUAIRE, OFFICER, Places, TRAINER, Town, sqlite_in, stranger};

/// As French Excel saves it (`;`, CRLF, Windows-1252), with a row to mend and a duplicate.
const FILE: &str = "Prénom;Nom;Courriel;N° de dossier\r\n\
    Inès;Duval;ines.duval@courriel.example;D-1\r\n\
    Théo;Auvray;theo.auvray@courriel.example;D-2\r\n\
    Lina;Morel;;D-3\r\n\
    Dylan;Lecomte;d.lecomte@exemple;D-4\r\n\
    Théo;Auvray;theo.auvray@courriel.example;D-2\r\n";

const TEAM: Observation<'static> = Observation {
    badge: "cpt-travail-en-equipe/pratique",
    sentence: "Service de midi sur le plateau technique cuisine : 40 couverts, équipe de cinq, poste tournant.",
    evidence: "mise-en-situation",
};
const READING: Observation<'static> = Observation {
    badge: "bas-lire/pratique",
    sentence: "Lecture du planning de la semaine avant l’atelier.",
    evidence: "mise-en-situation",
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_walk_in_one_process_on_sqlite() {
    let town = Town::open(testing::sqlite().await).await;
    the_walk(&town.places).await;
    town.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_walk_in_one_process_on_postgresql() {
    let town = Town::open(testing::postgres().await).await;
    the_walk(&town.places).await;
    town.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_walk_as_four_processes_on_four_databases() {
    let folder = tempfile::tempdir().expect("a folder");
    let (postgres, other) = (testing::empty_postgres().await, testing::empty_postgres().await);
    let databases = [postgres, sqlite_in(folder.path(), "wallet.db"), other, sqlite_in(folder.path(), "job.db")];
    let apart = Apart::start(&databases);
    the_walk(&apart.places).await;
}

async fn the_walk(places: &Places) {
    // 7. The Région is there from the first start, and habilitates an organisation.
    let opaque = places.habilitates(&ESTUAIRE).await;
    let register = json(&mut stranger(&places.issuer), "/registre.json").await;
    assert!(register.to_string().contains("Estuaire Compétences"), "the register of trust names the organisation");

    // 1. A trainer drops a CSV, reads each row's outcome, mends, attests.
    let mut samuel = Trainer::enters(&places.issuer, &places.letters, TRAINER).await.expect("the trainer's door");
    let session = samuel.opens_session("#Avenir, Le Havre", "Le Havre").await.expect("a session");
    let review = samuel.drops(&session, &windows_1252(FILE)).await.expect("a review").ok().expect("a review");
    let review = samuel.chooses(&review, TEAM).await.expect("a review").ok().expect("a review");
    let words = review.words();
    assert!(review.title().starts_with("3 lignes sont prêtes"), "{}", review.title());
    assert!(words.contains("Dylan Lecomte") && words.contains("adresse"), "the row to mend says why: {words}");
    let lot = samuel.attests(&review, TEAM).await.expect("a lot").ok().expect("a lot");
    let lot = samuel.waits_for(&lot).await.expect("an end");
    assert!(lot.title().contains('3'), "{}", lot.title());

    let mended = FILE.replace("d.lecomte@exemple;", "d.lecomte@courriel.example;");
    let review = samuel.drops(&session, mended.as_bytes()).await.expect("a review").ok().expect("a review");
    let review = samuel.chooses(&review, TEAM).await.expect("a review").ok().expect("a review");
    assert!(review.title().contains("1 ligne est prête"), "only the mended row is left: {}", review.title());
    assert!(review.words().to_lowercase().contains("déjà attesté"), "{}", review.words());
    let second = samuel.attests(&review, TEAM).await.expect("a lot").ok().expect("a lot");
    samuel.waits_for(&second).await.expect("an end");

    // The same file sent again attests nothing twice.
    let again = samuel.drops(&session, mended.as_bytes()).await.expect("a review").ok().expect("a review");
    let again = samuel.chooses(&again, TEAM).await.expect("a review");
    assert!(again.title().starts_with("Aucune ligne") || again.title().starts_with("0 "), "{}", again.title());

    // Also by ticking people.
    let ticked =
        samuel.ticks(&session, &["Inès Duval", "Lina Morel"], READING).await.expect("a lot").ok().expect("a lot");
    let ticked = samuel.waits_for(&ticked).await.expect("an end");
    assert!(ticked.title().contains('2'), "{}", ticked.title());

    // 3. Inès receives hers by letter, without a password, and comes back to it from another phone.
    places.letters.link("ines.duval@courriel.example", "/r/").await.expect("a letter");
    wait_for_letters(places, "ines.duval@courriel.example", 2).await;
    let mut ines = Learner::new(&places.wallet).expect("a phone");
    for link in places.letters.links("ines.duval@courriel.example", "/r/") {
        ines.claims(&link).await.expect("a badge");
    }
    let livret = ines.0.get("/livret").await.expect("a livret").ok().expect("a livret");
    assert!(livret.words().contains("Travail en équipe") && livret.words().contains("Lire"), "{}", livret.words());
    let mut other_phone = stranger(&places.wallet);
    let door = other_phone.get("/livret/entrer").await.expect("a door").ok().expect("a door");
    other_phone
        .submit(&door, "/livret/entrer/courriel", &[("courriel", "ines.duval@courriel.example")])
        .await
        .expect("a letter asked");
    let link = places.letters.link("ines.duval@courriel.example", "/livret/lien/").await.expect("a letter");
    let page = other_phone.get(&link).await.expect("a page").ok().expect("a page");
    let livret = other_phone.submit(&page, "/livret/lien/", &[]).await.expect("a livret").ok().expect("a livret");
    assert!(livret.words().contains("Travail en équipe"), "{}", livret.words());

    // Lina has no e-mail: a printed slip, then a card that reopens her livret.
    let slips = samuel.0.get(&format!("{session}/coupons")).await.expect("slips").ok().expect("slips");
    let code = code_beside(&slips, "Lina Morel", 'R');
    let mut lina = Learner::new(&places.wallet).expect("a shared computer");
    let typing = lina.0.get("/r").await.expect("a page").ok().expect("a page");
    let page =
        lina.0.submit(&typing, "/r", &[("code", &code.to_lowercase())]).await.expect("a page").ok().expect("a page");
    lina.0.submit(&page, "/r/", &[]).await.expect("a badge").ok().expect("a badge");
    let card = lina.0.get("/livret/carte").await.expect("a card").ok().expect("a card");
    let card_code = code_beside(&card, "", 'C');
    let mut later = stranger(&places.wallet);
    let door = later.get("/livret/entrer").await.expect("a door").ok().expect("a door");
    let livret = later
        .submit(&door, "/livret/entrer/carte", &[("carte", &card_code)])
        .await
        .expect("a livret")
        .ok()
        .expect("a livret");
    assert!(livret.url.path().starts_with("/livret"), "{}", livret.url);

    // 4 and 5. She shows it; an employer types the code, without an account.
    let showing = ines.shows().await.expect("a QR");
    let shown = code_beside(&showing, "", ' ');
    let mut employer = stranger(&places.verifier);
    let intake = employer.get("/v").await.expect("a page").ok().expect("a page");
    let verdict =
        employer.submit(&intake, "/v/code", &[("code", &shown)]).await.expect("a verdict").ok().expect("a verdict");
    assert_eq!(verdict.title(), "Badge authentique");
    let words = verdict.words();
    assert!(words.contains("Inès Duval") && words.contains("Estuaire Compétences"), "{words}");
    assert!(words.contains("n’est pas une certification professionnelle"), "{words}");
    let same = json(&mut stranger(&places.verifier), verdict.url.path()).await;
    assert!(same.to_string().contains("\"authentic\""), "{same}");

    // A share of chosen badges with an end date, which she can stop.
    let share = ines.shares("Mécanique du Talou").await.expect("a share");
    let link = share.link("/v/").expect("a link");
    let seen = employer.get(&link).await.expect("a verdict").ok().expect("a verdict");
    assert!(seen.title().contains("2 badges"), "{}", seen.title());

    // 6. The organisation withdraws one; within a minute every way of verifying says so.
    let award = award_of(&mut samuel, &session, "Inès Duval", "Lire").await;
    samuel.withdraws(&award, "badge").await.expect("a withdrawal");
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let seen = employer.get(&link).await.expect("a verdict").ok().expect("a verdict");
        if seen.words().contains("Badge retiré") {
            break;
        }
        assert!(Instant::now() < until, "a minute after, the badge still passes: {}", seen.words());
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let share = ines.0.get(share.url.as_str()).await.expect("a share").ok().expect("a share");
    ines.stops(&share).await.expect("an end");
    let gone = employer.get(&link).await.expect("an answer");
    assert_eq!(gone.status, 410, "a stopped share shows nothing: {}", gone.title());
    assert!(!gone.text.contains("Inès"), "a stopped share names nobody");

    // « Annuler » within ten minutes takes the whole lot back.
    let undone = samuel
        .ticks(
            &session,
            &["Dylan Lecomte"],
            Observation { badge: "bas-ecrire/decouvre", sentence: "Un message écrit.", evidence: "mise-en-situation" },
        )
        .await
        .expect("a lot")
        .ok()
        .expect("a lot");
    let undone = samuel.waits_for(&undone).await.expect("an end");
    let undone = samuel.undoes(&undone).await.expect("taken back");
    assert!(undone.words().to_lowercase().contains("annul"), "{}", undone.words());

    // 7. The Région ends the habilitation: what was signed before stays authentic.
    let mut officer = Officer::enters(&places.issuer, &places.letters, OFFICER).await.expect("the Région's door");
    officer.ends(&opaque, "Fin de convention").await.expect("an end");
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let showing = {
        let page = ines.0.get("/livret").await.expect("a livret").ok().expect("a livret");
        let id = page.link("/livret/badges/").expect("a badge");
        let badge = ines.0.get(&id).await.expect("a badge").ok().expect("a badge");
        if badge.words().contains("Retiré") { None } else { Some(ines.shows().await.expect("a QR")) }
    };
    if let Some(showing) = showing {
        let shown = code_beside(&showing, "", ' ');
        let verdict = employer.get(&format!("/v/{}", shown.replace(' ', ""))).await.expect("a verdict");
        assert_eq!(verdict.title(), "Badge authentique");
    }
}

async fn json(browser: &mut Browser, address: &str) -> Value {
    let mut asking = browser.clone().asking_json();
    let page = asking.get(address).await.expect("an answer");
    serde_json::from_str(&page.text).unwrap_or_else(|_| panic!("JSON at {address}: {} {}", page.status, page.text))
}

async fn wait_for_letters(places: &Places, person: &str, count: usize) {
    for _ in 0..400 {
        if places.letters.links(person, "/r/").len() >= count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{count} letters were expected");
}

/// The code written on a page, in the part that names `person`; `kind` is its first sign, or a space for any.
fn code_beside(page: &Page, person: &str, kind: char) -> String {
    let start =
        if person.is_empty() { 0 } else { page.text.find(person).unwrap_or_else(|| panic!("nobody named {person}")) };
    page.text[start..]
        .split("class=\"code")
        .skip(1)
        .filter_map(|tail| tail.split_once('>'))
        .map(|(_, tail)| {
            let inner = tail.split_once("</p>").map_or(tail, |(inner, _)| inner);
            inner.rsplit('>').next().unwrap_or(inner).replace('\u{a0}', " ").trim().to_owned()
        })
        .find(|code| code.starts_with(kind) || kind == ' ')
        .unwrap_or_else(|| panic!("no code on « {} »", page.title()))
}

/// The page of an award, found from its session.
async fn award_of(trainer: &mut Trainer, session: &str, person: &str, badge: &str) -> String {
    let page = trainer.0.get(session).await.expect("a session").ok().expect("a session");
    let start = page.text.find(person).unwrap_or_else(|| panic!("nobody named {person}"));
    let link = page.text[start..]
        .split("href=\"")
        .skip(1)
        .find(|tail| {
            let label = tail.split_once("</a>").map_or("", |(label, _)| label);
            tail.starts_with("/atelier/badges/") && label.contains(badge)
        })
        .unwrap_or_else(|| panic!("no badge {badge} beside {person}"));
    link.split_once('"').map_or(link, |(address, _)| address).to_owned()
}

fn windows_1252(text: &str) -> Vec<u8> {
    text.chars()
        .map(|sign| match sign {
            '’' => 0x92,
            sign => u8::try_from(u32::from(sign)).expect("a sign of Windows-1252"),
        })
        .collect()
}
