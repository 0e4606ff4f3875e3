//! What whoever runs the program does with it: back up while it works, restore elsewhere, replace keys.

mod world;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use checks::{Policy, Verdict};
use fetch::{Door, DoorSettings, NamedOrigin, gather};
use issuer::keys::rotation::{ANNOUNCED, Start, rotate};
use livret::browser::Browser;
use livret::config::Options;
use livret::people::{Learner, Mailbox, Observation, Trainer};
use livret::serve::{self, Given};
use serde_json::Value;
use store::testing::{self, MASTER_KEY, TestDb};
use store::{Db, Vault, execute, on};
use uuid::Uuid;
use world::{ESTUAIRE, NOIREAU, OFFICER, Places, TRAINER, Town, crowd, sqlite_in};

const TEAM: Observation<'static> = Observation {
    badge: "cpt-travail-en-equipe/pratique",
    sentence: "Service de midi sur le plateau technique cuisine.",
    evidence: "mise-en-situation",
};

/// `livret` with these words, and the master key of the tests unless `key` is another.
fn livret(words: &[&str], key: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_livret"))
        .args(words)
        .env("LIVRET_MASTER_KEY", key)
        .env("RUST_LOG", "warn")
        .output()
        .expect("the program runs")
}

#[track_caller]
fn ok(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

#[track_caller]
fn refused(output: &Output, because: &str) {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(because), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_migration_that_fails_is_said_in_french_then_with_its_cause() {
    for database in testing::databases().await {
        let last = store::migrations::state(&database.db).await.expect("a state").program;
        let mut tx = database.db.begin().await.expect("a transaction");
        execute!(tx, sqlx::query("delete from _sqlx_migrations where version = $1").bind(last)).expect("as before it");
        tx.commit().await.expect("written");
        let output = livret(&["migrate", "--database", database.url()], MASTER_KEY);
        refused(&output, "livret : base de données : elle n’a pas pu être mise à jour");
        refused(&output, &format!("\nCause : migration {last}: "));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(["duplicate", "already exists"].iter().any(|why| said.contains(why)), "{said}");
        assert!(!said.contains("postgres://") && !said.contains(database.url()), "{said}");
    }
    let database = testing::postgres().await;
    let mut nowhere = url::Url::parse(database.url()).expect("an address");
    nowhere.set_path("/personne");
    let output = livret(&["migrate", "--database", nowhere.as_str()], MASTER_KEY);
    refused(&output, "cette base n’existe pas sur ce serveur\nCause : database: ");
    refused(&output, "(code 3D000)");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!said.contains("postgres://"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sqlite_instance_is_backed_up_and_restored() {
    backed_up_and_restored(testing::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgresql_instance_is_backed_up_and_restored() {
    backed_up_and_restored(testing::postgres().await).await;
}

/// Backs up while badges are being attested; restores on the other engine and on the same; each time every signed text is
/// judged, and the restored instance attests, answers and withdraws.
async fn backed_up_and_restored(database: TestDb) {
    let town = Town::open(database).await;
    let (places, url) = (&town.places, town.database.url().to_owned());
    places.habilitates(&ESTUAIRE).await;
    let mut trainer = Trainer::enters(&places.issuer, &places.letters, TRAINER).await.expect("the trainer's door");
    let session = trainer.opens_session("Avant la sauvegarde", "Le Havre").await.expect("a session");
    attests(&mut trainer, &session, 30).await;
    // One is taken back, one is asked for in its other forms, one goes into a livret.
    let awards = awards(&town.running.issuer.as_ref().expect("the house").db).await;
    trainer.withdraws(&format!("/atelier/badges/{}", awards[0]), "badge").await.expect("a withdrawal");
    let link = places.letters.link("personne2@courriel.example", "/r/").await.expect("a letter");
    forms(&places.issuer, &link).await;
    Learner::new(&places.wallet).expect("a phone").claims(&link).await.expect("a badge");

    // A lot is at work while the backup is made.
    let more = trainer.opens_session("Pendant la sauvegarde", "Le Havre").await.expect("a session");
    let review = trainer.drops(&more, &crowd(200)).await.expect("a review").ok().expect("a review");
    let lot = trainer.attests(&review, TEAM).await.expect("a lot").ok().expect("a lot");
    let folder = tempfile::tempdir().expect("a folder");
    let key = folder.path().join("copie.key");
    let words = ["backup", path(folder.path()), "--with-master-key", path(&key), "--database", &url];
    let said = ok(&livret(&words, MASTER_KEY));
    assert!(said.contains("Sauvegarde écrite et relue") && said.contains("données personnelles"), "{said}");
    trainer.waits_for(&lot).await.expect("an end");
    let file = only_archive(folder.path());
    for private in [&file, &key] {
        assert_eq!(std::fs::metadata(private).expect("a file").permissions().mode() & 0o777, 0o600);
    }
    let held = std::fs::read(&file).expect("the archive");
    assert!(!contains(&held, &[7; 32]), "the key is not in the archive");
    let contents = store::archive::read(&held[..]).expect("a whole archive");
    assert_eq!(contents.header.origin.as_deref(), Some(places.issuer.as_str()));
    let signed = contents.rows["issuer_credential"];
    assert!((30..=230).contains(&signed), "{signed}");
    assert_eq!(contents.rows["issuer_credential"], contents.rows["issuer_award"], "one instant");

    refused(&livret(&["backup", path(&file), "--database", &url], MASTER_KEY), "existe déjà");
    refused(&livret(&["restore", path(&file), "--database", &url], MASTER_KEY), "n’est pas vide");
    let origin = places.issuer.clone();
    // Its port is free again for the restored instances: the origin is inside the badges.
    town.running.stop().await;

    let elsewhere = [sqlite_in(folder.path(), "autre.db"), testing::empty_postgres().await];
    for target in &elsewhere {
        let restore = ["restore", path(&file), "--database", target.as_str()];
        refused(&livret(&restore, &"09".repeat(32)), "n’est pas celle de la sauvegarde");
        refused(&livret(&[&restore[..], &["--origin", "https://autre.example"]].concat(), MASTER_KEY), &origin);
        let said = ok(&livret(&restore, MASTER_KEY));
        // The badge, its three other forms, and the copy in the livret.
        let texts = usize::try_from(signed).expect("a number") + 3 + 1;
        assert!(said.contains(&format!("{texts} textes signés vérifiés")), "{said}");
        assert!(said.contains(&format!("{} authentic", texts - 1)) && said.contains("1 withdrawn"), "{said}");
        goes_on(target, &origin, &awards).await;
    }
    // SQLite on another machine: the key comes by its file, and is put where the next start looks.
    let third = sqlite_in(folder.path(), "troisieme.db");
    let restore = ["restore", path(&file), "--database", third.as_str()];
    refused(&livret(&restore, ""), "il faut la clé maîtresse");
    assert!(!folder.path().join("troisieme.db").exists(), "nothing was begun");
    ok(&livret(&[&restore[..], &["--master-key", path(&key)]].concat(), ""));
    assert!(folder.path().join("troisieme.key").exists());
}

/// The restored instance serves the same badges at the same addresses, attests on lists of its own, and withdraws.
async fn goes_on(database: &str, origin: &str, before: &[Uuid]) {
    let options = Options {
        listen: Some(format!("127.0.0.1:{}", origin.rsplit(':').next().expect("a port")).parse().expect("an address")),
        database: Some(database.to_owned()),
        letters: Some("memory".into()),
        letter_delay: Some(0),
        ..Options::default()
    };
    let given = Given { vault: Some(Vault::from_bytes([7; 32])), ..Given::default() };
    let running = serve::start_with(options, serve::ALL, given).await.expect("a restored instance that starts");
    assert_eq!(running.origin, origin);
    let places = Places {
        issuer: origin.into(),
        wallet: origin.into(),
        verifier: origin.into(),
        letters: Mailbox::Memory(running.letters.clone().expect("letters in memory")),
    };
    let mut stranger = Browser::new(origin).expect("a browser").asking_json();
    let page = stranger.get(&format!("/badges/{}.json", before[0])).await.expect("an answer");
    assert_eq!(page.status, 410, "what was withdrawn stays withdrawn");
    let page = stranger.get(&format!("/badges/{}.json", before[1])).await.expect("an answer");
    assert_eq!(page.status, 200);
    let mut trainer = Trainer::enters(origin, &places.letters, TRAINER).await.expect("the trainer's door");
    let session = trainer.opens_session("Après la remise", "Le Havre").await.expect("a session");
    let db = running.issuer.as_ref().expect("the house").db.clone();
    let had = count(&db, "select count(*) from issuer_award").await;
    attests(&mut trainer, &session, 2).await;
    // What was being attested at the instant of the backup is finished, not lost; each place of a list served once.
    assert!(count(&db, "select count(*) from issuer_award").await >= had + 2);
    let lists: Vec<i64> =
        on!(db, c => sqlx::query_scalar("select distinct status_list from issuer_credential order by 1")
        .fetch_all(c).await)
        .expect("the lists");
    assert_eq!(lists, [1, 3], "no place that may have been given after the backup is given again");
    trainer.withdraws(&format!("/atelier/badges/{}", before[1]), "badge").await.expect("a withdrawal");
    let page = stranger.get(&format!("/badges/{}.json", before[1])).await.expect("an answer");
    assert_eq!(page.status, 410);
    running.stop().await;
}

/// A town whose clock the test moves.
async fn clocked(database: &TestDb) -> (serve::Running, Places) {
    let options = Options {
        listen: Some("127.0.0.1:0".parse().expect("an address")),
        database: Some(database.url().to_owned()),
        letters: Some("memory".into()),
        letter_delay: Some(0),
        ..Options::default()
    };
    let given = Given { vault: Some(database.vault.clone()), clock: Some(database.clock.clone()) };
    let running = serve::start_with(options, serve::ALL, given).await.expect("a town that starts");
    let house = running.issuer.as_ref().expect("the issuer's house");
    issuer::bootstrap::officer(house, OFFICER, "Ariane Lecoq").await.expect("an officer");
    let places = Places {
        issuer: running.origin.clone(),
        wallet: running.origin.clone(),
        verifier: running.origin.clone(),
        letters: Mailbox::Memory(running.letters.clone().expect("letters in memory")),
    };
    (running, places)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn badges_of_replaced_keys_stay_authentic_in_every_form() {
    for database in testing::databases().await {
        let (running, places) = clocked(&database).await;
        let (engine, clock) = (database.engine(), &database.clock);
        let house = running.issuer.as_ref().expect("the house").clone();
        places.habilitates(&ESTUAIRE).await;
        let organisation = issuer::organisations::rows::all(&house.db).await.expect("organisations").remove(0);
        let region = issuer::organisations::rows::region(&house.db).await.expect("an answer").expect("the Région");
        let id = organisation.organisation_id;
        clock.advance(Duration::from_secs(3600));
        let mut trainer = Trainer::enters(&places.issuer, &places.letters, TRAINER).await.expect("the trainer's door");
        let session = trainer.opens_session("Trois clés", "Le Havre").await.expect("a session");
        attests(&mut trainer, &session, 2).await;
        let link = places.letters.link("personne0@courriel.example", "/r/").await.expect("a letter");
        let mut texts = forms(&places.issuer, &link).await;
        assert_eq!(texts.len(), 4);
        all_authentic(&texts, &places.issuer, clock.now(), engine).await;

        // Announced: for three minutes the old keys go on signing, and the new ones are listed already.
        let before = clock.now() + Duration::from_secs(5);
        clock.advance(Duration::from_secs(10));
        for one in [id, region.organisation_id] {
            let done = rotate(&house, one, before, Start::Announced).await.expect("new keys");
            let expected: &[&str] = if one == id { &["Ed25519", "RS256", "ES256"] } else { &["Ed25519"] };
            assert_eq!(done.replaced, expected, "{engine}");
            // Run again after a crash, it finds nothing left to do.
            let again = rotate(&house, one, before, Start::Announced).await.expect("an answer");
            assert_eq!(again.replaced, [""; 0], "{engine}");
        }
        let listed = did_document(&places.issuer, &organisation.opaque).await;
        assert_eq!(listed["verificationMethod"].as_array().expect("keys").len(), 6, "{engine}");
        clock.advance(Duration::from_secs(1));
        attests_one(&mut trainer, &session, "tick-1").await;
        let meanwhile = forms_of_newest(&places, &house.db).await;
        assert_eq!(key_of(&meanwhile[0]), key_of(&texts[0]), "{engine}: the old key signs until the new one is known");
        texts.extend(meanwhile);
        all_authentic(&texts, &places.issuer, clock.now(), engine).await;

        clock.advance(ANNOUNCED.unsigned_abs());
        attests_one(&mut trainer, &session, "tick-2").await;
        let after = forms_of_newest(&places, &house.db).await;
        assert_ne!(key_of(&after[0]), key_of(&texts[0]), "{engine}: now the new key signs");
        texts.extend(after);
        all_authentic(&texts, &places.issuer, clock.now(), engine).await;

        // At once: the former key signs nothing more from this instant, and what it signed just now stays.
        let done = rotate(&house, id, clock.now(), Start::AtOnce).await.expect("new keys");
        assert_eq!((done.replaced.len(), done.signs_from), (3, clock.now()), "{engine}");
        clock.advance(Duration::from_secs(1));
        attests_one(&mut trainer, &session, "tick-3").await;
        let last = forms_of_newest(&places, &house.db).await;
        assert!(texts.iter().all(|text| key_of(text) != key_of(&last[0])), "{engine}");
        texts.extend(last);
        assert_eq!(texts.len(), 16);
        all_authentic(&texts, &places.issuer, clock.now(), engine).await;
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lot_pressed_before_and_made_after_is_vouched_for() {
    for database in testing::databases().await {
        let (running, places) = clocked(&database).await;
        let house = running.issuer.as_ref().expect("the house").clone();
        places.habilitates(&ESTUAIRE).await;
        let id = issuer::organisations::rows::all(&house.db).await.expect("organisations")[0].organisation_id;
        let mut trainer = Trainer::enters(&places.issuer, &places.letters, TRAINER).await.expect("the trainer's door");
        let session = trainer.opens_session("Entre deux", "Le Havre").await.expect("a session");
        database.clock.advance(Duration::from_secs(7200));
        attests(&mut trainer, &session, 2).await;
        // As if the worker had come to this lot only after the key it was pressed under had ended.
        rotate(&house, id, database.clock.now(), Start::AtOnce).await.expect("new keys");
        let mut tx = house.db.begin().await.expect("a transaction");
        execute!(
            tx,
            sqlx::query("update issuer_key set created_at = $1 where retired_at is null")
                .bind(database.clock.now() + Duration::from_secs(30))
        )
        .expect("a later key");
        tx.commit().await.expect("a commit");
        attests_one(&mut trainer, &session, "later").await;
        let texts = forms_of_newest(&places, &house.db).await;
        all_authentic(&texts, &places.issuer, database.clock.now(), database.engine()).await;
        running.stop().await;
    }
}

#[test]
fn keys_are_seen_and_replaced_from_the_command_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = sqlite_in(folder.path(), "livret.db");
    let common = ["--database", database.as_str(), "--letters", "memory", "--origin", "http://localhost:8080"];
    let run = |words: &[&str]| livret(&[words, &common[..]].concat(), MASTER_KEY);
    ok(&run(&["bootstrap", "officer", "--email", OFFICER, "--name", "Ariane Lecoq"]));
    for (name, siret) in [(ESTUAIRE.name, ESTUAIRE.siret), (NOIREAU.name, NOIREAU.siret)] {
        ok(&run(&["bootstrap", "organisation", "--name", name, "--town", "Flers", "--siret", siret]));
    }
    let listed = ok(&run(&["key", "list"]));
    assert_eq!(listed.matches("Ed25519").count(), 3, "{listed}");
    let line = listed.lines().find(|line| line.ends_with(ESTUAIRE.name)).expect("the organisation");
    let opaque = line.split(' ').next().expect("an id");

    refused(&run(&["key", "rotate", "--organisation", "inconnu0"]), "key list");
    assert_eq!(run(&["key", "rotate"]).status.code(), Some(2), "one or all: it is said");
    let said = ok(&run(&["key", "rotate", "--all"]));
    assert_eq!(said.matches("rien à remplacer").count(), 3, "keys of the last hour stay: {said}");
    assert!(!said.contains("sauvegarde"), "nothing changed: {said}");
    // Keys in the wrong hands are replaced however young they are.
    let said = ok(&run(&["key", "rotate", "--organisation", opaque, "--at-once"]));
    assert!(said.contains("Ed25519, RS256, ES256") && said.contains("sauvegarde"), "{said}");
    // Whoever reads has gone away: no panic.
    let mut child = Command::new(env!("CARGO_BIN_EXE_livret"))
        .args(["key", "list"])
        .args(common)
        .env("LIVRET_MASTER_KEY", MASTER_KEY)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the program runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("an end");
    assert_eq!(output.status.code(), Some(141), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    // A service manager hands the key over as a file, which is never made.
    let file = folder.path().join("credential");
    let by_file = |path: &Path| {
        Command::new(env!("CARGO_BIN_EXE_livret"))
            .args(["key", "list"])
            .args(common)
            .env_remove("LIVRET_MASTER_KEY")
            .env("LIVRET_MASTER_KEY_FILE", path)
            .output()
            .expect("the program runs")
    };
    refused(&by_file(&file), "le fichier de la clé maîtresse : il n’existe pas");
    assert!(!file.exists());
    std::fs::write(&file, format!("{MASTER_KEY}\n")).expect("a file");
    let listed = ok(&by_file(&file));
    assert_eq!(listed.matches("Ed25519").count(), 4, "{listed}");
    // The Région's, and one of each kind of both organisations.
    assert_eq!(listed.matches("signe maintenant").count(), 7, "{listed}");
    assert_eq!(listed.matches("ne signe plus, terminée le").count(), 3, "one of each kind: {listed}");
}

#[test]
fn a_file_that_is_no_backup_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = sqlite_in(folder.path(), "livret.db");
    let file = folder.path().join("faux.livret");
    std::fs::write(&file, "bonjour").expect("a file");
    refused(&livret(&["restore", path(&file), "--database", &database], MASTER_KEY), "n’est pas une sauvegarde");
    refused(&livret(&["backup", path(folder.path()), "--database", &database], MASTER_KEY), "n’existe pas");
    let odd = format!("sqlite:{}", path(&file));
    refused(&livret(&["backup", path(folder.path()), "--database", &odd], MASTER_KEY), "n’est pas une base SQLite");
    refused(
        &livret(&["backup", path(folder.path()), "--database", "mysql:a"], MASTER_KEY),
        "son adresse ne se lit pas",
    );
    assert!(!folder.path().join("livret.db").exists(), "nothing is made by looking");
}

/// Attests so many invented people; waits for the end.
async fn attests(trainer: &mut Trainer, session: &str, people: usize) {
    let review = trainer.drops(session, &crowd(people)).await.expect("a review").ok().expect("a review");
    let lot = trainer.attests(&review, TEAM).await.expect("a lot").ok().expect("a lot");
    trainer.waits_for(&lot).await.expect("an end");
}

/// Attests one more person, named so.
async fn attests_one(trainer: &mut Trainer, session: &str, name: &str) {
    let file = format!("Prénom;Nom;Courriel;N° de dossier\r\nPrénom;{name};{name}@courriel.example;{name}\r\n");
    let review = trainer.drops(session, file.as_bytes()).await.expect("a review").ok().expect("a review");
    let lot = trainer.attests(&review, TEAM).await.expect("a lot").ok().expect("a lot");
    trainer.waits_for(&lot).await.expect("an end");
}

/// The 3.0 text and the three signed forms of the badge of this letter.
async fn forms(issuer: &str, link: &str) -> Vec<String> {
    let token = link.rsplit('/').next().expect("a token");
    let client = reqwest::Client::new();
    let offer: Value = get(&client, &format!("{issuer}/claims/{token}"), None).await.parse().expect("JSON");
    let id = offer["badge"]["image"].as_str().and_then(|image| image.strip_suffix("/image.svg")).expect("an address");
    let mut texts = Vec::new();
    for form in ["ob3.json", "ob3.jwt", "ob3.es256.jwt", "ob2.jws"] {
        texts.push(get(&client, &format!("{id}/{form}"), Some(token)).await);
    }
    texts
}

async fn forms_of_newest(places: &Places, db: &Db) -> Vec<String> {
    let email: String = on!(db, c => sqlx::query_scalar(
        "select email from issuer_award where email is not null order by attested_at desc limit 1").fetch_one(c).await)
    .expect("an address");
    let link = places.letters.link(&email, "/r/").await.expect("a letter");
    forms(&places.issuer, &link).await
}

async fn get(client: &reqwest::Client, url: &str, bearer: Option<&str>) -> String {
    let mut request = client.get(url).header("accept", "application/json");
    if let Some(bearer) = bearer {
        request = request.bearer_auth(bearer);
    }
    let answer = request.send().await.expect("an answer");
    let status = answer.status();
    let text = answer.text().await.expect("a text");
    assert_eq!(status, 200, "{url}: {text}");
    text
}

/// Judged as a stranger would who has never seen anything of ours.
async fn all_authentic(texts: &[String], origin: &str, now: time::OffsetDateTime, engine: &str) {
    let named = vec![NamedOrigin::parse(origin).expect("an origin")];
    let door = Door::new(DoorSettings { named, ..DoorSettings::default() });
    let register = format!("{origin}/registre.json");
    for text in texts {
        let report = gather::judge(text, now, Policy { trust: true, status: true }, &door, &register).await;
        assert_eq!(report.verdict, Verdict::Authentic, "{engine}: {:#?}\n{text}", report.findings);
    }
}

/// The key that a 3.0 text names.
fn key_of(text: &str) -> String {
    let value: Value = serde_json::from_str(text).unwrap_or_default();
    value["proof"]["verificationMethod"].as_str().unwrap_or_default().to_owned()
}

async fn did_document(origin: &str, opaque: &str) -> Value {
    let client = reqwest::Client::new();
    get(&client, &format!("{origin}/o/{opaque}/did.json"), None).await.parse().expect("JSON")
}

async fn awards(db: &Db) -> Vec<Uuid> {
    // Of people without an address: the others are claimed on the way.
    on!(db, c => sqlx::query_scalar("select award_id from issuer_award where email is null order by award_id")
        .fetch_all(c).await)
    .expect("awards")
}

async fn count(db: &Db, query: &'static str) -> i64 {
    on!(db, c => sqlx::query_scalar(query).fetch_one(c).await).expect("a count")
}

fn only_archive(folder: &Path) -> std::path::PathBuf {
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "livret"))
        .collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

fn path(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
