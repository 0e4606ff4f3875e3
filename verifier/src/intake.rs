//! The page where a badge comes in: a code, a photo, a file, a link. Each form stands alone and works without script.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::{Multipart, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use tokio::sync::Semaphore;
use web::codes::{Code, CodeFault, Kind};
use web::form::Fields;
use web::upload::{self, Caps};
use web::{Cache, Error, FieldErrors, Form, Shell, Site, Words, redirect, wants_json};

use crate::count::Way;
use crate::house::Verifier;
use crate::photo::{self, PhotoFault};
use crate::target::{self, Target};
use crate::verdict;
use crate::visitor::Visitor;

/// The largest file read, in bytes: a badge as JSON, a signed token, a picture or a PDF that carries one.
pub(crate) const FILE_BYTES: usize = 5 * 1024 * 1024;
/// The largest photo read, in bytes: a telephone's weighs 3 to 8 MB.
pub(crate) const PHOTO_BYTES: usize = 12 * 1024 * 1024;
/// How long a photo waits for the ones before it.
const PATIENCE: Duration = Duration::from_secs(5);

/// `GET /v`
pub(crate) async fn page(State(house): State<Verifier>) -> web::Result {
    web::render(Cache::Public(300), &Intake::new(house.site()))
}

/// `POST /v/code`
pub(crate) async fn code(State(house): State<Verifier>, Form(fields): Form<Fields>) -> web::Result {
    let typed = fields.get("code");
    let site = house.site();
    match target::read(typed, site) {
        Target::Ours(token) => Ok(redirect(&format!("/v/{token}"))),
        Target::Belongs(kind) => Intake::new(site).typed(typed).belongs("code", kind).refused(),
        // An address in the place of a code: it goes where addresses go, and is read there.
        Target::Elsewhere(_) | Target::OurPage | Target::NotHttps => Intake::new(site)
            .pasted(typed)
            .wrong("lien", "C’est une adresse, pas un code\u{a0}: nous l’avons mise ici, vérifiez-la d’ici")
            .refused(),
        Target::Nothing => {
            let fault = Code::parse_as(&[Kind::Showing, Kind::Share], typed).err().unwrap_or(CodeFault::Empty);
            Intake::new(site).typed(typed).wrong("code", fault.message()).refused()
        }
    }
}

/// `POST /v/photo`
pub(crate) async fn photo(
    State(house): State<Verifier>,
    visitor: Visitor,
    headers: HeaderMap,
    parts: Multipart,
) -> web::Result {
    visitor.sends(&house).await?;
    let upload = upload::read(parts, Caps::file(PHOTO_BYTES)).await?;
    let page = Intake::new(house.site());
    let Some(file) = upload.file.filter(|file| !file.bytes.is_empty()) else {
        return page.wrong("photo", "Choisissez une photo du QR").refused();
    };
    // A badge's picture from a livret carries the badge itself: no QR is needed.
    let (handed, bytes) = verdict::unpack(&house, file.bytes).await?;
    if handed.carries_a_badge() {
        return verdict::of_file(&house, Way::File, handed, wants_json(&headers)).await;
    }
    match develop(&house.darkroom, PATIENCE, bytes).await? {
        Ok(text) => Box::pin(follow(&house, page, "photo", Way::Photo, &text, wants_json(&headers))).await,
        Err(PhotoFault::NotAPicture) => {
            page.wrong("photo", "Cette image ne se lit pas\u{a0}: envoyez une photo JPEG, PNG ou WebP").refused()
        }
        Err(PhotoFault::TooLarge) => {
            page.wrong("photo", "Cette image a trop de points\u{a0}: prenez une photo plus petite").refused()
        }
        Err(PhotoFault::NoCode) => page
            .wrong(
                "photo",
                "Nous n’avons pas vu de QR sur cette photo\u{a0}: approchez-vous, ou tapez le code écrit dessous",
            )
            .refused(),
    }
}

/// `POST /v/fichier`
pub(crate) async fn file(
    State(house): State<Verifier>,
    visitor: Visitor,
    headers: HeaderMap,
    parts: Multipart,
) -> web::Result {
    visitor.sends(&house).await?;
    let upload = upload::read(parts, Caps::file(FILE_BYTES)).await?;
    let page = Intake::new(house.site());
    let Some(file) = upload.file.filter(|file| !file.bytes.is_empty()) else {
        return page.wrong("fichier", "Choisissez le fichier du badge").refused();
    };
    // A picture without a badge inside may show a QR: what a person drops here by mistake is read all the same.
    let (handed, bytes) = verdict::unpack(&house, file.bytes).await?;
    if !handed.carries_a_badge()
        && let Ok(text) = develop(&house.darkroom, PATIENCE, bytes).await?
    {
        return Box::pin(follow(&house, page, "fichier", Way::Photo, &text, wants_json(&headers))).await;
    }
    verdict::of_file(&house, Way::File, handed, wants_json(&headers)).await
}

/// `POST /v/lien`
pub(crate) async fn link(
    State(house): State<Verifier>,
    visitor: Visitor,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> web::Result {
    visitor.sends(&house).await?;
    let pasted = fields.get("lien");
    let page = Intake::new(house.site()).pasted(pasted);
    Box::pin(follow(&house, page, "lien", Way::Link, pasted, wants_json(&headers))).await
}

/// Goes where a scanned or pasted text leads.
async fn follow(house: &Verifier, page: Intake, field: &str, way: Way, text: &str, json: bool) -> web::Result {
    match target::read(text, house.site()) {
        Target::Ours(token) => Ok(redirect(&format!("/v/{token}"))),
        Target::Belongs(kind) => page.belongs(field, kind).refused(),
        Target::OurPage => {
            page.wrong(field, "Cette adresse est bien la nôtre, mais elle ne montre pas de badge").refused()
        }
        Target::NotHttps => page.wrong(field, "Nous ne lisons que les adresses qui commencent par https://").refused(),
        Target::Nothing => {
            let message = match way {
                Way::Photo => "Ce QR ne mène pas à un badge",
                _ => "Ce n’est pas une adresse complète\u{a0}: elle commence par https://",
            };
            page.wrong(field, message).refused()
        }
        Target::Elsewhere(url) => {
            // A silent or empty address is told as such, beside the field; anything else is judged.
            let why = match verdict::of_url(house, way, &url, json).await? {
                Ok(response) => return Ok(response),
                Err(why) => why,
            };
            let message = match why.as_deref() {
                Some("not_found") => "Il n’y a pas de badge à cette adresse",
                Some("server_error") => "Cette adresse a répondu par une erreur\u{a0}: essayez plus tard",
                Some("too_large") => "Ce qui se trouve à cette adresse est trop gros pour un badge",
                _ => "Cette adresse ne répond pas, ou nous n’y allons pas",
            };
            page.wrong(field, message).refused()
        }
    }
}

/// Looks for the QR, one picture at a time. A decoder that panics on a hostile picture saw no QR.
async fn develop(
    darkroom: &Arc<Semaphore>,
    patience: Duration,
    bytes: Vec<u8>,
) -> Result<Result<String, PhotoFault>, Error> {
    let turn = tokio::time::timeout(patience, darkroom.clone().acquire_owned()).await;
    let Ok(Ok(turn)) = turn else { return Err(busy()) };
    let read = move || {
        // The turn ends with the work: a visitor who goes away does not stop a decoder that runs.
        let _turn = turn;
        photo::read(&bytes)
    };
    Ok(tokio::task::spawn_blocking(read).await.unwrap_or(Err(PhotoFault::NotAPicture)))
}

fn busy() -> Error {
    Error::Unavailable.with(
        Words::new(
            "Trop de photos arrivent en même temps",
            "La vôtre n’a pas été lue. Essayez de nouveau dans une minute, ou tapez le code écrit sous le QR.",
        )
        .link("/v", "Taper le code ou essayer de nouveau"),
    )
}

/// The intake page.
#[derive(Template)]
#[template(path = "verifier/accueil.html")]
pub(crate) struct Intake {
    shell: Shell,
    errors: FieldErrors,
    code: String,
    link: String,
    /// Where a code of another kind is typed: address and label.
    elsewhere: Option<(String, &'static str)>,
    site: Site,
}

impl Intake {
    pub(crate) fn new(site: &Site) -> Self {
        Self {
            shell: Shell::new(site, "Vérifier un badge").house("Vérification").narrow(),
            errors: FieldErrors::new(),
            code: String::new(),
            link: String::new(),
            elsewhere: None,
            site: site.clone(),
        }
    }

    pub(crate) fn typed(mut self, code: &str) -> Self {
        self.code = code.chars().take(64).collect();
        self
    }

    fn pasted(mut self, link: &str) -> Self {
        self.link = link.chars().take(2_000).collect();
        self
    }

    pub(crate) fn wrong(mut self, field: &str, message: impl Into<String>) -> Self {
        self.errors.add(field, message);
        self
    }

    pub(crate) fn belongs(mut self, field: &str, kind: Kind) -> Self {
        self.elsewhere = Some(verdict::place(&self.site, kind));
        self.wrong(field, kind.belongs())
    }

    fn refused(self) -> web::Result<Response> {
        web::render_status(StatusCode::UNPROCESSABLE_ENTITY, Cache::Private, &self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_busy_darkroom_says_so_and_a_free_one_frees_itself() {
        let darkroom = Arc::new(Semaphore::new(1));
        let turn = darkroom.clone().try_acquire_owned().expect("a free room");
        let refused = develop(&darkroom, Duration::from_millis(10), vec![]).await.expect_err("busy");
        assert_eq!((refused.status(), refused.words().way.0), (StatusCode::SERVICE_UNAVAILABLE, "/v".to_owned()));
        drop(turn);
        assert!(matches!(develop(&darkroom, PATIENCE, vec![]).await, Ok(Err(_))));
        assert_eq!(darkroom.available_permits(), 1);
    }
}
