//! Presentations: whoever shows signs the envelope, for one reader and one moment.

use checks::codes::{
    EMBEDDED_AMISS, ENDED, HOLDER_MISSING, HOLDER_UNANSWERED, HOLDER_UNREADABLE, JSON_LD_FAULT, JWT_ALG_FORBIDDEN,
    JWT_CLAIMS_DIFFER, JWT_HEADER, KEY_NOT_FOR_SHOWING, KEY_NOT_HOLDERS, KEY_OUT_OF_DATES, KEY_UNUSABLE,
    PRESENTATION_FOR_OTHER, PRESENTATION_PURPOSE, PROOF_KEY_KIND, PROOF_MALFORMED, SIGNATURE_MISMATCH, STATUS_SET,
    SUITE_NOT_READ,
};
use checks::{Unanswered, Verdict};
use serde_json::{Value, json};

use crate::sealing::{document, method, options, seal};
use crate::tokens::{jwk, token};
use crate::world::{INDEX, NOW, World, did, status};
use crate::{Mutant, remove};

const HOLDER: &str = "did:web:wallet.example:h:1";
const OTHER: &str = "did:web:wallet.example:h:2";

pub(crate) fn mutants() -> Vec<Mutant> {
    let mut all = embedded();
    all.extend(holders());
    all.extend(shown());
    all.extend(tokens());
    all
}

/// A world in which the holder shows with the key of `EdDSA`.
fn world() -> World {
    let mut world = World::new();
    world.says(did(HOLDER), &document(HOLDER, "EdDSA", "authentication"));
    world.says(did(OTHER), &document(OTHER, "ES256", "authentication"));
    world
}

fn unsigned() -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": HOLDER,
        "verifiableCredential": [World::new().signed()],
    })
}

/// For the question 7, to whoever asks.
fn asked() -> Value {
    let mut options = options("eddsa-rdfc-2022", HOLDER, "authentication");
    options["challenge"] = json!("7");
    options["domain"] = json!("https://verifier.example");
    options
}

fn signed(change: impl FnOnce(&mut Value)) -> Value {
    let mut presentation = unsigned();
    change(&mut presentation);
    seal(&presentation, asked(), "EdDSA")
}

fn of(name: &str, text: &Value, verdict: Verdict, codes: &[&'static str]) -> Mutant {
    Mutant::of(format!("a presentation {name}"), text, verdict, codes).within(world())
}

fn embedded() -> Vec<Mutant> {
    let good = signed(|_| {});
    let altered = |name: &str, code: &'static str, change: &dyn Fn(&mut Value)| {
        let mut text = good.clone();
        change(&mut text);
        of(name, &text, Verdict::Altered, &[code])
    };
    let with_options = |change: &dyn Fn(&mut Value)| {
        let mut options = asked();
        change(&mut options);
        seal(&unsigned(), options, "EdDSA")
    };
    let unasked = with_options(&|options| remove(options, "/challenge"));
    let attesting = seal(&unsigned(), options("eddsa-rdfc-2022", HOLDER, "assertionMethod"), "EdDSA");
    let past = with_options(&|options| options["expires"] = json!("2026-11-21T00:00:00Z"));
    let world = World::new();
    let other = world.org.sign(
        &world.badge(|badge| badge["id"] = json!("https://livret.example/badges/0b9f4a52-3c1d-4f0e-8e55-6a7d2b91c3aa")),
    );
    let mut all = vec![
        of("as it was signed (a control)", &good, Verdict::Authentic, &[]),
        of("that answers the question (a control)", &good, Verdict::Authentic, &[]).asked("7"),
        of("shown again", &good, Verdict::CouldNotCheck, &[PRESENTATION_FOR_OTHER]).asked("8"),
        of("that answers no question", &unasked, Verdict::CouldNotCheck, &[PRESENTATION_FOR_OTHER]).asked("7"),
        of("that nobody signed, to a question", &unsigned(), Verdict::CouldNotCheck, &[PRESENTATION_FOR_OTHER])
            .asked("7"),
        of("signed for attesting", &attesting, Verdict::Altered, &[PRESENTATION_PURPOSE]),
        of("that has ended", &past, Verdict::Expired, &[ENDED]),
        altered("to which a badge was added", SIGNATURE_MISMATCH, &|text| {
            text["verifiableCredential"].as_array_mut().expect("badges").push(other.clone());
        }),
        altered("whose badge was exchanged", SIGNATURE_MISMATCH, &|text| {
            text["verifiableCredential"][0] = other.clone();
        }),
        altered("whose question was changed", SIGNATURE_MISMATCH, &|text| text["proof"]["challenge"] = json!("8"))
            .asked("8"),
        altered("whose reader was changed", SIGNATURE_MISMATCH, &|text| {
            text["proof"]["domain"] = json!("https://attacker.example");
        }),
        altered("whose question was taken away", SIGNATURE_MISMATCH, &|text| remove(text, "/proof/challenge")),
        altered("with a member that means nothing", JSON_LD_FAULT, &|text| text["note"] = json!("Bravo")),
        altered("whose proof is a word", PROOF_MALFORMED, &|text| text["proof"] = json!("signed")),
        altered("whose signature is short", PROOF_MALFORMED, &|text| text["proof"]["proofValue"] = json!("zAAAA")),
        altered("given to another holder", KEY_NOT_HOLDERS, &|text| text["holder"] = json!(OTHER)),
        altered("whose holder was taken away", SIGNATURE_MISMATCH, &|text| remove(text, "/holder")),
    ];
    let mut unknown = good.clone();
    unknown["proof"]["cryptosuite"] = json!("bbs-2023");
    all.push(of("of a suite that is not read", &unknown, Verdict::CouldNotCheck, &[SUITE_NOT_READ]));
    all
}

/// What the holder's own document says.
fn holders() -> Vec<Mutant> {
    let good = signed(|_| {});
    let listed = |name: &str, verdict: Verdict, code: &'static str, answer: Result<String, Unanswered>| {
        let mut world = world();
        world.answers.insert(did(HOLDER), answer);
        Mutant::of(format!("a holder {name}"), &good, verdict, [code]).within(world)
    };
    let document = |change: &dyn Fn(&mut Value)| {
        let mut document = document(HOLDER, "EdDSA", "authentication");
        change(&mut document);
        Ok(document.to_string())
    };
    let altered = Verdict::Altered;
    let mut all = vec![
        listed(
            "whose key attests and does not show",
            altered,
            KEY_NOT_FOR_SHOWING,
            document(&|document| {
                document["assertionMethod"] = document["authentication"].clone();
                remove(document, "/authentication");
            }),
        ),
        listed(
            "without keys",
            altered,
            KEY_NOT_HOLDERS,
            document(&|document| {
                document["verificationMethod"] = json!([]);
            }),
        ),
        listed(
            "whose key is another's",
            altered,
            KEY_NOT_HOLDERS,
            document(&|document| {
                document["verificationMethod"][0]["controller"] = json!(OTHER);
            }),
        ),
        listed(
            "whose key was revoked",
            altered,
            KEY_OUT_OF_DATES,
            document(&|document| {
                document["verificationMethod"][0]["revoked"] = json!("2026-11-01T00:00:00Z");
            }),
        ),
        listed(
            "whose key is no key",
            altered,
            KEY_UNUSABLE,
            document(&|document| {
                document["verificationMethod"][0]["publicKeyMultibase"] = json!("z6Mk");
            }),
        ),
        listed(
            "of another kind of key",
            altered,
            PROOF_KEY_KIND,
            Ok(self::document(HOLDER, "ES256", "authentication").to_string()),
        ),
        listed("whose document is a page", Verdict::CouldNotCheck, HOLDER_UNREADABLE, Ok("<html>".to_owned())),
        listed(
            "whose document is another's",
            Verdict::CouldNotCheck,
            HOLDER_UNREADABLE,
            document(&|document| {
                document["id"] = json!(OTHER);
            }),
        ),
        listed("who does not answer", Verdict::CouldNotCheck, HOLDER_UNANSWERED, Err(Unanswered::TimedOut)),
    ];
    let strange = seal(
        &{
            let mut presentation = unsigned();
            presentation["holder"] = json!("did:jwk:eyJ9");
            presentation
        },
        options("eddsa-rdfc-2022", "did:jwk:eyJ9", "authentication"),
        "EdDSA",
    );
    all.push(of("by a holder of a kind that is not followed", &strange, Verdict::CouldNotCheck, &[HOLDER_UNREADABLE]));
    all
}

/// Signed well; what is shown is not well.
fn shown() -> Vec<Mutant> {
    let changed = signed(|presentation| presentation["verifiableCredential"][0]["name"] = json!("Autre"));
    let mut all = vec![of("of a changed badge", &changed, Verdict::Altered, &[SIGNATURE_MISMATCH, EMBEDDED_AMISS])];
    let mut withdrawn = world();
    let list = withdrawn.list(|bits| bits.set(INDEX as usize, true).expect("a place"));
    withdrawn.says(status(), &withdrawn.org.sign(&list));
    let good = signed(|_| {});
    all.push(
        Mutant::of("a presentation of a withdrawn badge", &good, Verdict::Withdrawn, [STATUS_SET, EMBEDDED_AMISS])
            .within(withdrawn),
    );
    all
}

/// The same in tokens (vc-jose-cose §3.1.2, VC 1.1 §6.3.1).
fn tokens() -> Vec<Mutant> {
    let header = |kid: &str| json!({ "alg": "EdDSA", "kid": kid, "typ": "vp+jwt" });
    let own = header(&method(HOLDER));
    let payload = |change: &dyn Fn(&mut Value)| {
        let mut payload = unsigned();
        payload["iss"] = json!(HOLDER);
        payload["aud"] = json!("https://verifier.example");
        payload["nonce"] = json!("7");
        payload["iat"] = json!(NOW.unix_timestamp() - 60);
        payload["exp"] = json!(NOW.unix_timestamp() + 600);
        change(&mut payload);
        payload
    };
    let of = |name: &str, text: String, verdict: Verdict, codes: &[&'static str]| {
        Mutant::of(format!("a presentation's token {name}"), text, verdict, codes).within(world())
    };
    let good = token("EdDSA", &own, &payload(&|_| {}));
    let signature = good.rsplit_once('.').expect("parts").1;
    let moved = |change: &dyn Fn(&mut Value)| {
        let text = token("EdDSA", &own, &payload(change));
        format!("{}.{signature}", text.rsplit_once('.').expect("parts").0)
    };
    let older = json!({
        "iss": HOLDER, "nonce": "7",
        "vp": { "@context": ["https://www.w3.org/2018/credentials/v1"], "type": "VerifiablePresentation",
            "verifiableCredential": [World::new().signed()] },
    });
    let envelope = json!({
        "@context": "https://www.w3.org/ns/credentials/v2", "type": "EnvelopedVerifiablePresentation",
        "id": format!("data:application/vp+jwt,{good}"),
    });
    let altered = Verdict::Altered;
    vec![
        of("as it was signed (a control)", good.clone(), Verdict::Authentic, &[]),
        of("that answers the question (a control)", good.clone(), Verdict::Authentic, &[]).asked("7"),
        of("in the older form (a control)", token("EdDSA", &own, &older), Verdict::Authentic, &[]).asked("7"),
        of("in an envelope (a control)", envelope.to_string(), Verdict::Authentic, &[]),
        of("shown again", good.clone(), Verdict::CouldNotCheck, &[PRESENTATION_FOR_OTHER]).asked("8"),
        of(
            "without question",
            token("EdDSA", &own, &payload(&|p| remove(p, "/nonce"))),
            Verdict::CouldNotCheck,
            &[PRESENTATION_FOR_OTHER],
        )
        .asked("7"),
        of(
            "that has ended",
            token("EdDSA", &own, &payload(&|p| p["exp"] = json!(NOW.unix_timestamp() - 600))),
            Verdict::Expired,
            &[ENDED],
        ),
        of("whose question was changed", moved(&|p| p["nonce"] = json!("8")), altered, &[SIGNATURE_MISMATCH])
            .asked("8"),
        of(
            "whose badge was taken away",
            moved(&|p| p["verifiableCredential"] = json!([])),
            altered,
            &[SIGNATURE_MISMATCH],
        ),
        of(
            "that nobody signed",
            token("EdDSA", &json!({ "alg": "none", "kid": "k" }), &payload(&|_| {})),
            altered,
            &[JWT_ALG_FORBIDDEN],
        ),
        of(
            "of another type",
            token("EdDSA", &json!({ "alg": "EdDSA", "kid": method(HOLDER), "typ": "vc+jwt" }), &payload(&|_| {})),
            altered,
            &[JWT_HEADER],
        ),
        of(
            "with a critical extension",
            token("EdDSA", &json!({ "alg": "EdDSA", "kid": method(HOLDER), "crit": ["x"] }), &payload(&|_| {})),
            altered,
            &[JWT_HEADER],
        ),
        of(
            "of another holder than its claim",
            token("EdDSA", &own, &payload(&|p| p["iss"] = json!(OTHER))),
            altered,
            &[JWT_CLAIMS_DIFFER],
        ),
        of(
            "by somebody else's key",
            token("ES256", &json!({ "alg": "ES256", "kid": method(OTHER) }), &payload(&|_| {})),
            altered,
            &[KEY_NOT_HOLDERS],
        ),
        of(
            "by a key of its own",
            token("ES256", &json!({ "alg": "ES256", "jwk": jwk("ES256") }), &payload(&|_| {})),
            altered,
            &[KEY_NOT_HOLDERS],
        ),
        of(
            "by a key of another kind",
            token("ES256", &json!({ "alg": "ES256", "kid": method(HOLDER) }), &payload(&|_| {})),
            altered,
            &[PROOF_KEY_KIND],
        ),
        of(
            "by nobody",
            token(
                "EdDSA",
                &own,
                &payload(&|p| {
                    remove(p, "/iss");
                    remove(p, "/holder");
                }),
            ),
            Verdict::CouldNotCheck,
            &[HOLDER_MISSING],
        ),
    ]
}
