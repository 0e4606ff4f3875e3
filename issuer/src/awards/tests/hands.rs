//! A trainer at work: the words of these tests.

use axum::Router;
use axum::body::Body;
use http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use store::on;
use store::outbox::{self, Outcome};
use store::testing::TestDb;
use tower::ServiceExt as _;
use uuid::Uuid;

use super::world::{ORIGIN, World};
use crate::{HOUSE, Issuer, awards, delivery, letters};

/// Four people who can be attested, one twice, one to mend.
pub const FILE: &str = "Nom;Prénom;Courriel\r\nLefèvre;Amina;amina@exemple.fr\r\nRoussel;Bastien;bastien@exemple.fr\r\n\
    Marie;Chloé;chloe@exemple.fr\r\nLecomte;Dylan;\r\nlefèvre;amina;AMINA@exemple.fr\r\nMorel;Lina;lina@exemple\r\n";

/// The observation that every test attests unless it says otherwise.
pub const SEEN: [(&str, &str); 5] = [
    ("badge", "cpt-travail-en-equipe/pratique"),
    ("jour", "2026-11-20"),
    ("preuve", "plateau-technique"),
    ("o", "0"),
    ("phrase", "Service de midi : 40 couverts, équipe de cinq."),
];

/// Somebody at a browser, signed in or not.
pub struct Hands {
    app: Router,
    cookies: Vec<(String, String)>,
}

pub struct Page {
    pub status: StatusCode,
    pub to: String,
    pub text: String,
}

impl Hands {
    pub fn of(world: &World) -> Self {
        Self { app: world.app.clone(), cookies: Vec::new() }
    }

    /// A trainer who has signed in by the link of a letter.
    pub async fn signed_in(world: &World, email: &str) -> Self {
        let mut hands = Self::of(world);
        let before = world.letters().len();
        hands.post("/atelier/entrer", &[("mel", email)]).await;
        letters_leave(&world.issuer).await;
        let letters = world.letters();
        // Letters of badges may have come due in the meantime: the newest one with a way in is ours.
        let ours = |letter: &&post::Letter| letter.to == email && letter.text.contains("/atelier/entrer/");
        let letter = letters[before..].iter().rev().find(ours).expect("a letter with a link");
        let link = letter.text.lines().find(|line| line.starts_with(ORIGIN)).expect("a link");
        hands.post(link.trim_start_matches(ORIGIN), &[]).await;
        hands
    }

    pub async fn get(&mut self, path: &str) -> Page {
        self.go(Request::get(path).header(header::ACCEPT, "text/html").body(Body::empty())).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path)
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, ORIGIN)
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body));
        self.go(request).await
    }

    /// Drops a file into a session.
    pub async fn drops(&mut self, session: &str, file: &[u8]) -> Page {
        self.drops_saying(session, file, "").await
    }

    /// The same, `choisir` when the columns are to be said by hand.
    pub async fn drops_saying(&mut self, session: &str, file: &[u8], columns: &str) -> Page {
        let mut body =
            format!("--XyZ\r\nContent-Disposition: form-data; name=\"colonnes\"\r\n\r\n{columns}\r\n").into_bytes();
        body.extend_from_slice(
            b"--XyZ\r\nContent-Disposition: form-data; name=\"fichier\"; filename=\"liste.csv\"\r\n\
            Content-Type: text/csv\r\n\r\n",
        );
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n--XyZ--\r\n");
        let request = Request::post(format!("{session}/importer"))
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=XyZ")
            .header(header::ORIGIN, ORIGIN)
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body));
        self.go(request).await
    }

    /// Opens a session; its address.
    pub async fn opens(&mut self, title: &str) -> String {
        let page = self.post("/atelier/sessions/nouvelle", &[("intitule", title), ("debut", "2026-11-02")]).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
        page.to
    }

    /// Drops a file and attests its ready lines; the lot's address.
    pub async fn imports(&mut self, session: &str, file: &str) -> String {
        let import = self.drops(session, file.as_bytes()).await;
        assert_eq!(import.status, StatusCode::SEE_OTHER, "{}", import.text);
        let lot = self.attests_import(&import.to).await;
        assert_eq!(lot.status, StatusCode::SEE_OTHER, "{}", lot.text);
        lot.to
    }

    pub async fn attests_import(&mut self, import: &str) -> Page {
        let mut fields = SEEN.to_vec();
        fields.push(("do", "attest"));
        self.post(import, &fields).await
    }

    pub async fn ask(&self, request: http::request::Builder) -> (StatusCode, String) {
        let request = request.header(header::ORIGIN, ORIGIN).body(Body::empty()).expect("a request");
        let response = self.app.clone().oneshot(request).await.expect("an answer");
        let status = response.status();
        let bytes = response.into_body().collect().await.expect("a body").to_bytes();
        (status, String::from_utf8_lossy(&bytes).into_owned())
    }

    async fn go(&mut self, request: http::Result<Request<Body>>) -> Page {
        let mut request = request.expect("a request");
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request.headers_mut().insert(header::COOKIE, cookies.join("; ").parse().expect("a header"));
        }
        let response = self.app.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let (name, rest) = cookie.to_str().expect("ASCII").split_once('=').expect("a cookie");
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), rest.split(';').next().unwrap_or_default().to_owned()));
        }
        let to = parts.headers.get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default().to_owned();
        let bytes = body.collect().await.expect("a body").to_bytes();
        Page { status: parts.status, to, text: String::from_utf8_lossy(&bytes).into_owned() }
    }
}

impl Page {
    /// The title: the answer.
    pub fn title(&self) -> &str {
        let start = self.text.find("<h1").and_then(|at| self.text[at..].find('>').map(|end| at + end + 1));
        start.and_then(|at| self.text[at..].split("</h1>").next()).unwrap_or_default()
    }
}

/// The people and first trainer of a house.
pub async fn world(test: &TestDb) -> World {
    World::peopled(test).await.0
}

/// The worker runs until nothing is left.
pub async fn badges_are_made(world: &World) {
    awards::attest_all_pending(&world.issuer).await.expect("the worker works");
}

/// Letters that may leave do.
pub async fn letters_leave(issuer: &Issuer) {
    let state = issuer.clone();
    let handler = move |letter: outbox::Delivery| {
        let issuer = state.clone();
        Box::pin(async move {
            match letter.kind.as_str() {
                delivery::KIND => delivery::deliver(&issuer, &letter).await,
                _ => letters::deliver(&issuer, &letter).await,
            }
        }) as std::pin::Pin<Box<dyn Future<Output = Outcome> + Send>>
    };
    outbox::drain_once(&issuer.db, &issuer.vault, HOUSE, &issuer.clock, handler).await.expect("the outbox is read");
}

/// The letters to somebody that say that a badge was withdrawn, oldest first.
pub fn withdrawals_told(world: &World, to: &str) -> Vec<post::Letter> {
    world
        .letters()
        .into_iter()
        .filter(|letter| letter.to == to && letter.subject.starts_with("Un badge a été retiré"))
        .collect()
}

/// Figures of the whole database.
#[derive(Debug, PartialEq, Eq)]
pub struct Figures {
    pub in_force: i64,
    pub texts: i64,
    pub entries: i64,
    pub letters: i64,
}

pub async fn db_figures(world: &World) -> Figures {
    let db = &world.issuer.db;
    let count =
        async |sql: &'static str| -> i64 { on!(db, c => sqlx::query_scalar(sql).fetch_one(c).await).expect("a count") };
    Figures {
        in_force: count("select count(*) from issuer_award where withdrawn_at is null").await,
        texts: count("select count(*) from issuer_credential").await,
        entries: count("select count(*) from (select distinct organisation_id, status_list, status_index from issuer_credential) as e").await,
        letters: count("select count(*) from store_outbox where kind = 'badge' and state <> 'cancelled'").await,
    }
}

/// The award of a person, by name.
pub async fn db_award(world: &World, name: &str) -> Uuid {
    on!(world.issuer.db, c => sqlx::query_scalar(
        "select award_id from issuer_award where recipient_name = $1 order by attested_at desc limit 1")
        .bind(name).fetch_one(c).await)
    .expect("an award")
}
