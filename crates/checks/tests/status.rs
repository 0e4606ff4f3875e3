//! What issuers' lists say (openbadges-3.0.md §1.7).

#[expect(dead_code, reason = "the tokens are shared with tests that need more of them")]
#[path = "world/tokens.rs"]
mod tokens;
#[expect(dead_code, reason = "the world is shared with tests that need more of it")]
mod world;

use checks::{Check, Need, Outcome, Report, Unanswered, Verdict, codes};
use serde_json::{Value, json};
use world::{INDEX, LIST, ORG, World, did, status};

#[track_caller]
fn finds(report: &Report, check: Check, outcome: Outcome, code: &str) {
    let found: Vec<_> = report.findings.iter().filter(|f| f.check == check).map(|f| (f.outcome, f.code)).collect();
    assert!(found.contains(&(outcome, code)), "{check:?}: {found:?}\n{report:#?}");
}

#[test]
fn row_1_7_4_the_older_list_of_names() {
    use Outcome::{CouldNotCheck, Failed, Passed};
    let mut world = World::new();
    let url = "https://livret.example/o/7h2k9qx4/revoked";
    let signed =
        world.org.sign(&world.badge(|v| v["credentialStatus"] = json!({ "id": url, "type": "1EdTechRevocationList" })));
    let id = signed["id"].clone();
    let need = Need::RevocationList { url: url.to_owned() };
    let list = |entries: Value| json!({ "id": url, "issuer": ORG, "revokedCredential": entries }).to_string();
    let rows: [(Result<String, Unanswered>, Outcome, &str, Verdict); 8] = [
        (Ok(list(json!([{ "id": "urn:x" }]))), Passed, codes::REVOCATION_LIST_CLEAR, Verdict::Authentic),
        (Ok(list(json!([]))), Passed, codes::REVOCATION_LIST_CLEAR, Verdict::Authentic),
        (
            Ok(list(json!([{ "id": id, "revocationReason": "Erreur" }]))),
            Failed,
            codes::REVOCATION_LIST_NAMES,
            Verdict::Withdrawn,
        ),
        (Ok(list(json!([{ "id": id, "revoked": true }]))), Failed, codes::REVOCATION_LIST_NAMES, Verdict::Withdrawn),
        (Ok(list(json!([{ "id": id, "revoked": false }]))), Passed, codes::REVOCATION_LIST_CLEAR, Verdict::Authentic),
        (Err(Unanswered::TimedOut), CouldNotCheck, codes::STATUS_UNANSWERED, Verdict::CouldNotCheck),
        (Ok("{}".to_owned()), CouldNotCheck, codes::REVOCATION_LIST_UNREADABLE, Verdict::CouldNotCheck),
        (
            Ok(json!({ "issuer": "https://other.example", "revokedCredential": [] }).to_string()),
            CouldNotCheck,
            codes::REVOCATION_LIST_NOT_ISSUERS,
            Verdict::CouldNotCheck,
        ),
    ];
    for (answer, outcome, code, verdict) in rows {
        world.answers.insert(need.clone(), answer);
        let report = world.judge(&signed.to_string());
        finds(&report, Check::Revocation, outcome, code);
        assert_eq!(report.verdict, verdict, "{code}");
    }
}

#[test]
fn row_1_7_8_a_list_may_be_a_token() {
    let mut world = World::new();
    let text = world.signed().to_string();
    let method = format!("{ORG}#rsa");
    let mut document = world.org.document();
    document["verificationMethod"].as_array_mut().unwrap().push(json!({
        "id": method, "type": "JsonWebKey", "controller": ORG, "publicKeyJwk": tokens::jwk("RS256"),
    }));
    document["assertionMethod"].as_array_mut().unwrap().push(json!(method));
    world.says(did(ORG), &document);
    let mut list = world.list(|bits| bits.set(INDEX as usize, true).expect("in range"));
    (list["iss"], list["jti"]) = (json!(ORG), json!(LIST));
    let header = json!({ "alg": "RS256", "kid": method });
    world.answers.insert(status(), Ok(tokens::token("RS256", &header, &list)));
    let report = world.judge(&text);
    finds(&report, Check::Revocation, Outcome::Failed, codes::STATUS_SET);
    assert_eq!(report.verdict, Verdict::Withdrawn);
    // Signed by someone else, it says nothing.
    world
        .answers
        .insert(status(), Ok(tokens::token("RS256", &json!({ "alg": "RS256", "jwk": tokens::jwk("ES256") }), &list)));
    finds(&world.judge(&text), Check::Revocation, Outcome::CouldNotCheck, codes::STATUS_NOT_PROVEN);
}

#[test]
fn a_list_with_several_purposes_and_a_badge_with_several_entries() {
    let mut world = World::new();
    let mut list = world.list(|_| {});
    list["credentialSubject"]["statusPurpose"] = json!(["suspension", "revocation"]);
    world.says(status(), &world.org.sign(&list));
    let both = |v: &mut Value| {
        let one = v["credentialStatus"].clone();
        let mut two = one.clone();
        (two["id"], two["statusPurpose"]) = (json!(format!("{LIST}#s")), json!("suspension"));
        let mut three = one.clone();
        (three["id"], three["statusPurpose"]) = (json!(format!("{LIST}#m")), json!("message"));
        v["credentialStatus"] = json!([one, two, three]);
    };
    let report = world.judge(&world.org.sign(&world.badge(both)).to_string());
    finds(&report, Check::Revocation, Outcome::Passed, codes::STATUS_CLEAR);
    finds(&report, Check::Suspension, Outcome::Passed, codes::STATUS_CLEAR);
    let many = |v: &mut Value| v["credentialStatus"] = json!(vec![v["credentialStatus"].clone(); 5]);
    let report = world.judge(&world.org.sign(&world.badge(many)).to_string());
    finds(&report, Check::Revocation, Outcome::CouldNotCheck, codes::STATUS_TOO_MANY);
}
