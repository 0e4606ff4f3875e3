//! The house through its public doors, with a wallet and an issuer played by two small routers.

#[path = "../../crates/checks/tests/world/mod.rs"]
#[expect(dead_code, reason = "the world is shared with the tests of `checks`, which need more of it")]
mod world;

use std::collections::HashMap;
use std::io::Cursor;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Json, Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use badge_schemas::clr::{ClrFacts, Held, Learner, compose};
use checks::Need;
use fetch::{Door, DoorSettings, Peer};
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use image::{GrayImage, ImageFormat, Luma};
use serde_json::{Value, json};
use store::testing::{self, TestDb};
use tower::ServiceExt;
use verifier::{Settings, Verifier};
use web::codes::{Code, Kind};
use web::tokens::LinkToken;
use web::{Houses, Origin, Site};
use world::{BASE, INDEX, World};

const SECRET: &str = "shared";

/// A house and what stands around it.
struct Setting {
    verifier: Verifier,
    router: Router,
    infos: Vec<web::RouteInfo>,
    test: TestDb,
    share: String,
    showing: String,
}

#[derive(Clone)]
struct Around {
    documents: Arc<HashMap<String, String>>,
    shown: Arc<HashMap<String, Vec<String>>>,
}

fn setting(test: TestDb, world: &World, texts: Vec<String>) -> Setting {
    let share = LinkToken::derive(&[3; 32]).as_str().to_owned();
    let showing = Code::derive(Kind::Showing, &[3; 32]).as_str().to_owned();
    let mut documents = HashMap::new();
    for (need, answer) in &world.answers {
        if let (Some(url), Ok(text)) = (need.url(&format!("{BASE}/registre.json")), answer) {
            documents.insert(url.trim_start_matches(BASE).to_owned(), text.clone());
        }
    }
    let shown = HashMap::from([(share.clone(), texts.clone()), (showing.clone(), texts)]);
    let around = Around { documents: Arc::new(documents), shown: Arc::new(shown) };
    let peers = Router::new()
        .route("/api/presentations", post(presentations))
        .route("/{*path}", get(document))
        .with_state(around);
    let door = Door::new(DoorSettings::default()).with_peer(BASE, Peer::Router(peers));
    let site = Arc::new(Site::new(Houses::single(Origin::parse(BASE).expect("an origin"))));
    let verifier = Verifier::new(Settings {
        site: site.clone(),
        db: test.db.clone(),
        vault: test.vault.clone(),
        clock: test.clock.clone(),
        door,
        wallet_secret: SECRET.to_owned(),
        register_url: format!("{BASE}/registre.json"),
    });
    let (router, infos) = verifier.house();
    Setting { verifier, router: web::app(site, router), infos, test, share, showing }
}

async fn presentations(State(around): State<Around>, headers: HeaderMap, Json(asked): Json<Value>) -> Response {
    if headers.get(header::AUTHORIZATION).is_none_or(|value| value != "Bearer shared") {
        return StatusCode::FORBIDDEN.into_response();
    }
    // A hash, and never the address itself.
    if headers.get("x-visitor").is_none_or(|value| value.len() != 64) {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    }
    let code = asked["code"].as_str().unwrap_or_default();
    if code == LinkToken::derive(&[7; 32]).as_str() {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    }
    if code == LinkToken::derive(&[9; 32]).as_str() {
        return StatusCode::GONE.into_response();
    }
    if code == LinkToken::derive(&[8; 32]).as_str() {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    match around.shown.get(code) {
        Some(texts) => {
            Json(json!({ "presentation": {}, "texts": texts, "until": "2026-12-22T09:00:00Z" })).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn document(State(around): State<Around>, Path(path): Path<String>) -> Response {
    match around.documents.get(&format!("/{path}")) {
        Some(text) => ([(header::CACHE_CONTROL, "max-age=60")], text.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Setting {
    async fn call(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("a router answers");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes();
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&body).into_owned() }
    }

    async fn get(&self, path: &str) -> Answer {
        self.call(Request::get(path).body(Body::empty()).expect("a request")).await
    }

    async fn json(&self, path: &str) -> Value {
        let request = Request::get(path).header(header::ACCEPT, "application/json").body(Body::empty());
        serde_json::from_str(&self.call(request.expect("a request")).await.body).expect("JSON")
    }

    async fn form(&self, path: &str, body: &str) -> Answer {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.to_owned()));
        self.call(request.expect("a request")).await
    }

    async fn upload(&self, path: &str, bytes: &[u8]) -> Answer {
        let mut body = b"--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\n".to_vec();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--x--\r\n");
        let request = Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
        self.call(request.body(Body::from(body)).expect("a request")).await
    }
}

impl Answer {
    fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

async fn plain(texts: impl FnOnce(&World) -> Vec<String>) -> Setting {
    let world = World::new();
    let texts = texts(&world);
    setting(testing::sqlite().await, &world, texts)
}

#[tokio::test]
async fn a_showing_and_a_share_give_the_verdict_as_page_and_json() {
    let setting = plain(|world| vec![world.signed().to_string()]).await;
    for path in [
        format!("/v/{}", setting.showing),
        format!("/V/{}", setting.share),
        format!("/v/{}", setting.share.to_lowercase()),
    ] {
        let page = setting.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        for words in [
            "Badge authentique",
            "Inès Duval",
            "Estuaire Compétences",
            "Je pratique",
            "Ce badge n’est pas une certification professionnelle.",
        ] {
            assert!(page.body.contains(words), "{words}");
        }
        assert_eq!(web::testing::faults(&page.body), Vec::<String>::new());
        assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");
        assert_eq!(page.headers[header::REFERRER_POLICY], "no-referrer");
        assert_eq!(page.headers["x-robots-tag"], "noindex");
    }
    let json = setting.json(&format!("/v/{}", setting.share)).await;
    assert_eq!((&json["version"], &json["way"]), (&json!(1), &json!("share")));
    assert_eq!(json["badges"][0]["verdict"], "authentic");
    assert_eq!(json["badges"][0]["badge"]["issuer"]["vouched"], true);
    assert!(json["badges"][0]["badge"]["recipient"].get("hashed").is_none());
    assert_eq!(setting.json(&format!("/v/{}/json", setting.share)).await, json);
}

#[tokio::test]
async fn one_changed_byte_says_changed_and_shows_nothing_of_the_badge() {
    let setting = plain(|world| vec![world.signed().to_string().replace("Inès Duval", "Inès Duvak")]).await;
    let page = setting.get(&format!("/v/{}", setting.share)).await;
    assert!(page.body.contains("Badge modifié") && !page.body.contains("Duva") && !page.body.contains("équipe"));
    assert_eq!(setting.json(&format!("/v/{}", setting.share)).await["badges"][0]["badge"], Value::Null);
}

#[tokio::test]
async fn a_withdrawn_badge_says_so() {
    let mut world = World::new();
    let list = world.list(|bits| bits.set(INDEX as usize, true).expect("in range"));
    world.says(world::status(), &world.org.sign(&list));
    let setting = setting(testing::sqlite().await, &world, vec![world.signed().to_string()]);
    let page = setting.get(&format!("/v/{}", setting.share)).await;
    assert!(page.body.contains("Badge retiré") && page.body.contains("liste des badges retirés"));
}

#[tokio::test]
async fn an_issuer_that_does_not_answer_is_not_a_false_badge() {
    let mut world = World::new();
    world.answers.remove(&Need::StatusList { url: world::LIST.to_owned() });
    let setting = setting(testing::sqlite().await, &world, vec![world.signed().to_string()]);
    let page = setting.get(&format!("/v/{}", setting.share)).await;
    assert!(page.body.contains("N’a pas pu être vérifié") && page.body.contains("Essayer de nouveau"));
    assert!(page.body.contains("Cela ne dit rien contre le badge"));
}

#[tokio::test]
async fn several_badges_are_counted_in_the_title() {
    let setting = plain(|world| {
        let good = world.signed().to_string();
        vec![good.clone(), good.replace("Inès", "Inés"), good]
    })
    .await;
    let page = setting.get(&format!("/v/{}", setting.share)).await;
    assert!(page.body.contains("2\u{a0}badges authentiques sur 3"), "{}", page.body);
    assert_eq!(web::testing::faults(&page.body), Vec::<String>::new());
}

#[tokio::test]
async fn nothing_there_is_said_with_a_way_forward() {
    let setting = plain(|_| vec![]).await;
    let unknown = LinkToken::derive(&[5; 32]);
    let rows = [
        (unknown.as_str().to_owned(), StatusCode::NOT_FOUND, "Ce code ne montre rien"),
        ("NIMPORTEQUOI".to_owned(), StatusCode::NOT_FOUND, "Ce code ne montre rien"),
        (LinkToken::derive(&[9; 32]).as_str().to_owned(), StatusCode::GONE, "Ce partage n’est plus ouvert"),
        (LinkToken::derive(&[8; 32]).as_str().to_owned(), StatusCode::SERVICE_UNAVAILABLE, "Le livret ne répond pas"),
        (LinkToken::derive(&[7; 32]).as_str().to_owned(), StatusCode::TOO_MANY_REQUESTS, "Trop d’essais"),
        (setting.share.clone(), StatusCode::NOT_FOUND, "Il n’y a plus de badge ici"),
        (
            Code::derive(Kind::Slip, &[1; 32]).as_str().to_owned(),
            StatusCode::NOT_FOUND,
            "Ce code n’est pas pour cette page",
        ),
    ];
    for (token, status, title) in rows {
        let page = setting.get(&format!("/v/{token}")).await;
        assert_eq!(page.status, status, "{title}");
        assert!(page.body.contains(title), "{title}: {}", page.body);
    }
}

#[tokio::test]
async fn wrong_codes_are_limited_for_each_visitor() {
    let setting = plain(|world| vec![world.signed().to_string()]).await;
    let wrong = format!("/v/{}", LinkToken::derive(&[5; 32]).as_str());
    for _ in 0..20 {
        assert_eq!(setting.get(&wrong).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(setting.get(&wrong).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(setting.get(&format!("/v/{}", setting.share)).await.status, StatusCode::TOO_MANY_REQUESTS);
    setting.test.clock.advance(std::time::Duration::from_secs(601));
    assert_eq!(setting.get(&format!("/v/{}", setting.share)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_typed_code_goes_to_its_verdict_or_is_told_where_it_belongs() {
    let setting = plain(|_| vec![]).await;
    let typed = setting.showing.to_lowercase();
    let answer = setting.form("/v/code", &format!("code=+{}-{}", &typed[..4], &typed[4..])).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, &*format!("/v/{}", setting.showing)));
    let slip = Code::derive(Kind::Slip, &[1; 32]);
    let answer = setting.form("/v/code", &format!("code={}", slip.as_str())).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.body.contains("C’est le code d’un coupon") && answer.body.contains("href=\"https://livret.example/r\"")
    );
    for (nonsense, words) in [
        ("", "Tapez le code"),
        ("code=", "Tapez le code"),
        ("code=AB0D+EFGH", "ni zéro ni O"),
        ("code=hello", "Un code a 8 ou 12\u{a0}signes, et vous en avez tapé 5"),
        ("code=https%3A%2F%2Fexample.org%2Fb", "C’est une adresse, pas un code"),
    ] {
        let answer = setting.form("/v/code", nonsense).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{nonsense}");
        assert!(answer.body.contains(words), "{nonsense}: {}", answer.body);
    }
    let address = setting.form("/v/code", "code=https%3A%2F%2Fexample.org%2Fb").await.body;
    assert!(address.contains("value=\"https://example.org/b\""), "it is kept where it belongs: {address}");
}

#[tokio::test]
async fn a_file_is_judged_and_forgotten() {
    let setting = plain(|_| vec![]).await;
    let good = setting.upload("/v/fichier", World::new().signed().to_string().as_bytes()).await;
    assert!(good.body.contains("Badge authentique") && !good.body.contains("vient du livret"), "{}", good.body);
    assert_eq!(good.headers[header::CACHE_CONTROL], "no-store");
    let rows: [(&[u8], StatusCode, &str); 4] = [
        (b"", StatusCode::UNPROCESSABLE_ENTITY, "Choisissez le fichier du badge"),
        (b"\x89PNG\r\n\x1a\n\xff", StatusCode::OK, "N’a pas pu être vérifié"),
        (b"{\"bonjour\":1}", StatusCode::OK, "n’est pas un badge"),
        (b"bonjour", StatusCode::OK, "N’a pas pu être vérifié"),
    ];
    for (bytes, status, words) in rows {
        let answer = setting.upload("/v/fichier", bytes).await;
        assert_eq!(answer.status, status, "{words}");
        assert!(answer.body.contains(words), "{words}");
    }
    let large = setting.upload("/v/fichier", &vec![b' '; 5 * 1024 * 1024 + 1]).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn what_holds_badges_is_answered_as_the_badges_in_it() {
    let setting = plain(|_| vec![]).await;
    let good = World::new().signed();
    let mut bad = good.clone();
    bad["name"] = json!("Autre chose");
    let held = |badges: &[&Value]| {
        json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiablePresentation"],
            "verifiableCredential": badges,
        })
        .to_string()
    };
    let both = setting.upload("/v/fichier", held(&[&good, &bad]).as_bytes()).await;
    assert!(both.body.contains("1\u{a0}badge authentique sur 2"), "{}", both.body);
    assert!(both.body.contains("Badge modifié"), "each by itself");
    let one = setting.upload("/v/fichier", held(&[&good]).as_bytes()).await;
    assert!(one.body.contains("Badge authentique") && one.body.contains("Inès"), "{}", one.body);
}

#[tokio::test]
async fn a_record_says_that_it_is_one_and_who_signed_it() {
    let world = World::new();
    let setting = setting(testing::sqlite().await, &world, vec![]);
    let publisher = badge_schemas::credential::IssuerFacts {
        did: world::ORG.to_owned(),
        name: "Un autre nom".to_owned(),
        url: format!("{BASE}/o/x"),
    };
    let held = |badges: &[&Value]| {
        let badges: Vec<Held<'_>> = badges.iter().map(|badge| Held::Json(badge)).collect();
        compose(&ClrFacts {
            id: "urn:uuid:6f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47",
            name: "Livret de compétences – Inès Duval",
            description: None,
            publisher: &publisher,
            valid_from: time::macros::datetime!(2026-11-20 15:00 UTC),
            learner: Learner::Named("Inès Duval", None),
            badges: &badges,
            achievements: &[],
            associations: &[],
        })
        .expect("a record")
        .clr
    };
    let (good, mut other) = (world.signed(), world.badge(|_| {}));
    other["id"] = json!("https://livret.example/badges/0b9f4a52-3c1d-4f0e-8e55-6a7d2b91c3aa");
    let other = world.org.sign(&other);
    let words = "C’est un relevé\u{a0}: des badges réunis dans un fichier.</b> Signé par Estuaire Compétences, Le Havre, \
                 le 20\u{a0}novembre 2026.";
    let two = setting.upload("/v/fichier", world.org.sign(&held(&[&good, &other])).to_string().as_bytes()).await;
    assert!(two.body.contains(">Relevé\u{a0}: 2\u{a0}badges authentiques</h1>"), "{}", two.body);
    assert!(two.body.contains(words), "by the register's name, not the record's: {}", two.body);
    let one = world.org.sign(&held(&[&good]));
    let page = setting.upload("/v/fichier", one.to_string().as_bytes()).await;
    assert!(page.body.contains("Badge authentique") && page.body.contains(words), "{}", page.body);
    assert_eq!(web::testing::faults(&page.body), Vec::<String>::new());
    // A record that was changed says nothing of who signed it, and is not called a badge.
    let mut changed = one.clone();
    changed["name"] = json!("Autre");
    let page = setting.upload("/v/fichier", changed.to_string().as_bytes()).await;
    assert!(page.body.contains("Relevé modifié") && !page.body.contains("réunis dans un fichier"), "{}", page.body);
    let alone = setting.upload("/v/fichier", good.to_string().as_bytes()).await;
    assert!(!alone.body.contains("relevé"), "{}", alone.body);
}

#[tokio::test]
async fn what_is_said_of_whoever_showed_it_is_true_of_the_way_it_came() {
    let setting = plain(|world| vec![world.signed().to_string()]).await;
    let seen = "la personne voit que son partage a été ouvert";
    let shared = setting.get(&format!("/v/{}", setting.share)).await.body;
    assert!(shared.contains(seen));
    let file = setting.upload("/v/fichier", World::new().signed().to_string().as_bytes()).await.body;
    assert!(!file.contains(seen) && file.contains("Nous ne gardons rien de vous ni de ce badge"), "{file}");
    assert_eq!(shared.matches("étail technique").count(), 1, "one thing is called so");
}

#[tokio::test]
async fn a_link_leads_to_its_verdict_and_nowhere_private() {
    let setting = plain(|_| vec![]).await;
    let ours = setting.form("/v/lien", &format!("lien=HTTPS%3A%2F%2FLIVRET.EXAMPLE%2FV%2F{}", setting.share)).await;
    assert_eq!(ours.location(), format!("/v/{}", setting.share));
    for (link, words) in [
        ("", "elle commence par https://"),
        ("http%3A%2F%2Fexample.org%2Fbadge", "qui commencent par https://"),
        ("https%3A%2F%2F127.0.0.1%2Fbadge", "nous n’y allons pas"),
        ("https%3A%2F%2F169.254.169.254%2Flatest", "nous n’y allons pas"),
        ("https%3A%2F%2Flivret.example%2Fbadges%2Frien", "Il n’y a pas de badge à cette adresse"),
        ("https%3A%2F%2Flivret.example%2Fr%2FABC", "C’est le code d’un coupon"),
        ("https%3A%2F%2Flivret.example%2Faide", "elle ne montre pas de badge"),
    ] {
        let answer = setting.form("/v/lien", &format!("lien={link}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{link}");
        assert!(answer.body.contains(words), "{link}");
    }
}

/// A QR as a photo: grey, dark on light or inverted.
fn photo(text: &str, inverted: bool, format: ImageFormat) -> Vec<u8> {
    let code = qrcode::QrCode::new(text).expect("a QR");
    let side = u32::try_from(code.width()).expect("small");
    let colors = code.to_colors();
    let scale = 9;
    let picture = GrayImage::from_fn((side + 12) * scale, (side + 10) * scale, |x, y| {
        let (x, y) = ((x / scale).wrapping_sub(6), (y / scale).wrapping_sub(5));
        let dark = x < side && y < side && colors[(y * side + x) as usize] == qrcode::Color::Dark;
        Luma([if dark == inverted { 225 } else { 40 }])
    });
    let mut bytes = Cursor::new(vec![]);
    picture.write_to(&mut bytes, format).expect("a picture");
    bytes.into_inner()
}

#[tokio::test]
async fn a_photo_of_a_qr_leads_to_its_verdict() {
    let setting = plain(|_| vec![]).await;
    let link = format!("HTTPS://LIVRET.EXAMPLE/V/{}", setting.share);
    for (inverted, format) in [(false, ImageFormat::Png), (true, ImageFormat::Png), (false, ImageFormat::Jpeg)] {
        let answer = setting.upload("/v/photo", &photo(&link, inverted, format)).await;
        assert_eq!(answer.location(), format!("/v/{}", setting.share), "{inverted} {format:?}: {}", answer.status);
    }
    let mut bomb = photo("X", false, ImageFormat::Png);
    bomb[16..20].copy_from_slice(&[0, 0, 0xff, 0xff]);
    let mut cut = photo("X", false, ImageFormat::Png);
    cut.truncate(60);
    let blank = {
        let mut bytes = Cursor::new(vec![]);
        GrayImage::from_pixel(300, 300, Luma([255])).write_to(&mut bytes, ImageFormat::Png).expect("a picture");
        bytes.into_inner()
    };
    for (bytes, words) in [
        (bomb, "Cette image"),
        (cut, "ne se lit pas"),
        (blank, "pas vu de QR"),
        (b"GIF89a".to_vec(), "ne se lit pas"),
        (vec![], "Choisissez une photo"),
        (photo("bonjour", false, ImageFormat::Png), "Ce QR ne mène pas à un badge"),
    ] {
        let answer = setting.upload("/v/photo", &bytes).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(answer.body.contains(words), "{words}");
    }
}

#[tokio::test]
async fn only_a_count_is_kept_on_both_engines() {
    for test in testing::databases().await {
        let world = World::new();
        let good = world.signed().to_string();
        let texts = vec![good.clone(), good.replace("Inès", "Inés"), good];
        let setting = setting(test, &world, texts);
        for _ in 0..2 {
            assert_eq!(setting.get(&format!("/v/{}", setting.share)).await.status, StatusCode::OK);
        }
        setting.verifier.close().await;
        let db = &setting.test.db;
        let counts: Vec<(time::Date, String, String, i64)> = store::on!(db, c => sqlx::query_as(
            "select day, way, verdict, count from verifier_count order by verdict")
            .fetch_all(c).await)
        .expect("counts");
        let day = time::macros::date!(2026 - 11 - 22);
        let row = |verdict: &str, count| (day, "share".to_owned(), verdict.to_owned(), count);
        assert_eq!(counts, [row("altered", 2), row("authentic", 4)], "{}", setting.test.engine());
    }
}

#[tokio::test]
async fn every_page_has_samples_without_fault() {
    let setting = plain(|_| vec![]).await;
    let site = Site::new(Houses::single(Origin::parse(BASE).expect("an origin")));
    let samples = verifier::samples(&site);
    assert_eq!(web::testing::without_sample(&setting.infos, &samples), Vec::<&str>::new());
    for sample in samples {
        assert_eq!(web::testing::faults(&sample.html), Vec::<String>::new(), "{}", sample.name);
    }
    let page = setting.get("/v").await;
    assert_eq!((page.status, web::testing::faults(&page.body)), (StatusCode::OK, vec![]));
}
