//! The world the tests are told in: towns (running programs), their people, their letters.
#![allow(dead_code, reason = "each test program uses its own part of the world")]

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use livret::browser::Browser;
use livret::config::Options;
use livret::people::{Mailbox, NewOrganisation, Officer};
use livret::serve::{self, Given, Running};
use store::Vault;
use store::testing::TestDb;
use tempfile::TempDir;

pub const OFFICER: &str = "ariane.lecoq@region.example";
pub const TRAINER: &str = "samuel.picard@estuaire.example";

pub const ESTUAIRE: NewOrganisation<'static> = NewOrganisation {
    name: "Estuaire Compétences",
    short_name: "Estuaire Compétences",
    town: "Le Havre",
    siret: "55208131766522",
    referent: "Samuel Picard",
    email: TRAINER,
};

pub const NOIREAU: NewOrganisation<'static> = NewOrganisation {
    name: "Les Ateliers du Noireau",
    short_name: "Ateliers du Noireau",
    town: "Flers",
    siret: "73282932000074",
    referent: "Claire Aubert",
    email: "claire.aubert@noireau.example",
};

/// Where each house answers, and where letters arrive.
#[derive(Clone)]
pub struct Places {
    pub issuer: String,
    pub wallet: String,
    pub verifier: String,
    pub letters: Mailbox,
}

/// All houses in this process, on one database.
pub struct Town {
    pub running: Running,
    pub places: Places,
    pub database: TestDb,
}

impl Town {
    /// Opens on this database, with one officer.
    pub async fn open(database: TestDb) -> Self {
        Self::open_whose_letters_wait(database, 0).await
    }

    /// The same, with the seconds that letters of badges wait.
    pub async fn open_whose_letters_wait(database: TestDb, letter_delay: u64) -> Self {
        let options = Options {
            listen: Some("127.0.0.1:0".parse().expect("an address")),
            database: Some(database.url().to_owned()),
            letters: Some("memory".into()),
            letter_delay: Some(letter_delay),
            ..Options::default()
        };
        let given = Given { vault: Some(Vault::from_bytes([7; 32])), ..Given::default() };
        let running = serve::start_with(options, serve::ALL, given).await.expect("a town that starts");
        let issuer = running.issuer.as_ref().expect("the issuer's house");
        issuer::bootstrap::officer(issuer, OFFICER, "Ariane Lecoq").await.expect("an officer");
        let places = Places {
            issuer: running.origin.clone(),
            wallet: running.origin.clone(),
            verifier: running.origin.clone(),
            letters: Mailbox::Memory(running.letters.clone().expect("letters in memory")),
        };
        Self { running, places, database }
    }
}

impl Places {
    /// The Région habilitates this organisation; answers its opaque id.
    pub async fn habilitates(&self, organisation: &NewOrganisation<'_>) -> String {
        let mut officer = Officer::enters(&self.issuer, &self.letters, OFFICER).await.expect("the Région's door");
        let page = officer.adds(organisation).await.expect("a new organisation");
        opaque_in(&page.text).unwrap_or_else(|| panic!("no organisation on the page « {} »", page.title()))
    }
}

/// The opaque id of the first organisation that a page links to, the Région apart.
fn opaque_in(html: &str) -> Option<String> {
    let (_, tail) = html.split_once("/region/organismes/")?;
    let id: String = tail.chars().take_while(char::is_ascii_alphanumeric).collect();
    (id.len() == 8).then_some(id)
}

/// The master key of every program of the tests (PostgreSQL takes it from the environment only).
const MASTER_KEY: (&str, &str) = ("LIVRET_MASTER_KEY", "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=");

/// The program itself, as a user runs it.
pub struct Program {
    child: Child,
    pub origin: String,
}

impl Program {
    /// Starts `livret COMMAND` and waits until it answers.
    pub fn start(command: &str, port: u16, arguments: &[(&str, &str)]) -> Self {
        Self::start_as(command, port, &format!("http://localhost:{port}"), arguments)
    }

    /// As [`Program::start`], one of several instances behind this origin.
    pub fn start_as(command: &str, port: u16, origin: &str, arguments: &[(&str, &str)]) -> Self {
        Self::start_with(command, port, origin, arguments, |_| {})
    }

    /// As [`Program::start_as`], the command changed once more.
    pub fn start_with(
        command: &str,
        port: u16,
        origin: &str,
        arguments: &[(&str, &str)],
        more: impl FnOnce(&mut Command),
    ) -> Self {
        let mut livret = Command::new(env!("CARGO_BIN_EXE_livret"));
        livret.arg(command).arg("--listen").arg(format!("127.0.0.1:{port}")).arg("--origin").arg(origin);
        for (name, value) in arguments {
            livret.arg(name).arg(value);
        }
        livret.env(MASTER_KEY.0, MASTER_KEY.1).env("RUST_LOG", "warn").stdout(Stdio::null());
        more(&mut livret);
        let child = livret.spawn().expect("the program starts");
        let mut program = Self { child, origin: origin.to_owned() };
        program.wait_until_it_answers(port);
        program
    }

    fn wait_until_it_answers(&mut self, port: u16) {
        let until = Instant::now() + Duration::from_secs(60);
        while Instant::now() < until {
            if let Ok(Some(status)) = self.child.try_wait() {
                panic!("the program ended before it answered: {status}");
            }
            if healthy(port) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the program does not answer");
    }

    /// SIGKILL: no time to tidy up.
    pub fn kill(mut self) {
        self.child.kill().expect("a signal");
        self.child.wait().expect("an end");
    }

    /// Its process number.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _end = self.child.wait();
    }
}

fn healthy(port: u16) -> bool {
    use std::io::{Read, Write};
    let Ok(mut stream) = std::net::TcpStream::connect(("127.0.0.1", port)) else {
        return false;
    };
    let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
    if stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").is_err() {
        return false;
    }
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    answer.starts_with("HTTP/1.1 200")
}

/// A port nobody listens on.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its number").port()
}

/// `livret bootstrap officer` on this database.
pub fn bootstrap_officer(database: &str, origin: &str) {
    let status = Command::new(env!("CARGO_BIN_EXE_livret"))
        .args(["bootstrap", "officer", "--email", OFFICER, "--name", "Ariane Lecoq"])
        .args(["--database", database, "--origin", origin, "--letters", "memory"])
        .env(MASTER_KEY.0, MASTER_KEY.1)
        .env("RUST_LOG", "warn")
        .stdout(Stdio::null())
        .status()
        .expect("the program runs");
    assert!(status.success(), "bootstrap officer: {status}");
}

/// A folder and the address of a database in it.
pub fn sqlite_in(folder: &Path, name: &str) -> String {
    format!("sqlite:{}", folder.join(name).display())
}

/// The four houses as four programs, each with its database.
pub struct Apart {
    pub places: Places,
    pub programs: Vec<Program>,
    pub folder: TempDir,
}

impl Apart {
    /// Starts them; `databases` in the order issuer, wallet, verifier, job.
    pub fn start(databases: &[String; 4]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let letters = folder.path().join("letters");
        let dir = format!("dir:{}", letters.display());
        let ports = [free_port(), free_port(), free_port(), free_port()];
        let origins = ports.map(|port| format!("http://localhost:{port}"));
        let peers = [
            ("--issuer-origin", origins[0].as_str()),
            ("--wallet-origin", origins[1].as_str()),
            ("--verifier-origin", origins[2].as_str()),
            ("--job-origin", origins[3].as_str()),
            ("--peer-secret", "a-secret-of-the-tests-only"),
            ("--letters", dir.as_str()),
            ("--letter-delay", "0"),
        ];
        bootstrap_officer(&databases[0], &origins[0]);
        let programs = ["issuer", "wallet", "verifier", "job-normandie"]
            .into_iter()
            .enumerate()
            .map(|(i, house)| {
                let mut arguments = peers.to_vec();
                arguments.push(("--database", databases[i].as_str()));
                Program::start(house, ports[i], &arguments)
            })
            .collect();
        let [issuer, wallet, verifier, _] = origins;
        Self {
            places: Places { issuer, wallet, verifier, letters: Mailbox::Folder(PathBuf::from(&letters)) },
            programs,
            folder,
        }
    }
}

/// A CSV of so many invented people, every second one with an address.
pub fn crowd(rows: usize) -> Vec<u8> {
    use std::fmt::Write as _;
    let mut csv = String::from("Prénom;Nom;Courriel;N° de dossier\r\n");
    for n in 0..rows {
        let mail = if n % 2 == 0 { format!("personne{n}@courriel.example") } else { String::new() };
        let _ = write!(csv, "Prénom{n};Élève{n};{mail};D-{n:06}\r\n");
    }
    csv.into_bytes()
}

/// A browser without a session, at this house.
pub fn stranger(origin: &str) -> Browser {
    Browser::new(origin).expect("a browser")
}
