//! The shell through its public door: requests in, answers out.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::Multipart,
    http::{Request, Response, StatusCode, header},
    routing::{get, post},
};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;
use web::{Cache, Error, Form, Houses, Origin, Site, Words, form::Fields, upload};

fn demo() -> Arc<Site> {
    Arc::new(Site::demo(Origin::parse("http://localhost:8080").unwrap()))
}

fn production() -> Arc<Site> {
    let at = |name: &str| Origin::parse(&format!("https://{name}.example")).unwrap();
    Arc::new(Site::new(Houses { issuer: at("badges"), wallet: at("livret"), verifier: at("verifier"), job: at("job") }))
}

fn router() -> Router {
    Router::new()
        .route("/page", get(|| async { web::document("text/html; charset=utf-8", Cache::Private, "<p>…</p>") }))
        .route("/jeton/{token}", get(|| async { web::document("text/html; charset=utf-8", Cache::Token, "…") }))
        .route("/public", get(|| async { web::document("application/json", Cache::Public(60), "{}") }))
        .route("/parti", get(|| async { gone() }))
        .route("/entrer-d-abord", get(|| async { Err::<(), _>(Error::SignIn("/livret/entrer".to_owned())) }))
        .route("/trop", get(|| async { Err::<(), _>(Error::TooMany(90)) }))
        .route("/nombre/{n}", get(|axum::extract::Path(n): axum::extract::Path<u8>| async move { n.to_string() }))
        .route("/panique", get(panics))
        .route("/casse", get(|| async { broken() }))
        .route("/form", post(|Form(fields): Form<Fields>| async move { fields.get("a").to_owned() }))
        .route("/petit", post(|Form(_): Form<Fields>| async {}).layer(web::body_limit(10)))
        .route("/fichier", post(read_file).layer(web::body_limit(300_000)))
}

async fn panics() {
    let empty: Vec<u8> = Vec::new();
    let _ = empty[usize::from(empty.is_empty())];
}

fn gone() -> web::Result<()> {
    let words = Words::new("Ce partage est arrêté", "La personne y a mis fin.").link("/v", "Vérifier un badge");
    Err(Error::Gone.with(words))
}

fn broken() -> web::Result<String> {
    let number: u8 = "secret".parse()?;
    Ok(number.to_string())
}

async fn read_file(parts: Multipart) -> web::Result<String> {
    let sent = upload::read(parts, upload::Caps::file(200_000)).await?;
    let file = sent.file.as_ref().map(|file| format!("{} {}", file.name, file.bytes.len()));
    Ok(format!("{} {}", sent.get("titre"), file.unwrap_or_default()))
}

async fn ask(site: Arc<Site>, request: Request<Body>) -> (Response<()>, String) {
    let router = router().merge(web::common_pages(site.clone()).0).merge(web::static_routes().0);
    let (parts, body) = web::app(site, router).oneshot(request).await.unwrap().into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    (Response::from_parts(parts, ()), String::from_utf8_lossy(&bytes).into_owned())
}

async fn read(path: &str) -> (Response<()>, String) {
    ask(demo(), Request::get(path).body(Body::empty()).unwrap()).await
}

fn posted(headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::post("/form").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from("a=b")).unwrap()
}

fn said<'a>(response: &'a Response<()>, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn every_answer_carries_the_protections() {
    for path in ["/page", "/public", "/absent", "/panique", web::asset("livret.css")] {
        let (response, _) = read(path).await;
        let csp = said(&response, "content-security-policy");
        assert!(csp.starts_with("default-src 'none'; style-src 'self'; script-src 'self'"), "{path}: {csp}");
        assert!(!csp.contains("unsafe"));
        assert_eq!(said(&response, "x-content-type-options"), "nosniff");
        // A page of error may stand at an address with a token: it tells nobody where one came from.
        let referrer = if matches!(path, "/absent" | "/panique") { "no-referrer" } else { "same-origin" };
        assert_eq!(said(&response, "referrer-policy"), referrer, "{path}");
        assert_eq!(said(&response, "cross-origin-opener-policy"), "same-origin");
        assert!(said(&response, "permissions-policy").contains("geolocation=()"));
        assert_eq!(said(&response, "strict-transport-security"), "");
        assert_ne!(said(&response, "cache-control"), "");
    }
}

#[tokio::test]
async fn in_production_https_is_kept_and_the_houses_may_show_each_others_badges() {
    let (response, _) = ask(production(), Request::get("/page").body(Body::empty()).unwrap()).await;
    assert_eq!(said(&response, "strict-transport-security"), "max-age=31536000");
    assert!(said(&response, "content-security-policy").contains("img-src 'self' data: https://badges.example "));
}

#[tokio::test]
async fn pages_with_tokens_are_kept_nowhere() {
    let (response, _) = read("/jeton/ABC").await;
    assert_eq!(said(&response, "cache-control"), "no-store");
    assert_eq!(said(&response, "referrer-policy"), "no-referrer");
    assert_eq!(said(&response, "x-robots-tag"), "noindex");
}

#[tokio::test]
async fn public_documents_may_be_read_by_any_page_and_vary_by_accept() {
    let (response, _) = read("/public").await;
    assert_eq!(said(&response, "cache-control"), "public, max-age=60");
    assert_eq!(said(&response, "access-control-allow-origin"), "*");
    assert!(
        response.headers().get_all("vary").iter().any(|value| value.to_str().unwrap().eq_ignore_ascii_case("accept"))
    );
}

#[tokio::test]
async fn errors_are_pages_with_a_way_forward() {
    for (path, status, title) in [
        ("/absent", StatusCode::NOT_FOUND, "Cette page n’existe pas"),
        ("/parti", StatusCode::GONE, "Ce partage est arrêté"),
        ("/nombre/mille", StatusCode::UNPROCESSABLE_ENTITY, "La demande n’a pas pu être lue"),
        ("/panique", StatusCode::INTERNAL_SERVER_ERROR, "Quelque chose n’a pas marché"),
        ("/casse", StatusCode::INTERNAL_SERVER_ERROR, "Quelque chose n’a pas marché"),
        ("/form", StatusCode::METHOD_NOT_ALLOWED, "Cette adresse ne s’ouvre pas ainsi"),
        ("/static/autre.css", StatusCode::NOT_FOUND, "Cette page n’existe pas"),
    ] {
        let (response, body) = read(path).await;
        assert_eq!(response.status(), status, "{path}");
        assert_eq!(said(&response, "content-type"), "text/html; charset=utf-8", "{path}");
        assert!(body.contains(&format!("<h1>{title}</h1>")), "{path}: {body}");
        assert!(body.contains("<a class=\"btn\" href=\"/"), "{path}");
        // The address that failed may hold a code.
        let kept = ["cache-control", "referrer-policy", "x-robots-tag"].map(|name| said(&response, name));
        assert_eq!(kept, ["no-store", "no-referrer", "noindex"], "{path}");
        assert!(!body.contains("secret") && !body.contains("Invalid"), "{path}");
        assert_eq!(web::testing::faults(&body), Vec::<String>::new(), "{path}");
    }
    assert_eq!(said(&read("/form").await.0, "allow"), "POST");
    assert_eq!(said(&read("/trop").await.0, "retry-after"), "90");
}

#[tokio::test]
async fn programs_get_problem_documents() {
    let request = Request::get("/parti").header(header::ACCEPT, "application/json").body(Body::empty()).unwrap();
    let (response, body) = ask(demo(), request).await;
    assert_eq!(response.status(), StatusCode::GONE);
    assert_eq!(said(&response, "content-type"), "application/problem+json");
    let problem: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!((problem["code"].as_str(), problem["status"].as_u64()), (Some("gone"), Some(410)));
}

#[tokio::test]
async fn who_is_not_signed_in_is_led_there() {
    let (response, _) = read("/entrer-d-abord").await;
    assert_eq!((response.status(), said(&response, "location")), (StatusCode::SEE_OTHER, "/livret/entrer"));
    let request =
        Request::get("/entrer-d-abord").header(header::ACCEPT, "application/json").body(Body::empty()).unwrap();
    assert_eq!(ask(demo(), request).await.0.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn other_sites_cannot_post() {
    for (headers, ours) in [
        (&[][..], true),
        (&[("sec-fetch-site", "same-origin"), ("origin", "http://localhost:8080")], true),
        (&[("sec-fetch-site", "same-origin"), ("origin", "null")], true),
        (&[("sec-fetch-site", "none")], true),
        (&[("origin", "http://localhost:8080")], true),
        (&[("origin", "null")], true),
        (&[("sec-fetch-site", "cross-site"), ("origin", "null")], false),
        (&[("sec-fetch-site", "cross-site")], false),
        (&[("sec-fetch-site", "same-site"), ("origin", "http://localhost:8080")], false),
        (&[("sec-fetch-site", "same-origin"), ("origin", "http://autre.example")], false),
        (&[("origin", "http://autre.example")], false),
        (&[("origin", "http://localhost:8081")], false),
    ] {
        let (response, body) = ask(demo(), posted(headers)).await;
        assert_eq!(response.status() == StatusCode::OK, ours, "{headers:?}");
        assert_eq!(body == "b", ours, "{headers:?}");
    }
}

#[tokio::test]
async fn bodies_have_limits_that_a_route_may_change() {
    let send = |path: &str, bytes: usize| {
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        ask(demo(), request.body(Body::from(format!("a={}", "x".repeat(bytes)))).unwrap())
    };
    assert_eq!(send("/form", 60_000).await.0.status(), StatusCode::OK);
    let (response, body) = send("/form", 70_000).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert!(body.contains("C’est trop gros"));
    assert_eq!(send("/petit", 20).await.0.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn files_are_read_under_a_cap() {
    let send = |bytes: usize| {
        let file = "x".repeat(bytes);
        let body = format!(
            "--b\r\ncontent-disposition: form-data; name=\"titre\"\r\n\r\nNovembre\r\n--b\r\ncontent-disposition: form-data; \
             name=\"f\"; filename=\"C:\\\\bureau\\\\stagiaires.csv\"\r\ncontent-type: text/csv\r\n\r\n{file}\r\n--b--\r\n"
        );
        let request = Request::post("/fichier").header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
        ask(demo(), request.body(Body::from(body)).unwrap())
    };
    let (response, body) = send(150_000).await;
    assert_eq!((response.status(), &*body), (StatusCode::OK, "Novembre stagiaires.csv 150000"));
    assert_eq!(send(200_001).await.0.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(send(400_000).await.0.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn static_files_are_immutable_and_compressed() {
    for (name, media) in
        [("livret.css", "text/css"), ("livret.js", "text/javascript"), ("favicon.svg", "image/svg+xml")]
    {
        for encoding in ["br", "gzip"] {
            let request = Request::get(web::asset(name)).header(header::ACCEPT_ENCODING, encoding);
            let (response, _) = ask(demo(), request.body(Body::empty()).unwrap()).await;
            assert_eq!(response.status(), StatusCode::OK, "{name}");
            assert!(said(&response, "content-type").starts_with(media));
            assert_eq!(said(&response, "cache-control"), "public, max-age=31536000, immutable");
            assert_eq!(said(&response, "content-encoding"), encoding, "{name}");
        }
    }
}

#[tokio::test]
async fn every_page_has_a_sample_and_no_fault() {
    let (_, routes) = web::common_pages(demo());
    for site in [demo(), production()] {
        let samples = web::samples(&site);
        assert_eq!(web::testing::without_sample(&routes, &samples), Vec::<&str>::new());
        for sample in samples {
            assert_eq!(web::testing::faults(&sample.html), Vec::<String>::new(), "{}", sample.name);
        }
    }
    for route in routes {
        assert_eq!(read(route.path).await.0.status(), StatusCode::OK, "{}", route.path);
    }
}

#[test]
fn only_the_demonstration_says_so() {
    let demonstration = "Service de démonstration. Aucune donnée réelle.";
    assert!(web::samples(&demo()).iter().all(|sample| sample.html.contains(demonstration)));
    assert!(!web::samples(&production()).iter().any(|sample| sample.html.contains(demonstration)));
}
