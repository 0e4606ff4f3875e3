//! What stays behind of a journey in logs and figures: never a name, an address, a code or a link.

mod world;

use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::Duration;

use livret::browser::{Browser, Page};
use livret::config::Options;
use livret::people::{Learner, Mailbox, Observation, Officer, Trainer};
use livret::serve::{self, Given};
use serde_json::Value;
use store::Vault;
use store::testing;
use world::{ESTUAIRE, OFFICER, Places, Program, TRAINER, bootstrap_officer, free_port, sqlite_in, stranger};

const FILE: &str = "Prénom;Nom;Courriel;N° de dossier\r\n\
    Inès;Duval-Quérou;ines.querou@courriel.example;D-7391\r\n\
    Lina;Morelle;;D-7392\r\n";

const SENTENCE: &str = "Accueil de trois clientes au comptoir de Bolbec.";

/// What may not be read in a log.
#[derive(Default)]
struct Secrets(BTreeSet<String>);

impl Secrets {
    fn keep(&mut self, text: &str) {
        assert!(text.len() >= 5, "« {text} » would be found anywhere");
        self.0.insert(text.to_owned());
    }

    fn keep_token(&mut self, link: &str) {
        self.keep(link.rsplit('/').next().expect("a token"));
    }

    #[track_caller]
    fn are_not_in(&self, text: &str) {
        let folded = text.to_lowercase();
        let bare: String = folded.chars().filter(|sign| sign.is_alphanumeric()).collect();
        for secret in &self.0 {
            let secret = secret.to_lowercase();
            let line = folded.lines().find(|line| line.contains(&secret));
            assert!(line.is_none(), "« {secret} » is in: {}", line.unwrap_or_default());
            let compact: String = secret.chars().filter(|sign| sign.is_alphanumeric()).collect();
            assert!(!bare.contains(&compact), "« {secret} » is in the log, written otherwise");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_of_json_without_a_name_an_address_or_a_code() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = sqlite_in(folder.path(), "livret.db");
    let (letters, port) = (folder.path().join("letters"), free_port());
    let dir = format!("dir:{}", letters.display());
    let origin = format!("http://localhost:{port}");
    bootstrap_officer(&database, &origin);
    let log = folder.path().join("livret.log");
    let file = std::fs::File::create(&log).expect("a file");
    let arguments =
        [("--database", database.as_str()), ("--letters", dir.as_str()), ("--letter-delay", "0"), ("--log", "json")];
    // Everything that our own rooms would ever say, and what the others say by themselves.
    let ours = ["livret", "issuer", "wallet", "verifier", "web", "store", "post", "fetch", "checks", "proofs"];
    let filter = ours.iter().fold("info".to_owned(), |all, room| format!("{all},{room}=trace"));
    let program = Program::start_with("serve", port, &origin, &arguments, |livret| {
        livret.env("RUST_LOG", &filter).stderr(Stdio::from(file));
    });
    let places = Places {
        issuer: origin.clone(),
        wallet: origin.clone(),
        verifier: origin.clone(),
        letters: Mailbox::Folder(letters),
    };
    let secrets = journey(&places).await;
    program.kill();
    let text = std::fs::read_to_string(&log).expect("the log");
    let mut routes = BTreeSet::new();
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("a line of JSON: {line}"));
        for member in ["timestamp", "level", "message"] {
            assert!(line[member].is_string(), "{line}");
        }
        routes.extend(line["http.route"].as_str().map(ToOwned::to_owned));
    }
    for route in ["/atelier/imports/{import}", "/r/{token}", "/v/code", "/livret/montrer"] {
        assert!(routes.iter().any(|seen| seen == route || seen.starts_with(route)), "{route} in {routes:?}");
    }
    secrets.are_not_in(&text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_of_a_journey_without_a_person_in_them() {
    for database in testing::databases().await {
        let options = Options {
            listen: Some("127.0.0.1:0".parse().expect("an address")),
            metrics: Some("127.0.0.1:0".parse().expect("an address")),
            database: Some(database.url().to_owned()),
            letters: Some("memory".into()),
            letter_delay: Some(0),
            ..Options::default()
        };
        let given = Given { vault: Some(Vault::from_bytes([7; 32])), ..Given::default() };
        let running = serve::start_with(options, serve::ALL, given).await.expect("a town that starts");
        let house = running.issuer.as_ref().expect("the issuer's house");
        issuer::bootstrap::officer(house, OFFICER, "Ariane Lecoq").await.expect("an officer");
        let places = Places {
            issuer: running.origin.clone(),
            wallet: running.origin.clone(),
            verifier: running.origin.clone(),
            letters: Mailbox::Memory(running.letters.clone().expect("letters in memory")),
        };
        let secrets = journey(&places).await;
        // Visitors do not reach the figures, and cannot invent series.
        let mut visitor = stranger(&places.issuer);
        assert_eq!(visitor.get("/metrics").await.expect("an answer").status, 404);
        for n in 0..20 {
            visitor.get(&format!("/nulle-part/{n}")).await.expect("an answer");
        }
        let address = format!("http://{}", running.metrics.expect("the figures"));
        let mut text = metrics(&address).await;
        // Verdicts are counted a moment after they are told.
        for _ in 0..100 {
            if text.contains("livret_verdicts{") {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
            text = metrics(&address).await;
        }
        secrets.are_not_in(&text);
        let engine = database.engine();
        let figure = |name: &str| {
            let line = text.lines().find(|line| line.starts_with(name));
            let value = line.and_then(|line| line.rsplit(' ').next()).and_then(|value| value.parse::<f64>().ok());
            value.unwrap_or_else(|| panic!("{engine}: {name} in\n{text}"))
        };
        let same = |name: &str, value: u32| {
            assert!((figure(name) - f64::from(value)).abs() < 0.1, "{engine}: {name} is {}", figure(name));
        };
        same("livret_awards", 2);
        same("livret_withdrawals", 1);
        same("livret_claims", 2);
        same("livret_unfinished_lots", 0);
        same("livret_database_up", 1);
        same("livret_verdicts{verdict=\"authentic\"}", 1);
        same("livret_http_requests_total{house=\"livret\",route=\"(none)\",method=\"GET\",status=\"404\"}", 21);
        assert!(figure("livret_http_requests_total{house=\"wallet\",route=\"/r/{token}\"") >= 1.0);
        assert!(figure("livret_http_request_duration_seconds_bucket{le=\"16.0\",house=\"issuer\"") >= 1.0);
        assert!(figure("livret_database_connections{state=\"open\"}") >= 1.0);
        assert!(text.contains(&format!("engine=\"{engine}\"")) && text.ends_with("# EOF\n"), "{text}");
        // As many series of requests as routes that were walked, not as many as addresses.
        let series = text.lines().filter(|line| line.starts_with("livret_http_requests_total")).count();
        assert!(series < running.routes.len(), "{series}");
        running.stop().await;
    }
}

/// The walk, with a wrong code on the way; answers everything that identifies somebody or opens something.
async fn journey(places: &Places) -> Secrets {
    let mut secrets = Secrets::default();
    for text in
        ["Duval-Quérou", "ines.querou", "Morelle", "D-7391", "D-7392", "Bolbec", "Samuel Picard", "Ariane Lecoq"]
    {
        secrets.keep(text);
    }
    secrets.keep(TRAINER);
    secrets.keep(OFFICER);
    places.habilitates(&ESTUAIRE).await;
    let mut trainer = Trainer::enters(&places.issuer, &places.letters, TRAINER).await.expect("the trainer's door");
    let session = trainer.opens_session("Groupe du lundi", "Le Havre").await.expect("a session");
    let review = trainer.drops(&session, FILE.as_bytes()).await.expect("a review").ok().expect("a review");
    let observation =
        Observation { badge: "cpt-travail-en-equipe/pratique", sentence: SENTENCE, evidence: "mise-en-situation" };
    let lot = trainer.attests(&review, observation).await.expect("a lot").ok().expect("a lot");
    trainer.waits_for(&lot).await.expect("an end");

    let link = places.letters.link("ines.querou@courriel.example", "/r/").await.expect("a letter");
    secrets.keep_token(&link);
    let mut ines = Learner::new(&places.wallet).expect("a phone");
    ines.claims(&link).await.expect("a badge");
    let slips = trainer.0.get(&format!("{session}/coupons")).await.expect("slips").ok().expect("slips");
    let slip = code_on(&slips);
    secrets.keep(&slip);
    let mut lina = Learner::new(&places.wallet).expect("a shared computer");
    let typing = lina.0.get("/r").await.expect("a page").ok().expect("a page");
    let page = lina.0.submit(&typing, "/r", &[("code", &slip)]).await.expect("a page").ok().expect("a page");
    lina.0.submit(&page, "/r/", &[]).await.expect("a badge").ok().expect("a badge");
    let card = lina.0.get("/livret/carte").await.expect("a card").ok().expect("a card");
    secrets.keep(&code_on(&card));

    let shown = code_on(&ines.shows().await.expect("a QR"));
    secrets.keep(&shown);
    let mut employer = stranger(&places.verifier);
    let intake = employer.get("/v").await.expect("a page").ok().expect("a page");
    employer.submit(&intake, "/v/code", &[("code", "ZZZZ ZZZZ")]).await.expect("an answer");
    let verdict = employer.submit(&intake, "/v/code", &[("code", &shown)]).await.expect("a verdict").ok();
    assert_eq!(verdict.expect("a verdict").title(), "Badge authentique");

    // Somebody asks for a livret that does not exist, and a badge is taken back.
    let mut other = stranger(&places.wallet);
    let door = other.get("/livret/entrer").await.expect("a door").ok().expect("a door");
    secrets.keep("personne.inconnue");
    other
        .submit(&door, "/livret/entrer/courriel", &[("courriel", "personne.inconnue@courriel.example")])
        .await
        .expect("an answer");
    let page = trainer.0.get(&session).await.expect("a session").ok().expect("a session");
    let award = page.link("/atelier/badges/").expect("an award");
    trainer.withdraws(&award, "badge").await.expect("a withdrawal");
    let mut officer = Officer::enters(&places.issuer, &places.letters, OFFICER).await.expect("the Région's door");
    officer.0.get("/region").await.expect("a page").ok().expect("a page");
    for (person, part) in [(OFFICER, "/region/entrer/"), (TRAINER, "/atelier/entrer/")] {
        for link in places.letters.links(person, part) {
            secrets.keep_token(&link);
        }
    }
    secrets
}

/// The first code that a page shows.
fn code_on(page: &Page) -> String {
    let codes = page.text.split("class=\"code").skip(1).filter_map(|tail| tail.split_once('>')).map(|(_, tail)| {
        let inner = tail.split_once("</p>").map_or(tail, |(inner, _)| inner);
        inner.rsplit('>').next().unwrap_or(inner).replace('\u{a0}', " ").trim().to_owned()
    });
    let mut codes = codes.filter(|code| code.len() >= 8);
    codes.next().unwrap_or_else(|| panic!("no code on « {} »", page.title()))
}

async fn metrics(address: &str) -> String {
    let mut scraper = Browser::new(address).expect("an address");
    let page = scraper.get("/metrics").await.expect("the figures");
    assert_eq!(page.status, 200);
    assert!(page.content_type.starts_with("application/openmetrics-text"), "{}", page.content_type);
    page.text
}
