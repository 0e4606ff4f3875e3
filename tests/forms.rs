//! Every form of one award, as its person meets them: downloaded from the livret, dropped on the verification page,
//! authentic; then withdrawn, and each says so. And chosen badges in one record. On both engines.

mod world;

use std::time::{Duration, Instant};

use livret::browser::{Browser, Page};
use livret::people::{Learner, Observation, Trainer};
use store::testing;
use world::{ESTUAIRE, TRAINER, Town, stranger};

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

/// A form as a file, by the end of its address in the livret.
struct File {
    path: String,
    page: Page,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_form_is_given_verified_and_says_when_it_is_withdrawn() {
    for database in testing::databases().await {
        let town = Town::open(database).await;
        let places = &town.places;
        places.habilitates(&ESTUAIRE).await;
        keys_are_drawn(&places.issuer).await;
        let mut samuel = Trainer::enters(&places.issuer, &places.letters, TRAINER).await.expect("a door");
        let session = samuel.opens_session("Deux badges", "Le Havre").await.expect("a session");
        let file = "Nom;Courriel\nInès Duval;ines@courriel.example\n";
        for what in [TEAM, READING] {
            let review = samuel.drops(&session, file.as_bytes()).await.expect("a review");
            let lot = samuel.attests(&review, what).await.expect("a lot").ok().expect("a lot");
            samuel.waits_for(&lot).await.expect("an end");
        }
        let mut ines = Learner::new(&places.wallet).expect("a phone");
        let mut badges = Vec::new();
        for link in two_letters(&town).await {
            let page = ines.claims(&link).await.expect("a badge");
            badges.push((page.title(), page.url.path().to_owned()));
        }
        let badge = badges.iter().find(|(title, _)| title == "Travail en équipe").expect("the badge").1.clone();

        // Each form that her page offers, the picture first.
        let page = ines.0.get(&badge).await.expect("a badge").ok().expect("a badge");
        let mut paths = links(&page, &format!("{badge}/formes/"));
        assert!(paths[0].ends_with("/ob3.png"), "the picture first: {paths:?}");
        assert_eq!(paths.len(), 8, "{paths:?}");
        paths.push(format!("{badge}/fichier.json"));
        let mut files = Vec::new();
        for path in paths {
            let page = ines.0.get(&path).await.expect("a file").ok().expect("a file");
            files.push(File { path, page });
        }
        assert!(files[0].page.bytes.starts_with(b"\x89PNG"), "{}", files[0].page.content_type);
        let mut employer = stranger(&places.verifier);
        for file in &files {
            let page = dropped(&mut employer, file).await;
            assert_eq!(page.title(), "Badge authentique", "{}: {}", file.path, page.words());
        }

        // Both badges in one file.
        let choice = ines.0.get("/livret/releve").await.expect("a choice").ok().expect("a choice");
        let nothing = ines.0.submit(&choice, "/livret/releve", &[]).await.expect("the choice again");
        assert!(nothing.words().contains("Choisissez au moins un badge"), "{}", nothing.words());
        let chosen: Vec<String> =
            badges.iter().filter_map(|(_, at)| at.rsplit('/').next()).map(str::to_owned).collect();
        let fields: Vec<(&str, &str)> = chosen.iter().map(|id| ("badge", id.as_str())).collect();
        let page = ines.0.submit(&choice, "/livret/releve", &fields).await.expect("a record").ok().expect("a record");
        let record = File { path: "releve".into(), page };
        let seen = dropped(&mut employer, &record).await;
        assert_eq!(seen.title(), "Relevé : 2 badges authentiques", "{}", seen.words());
        assert!(seen.words().contains("Inès Duval"), "{}", seen.words());

        // Withdrawn: the file in anybody's hands says so, and no new one is given.
        let list = samuel.0.get(&session).await.expect("a session").ok().expect("a session");
        let award = award(&list, "Travail en équipe");
        let at_issuer = samuel.0.get(&award).await.expect("a badge").ok().expect("a badge");
        let public = links(&at_issuer, "/badges/").into_iter().filter(|to| to.contains("/ob2.")).collect::<Vec<_>>();
        assert_eq!(public.len(), 3, "its organisation is offered what is public: {public:?}");
        for path in &public {
            assert_eq!(stranger(&places.issuer).get(path).await.expect("a form").status, 200, "{path}");
        }
        samuel.withdraws(&award, "badge").await.expect("a withdrawal");
        for file in &files {
            let page = until(&mut employer, file, "Badge retiré").await;
            assert!(!page.words().contains("Erreur de badge"), "the reason stays between them: {}", file.path);
        }
        until(&mut employer, &record, "Relevé : 1 badge authentique sur 2").await;
        for file in files.iter().filter(|file| file.path.contains("/formes/")) {
            let gone = ines.0.get(&file.path).await.expect("an answer");
            assert_eq!((gone.status.as_u16(), gone.title().as_str()), (410, "Ce badge a été retiré"), "{}", file.path);
        }
        for path in &public {
            assert_eq!(stranger(&places.issuer).get(path).await.expect("an answer").status, 410, "{path}");
        }
        let end = Instant::now() + Duration::from_secs(90);
        loop {
            let page = ines.0.get(&badge).await.expect("a badge").ok().expect("a badge");
            if page.words().contains("a retiré ce badge") {
                assert!(page.words().contains("Retiré le "), "since when, by the issuer’s own word: {}", page.words());
                assert!(links(&page, "/formes/").is_empty(), "nothing is offered that would not be given");
                break;
            }
            assert!(Instant::now() < end, "her livret does not say it: {}", page.words());
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        let again = ines.0.submit(&choice, "/livret/releve", &fields).await.expect("an answer");
        assert!(again.status.is_client_error(), "a withdrawn badge goes into no new record");
        town.running.stop().await;
    }
}

/// Both keys of the signed forms, drawn beside the request that added the organisation.
async fn keys_are_drawn(issuer: &str) {
    let mut anyone = stranger(issuer).asking_json();
    for _ in 0..600 {
        let page = anyone.get("/.well-known/jwks.json").await.expect("keys").ok().expect("keys");
        if page.text.contains("RS256") && page.text.contains("ES256") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the keys of the signed forms were expected");
}

async fn two_letters(town: &Town) -> Vec<String> {
    for _ in 0..600 {
        let links = town.places.letters.links("ines@courriel.example", "/r/");
        if links.len() == 2 {
            return links;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("two letters were expected");
}

async fn dropped(employer: &mut Browser, file: &File) -> Page {
    let name = file.path.rsplit('/').next().unwrap_or_default();
    employer.upload("/v/fichier", ("fichier", name, &file.page.bytes), &[]).await.expect("an answer")
}

/// Drops a file until the answer has that title: within a minute, as promised.
async fn until(employer: &mut Browser, file: &File, title: &str) -> Page {
    let end = Instant::now() + Duration::from_secs(90);
    loop {
        let page = dropped(employer, file).await;
        if page.title() == title {
            return page;
        }
        assert!(Instant::now() < end, "{}: « {} » instead of « {title} »", file.path, page.title());
        tokio::time::sleep(Duration::from_secs(3)).await;
    }
}

/// The paths of the links of a page that contain `part`, each once, in order.
fn links(page: &Page, part: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for to in page.text.split("href=\"").skip(1).filter_map(|tail| tail.split('"').next()) {
        if to.contains(part) && !found.iter().any(|known| known == to) {
            found.push(to.to_owned());
        }
    }
    found
}

/// The page of an award, found from its session.
fn award(session: &Page, badge: &str) -> String {
    let link = session.text.split("href=\"").skip(1).find(|tail| {
        let label = tail.split_once("</a>").map_or("", |(label, _)| label);
        tail.starts_with("/atelier/badges/") && label.contains(badge)
    });
    link.and_then(|tail| tail.split('"').next()).expect("the badge").to_owned()
}
