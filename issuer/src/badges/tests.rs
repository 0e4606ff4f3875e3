//! Every form of one award: served, judged, refused once withdrawn, and nothing personal to strangers.

use badge_schemas::baking::{self, Keyword};
use badge_schemas::credential::validate;
use badge_schemas::identity::matches;
use badge_schemas::ob2::compose::revocation_list_url;
use checks::{Answer as Brought, Check, Inquiry, Need, Outcome, Policy, Unanswered, Verdict};
use http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use proofs::jwk_set::JwkSet;
use proofs::jws::Jws;
use proofs::key::PublicKey;
use proofs::vc_jwt::{self, KeyHint};
use serde_json::Value;
use store::testing::databases;
use tower::ServiceExt as _;

use crate::awards::tests::hands::{FILE, Hands, badges_are_made, db_award, letters_leave, world};
use crate::tests::world::{CLAIRE, ORIGIN, World};

const KEY: &str = "6f1c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47";

/// Forms that only a capability opens, with their media types.
const OWN: [(&str, &str); 6] = [
    ("ob3.json", "application/vc"),
    ("ob3.png", "image/png"),
    ("ob3.svg", "image/svg+xml"),
    ("ob3.jwt", "text/plain; charset=utf-8"),
    ("ob3.es256.jwt", "text/plain; charset=utf-8"),
    ("ob2.jws", "text/plain; charset=utf-8"),
];

/// What came back, whole.
struct Got {
    status: StatusCode,
    media: String,
    headers: http::HeaderMap,
    body: Vec<u8>,
}

impl Got {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}

async fn ask(world: &World, path: &str, accept: Option<&str>, token: Option<&str>) -> Got {
    let mut request = Request::get(path);
    if let Some(accept) = accept {
        request = request.header(header::ACCEPT, accept);
    }
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let request = request.body(axum::body::Body::empty()).unwrap();
    let response = world.app.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let media = parts.headers.get(header::CONTENT_TYPE).and_then(|media| media.to_str().ok()).unwrap_or_default();
    Got {
        status: parts.status,
        media: media.to_owned(),
        body: body.collect().await.unwrap().to_bytes().to_vec(),
        headers: parts.headers,
    }
}

/// Amina (by letter) and Dylan (without an address) attested; their awards, and the token of Amina's letter.
struct Attested {
    claire: Hands,
    amina: String,
    dylan: String,
    token: String,
}

async fn attested(world: &World) -> Attested {
    let mut claire = Hands::signed_in(world, CLAIRE).await;
    let session = claire.opens("Socle").await;
    claire.imports(&session, FILE).await;
    badges_are_made(world).await;
    letters_leave(&world.issuer).await;
    let letters = world.letters();
    let letter = letters.iter().rev().find(|letter| letter.to == "amina@exemple.fr").expect("a letter");
    let start = format!("{ORIGIN}/r/");
    let token = letter.text.lines().find_map(|line| line.strip_prefix(&start)).expect("a link").to_owned();
    let path = async |name| format!("/badges/{}", db_award(world, name).await);
    Attested { amina: path("Amina Lefèvre").await, dylan: path("Dylan Lecomte").await, claire, token }
}

/// Fails unless `checks`, brought whatever the house serves as it serves it, comes to that verdict. A form that `checks`
/// does not read says nothing.
async fn judged(world: &World, form: &str, bytes: Vec<u8>, expected: Verdict) {
    let now = world.issuer.clock.now();
    let register = format!("{ORIGIN}/registre.json");
    let mut inquiry = Inquiry::open_bytes(bytes, now, Policy::FULL).with_register_at(&register);
    while let Some(need) = inquiry.next_need() {
        let url = need.url(&register).expect("an address");
        let got = ask(world, url.strip_prefix(ORIGIN).expect("an address of ours"), Some(need.accept()), None).await;
        let gone = got.status == StatusCode::GONE && matches!(need, Need::Hosted { .. });
        let answer = if got.status == StatusCode::OK || gone {
            Ok(Brought { gone, ..Brought::new(got.body) })
        } else {
            Err(Unanswered::NotFound)
        };
        inquiry.answer(&need, answer);
    }
    let report = inquiry.conclude();
    let read = report.finding(Check::Format).is_some_and(|finding| finding.outcome == Outcome::Passed);
    assert!(read || form != "ob3.json", "the form of reference is read");
    assert!(!read || report.verdict == expected, "{form}: {report:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_get_the_hosted_badge_and_browsers_the_page() {
    for test in databases().await {
        let world = world(&test).await;
        let Attested { amina, .. } = attested(&world).await;
        let ld = "application/ld+json";
        for (accept, media) in [
            (None, ld),
            (Some("*/*"), ld),
            (Some("application/json"), "application/json"),
            (Some("application/ld+json, application/json, image/png, image/svg+xml"), ld),
            (Some("application/vc, application/vc+ld+json, application/ld+json, application/json, text/plain"), ld),
            (Some("text/html,application/xhtml+xml,*/*;q=0.8"), "text/html; charset=utf-8"),
        ] {
            let got = ask(&world, &amina, accept, None).await;
            assert_eq!((got.status, got.media.as_str()), (StatusCode::OK, media), "{accept:?}");
            assert_eq!(got.headers["cache-control"], "public, max-age=60");
            assert_eq!(got.headers["x-robots-tag"], "noindex");
            let vary: Vec<_> = got.headers.get_all("vary").iter().map(|one| one.to_str().unwrap()).collect();
            assert!(vary.contains(&"Accept") && vary.contains(&"Authorization"), "{vary:?}");
            if media != "text/html; charset=utf-8" {
                assert_eq!(got.headers["access-control-allow-origin"], "*");
                assert_eq!(got.json()["id"], format!("{ORIGIN}{amina}"));
                assert_eq!(got.json(), ask(&world, &format!("{amina}/ob2.json"), None, None).await.json());
                assert_eq!(got.json(), ask(&world, &format!("{amina}.json"), None, None).await.json());
            }
        }
        let credential = ask(&world, &amina, Some("application/vc"), None).await;
        assert_eq!(credential.status, StatusCode::UNAUTHORIZED, "the 3.0 text wants a capability");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_learn_nothing_of_the_person() {
    for test in databases().await {
        let world = world(&test).await;
        let Attested { amina, dylan, token, .. } = attested(&world).await;
        for award in [&amina, &dylan] {
            let public = ["", ".json", "/ob2.json", "/ob2.png", "/ob2.svg", "/image.png", "/image.svg"];
            for path in public.iter().map(|end| format!("{award}{end}")) {
                let got = ask(&world, &path, None, None).await;
                assert_eq!(got.status, StatusCode::OK, "{path}");
                for secret in ["Amina", "Lefèvre", "Dylan", "exemple.fr", "couverts"] {
                    assert!(!got.text().contains(secret), "{path} tells {secret}");
                }
            }
            for (form, _) in OWN {
                let path = format!("{award}/{form}");
                for token in [None, Some(KEY), Some("AAAAAAAAAAAAAAAAAAAAAAAAAA")] {
                    let got = ask(&world, &path, None, token).await;
                    assert_eq!(got.status, StatusCode::UNAUTHORIZED, "{path}");
                    assert!(!got.text().contains("Amina"));
                }
            }
        }
        let other = ask(&world, &format!("{dylan}/ob3.jwt"), None, Some(&token)).await;
        assert_eq!(other.status, StatusCode::UNAUTHORIZED, "the token of another badge");
        // Same person, two salts: the two forms cannot be joined by their hashes.
        let hosted = ask(&world, &amina, None, None).await.json();
        let own = ask(&world, &format!("{amina}/ob3.json"), None, Some(&token)).await.json();
        let identity = &own["credentialSubject"]["identifier"][1];
        assert!(matches(identity, "amina@exemple.fr"));
        assert_ne!(hosted["recipient"]["salt"], identity["salt"]);
        let as_ob3 = serde_json::json!({
            "hashed": true,
            "identityHash": hosted["recipient"]["identity"],
            "salt": hosted["recipient"]["salt"],
            "identityType": "emailAddress",
        });
        assert!(matches(&as_ob3, "amina@exemple.fr"));
        assert_eq!(ask(&world, &dylan, None, None).await.json()["recipient"]["type"], "id");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_text_is_made_once_and_holds() {
    for test in databases().await {
        let world = world(&test).await;
        let Attested { amina, token, .. } = attested(&world).await;
        for (form, media) in OWN {
            let path = format!("{amina}/{form}");
            let (one, two) = tokio::join!(
                ask(&world, &path, None, Some(&token)),
                ask(&world, &path, Some("text/html"), Some(&token))
            );
            assert_eq!((one.status, one.media.as_str()), (StatusCode::OK, media), "{path} {}", one.text());
            assert_eq!(one.headers["cache-control"], "no-store");
            assert_eq!(one.body, two.body, "{path} on {}", test.engine());
            world.later(std::time::Duration::from_secs(60));
            assert_eq!(one.body, ask(&world, &path, None, Some(&token)).await.body, "{path}, later");
        }
        let json = ask(&world, &format!("{amina}/ob3.json"), None, Some(&token)).await;
        let set = JwkSet::parse(&ask(&world, "/.well-known/jwks.json", None, None).await.text()).unwrap();
        for (form, alg) in [("ob3.jwt", "RS256"), ("ob3.es256.jwt", "ES256")] {
            let text = ask(&world, &format!("{amina}/{form}"), None, Some(&token)).await.text();
            let jwt = vc_jwt::read(&text).unwrap();
            assert_eq!((jwt.alg().name(), jwt.typ(), jwt.claim_faults().len()), (alg, Some("JWT"), 0));
            let KeyHint::Kid(kid) = jwt.key() else { panic!("a kid") };
            let at_kid = ask(&world, kid.strip_prefix(ORIGIN).unwrap(), Some("application/jwk+json"), None).await;
            let key = PublicKey::from_jwk(&at_kid.json()).unwrap();
            jwt.verify(&key).unwrap();
            let listed = set.by_kid(kid).unwrap();
            assert_eq!((&listed.key, listed.iss.as_deref()), (&key, jwt.credential()["issuer"]["id"].as_str()));
            let mut same = json.json();
            same.as_object_mut().unwrap().shift_remove("proof");
            assert_eq!(*jwt.credential(), same, "the same credential, the same status entry");
            assert_eq!(validate(jwt.credential()), []);
            judged(&world, form, text.into_bytes(), Verdict::Authentic).await;
        }
        for (picture, unbake) in [("png", baking::png::unbake as fn(&[u8]) -> _), ("svg", baking::svg::unbake)] {
            let baked = ask(&world, &format!("{amina}/ob3.{picture}"), None, Some(&token)).await;
            let inside = unbake(&baked.body).unwrap().unwrap();
            assert_eq!((inside.keyword, inside.text), (Keyword::OpenBadges3, json.text()), "{picture}");
            let hosted = ask(&world, &format!("{amina}/ob2.{picture}"), None, None).await;
            let inside = unbake(&hosted.body).unwrap().unwrap();
            assert_eq!(inside.keyword, Keyword::OpenBadges2);
            assert_eq!(inside.text, ask(&world, &amina, None, None).await.text());
            judged(&world, "ob3 baked", baked.body, Verdict::Authentic).await;
            judged(&world, "ob2 baked", hosted.body, Verdict::Authentic).await;
        }
        judged(&world, "ob3.json", json.body, Verdict::Authentic).await;
        let signed = ask(&world, &format!("{amina}/ob2.jws"), None, Some(&token)).await;
        judged(&world, "ob2.jws", signed.body, Verdict::Authentic).await;
        let hosted = ask(&world, &amina, None, None).await;
        judged(&world, "ob2.json", hosted.body, Verdict::Authentic).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_2_0_documents_point_at_one_another() {
    for test in databases().await {
        let world = world(&test).await;
        let Attested { amina, token, .. } = attested(&world).await;
        let at = async |url: &Value| {
            let path = url.as_str().expect("an address").strip_prefix(ORIGIN).expect("of ours").to_owned();
            let got = ask(&world, &path, Some("application/ld+json"), None).await;
            assert_eq!((got.status, got.media.as_str()), (StatusCode::OK, "application/ld+json"), "{path}");
            assert_eq!(got.json()["id"], *url);
            got.json()
        };
        let hosted = ask(&world, &amina, None, None).await.json();
        let class = at(&hosted["badge"]).await;
        let profile = at(&class["issuer"]).await;
        assert_eq!(profile["email"], "ne-pas-repondre@localhost");
        assert!(profile.get("publicKey").is_none() && profile.get("revocationList").is_none());

        let text = ask(&world, &format!("{amina}/ob2.jws"), None, Some(&token)).await.text();
        let jws = Jws::read(&text).unwrap();
        let payload: Value = serde_json::from_slice(jws.payload()).unwrap();
        assert_eq!((&payload["id"], &payload["recipient"]), (&hosted["id"], &hosted["recipient"]));
        let profile = at(&class["issuer"]).await;
        assert_eq!(profile["publicKey"], payload["verification"]["creator"]);
        let key = at(&profile["publicKey"]).await;
        assert_eq!(key["owner"], profile["id"]);
        jws.verify(&PublicKey::from_spki_pem(key["publicKeyPem"].as_str().unwrap()).unwrap()).unwrap();
        assert_eq!(at(&profile["revocationList"]).await["revokedAssertions"], serde_json::json!([]));
        // P-256 is no key of 2.0.
        ask(&world, &format!("{amina}/ob3.es256.jwt"), None, Some(&token)).await;
        let set = ask(&world, "/.well-known/jwks.json", None, None).await.json();
        let p256 = set["keys"].as_array().unwrap().iter().find(|key| key["alg"] == "ES256").unwrap();
        let path = format!("{}/ob2", p256["kid"].as_str().unwrap().strip_prefix(ORIGIN).unwrap());
        assert_eq!(ask(&world, &path, None, None).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn once_withdrawn_every_form_says_so() {
    for test in databases().await {
        let world = world(&test).await;
        let Attested { mut claire, amina, dylan, token } = attested(&world).await;
        let mut texts = Vec::new();
        for (form, _) in OWN {
            texts.push((form, ask(&world, &format!("{amina}/{form}"), None, Some(&token)).await.body));
        }
        for form in ["ob2.json", "ob2.png", "ob2.svg"] {
            texts.push((form, ask(&world, &format!("{amina}/{form}"), None, None).await.body));
        }
        // The wallet that claimed it keeps its own key.
        let claimed = Request::post(format!("/claims/{token}")).header("idempotency-key", KEY);
        assert_eq!(Hands::of(&world).ask(claimed).await.0, StatusCode::OK);
        assert_eq!(ask(&world, &format!("{amina}/ob3.jwt"), None, Some(&token)).await.status, StatusCode::UNAUTHORIZED);
        for (form, body) in texts.iter().filter(|(form, _)| OWN.iter().any(|(own, _)| own == form)) {
            assert_eq!(ask(&world, &format!("{amina}/{form}"), None, Some(KEY)).await.body, *body, "{form}");
        }
        assert_eq!(ask(&world, &format!("{dylan}/ob3.jwt"), None, Some(KEY)).await.status, StatusCode::UNAUTHORIZED);

        claire.post(&format!("/atelier{amina}/retirer"), &[("motif", "fraud")]).await;
        for form in ["", ".json", "/ob2.json", "/ob2.png", "/ob2.svg"] {
            let got = ask(&world, &format!("{amina}{form}"), None, None).await;
            assert_eq!(got.status, StatusCode::GONE, "{form} on {}", test.engine());
            let body = got.json();
            assert_eq!((&body["id"], &body["revoked"]), (&format!("{ORIGIN}{amina}").into(), &true.into()));
            assert!(body["revocationReason"].as_str().unwrap().starts_with("Retiré"));
            assert!(!got.text().contains("raud"), "why is not everybody's business");
            assert_eq!(got.headers["access-control-allow-origin"], "*");
        }
        for (form, _) in OWN {
            let got = ask(&world, &format!("{amina}/{form}"), None, Some(KEY)).await;
            assert_eq!(got.status, StatusCode::GONE, "{form}");
        }
        let organisation = ask(&world, &amina, Some("text/html"), None).await;
        assert!(organisation.text().contains("Ce badge a été retiré"));
        let estuaire = crate::organisations::rows::all(&world.issuer.db).await.unwrap();
        let estuaire = estuaire.iter().find(|one| one.name.starts_with("Estuaire")).unwrap();
        let facts = super::award::named(&crate::organisations::facts_of(&world.issuer, estuaire));
        let list = revocation_list_url(&facts);
        let list = ask(&world, list.strip_prefix(ORIGIN).unwrap(), None, None).await.json();
        assert_eq!(list["revokedAssertions"][0]["id"], format!("{ORIGIN}{amina}"));
        for (form, body) in texts {
            judged(&world, form, body, Verdict::Withdrawn).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_exist_is_not_there() {
    for test in databases().await {
        let (world, estuaire, _) = World::peopled(&test).await;
        let org = &estuaire.opaque;
        for path in [
            "/badges/nobody.json".to_owned(),
            "/badges/00000000-0000-4000-8000-000000000000".to_owned(),
            "/badges/00000000-0000-4000-8000-000000000000/ob2.png".to_owned(),
            format!("/o/{org}/referentiel/0.2.0/cpt-travail-en-equipe/pratique"),
            format!("/o/{org}/referentiel/0.1.0/cpt-rien/pratique"),
            format!("/o/{org}/keys/x"),
            format!("/o/{org}/keys/x/ob2"),
            "/o/22222222/revocations".to_owned(),
            "/o/22222222".to_owned(),
        ] {
            assert_eq!(ask(&world, &path, None, None).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    }
}
