//! `livret attest` as a user runs it, beside a program that serves, on both engines.

mod world;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use livret::people::Trainer;
use store::testing;
use world::{ESTUAIRE, TRAINER, Town};

/// The master key of [`Town`], as the environment carries it.
const KEY: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";

const FILE: &str = "Prénom;Nom;Courriel;Badge;Niveau\r\nInès;Duval;ines.duval@courriel.example;Lire;Je pratique\r\n\
    Inès;Duval;ines.duval@courriel.example;Rigueur;pratique\r\nThéo;Auvray;;;\r\nDylan;Lecomte;d.lecomte@exemple;;\r\n\
    Lina;Morel;;Esprit d’équipe;pratique\r\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_is_attested_from_the_terminal() {
    for database in [testing::sqlite().await, testing::postgres().await] {
        let town = Town::open(database).await;
        let opaque = town.places.habilitates(&ESTUAIRE).await;
        let mut samuel = Trainer::enters(&town.places.issuer, &town.places.letters, TRAINER).await.expect("a door");
        let session = samuel.opens_session("#Avenir, Le Havre", "Le Havre").await.expect("a session");
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("groupe.csv");
        fs::write(&file, FILE).expect("a file");

        let by_name = ["--organisation", "552 081 317 66522", "--session", "#avenir, le havre"];
        let chosen = ["--badge", "Écrire", "--level", "découvre", "--sentence", "Un message au groupe."];
        let first = attest(&town, &file, &[&by_name[..], &chosen[..]].concat()).await;
        assert_eq!(first.status.code(), Some(1), "{}", said(&first));
        let words = said(&first);
        for part in ["5 lignes lues", "3  Attesté", "2  À corriger", "Ligne 5 :", "Travail en équipe", "3 sur 3"] {
            assert!(words.contains(part), "{part}: {words}");
        }
        let result = fs::read_to_string(folder.path().join("groupe-resultat.csv")).expect("a result beside the file");
        let today = web::dates::digits(web::dates::day_in_paris(time::OffsetDateTime::now_utc()));
        for (what, outcome) in [
            ("2;Inès Duval;ines.duval@courriel.example;;Lire;Je pratique", "Attesté;"),
            ("3;Inès Duval;ines.duval@courriel.example;;Rigueur;Je pratique", "Attesté;"),
            ("4;Théo Auvray;;;Écrire;Je découvre", "Attesté;"),
            ("5;Dylan Lecomte;d.lecomte@exemple;;Écrire;Je découvre", "À corriger;"),
            ("6;Lina Morel;;;Esprit d’équipe;Je pratique", "À corriger;"),
        ] {
            let line = format!("{what};{today};{outcome}");
            assert!(result.contains(&line), "{line}: {result}");
        }
        // The page of the same import says the same, and the session has the badges.
        let page = samuel.0.get(&session).await.expect("a session").ok().expect("a session");
        assert!(page.words().contains("Rigueur") && page.words().contains("Théo Auvray"), "{}", page.words());

        // Mended, by the ids, as a workbook: the rest alone is attested.
        let mended = FILE.replace("@exemple;", "@courriel.example;").replace("Esprit d’équipe", "Travail en équipe");
        fs::write(&file, mended.replace("Théo;Auvray;;", "Théo;Auvray;theo@courriel.example;")).expect("a file");
        let id = session.rsplit('/').next().expect("an id");
        let workbook = folder.path().join("tout.xlsx");
        let by_id = ["--organisation", &opaque, "--session", id, "--by", TRAINER];
        let written = ["--result", workbook.to_str().expect("a path")];
        let second = attest(&town, &file, &[&by_id[..], &chosen[..], &written[..]].concat()).await;
        // Théo now has an address: whether he is the same person is a question for the pages.
        assert_eq!(second.status.code(), Some(1), "{}", said(&second));
        for part in ["2  Attesté", "2  Déjà attesté", "1  Question"] {
            assert!(said(&second).contains(part), "{part}: {}", said(&second));
        }
        assert!(fs::read(&workbook).expect("a workbook").starts_with(b"PK"));
        fs::write(&file, FILE.lines().take(3).collect::<Vec<_>>().join("\n")).expect("a file");
        let third = attest(&town, &file, &by_id).await;
        assert_eq!(third.status.code(), Some(0), "nothing twice, nothing left: {}", said(&third));

        let meant = ["--day", "2020-01-06", "--day-before-session"];
        let meant = attest(&town, &file, &[&by_id[..], &meant[..]].concat()).await;
        assert_eq!(meant.status.code(), Some(0), "{}", said(&meant));

        // What cannot be done says why, and does nothing.
        for (arguments, why) in [
            (vec!["--organisation", "73282932000074", "--session", id], "aucun organisme"),
            (vec!["--organisation", &opaque, "--session", "Autre"], "aucune session"),
            (vec!["--organisation", &opaque, "--session", id, "--by", "x@y.fr"], "personne dans cet organisme"),
            (vec!["--organisation", &opaque, "--session", id, "--badge", "Lire"], "Il manque le niveau"),
            (vec!["--organisation", &opaque, "--session", id, "--column", "Âge=nom"], "Aucune colonne"),
            (vec!["--organisation", &opaque, "--session", id, "--sheet", "Lundi"], "--sheet"),
            (vec!["--organisation", &opaque, "--session", id, "--day", "2020-01-06"], "--day-before-session"),
        ] {
            let refused = attest(&town, &file, &arguments).await;
            assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
            assert!(said(&refused).contains(why), "{why}: {}", said(&refused));
        }
        town.running.stop().await;
    }
}

#[test]
fn no_database_is_made_by_attesting() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("groupe.csv"), FILE).expect("a file");
    let mut livret = Command::new(env!("CARGO_BIN_EXE_livret"));
    livret.args(["attest", "groupe.csv", "--organisation", "73282932000074", "--session", "Lundi"]);
    livret.current_dir(folder.path()).env_remove("LIVRET_DATABASE");
    let refused = livret.output().expect("the program runs");
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert_eq!(said(&refused), "livret attest : la base livret.db n’existe pas : donnez --database.\n");
    let left: Vec<_> =
        fs::read_dir(folder.path()).expect("a folder").flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(left, ["groupe.csv"], "nothing is made");
}

async fn attest(town: &Town, file: &Path, arguments: &[&str]) -> Output {
    let mut livret = Command::new(env!("CARGO_BIN_EXE_livret"));
    livret.arg("attest").arg(file).args(arguments);
    livret.args(["--database", town.database.url(), "--origin", &town.running.origin, "--letters", "memory"]);
    livret.args(["--letter-delay", "0"]).env("LIVRET_MASTER_KEY", KEY).env("RUST_LOG", "warn");
    tokio::task::spawn_blocking(move || livret.output().expect("the program runs")).await.expect("a thread")
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
