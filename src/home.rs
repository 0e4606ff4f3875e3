//! The first page, and the demonstration's letters at `/courrier`, which does not exist without `--demo`.

use std::sync::{Arc, PoisonError, RwLock};

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderValue, header};
use post::Memory;
use web::{Cache, RouteInfo, Routes, Sample, Shell, Site, Who};

use crate::demo::Walk;

/// What the first page needs.
#[derive(Clone)]
pub(crate) struct Home {
    site: Arc<Site>,
    letters: Option<Memory>,
    walk: Arc<RwLock<Option<Walk>>>,
}

impl Home {
    pub(crate) fn new(site: Arc<Site>, letters: Option<Memory>) -> Self {
        Self { site, letters, walk: Arc::default() }
    }

    /// What the demonstration prepared, told on the first page from now on.
    pub(crate) fn invite(&self, walk: Walk) {
        *self.walk.write().unwrap_or_else(PoisonError::into_inner) = Some(walk);
    }

    pub(crate) fn routes(&self) -> (Router, Vec<RouteInfo>) {
        let mut routes = Routes::new("livret").page(Who::Anyone, "/", get(first_page));
        if self.letters.is_some() {
            routes = routes
                .page(Who::Anyone, "/courrier", get(list))
                .page(Who::Anyone, "/courrier/{number}", get(letter))
                .file(Who::Anyone, "/courrier/{number}/lettre", get(letter_as_sent));
        }
        let (router, infos) = routes.build();
        (router.with_state(self.clone()), infos)
    }
}

/// Every page of the root with sample values.
pub fn samples(site: &Site) -> Vec<Sample> {
    let walk = Walk::sample(site);
    let letter = post::Letter {
        to: "ines.duval@exemple.fr".into(),
        to_name: Some("Inès Duval".into()),
        subject: "Vous avez un nouveau badge".into(),
        text: "Bonjour Inès,\n\nVoir mon badge\u{a0}: http://localhost:8080/r/ABCDEFGH\n".into(),
        html: String::new(),
        message_id: "<1@localhost>".into(),
    };
    let at = time::macros::datetime!(2026-11-20 14:05 UTC);
    let line = Line { number: 1, subject: letter.subject.clone(), to: letter.to.clone(), at: web::dates::moment(at) };
    vec![
        Sample::new("livret", "/", "accueil", &FirstPage::new(site, None)),
        Sample::new("livret", "/", "accueil-demonstration", &FirstPage::new(site, Some(walk))),
        Sample::new("livret", "/courrier", "courrier-vide", &Letters::new(site, Vec::new())),
        Sample::new("livret", "/courrier", "courrier", &Letters::new(site, vec![line])),
        Sample::new("livret", "/courrier/{number}", "lettre", &LetterPage::new(site, 1, &letter, at)),
    ]
}

async fn first_page(State(home): State<Home>) -> web::Result<Response> {
    let walk = home.walk.read().unwrap_or_else(PoisonError::into_inner).clone();
    web::render(Cache::Private, &FirstPage::new(&home.site, walk))
}

async fn list(State(home): State<Home>) -> web::Result<Response> {
    let kept = home.letters.as_ref().map(Memory::all).unwrap_or_default();
    let lines = kept
        .iter()
        .rev()
        .map(|sent| Line {
            number: sent.number,
            subject: sent.letter.subject.clone(),
            to: sent.letter.to.clone(),
            at: web::dates::moment(sent.at),
        })
        .collect();
    web::render(Cache::Private, &Letters::new(&home.site, lines))
}

async fn letter(State(home): State<Home>, Path(number): Path<u64>) -> web::Result<Response> {
    let sent = home.letters.as_ref().and_then(|letters| letters.get(number)).ok_or(web::Error::NotFound)?;
    web::render(Cache::Private, &LetterPage::new(&home.site, number, &sent.letter, sent.at))
}

/// The letter's own HTML: it carries its few styles, as mail readers want, so this page alone allows them.
async fn letter_as_sent(State(home): State<Home>, Path(number): Path<u64>) -> web::Result<Response> {
    let sent = home.letters.as_ref().and_then(|letters| letters.get(number)).ok_or(web::Error::NotFound)?;
    let mut response = axum::response::Html(sent.letter.html).into_response();
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'",
        ),
    );
    Ok(response)
}

#[derive(Template)]
#[template(path = "home.html")]
struct FirstPage {
    shell: Shell,
    walk: Option<Walk>,
    atelier: String,
    sign_in: String,
    region: String,
    livret: String,
    slip: String,
    verifier: String,
    job: String,
    referentiel: String,
    families: Vec<FamilyLine>,
}

struct FamilyLine {
    name: &'static str,
    words: &'static str,
    picture: String,
}

impl FirstPage {
    fn new(site: &Site, walk: Option<Walk>) -> Self {
        let houses = &site.houses;
        let version = &badge_schemas::referentiel::referentiel().version;
        let picture = |badge: &str, level: &str| {
            houses.issuer.join(&format!("/referentiel/{version}/{badge}/{level}/vignette.svg"))
        };
        let referentiel = houses.issuer.join("/referentiel");
        // Who walks finds the field filled in.
        let door = |path: &str, email: Option<&str>| {
            let query = email.and_then(|email| serde_html_form::to_string([("mel", email)]).ok());
            houses.issuer.join(&query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}")))
        };
        Self {
            shell: Shell::new(site, "Ce que vous savez faire mérite d’être vu.")
                .menu([("Le référentiel", referentiel.as_str()), ("Aide", "/aide")]),
            atelier: houses.issuer.join("/atelier"),
            sign_in: door("/atelier/entrer", walk.as_ref().map(|walk| walk.trainer_email.as_str())),
            region: door("/region/entrer", walk.as_ref().map(|walk| walk.officer_email.as_str())),
            livret: houses.wallet.join("/livret"),
            walk,
            slip: houses.wallet.join("/r"),
            verifier: houses.verifier.join("/v"),
            job: houses.job.join("/job-normandie"),
            families: vec![
                FamilyLine {
                    name: "Comportementales",
                    words: "Le cercle. Travailler avec les autres\u{a0}: autonomie, rigueur, équipe.",
                    picture: picture("cpt-travail-en-equipe", "pratique"),
                },
                FamilyLine {
                    name: "De base",
                    words: "L’arche. Le socle\u{a0}: lire, calculer, travailler en sécurité.",
                    picture: picture("bas-lire", "decouvre"),
                },
                FamilyLine {
                    name: "Numériques",
                    words: "Le carré. Chercher, échanger, créer, se protéger en ligne.",
                    picture: picture("num-proteger-ses-donnees", "maitrise"),
                },
                FamilyLine {
                    name: "Badges clés",
                    words: "Le trèfle. Organiser, s’adapter, communiquer, s’intégrer.",
                    picture: picture("cle-s-integrer", "maitrise"),
                },
            ],
            referentiel,
        }
    }
}

#[derive(Template)]
#[template(path = "courrier.html")]
struct Letters {
    shell: Shell,
    letters: Vec<Line>,
}

struct Line {
    number: u64,
    subject: String,
    to: String,
    at: String,
}

impl Letters {
    fn new(site: &Site, letters: Vec<Line>) -> Self {
        let title = match letters.len() {
            0 => "Les courriels".to_owned(),
            1 => "1\u{a0}courriel".to_owned(),
            n => web::words::count(n, "courriel", "courriels"),
        };
        Self { shell: Shell::new(site, title).house("Les courriels").narrow().noindex(), letters }
    }
}

#[derive(Template)]
#[template(path = "lettre.html")]
struct LetterPage {
    shell: Shell,
    number: u64,
    to: String,
    at: String,
    lines: Vec<Text>,
}

/// A line of a letter, its address apart so that it can be followed.
struct Text {
    text: String,
    link: String,
}

impl LetterPage {
    fn new(site: &Site, number: u64, letter: &post::Letter, at: time::OffsetDateTime) -> Self {
        let lines = letter
            .text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| match line.find("http") {
                Some(start) if line[start..].starts_with("http://") || line[start..].starts_with("https://") => {
                    let end = line[start..].find(char::is_whitespace).map_or(line.len(), |end| start + end);
                    Text { text: format!("{}{}", &line[..start], &line[end..]), link: line[start..end].to_owned() }
                }
                _ => Text { text: line.to_owned(), link: String::new() },
            })
            .collect();
        Self {
            shell: Shell::new(site, letter.subject.clone()).house("Les courriels").narrow().noindex(),
            number,
            to: letter.to.clone(),
            at: web::dates::moment(at),
            lines,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_written_for_whoever_walks_the_demonstration() {
        let site = Site::demo(web::Origin::parse("http://localhost:8080").expect("an origin"));
        let walk = FirstPage::new(&site, Some(Walk::sample(&site)));
        assert_eq!(walk.sign_in, "http://localhost:8080/atelier/entrer?mel=claire.aubert%40noireau.example");
        assert_eq!(walk.region, "http://localhost:8080/region/entrer?mel=ariane.lecoq%40region.example");
        assert_eq!(FirstPage::new(&site, None).sign_in, "http://localhost:8080/atelier/entrer");
    }
}
