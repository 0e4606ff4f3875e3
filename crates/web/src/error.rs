use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};

use crate::words;

/// What a handler answers when it cannot answer. Becomes a page with a way forward, or `application/problem+json`
/// (RFC 9457) when the caller asks for JSON; the layer of [`app`](crate::app) writes either.
///
/// A refused form is usually no error: it comes back with its answers through
/// [`render_status`](crate::render_status) and 422. Any other error turns into [`Error::Internal`] by `?`, logged.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// 404.
    NotFound,
    /// 403: known, but not for this person.
    Forbidden,
    /// 303 to this sign-in page; 401 for JSON.
    SignIn(String),
    /// 405: an address that only receives a form, or only shows.
    Method,
    /// 410: it existed and was withdrawn, stopped or has expired.
    Gone,
    /// 429: come back after this many seconds.
    TooMany(u64),
    /// 409: somebody was quicker.
    Conflict,
    /// 422: the sentence says what is wrong, then what to do.
    Invalid(String),
    /// 413.
    TooLarge,
    /// 503: another house, or the database, does not answer.
    Unavailable,
    /// 500: our fault, already logged.
    Internal,
    /// One of the others, in words for this page: made by [`Error::with`].
    Worded(Box<Self>, Box<Words>),
}

/// What handlers return.
pub type Result<T = Response> = std::result::Result<T, Error>;

/// The words of an error page: what happened, and where to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The `h1`: the answer itself.
    pub title: String,
    /// What happened, what can be done.
    pub sentence: String,
    /// Where to go: address and label.
    pub way: (String, String),
}

impl Error {
    /// Logs an unforeseen error and hides it from the visitor.
    pub fn internal(error: impl std::fmt::Display) -> Self {
        tracing::error!(error.message = %error, "une page n’a pas pu être faite");
        Self::Internal
    }

    /// The same error in words of its own: `Error::Gone.with(Words::new("Ce partage est arrêté", "…"))`.
    #[must_use]
    pub fn with(self, words: Words) -> Self {
        Self::Worded(Box::new(self), Box::new(words))
    }

    /// The status of the page.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::SignIn(_) => StatusCode::UNAUTHORIZED,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Gone => StatusCode::GONE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Conflict => StatusCode::CONFLICT,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Worded(error, _) => error.status(),
        }
    }

    /// The stable word of the problem document.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Forbidden => "forbidden",
            Self::SignIn(_) => "sign_in",
            Self::Method => "method",
            Self::Gone => "gone",
            Self::TooMany(_) => "too_many",
            Self::Conflict => "conflict",
            Self::Invalid(_) => "invalid",
            Self::TooLarge => "too_large",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
            Self::Worded(error, _) => error.code(),
        }
    }

    /// What the page says.
    pub fn words(&self) -> Words {
        match self {
            Self::NotFound => {
                Words::new("Cette page n’existe pas", "L’adresse est peut-être incomplète, ou la page n’est plus là.")
            }
            Self::Forbidden => Words::new(
                "Cette page n’est pas pour ce compte",
                "La personne qui gère les accès de votre organisme peut vous l’ouvrir.",
            ),
            Self::SignIn(to) => {
                Words::new("Cette page demande d’entrer", "Entrez, puis vous y reviendrez.").link(to, "Entrer")
            }
            Self::Method => Words::new(
                "Cette adresse ne s’ouvre pas ainsi",
                "Elle reçoit un formulaire. Revenez à la page d’où vous venez.",
            ),
            Self::Gone => Words::new("Ce lien ne sert plus", "Ce qu’il montrait a été retiré, arrêté, ou a pris fin."),
            Self::TooMany(seconds) => {
                Words::new("Trop d’essais", &format!("Attendez {}, puis recommencez.", wait(*seconds)))
            }
            Self::Conflict => Words::new(
                "Quelque chose a changé entre-temps",
                "Cette demande a déjà été faite, ou quelqu’un a été plus rapide. Revenez à la page et regardez où elle en est.",
            ),
            Self::Invalid(sentence) => Words::new("La demande n’a pas pu être lue", sentence),
            Self::TooLarge => Words::new(
                "C’est trop gros",
                "L’envoi dépasse la taille permise. Revenez en arrière et choisissez un fichier plus petit.",
            ),
            Self::Unavailable => Words::new(
                "Le service ne répond pas pour le moment",
                "Rien n’a été envoyé. Essayez de nouveau dans une minute.",
            ),
            Self::Internal => Words::new(
                "Quelque chose n’a pas marché",
                "La faute est chez nous, pas chez vous. Essayez de nouveau dans une minute.",
            ),
            Self::Worded(_, words) => (**words).clone(),
        }
    }

    /// Seconds for `Retry-After`.
    pub(crate) fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooMany(seconds) => Some(*seconds),
            Self::Unavailable => Some(60),
            Self::Worded(error, _) => error.retry_after(),
            _ => None,
        }
    }

    /// Where to sign in, when that is what is missing.
    pub(crate) fn sign_in(&self) -> Option<&str> {
        match self {
            Self::SignIn(to) => Some(to),
            Self::Worded(error, _) => error.sign_in(),
            _ => None,
        }
    }
}

impl Words {
    /// A title and a sentence; the way forward is the first page.
    pub fn new(title: &str, sentence: &str) -> Self {
        Self {
            title: title.to_owned(),
            sentence: sentence.to_owned(),
            way: ("/".to_owned(), "Aller à l’accueil".to_owned()),
        }
    }

    /// Another way forward.
    #[must_use]
    pub fn link(mut self, to: &str, label: &str) -> Self {
        self.way = (to.to_owned(), label.to_owned());
        self
    }
}

impl IntoResponse for Error {
    /// A bare status that carries the error; the layer of [`app`](crate::app) makes the page.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
        response.extensions_mut().insert(self);
        response
    }
}

impl<E: std::error::Error> From<E> for Error {
    fn from(error: E) -> Self {
        Self::internal(error)
    }
}

fn wait(seconds: u64) -> String {
    let count = |n: u64, one, many| words::count(usize::try_from(n).unwrap_or(usize::MAX), one, many);
    match seconds {
        0..=60 => count(seconds.max(1), "seconde", "secondes"),
        61..=3600 => count(seconds.div_ceil(60), "minute", "minutes"),
        _ => count(seconds.div_ceil(3600), "heure", "heures"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_said_in_round_words() {
        assert_eq!(wait(0), "1\u{a0}seconde");
        assert_eq!(wait(90), "2\u{a0}minutes");
        assert_eq!(wait(7200), "2\u{a0}heures");
    }

    #[test]
    fn worded_keeps_the_status() {
        let error = Error::TooMany(30).with(Words::new("Trop de lettres", "…").link("/livret", "Mon livret"));
        assert_eq!(
            (error.status(), error.code(), error.retry_after()),
            (StatusCode::TOO_MANY_REQUESTS, "too_many", Some(30))
        );
        assert_eq!(error.words().way.0, "/livret");
    }
}
