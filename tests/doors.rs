//! Every route tried as every other role and organisation: nothing leaks, nothing is done.

mod world;

use std::collections::BTreeMap;

use livret::browser::{Browser, Page};
use livret::people::{Learner, Observation, Officer, Trainer};
use store::{Db, on, testing};
use web::{RouteInfo, Who};
use world::{ESTUAIRE, NOIREAU, OFFICER, TRAINER, Town, stranger};

const READING: Observation<'static> = Observation {
    badge: "bas-lire/pratique",
    sentence: "Une phrase que personne d’autre ne lit.",
    evidence: "mise-en-situation",
};

/// What belongs to one trainer and one learner alone.
const PRIVATE: [&str; 5] = ["Inès Duval", "ines@courriel.example", "Une phrase que personne", "Lina Morel", "D-4711"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_as_every_other_role_leaks_nothing_and_does_nothing() {
    for database in testing::databases().await {
        let town = Town::open(database).await;
        let ids = live(&town).await;
        let mut visitors = visitors(&town).await;
        let before = facts(&town.database.db).await;
        let mut tried = 0;
        for route in &town.running.routes {
            let Some(path) = fill(route, &ids) else { continue };
            for (role, browser) in &mut visitors {
                if may(route, role) {
                    continue;
                }
                for post in [false, true] {
                    let page = try_it(browser, &path, post).await;
                    check(route, role, post, &page);
                    tried += 1;
                }
            }
        }
        assert!(tried > 300, "only {tried} tries");
        assert_eq!(before, facts(&town.database.db).await, "something was done by someone who may not");
        town.running.stop().await;
    }
}

/// Someone of the same role elsewhere may open their own pages, of which this address is one.
fn may(route: &RouteInfo, role: &str) -> bool {
    let own = !route.path.contains('{') || route.path.contains("/entrer");
    match route.who {
        Who::Anyone | Who::Capability => true,
        Who::Trainer => role == "trainer elsewhere" && own,
        Who::Officer => role == "officer",
        Who::Learner => role == "another learner" && own,
        Who::Peer => false,
    }
}

fn check(route: &RouteInfo, role: &str, post: bool, page: &Page) {
    let what = format!("{} {} as {role}", if post { "POST" } else { "GET" }, route.path);
    for word in PRIVATE {
        assert!(!page.text.contains(word), "{what}: « {word} » is shown");
    }
    let at_the_door = page.url.path().contains("/entrer");
    let refused = matches!(page.status.as_u16(), 401 | 403 | 404 | 405 | 410 | 415 | 422);
    assert!(at_the_door || refused, "{what}: answered {} « {} »", page.status, page.title());
}

async fn try_it(browser: &mut Browser, path: &str, post: bool) -> Page {
    // Each try keeps the cookies it came with: being shown the way out must not change who the others are.
    let mut visitor = browser.clone();
    let fields =
        [("motif", "badge"), ("confirm", "1"), ("do", "attest"), ("reponse", "confirmer"), ("quand", "maintenant")];
    let page = if post { visitor.post(path, &fields).await } else { visitor.get(path).await };
    page.unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A trainer of Estuaire attests Inès and Lina; Inès claims and shares. Answers an id for each kind of parameter.
async fn live(town: &Town) -> BTreeMap<&'static str, String> {
    let places = &town.places;
    let opaque = places.habilitates(&ESTUAIRE).await;
    places.habilitates(&NOIREAU).await;
    let mut samuel = Trainer::enters(&places.issuer, &places.letters, TRAINER).await.expect("a door");
    let session = samuel.opens_session("Un groupe", "Le Havre").await.expect("a session");
    let file = "Nom;Courriel;N° de dossier\nInès Duval;ines@courriel.example;D-4711\nLina Morel;;D-4712\n";
    let review = samuel.drops(&session, file.as_bytes()).await.expect("a review").ok().expect("a review");
    // Another file waits for somebody to say what its columns are.
    let unknown = "Qui;Où écrire\nInès Duval;ines@courriel.example\n";
    samuel.drops(&session, unknown.as_bytes()).await.expect("a question").ok().expect("a question");
    let lot = samuel.attests(&review, READING).await.expect("a lot").ok().expect("a lot");
    let lot = samuel.waits_for(&lot).await.expect("an end");
    let link = places.letters.link("ines@courriel.example", "/r/").await.expect("a letter");
    let mut ines = Learner::new(&places.wallet).expect("a phone");
    ines.claims(&link).await.expect("a badge");
    let share = ines.shares("Un employeur").await.expect("a share");
    let showing = ines.shows().await.expect("a QR");
    let db = &town.database.db;
    let award = uuid(db, "select award_id from issuer_award limit 1").await;
    let last = |page: &Page| page.url.path().rsplit('/').next().unwrap_or_default().to_owned();
    BTreeMap::from([
        ("org", opaque),
        ("forme", "ob3.png".to_owned()),
        ("session", last_of(&session)),
        ("import", last(&review)),
        ("trainee", uuid(db, "select trainee_id from issuer_trainee limit 1").await),
        ("file", uuid(db, "select file_id from issuer_import_file limit 1").await),
        ("lot", last(&lot)),
        ("award", award.clone()),
        ("member", uuid(db, "select member_id from issuer_member where is_referent limit 1").await),
        ("login", uuid(db, "select login_id from issuer_login limit 1").await),
        ("livret-badge", uuid(db, "select badge_id from wallet_badge limit 1").await),
        ("share", last(&share)),
        ("showing", last(&showing)),
        ("address", uuid(db, "select address_id from wallet_address limit 1").await),
    ])
}

fn last_of(path: &str) -> String {
    path.rsplit('/').next().unwrap_or_default().to_owned()
}

/// The address of a route with the real ids of somebody else; `None` for what is public or needs a code.
fn fill(route: &RouteInfo, ids: &BTreeMap<&'static str, String>) -> Option<String> {
    if matches!(route.who, Who::Anyone | Who::Capability) {
        return None;
    }
    let id = if route.path.starts_with("/livret/badges") {
        "livret-badge"
    } else if route.path.starts_with("/livret/partages") {
        "share"
    } else if route.path.starts_with("/livret/montrer") {
        "showing"
    } else if route.path.starts_with("/livret/adresses") {
        "address"
    } else if route.path.starts_with("/region/organismes") {
        "org"
    } else {
        "session"
    };
    let mut path = route.path.replace("{id}", &ids[id]);
    for name in ["import", "file", "forme", "trainee", "lot", "award", "member", "login", "org"] {
        path = path.replace(&format!("{{{name}}}"), &ids[name]);
    }
    assert!(!path.contains('{'), "no id for {}", route.path);
    Some(path)
}

async fn visitors(town: &Town) -> Vec<(&'static str, Browser)> {
    let places = &town.places;
    let claire = Trainer::enters(&places.issuer, &places.letters, NOIREAU.email).await.expect("a door");
    let officer = Officer::enters(&places.issuer, &places.letters, OFFICER).await.expect("a door");
    let mut claire_attests = Trainer(claire.0.clone());
    let session = claire_attests.opens_session("Ailleurs", "Flers").await.expect("a session");
    let review = claire_attests
        .drops(&session, "Nom;Courriel\nThéo Auvray;theo@courriel.example\n".as_bytes())
        .await
        .expect("a review");
    let lot = claire_attests.attests(&review, READING).await.expect("a lot").ok().expect("a lot");
    claire_attests.waits_for(&lot).await.expect("an end");
    let link = places.letters.link("theo@courriel.example", "/r/").await.expect("a letter");
    let mut theo = Learner::new(&places.wallet).expect("a phone");
    theo.claims(&link).await.expect("a badge");
    vec![
        ("stranger", stranger(&places.issuer)),
        ("trainer elsewhere", claire.0),
        ("officer", officer.0),
        ("another learner", theo.0),
    ]
}

async fn uuid(db: &Db, query: &'static str) -> String {
    let id: uuid::Uuid = on!(db, c => sqlx::query_scalar(query).fetch_one(c).await).expect(query);
    id.to_string()
}

/// How many facts of each kind there are.
async fn facts(db: &Db) -> Vec<i64> {
    let mut counts = Vec::new();
    for query in [
        "select count(*) from issuer_award",
        "select count(*) from issuer_withdrawal",
        "select count(*) from issuer_withdrawal_request",
        "select count(*) from issuer_training_session",
        "select count(*) from issuer_lot",
        "select count(*) from issuer_trainee",
        "select count(*) from issuer_member where ended_at is null",
        "select count(*) from issuer_organisation",
        "select count(*) from issuer_habilitation where ended_at is null",
        "select count(*) from wallet_badge",
        "select count(*) from wallet_share",
        "select count(*) from wallet_share_end",
        "select count(*) from wallet_showing",
        "select count(*) from wallet_view",
        "select count(*) from wallet_livret",
        "select count(*) from wallet_address",
    ] {
        let n: i64 = on!(db, c => sqlx::query_scalar(query).fetch_one(c).await).expect(query);
        counts.push(n);
    }
    counts
}
