//! `livret verify` as a person types it: words, codes and the exit code.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::{Command, Output, Stdio};

use badge_schemas::credential::{AwardFacts, IssuerFacts, StatusFacts, compose};
use badge_schemas::profile::{ListedKey, did_document};
use badge_schemas::referentiel::referentiel;
use badge_schemas::status::{ListFacts, compose_list};
use ed25519_dalek::{Signer, SigningKey};
use proofs::eddsa_rdfc_2022::{Options, prepare};
use proofs::key::PublicKey;
use proofs::status::Bits;
use serde_json::Value;
use time::macros::{date, datetime};

const MOMENT: &str = "2026-11-22T09:00:00Z";

/// An issuer with a server at a private address, and one badge.
struct Issuer {
    origin: String,
    badge: Value,
    folder: tempfile::TempDir,
}

impl Issuer {
    /// An issuer whose list names the badge or not.
    fn new(withdrawn: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (origin, did) = (format!("http://localhost:{port}"), format!("did:web:localhost%3A{port}:o:7h2k9qx4"));
        let key = SigningKey::from_bytes(&[7; 32]);
        let multibase = PublicKey::ed25519(key.verifying_key().to_bytes()).expect("a key").to_multibase();
        let sign = |unsigned: &Value| {
            let method = format!("{did}#{multibase}");
            let prepared = prepare(unsigned, &Options::assertion(datetime!(2026-11-20 14:05:09 UTC), method));
            let prepared = prepared.expect("a document that can be signed");
            let signature = key.sign(&prepared.hash_data).to_bytes();
            prepared.finish(signature)
        };
        let list_url = format!("{origin}/o/7h2k9qx4/status/1");
        let mut bits = Bits::new(131_072);
        bits.set(94_567, withdrawn).expect("a place");
        let encoded = bits.encode();
        let list = sign(&compose_list(&ListFacts {
            url: &list_url,
            issuer: &did,
            valid_from: datetime!(2026-11-21 00:00 UTC),
            encoded_list: &encoded,
        }));
        let profile =
            IssuerFacts { did: did.clone(), name: "Estuaire\u{9b}31m".to_owned(), url: format!("{origin}/o/x") };
        let badge = sign(&compose(&AwardFacts {
            issuer_base: &origin,
            credential_id: "5f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47".parse().expect("a UUID"),
            subject_id: "0b9f4a52-3c1d-4f0e-8e55-6a7d2b91c3aa".parse().expect("a UUID"),
            achievement: referentiel().achievement_by_code("cpt-travail-en-equipe/pratique").expect("an achievement"),
            issuer: &profile,
            region: &profile,
            valid_from: datetime!(2026-11-20 14:05:09 UTC),
            awarded_on: date!(2026 - 05 - 12),
            name: "Inès Duval",
            email: None,
            observed: &[0, 2],
            evidence_type: referentiel().evidence_type("mise-en-situation").expect("a kind"),
            sentence: "Service de midi, quarante couverts.",
            status: StatusFacts { list_url: &list_url, index: 94_567 },
        }));
        let document = did_document(&did, &[ListedKey { multibase, until: None }]).to_string();
        let (list, served) = (list.to_string(), badge.to_string());
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let Ok(mut connection) = connection else { continue };
                let mut request = [0; 4096];
                let read = connection.read(&mut request).unwrap_or_default();
                let request = String::from_utf8_lossy(&request[..read]).into_owned();
                let body = match request.split(' ').nth(1) {
                    Some("/o/7h2k9qx4/did.json") => &document,
                    Some("/o/7h2k9qx4/status/1") => &list,
                    Some("/badge") => &served,
                    _ => "",
                };
                let status = if body.is_empty() { "404 Not Found" } else { "200 OK" };
                let _gone = write!(
                    connection,
                    "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                    body.len()
                );
            }
        });
        Self { origin, badge, folder: tempfile::tempdir().expect("a folder") }
    }

    fn file(&self, badge: &Value) -> String {
        let path = self.folder.path().join("badge.json");
        std::fs::write(&path, badge.to_string()).expect("a file");
        path.to_string_lossy().into_owned()
    }

    fn verify(&self, badge: &str, options: &[&str]) -> Output {
        let mut all = vec![badge, "--allow-origin", &self.origin, "--at", MOMENT];
        all.extend(options);
        verify(&all, b"")
    }
}

fn verify(options: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_livret"))
        .arg("verify")
        .args(options)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    // A program that refuses its options does not read.
    let _refused = child.stdin.take().expect("its input").write_all(input);
    child.wait_with_output().expect("an end")
}

#[track_caller]
fn answers(output: &Output, code: i32, first_line: &str) -> String {
    let text = String::from_utf8(output.stdout.clone()).expect("UTF-8");
    assert_eq!(output.status.code(), Some(code), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(text.lines().next(), Some(first_line), "{text}");
    text
}

#[test]
fn a_good_badge_is_said_good_and_the_issuer_not_looked_up() {
    let issuer = Issuer::new(false);
    let file = issuer.file(&issuer.badge);
    let text = answers(&issuer.verify(&file, &[]), 0, "Badge authentique");
    assert!(text.contains("n’a pas été cherché") && text.contains("✓ La signature"), "{text}");
    assert!(text.contains("  Observé le 12\u{a0}mai 2026\n  Attesté le 20\u{a0}novembre 2026\n"), "{text}");
    assert!(text.contains("« Estuaire31m »") && text.contains("aujourd’hui"), "{text}");
    let english = answers(&issuer.verify(&file, &["--lang", "en"]), 0, "Authentic badge");
    assert!(english.contains("not looked up"), "{english}");
    assert!(english.contains("  Observed on 2026-05-12\n  Attested on 2026-11-20\n"), "{english}");
    answers(&issuer.verify(&format!("{}/badge", issuer.origin), &[]), 0, "Badge authentique");
    let input = issuer.badge.to_string();
    answers(
        &verify(&["-", "--allow-origin", &issuer.origin, "--at", MOMENT], input.as_bytes()),
        0,
        "Badge authentique",
    );
}

#[test]
fn json_is_the_report_without_a_sign_that_a_terminal_obeys() {
    let issuer = Issuer::new(false);
    let output = issuer.verify(&issuer.file(&issuer.badge), &["--json"]);
    assert_eq!(output.status.code(), Some(0));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&report["verdict"], &report["at"]), (&"authentic".into(), &MOMENT.into()));
    assert_eq!(report["badge"]["issuer"]["name"], "Estuaire\u{9b}31m");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(text.chars().all(|sign| sign == '\n' || !sign.is_control()), "{text}");
}

#[test]
fn a_badge_that_does_not_count_is_refused() {
    let issuer = Issuer::new(false);
    let mut altered = issuer.badge.clone();
    altered["credentialSubject"]["achievement"]["name"] = "Pilote de ligne".into();
    let text = answers(&issuer.verify(&issuer.file(&altered), &[]), 1, "Badge modifié");
    assert!(text.contains("✗ La signature") && !text.contains("Pilote"), "{text}");
    let early = ["--at", "2026-11-19"];
    let file = issuer.file(&issuer.badge);
    let output = verify(&[&[file.as_str(), "--allow-origin", &issuer.origin], &early[..]].concat(), b"");
    answers(&output, 1, "Badge pas encore valable");
    let issuer = Issuer::new(true);
    answers(&issuer.verify(&issuer.file(&issuer.badge), &[]), 1, "Badge retiré");
}

#[test]
fn what_could_not_be_checked_is_neither() {
    let issuer = Issuer::new(false);
    let file = issuer.file(&issuer.badge);
    // Without the allowance, the door does not go to a private address.
    let text = answers(&verify(&[&file, "--at", MOMENT], b""), 2, "Vérification impossible");
    assert!(text.contains(&format!("Ajoutez\u{a0}: --allow-origin {}\n", issuer.origin)), "what to add: {text}");
    assert!(text.contains("Rien n’a été demandé\u{a0}: l’adresse") && !text.contains("n’a pas répondu"), "{text}");
    let english = answers(&verify(&[&file, "--at", MOMENT, "--lang", "en"], b""), 2, "Could not be checked");
    assert!(english.contains(&format!("Add: --allow-origin {}\n", issuer.origin)), "{english}");
    let text = answers(&issuer.verify(&file, &[]), 0, "Badge authentique");
    assert!(!text.contains("Ajoutez"), "{text}");
    // A register that does not answer vouches for nobody.
    let register = format!("{}/registre.json", issuer.origin);
    let text = answers(&issuer.verify(&file, &["--register", &register]), 2, "Vérification impossible");
    assert!(!text.contains("n’a pas été cherché"), "{text}");
    answers(&verify(&["-"], b"bonjour"), 2, "Vérification impossible");
    for options in [
        &["/nowhere/badge.json"][..],
        &["/"],
        &[],
        &[&file, "--at", "hier"],
        &[&file, "--allow-origin", "localhost"],
        &["https://127.0.0.1/badge"],
    ] {
        assert_eq!(verify(options, b"").status.code(), Some(2), "{options:?}");
    }
    assert_eq!(verify(&["-"], &vec![b' '; 10 * 1024 * 1024 + 1]).status.code(), Some(2));
}

/// A presentation as a token, signed by a holder that is its own key, for a question and a reader.
fn presented(badge: &Value) -> String {
    let key = SigningKey::from_bytes(&[9; 32]);
    let multibase = PublicKey::ed25519(key.verifying_key().to_bytes()).expect("a key").to_multibase();
    let holder = format!("did:key:{multibase}");
    let header = serde_json::json!({ "alg": "EdDSA", "kid": format!("{holder}#{multibase}"), "typ": "vp+jwt" });
    let payload = serde_json::json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [badge],
        "iss": holder, "aud": "https://verifier.example", "nonce": "7",
    });
    let encoded = [header, payload].map(|part| data_encoding::BASE64URL_NOPAD.encode(part.to_string().as_bytes()));
    let input = encoded.join(".");
    let signature = key.sign(input.as_bytes()).to_bytes();
    format!("{input}.{}", data_encoding::BASE64URL_NOPAD.encode(&signature))
}

#[test]
fn a_presentation_answers_the_question_that_was_asked_or_is_not_good() {
    let issuer = Issuer::new(false);
    let token = presented(&issuer.badge);
    let ask = |input: &str, asked: &[&str]| {
        verify(&[&["-", "--allow-origin", &issuer.origin, "--at", MOMENT], asked].concat(), input.as_bytes())
    };
    answers(&ask(&token, &[]), 0, "Badge authentique");
    answers(&ask(&token, &["--challenge", "7", "--domain", "https://verifier.example"]), 0, "Badge authentique");
    for other in [["--challenge", "8"], ["--domain", "https://ailleurs.example"]] {
        let text = answers(&ask(&token, &other), 2, "Vérification impossible");
        assert!(text.contains("✗"), "{text}");
    }
    let text = answers(&ask(&issuer.badge.to_string(), &["--challenge", "7"]), 2, "Badge authentique");
    assert!(text.contains("demandent une présentation, et ce n’en est pas une"), "{text}");
}

#[test]
fn what_is_typed_wrong_is_said_in_french() {
    let output = verify(&["--allow-origin", "localhost", "badge.json"], b"");
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.starts_with("livret\u{a0}: «\u{a0}localhost\u{a0}» ne convient pas à --allow-origin"), "{said}");
    let output = verify(&["/nowhere/badge.json"], b"");
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "livret verify : le fichier ne peut pas être lu : il n’existe pas\n"
    );
    let output = verify(&["--help"], b"");
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).contains("Utilisation\u{a0}: livret verify"));
}

#[test]
fn of_several_badges_each_is_said_and_the_least_good_decides() {
    let issuer = Issuer::new(false);
    let mut changed = issuer.badge.clone();
    changed["name"] = "Autre chose".into();
    let presentation = serde_json::json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [issuer.badge, changed],
    });
    let output = verify(&["--allow-origin", &issuer.origin, "--at", MOMENT, "-"], presentation.to_string().as_bytes());
    let text = answers(&output, 1, "Badge modifié");
    assert!(text.contains("Badge présenté /verifiableCredential/0\u{a0}: Badge authentique"), "{text}");
    assert!(text.contains("Badge présenté /verifiableCredential/1\u{a0}: Badge modifié"), "{text}");
    assert!(text.contains("  ✗ La signature ne correspond pas au contenu."), "{text}");
}
