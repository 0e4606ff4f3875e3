//! Forms: reading them, and saying what is wrong beside each field.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request, rejection::BytesRejection},
};
use http::{StatusCode, header};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{Error, words};

/// A posted form, `application/x-www-form-urlencoded`. Repeated fields become a `Vec`; `T` may be [`Fields`] when
/// the names are not known beforehand. Limited by the route's body limit ([`body_limit`](crate::body_limit)).
#[derive(Debug, Clone)]
pub struct Form<T = Fields>(pub T);

/// The fields of a form in the order sent.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Fields(Vec<(String, String)>);

/// What is wrong in a form: one message per field, in the order of the page. The key is the `id` of the input.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<(String, String)>);

impl Fields {
    /// The first value of a field without surrounding blanks; empty when it was not sent.
    pub fn get(&self, name: &str) -> &str {
        let filled = self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.trim());
        filled.into_iter().find(|value| !value.is_empty()).unwrap_or("")
    }

    /// Every value of a field without surrounding blanks, empty ones left out.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let named = self.0.iter().filter(move |(key, _)| key == name);
        named.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// Whether a field was sent with this value: for ticks when the form comes back.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|sent| sent == value)
    }

    /// All fields as they came.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (&**key, &**value))
    }
}

impl FieldErrors {
    /// No error yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds what is wrong with the field of this `id`; the first message of a field stays.
    pub fn add(&mut self, id: impl Into<String>, message: impl Into<String>) {
        let id = id.into();
        if self.of(&id).is_none() {
            self.0.push((id, message.into()));
        }
    }

    /// What is wrong with the field of this `id`.
    pub fn of(&self, id: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == id).map(|(_, message)| &**message)
    }

    /// Everything is right.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many fields are to be mended.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The title of the summary: `2 réponses à corriger`.
    pub fn title(&self) -> String {
        format!("{} à corriger", words::count(self.len(), "réponse", "réponses"))
    }

    /// `(id, message)` in the order of the page.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(id, message)| (&**id, &**message))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let media = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        if !media.trim_start().to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
            return Err(unreadable());
        }
        let body = Bytes::from_request(request, state).await.map_err(|rejection| too_large_or_cut(&rejection))?;
        serde_html_form::from_bytes(&body).map(Self).map_err(|_| unreadable())
    }
}

impl std::fmt::Debug for Fields {
    /// Names of fields only: values are people's.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.iter().map(|(key, _)| key)).finish()
    }
}

fn too_large_or_cut(rejection: &BytesRejection) -> Error {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE { Error::TooLarge } else { unreadable() }
}

fn unreadable() -> Error {
    Error::Invalid("Le formulaire n’est pas arrivé entier. Revenez en arrière et envoyez-le de nouveau.".to_owned())
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    async fn read<T: DeserializeOwned>(media: &str, body: &str) -> Result<T, Error> {
        let request = Request::post("/").header(header::CONTENT_TYPE, media).body(Body::from(body.to_owned())).unwrap();
        Form::from_request(request, &()).await.map(|Form(value)| value)
    }

    const URLENCODED: &str = "application/x-www-form-urlencoded; charset=UTF-8";

    #[derive(Deserialize, Debug, PartialEq)]
    struct Ticks {
        #[serde(default)]
        p: Vec<u32>,
        phrase: String,
    }

    #[tokio::test]
    async fn repeated_fields_become_a_list() {
        let form: Ticks = read(URLENCODED, "p=1&phrase=Vu+%C3%A0+midi&p=3").await.unwrap();
        assert_eq!(form, Ticks { p: vec![1, 3], phrase: "Vu à midi".to_owned() });
    }

    #[tokio::test]
    async fn fields_without_a_type() {
        let form: Fields = read(URLENCODED, "p=1&p=+2+&vide=").await.unwrap();
        assert_eq!(form.all("p").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!((form.get("vide"), form.get("rien"), form.has("p", "2")), ("", "", true));
        assert_eq!(format!("{form:?}"), r#"{"p", "p", "vide"}"#);
    }

    #[tokio::test]
    async fn what_cannot_be_read_says_so() {
        assert_eq!(read::<Ticks>(URLENCODED, "p=un").await, Err(unreadable()));
        assert_eq!(read::<Ticks>("application/json", "{}").await, Err(unreadable()));
    }

    #[test]
    fn errors_are_counted_in_the_title() {
        let mut errors = FieldErrors::new();
        errors.add("mel", "Il manque la fin");
        errors.add("mel", "autre chose");
        assert_eq!(errors.title(), "1\u{a0}réponse à corriger");
        errors.add("jour", "Ce jour n’existe pas");
        assert_eq!(errors.title(), "2\u{a0}réponses à corriger");
        assert_eq!(errors.of("mel"), Some("Il manque la fin"));
    }
}
