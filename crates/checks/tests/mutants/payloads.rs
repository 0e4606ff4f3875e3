//! VC-JWT: the payload and its claims.

use checks::Verdict;
use checks::codes::{
    CONTEXT_ORDER, ENDED, ISSUER_MISSING, JSON_DUPLICATE_MEMBER, JSON_LD_FAULT, JSON_SYNTAX, JWT_CLAIMS_DIFFER,
    NOT_STARTED, SCHEMA_FAULT, SIGNATURE_MISMATCH, VC_MIXTURE,
};
use serde_json::{Value, json};

use crate::tokens::{ISSUER, badge, header, payload, raw, token, vouch};
use crate::world::{NOW, World};
use crate::{Mutant, at, remove};

pub(crate) fn mutants() -> Vec<Mutant> {
    let mut all = changed();
    all.extend(claims());
    all.extend(written());
    all.extend(forms());
    all
}

fn of(name: impl Into<String>, text: String, verdict: Verdict, codes: &[&'static str]) -> Mutant {
    let mut world = World::new();
    vouch(&mut world, "ES256");
    Mutant::of(name, text, verdict, codes).within(world).alone()
}

fn signed(value: &Value) -> String {
    token("ES256", &header("ES256"), value)
}

/// Changed after signing.
fn changed() -> Vec<Mutant> {
    let original = payload(&World::new());
    let good = signed(&original);
    let signature = good.rsplit_once('.').expect("parts").1;
    let moved = |value: &Value| format!("{}.{signature}", signed(value).rsplit_once('.').expect("parts").0);
    let mut all = Vec::new();
    for (pointer, new) in [
        ("/name", json!("Travail en équipe – Je maîtrise")),
        ("/description", json!("Autre chose")),
        ("/credentialSubject/achievement/name", json!("Travail en équipe – Je maîtrise")),
        ("/credentialSubject/achievement/criteria/narrative", json!("Rien")),
        ("/credentialSubject/achievement/id", json!("https://other.example/achievement")),
        ("/credentialSubject/identifier/0/identityHash", json!("Paul Martin")),
        ("/evidence/0/narrative", json!("Trois mille couverts.")),
        ("/issuer/name", json!("Région Normandie")),
        ("/awardedDate", json!("2020-01-01T00:00:00Z")),
    ] {
        let mut value = original.clone();
        *at(&mut value, pointer) = new;
        all.push(of(format!("a token changed at {pointer}"), moved(&value), Verdict::Altered, &[SIGNATURE_MISMATCH]));
    }
    for pointer in ["/evidence", "/awardedDate", "/credentialSubject/identifier"] {
        let mut value = original.clone();
        remove(&mut value, pointer);
        all.push(of(format!("a token without {pointer}"), moved(&value), Verdict::Altered, &[SIGNATURE_MISMATCH]));
    }
    // Both the claim and the member that it repeats.
    for (claim, pointer, new) in [
        ("jti", "/id", json!("urn:uuid:5f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d48")),
        ("sub", "/credentialSubject/id", json!("urn:uuid:5f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d48")),
    ] {
        let mut value = original.clone();
        *at(&mut value, pointer) = new.clone();
        value[claim] = new;
        all.push(of(
            format!("a token changed at {claim} and {pointer}"),
            moved(&value),
            Verdict::Altered,
            &[SIGNATURE_MISMATCH],
        ));
    }
    let mut ended = original.clone();
    ended["exp"] = json!(NOW.unix_timestamp() + 1_000_000);
    all.push(of("a token given an end", moved(&ended), Verdict::Altered, &[SIGNATURE_MISMATCH]));
    all
}

/// Signed as it stands; the claims say otherwise than the credential.
fn claims() -> Vec<Mutant> {
    let mut all = Vec::new();
    for (claim, new) in [
        ("iss", json!("https://skills.example/another")),
        ("iss", json!("https://skills.example/issuer/")),
        ("iss", json!([ISSUER])),
        ("sub", json!("urn:uuid:00000000-3c1d-4f0e-8e55-6a7d2b91c3aa")),
        ("sub", json!(null)),
        ("jti", json!("urn:uuid:00000000-3c1d-4f0e-8e55-6a7d2b91c3aa")),
        ("jti", json!(7)),
        ("nbf", json!(1)),
        ("nbf", json!("2026-11-20T14:05:09Z")),
        ("nbf", json!(1e300)),
        ("nbf", json!(-1)),
        ("exp", json!("never")),
        ("exp", json!(true)),
    ] {
        let mut value = payload(&World::new());
        let name = format!("the claim {claim} {new}");
        value[claim] = new;
        all.push(of(name, signed(&value), Verdict::Altered, &[JWT_CLAIMS_DIFFER]));
    }
    for (name, until, exp) in [("earlier", 1_000_000, 500_000), ("later", 1_000_000, 2_000_000)] {
        let mut value = payload(&World::new());
        let end = NOW + time::Duration::seconds(until);
        value["validUntil"] = json!(end.format(&time::format_description::well_known::Rfc3339).expect("a date"));
        value["exp"] = json!(NOW.unix_timestamp() + exp);
        all.push(of(
            format!("the claim exp {name} than the end"),
            signed(&value),
            Verdict::Altered,
            &[JWT_CLAIMS_DIFFER],
        ));
    }
    for claim in ["iss", "sub", "jti", "nbf"] {
        let mut value = payload(&World::new());
        remove(&mut value, &format!("/{claim}"));
        all.push(of(format!("without the claim {claim}"), signed(&value), Verdict::CouldNotCheck, &[SCHEMA_FAULT]));
    }
    let mut past = payload(&World::new());
    past["exp"] = json!(NOW.unix_timestamp() - 3600);
    all.push(of("a token that has expired", signed(&past), Verdict::Expired, &[ENDED]));
    let mut future = payload(&World::new());
    future["validFrom"] = json!("2027-01-01T00:00:00Z");
    future["nbf"] = json!(1_798_761_600);
    all.push(of("a token of next year", signed(&future), Verdict::NotYetValid, &[NOT_STARTED]));
    all
}

/// What the payload's text can be.
fn written() -> Vec<Mutant> {
    let text = payload(&World::new()).to_string();
    let raw = |name: &str, text: &str, verdict: Verdict, code: &'static str| {
        of(format!("a payload {name}"), raw("ES256", &header("ES256").to_string(), text), verdict, &[code])
    };
    let twice = |member: &str| format!("{},{member}}}", text.strip_suffix('}').expect("an object"));
    let mut all = vec![
        raw("with two names", &twice(r#""name":"Autre""#), Verdict::Altered, JSON_DUPLICATE_MEMBER),
        raw("with two issuers", &twice(r#""issuer":"https://other.example""#), Verdict::Altered, JSON_DUPLICATE_MEMBER),
        raw("with two claims iss", &twice(r#""iss":"https://other.example""#), Verdict::Altered, JSON_DUPLICATE_MEMBER),
        raw("that is cut", &text[..text.len() - 1], Verdict::Altered, JSON_SYNTAX),
        raw(
            "with a comma too many",
            &format!("{},}}", text.strip_suffix('}').expect("an object")),
            Verdict::Altered,
            JSON_SYNTAX,
        ),
        raw("that goes on", &format!("{text}{text}"), Verdict::Altered, JSON_SYNTAX),
    ];
    let mut undefined = payload(&World::new());
    undefined["nickname"] = json!("Nini");
    all.push(of("a payload with a member that means nothing", signed(&undefined), Verdict::Altered, &[JSON_LD_FAULT]));
    let mut inner = payload(&World::new());
    inner["credentialSubject"]["grade"] = json!("20/20");
    all.push(of("a payload with a mark that means nothing", signed(&inner), Verdict::Altered, &[JSON_LD_FAULT]));
    let mut misspelt = payload(&World::new());
    misspelt["evidence"][0]["type"] = json!(["Evidence", "Preuve"]);
    all.push(of("a payload with a type that means nothing", signed(&misspelt), Verdict::Altered, &[JSON_LD_FAULT]));
    all
}

/// Which data model it is, said in two ways.
fn forms() -> Vec<Mutant> {
    let world = World::new();
    let claims = payload(&world);
    let mut older = badge(&world);
    older["@context"][0] = json!("https://www.w3.org/2018/credentials/v1");
    older["issuanceDate"] = older["validFrom"].clone();
    remove(&mut older, "/validFrom");
    let wrapped = |vc: &Value| json!({ "vc": vc, "iss": ISSUER, "jti": claims["jti"], "sub": claims["sub"], "nbf": claims["nbf"] });
    let mut both = wrapped(&older);
    both["@context"] = claims["@context"].clone();
    let mut outside = claims.clone();
    outside["@context"][0] = json!("https://www.w3.org/2018/credentials/v1");
    let mut dates = older.clone();
    dates["validFrom"] = dates["issuanceDate"].clone();
    let mut dated = claims.clone();
    dated["issuanceDate"] = dated["validFrom"].clone();
    let mixed = |name: &str, value: &Value, verdict: Verdict, codes: &[&'static str]| {
        of(format!("mixed: {name}"), signed(value), verdict, codes)
    };
    let mut all = vec![
        mixed("a credential of VC 2.0 in the claim vc", &wrapped(&badge(&world)), Verdict::Altered, &[VC_MIXTURE]),
        mixed("a credential beside the claim vc", &both, Verdict::Altered, &[VC_MIXTURE]),
        mixed("a credential of VC 1.1 outside it", &outside, Verdict::Altered, &[VC_MIXTURE]),
        mixed("both dates in the claim vc", &wrapped(&dates), Verdict::CouldNotCheck, &[VC_MIXTURE]),
        mixed("both dates outside it", &dated, Verdict::Altered, &[VC_MIXTURE, JSON_LD_FAULT]),
    ];
    let mut order = claims.clone();
    order["@context"].as_array_mut().expect("contexts").swap(0, 1);
    all.push(of("a token whose contexts are swapped", signed(&order), Verdict::Altered, &[CONTEXT_ORDER]));
    let mut nobody = claims.clone();
    remove(&mut nobody, "/issuer");
    all.push(of("a token without issuer", signed(&nobody), Verdict::Altered, &[ISSUER_MISSING]));
    let mut other = wrapped(&older);
    other["iss"] = json!("https://skills.example/another");
    all.push(of("an older token of another issuer", signed(&other), Verdict::Altered, &[JWT_CLAIMS_DIFFER]));
    let mut later = wrapped(&older);
    later["nbf"] = json!(1_798_761_600);
    all.push(of("an older token of another day", signed(&later), Verdict::Altered, &[JWT_CLAIMS_DIFFER]));
    all
}
