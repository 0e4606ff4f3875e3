//! A visitor without a screen: follows links, fills forms, keeps cookies, over plain HTTP.
//!
//! The demonstration is made with it, and the journeys of `tests/` are told with it, so that both go through
//! the product's public doors and nowhere else.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use reqwest::{Client, Method, StatusCode, redirect};
use url::Url;

/// One person's browser: its own cookies.
#[derive(Debug, Clone)]
pub struct Browser {
    client: Client,
    base: Url,
    cookies: Vec<Cookie>,
    accept: &'static str,
}

#[derive(Debug, Clone)]
struct Cookie {
    origin: String,
    path: String,
    name: String,
    value: String,
}

/// A page as received, redirects followed.
#[derive(Debug, Clone)]
pub struct Page {
    /// The address after redirects.
    pub url: Url,
    /// The status of the last answer.
    pub status: StatusCode,
    /// `Content-Type`, or empty.
    pub content_type: String,
    /// The text; of a file, what reads as text.
    pub text: String,
    /// The bytes as they came.
    pub bytes: Vec<u8>,
}

/// What went wrong on the way.
#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    /// The server did not answer.
    #[error("no answer: {0}")]
    Http(#[from] reqwest::Error),
    /// An address that is none.
    #[error("not an address: {0}")]
    Url(#[from] url::ParseError),
    /// More than ten redirects.
    #[error("too many redirects")]
    Redirects,
    /// A form or link that the page does not have.
    #[error("the page {url} has no {what}")]
    Missing {
        /// Where it was looked for.
        url: String,
        /// What was looked for.
        what: String,
    },
    /// An answer other than the one awaited.
    #[error("{url} answered {status}: {title}")]
    Status {
        /// Which page.
        url: String,
        /// Its status.
        status: u16,
        /// Its title, to understand.
        title: String,
    },
}

impl Browser {
    /// A browser without cookies, for this site.
    ///
    /// # Errors
    /// When the base is no address or the client cannot be built.
    pub fn new(base: &str) -> Result<Self, BrowserError> {
        let _already = rustls::crypto::ring::default_provider().install_default();
        Ok(Self {
            client: Client::builder()
                .redirect(redirect::Policy::none())
                .timeout(std::time::Duration::from_secs(120))
                .build()?,
            base: Url::parse(base)?,
            cookies: Vec::new(),
            accept: "text/html,application/xhtml+xml,*/*;q=0.8",
        })
    }

    /// The same person asking for JSON.
    #[must_use]
    pub fn asking_json(mut self) -> Self {
        self.accept = "application/json";
        self
    }

    /// The same person, cookies and all, sent to another instance of the same site by a load balancer.
    ///
    /// # Errors
    /// When the base is no address.
    pub fn at(mut self, base: &str) -> Result<Self, BrowserError> {
        self.base = Url::parse(base)?;
        let origin = self.base.origin().ascii_serialization();
        for cookie in &mut self.cookies {
            cookie.origin.clone_from(&origin);
        }
        Ok(self)
    }

    /// Reads an address (relative ones on the base).
    pub async fn get(&mut self, address: &str) -> Result<Page, BrowserError> {
        let url = self.base.join(address)?;
        self.go(Method::GET, url, None).await
    }

    /// Sends a form.
    pub async fn post(&mut self, address: &str, fields: &[(&str, &str)]) -> Result<Page, BrowserError> {
        let url = self.base.join(address)?;
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.go(Method::POST, url, Some(("application/x-www-form-urlencoded".into(), body.into_bytes()))).await
    }

    /// Sends the form of `page` whose action contains `action`: its own values, then `changes`.
    pub async fn submit(&mut self, page: &Page, action: &str, changes: &[(&str, &str)]) -> Result<Page, BrowserError> {
        let form = page.form(action)?;
        let mut fields: Vec<(&str, &str)> = form
            .fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name))
            .collect();
        fields.extend_from_slice(changes);
        let target = page.url.join(&form.action)?;
        self.post(target.as_str(), &fields).await
    }

    /// Sends a file with other fields (`multipart/form-data`).
    pub async fn upload(
        &mut self,
        address: &str,
        file: (&str, &str, &[u8]),
        fields: &[(&str, &str)],
    ) -> Result<Page, BrowserError> {
        const BOUNDARY: &str = "livret-boundary-7MA4YWxkTrZu0gW";
        let (name, file_name, content) = file;
        let mut head = String::new();
        for (field, value) in fields {
            let _ = write!(head, "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
        }
        let _ = write!(
            head,
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        let mut body = head.into_bytes();
        body.extend_from_slice(content);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let url = self.base.join(address)?;
        self.go(Method::POST, url, Some((format!("multipart/form-data; boundary={BOUNDARY}"), body))).await
    }

    async fn go(
        &mut self,
        mut method: Method,
        mut url: Url,
        mut body: Option<(String, Vec<u8>)>,
    ) -> Result<Page, BrowserError> {
        for _ in 0..10 {
            let mut request = self
                .client
                .request(method.clone(), url.clone())
                .header("accept", self.accept)
                .header("sec-fetch-site", "same-origin");
            let cookies = self.cookies_for(&url);
            if !cookies.is_empty() {
                request = request.header("cookie", cookies);
            }
            if let Some((content_type, bytes)) = &body {
                request = request.header("content-type", content_type).body(bytes.clone());
            }
            let response = request.send().await?;
            for cookie in response.headers().get_all("set-cookie") {
                if let Ok(cookie) = cookie.to_str() {
                    self.keep(&url, cookie);
                }
            }
            let status = response.status();
            let location =
                response.headers().get("location").and_then(|value| value.to_str().ok()).map(ToOwned::to_owned);
            if let (true, Some(location)) = (status.is_redirection(), location) {
                url = url.join(&location)?;
                method = Method::GET;
                body = None;
                continue;
            }
            let content_type = response
                .headers()
                .get("content-type")
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
                .to_owned();
            let bytes = response.bytes().await?.to_vec();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            return Ok(Page { url, status, content_type, text, bytes });
        }
        Err(BrowserError::Redirects)
    }

    fn cookies_for(&self, url: &Url) -> String {
        let origin = url.origin().ascii_serialization();
        let mut out = String::new();
        for cookie in &self.cookies {
            if cookie.origin == origin && url.path().starts_with(&cookie.path) {
                if !out.is_empty() {
                    out.push_str("; ");
                }
                let _ = write!(out, "{}={}", cookie.name, cookie.value);
            }
        }
        out
    }

    fn keep(&mut self, url: &Url, header: &str) {
        let mut parts = header.split(';').map(str::trim);
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
            return;
        };
        let attributes: BTreeMap<String, &str> = parts
            .map(|part| part.split_once('=').unwrap_or((part, "")))
            .map(|(key, value)| (key.to_ascii_lowercase(), value))
            .collect();
        let origin = url.origin().ascii_serialization();
        let path = attributes.get("path").copied().unwrap_or("/").to_owned();
        self.cookies.retain(|kept| !(kept.origin == origin && kept.path == path && kept.name == name));
        if attributes.get("max-age").is_none_or(|age| *age != "0") && !value.is_empty() {
            self.cookies.push(Cookie { origin, path, name: name.to_owned(), value: value.to_owned() });
        }
    }
}

/// A form: where it goes, and the values it holds as served.
#[derive(Debug, Clone)]
pub struct Form {
    /// Its `action`.
    pub action: String,
    /// Hidden, filled, checked and selected values, in order.
    pub fields: Vec<(String, String)>,
}

impl Page {
    /// The page itself when it answered 200.
    ///
    /// # Errors
    /// Any other status, with the page's title.
    pub fn ok(self) -> Result<Self, BrowserError> {
        if self.status == StatusCode::OK {
            return Ok(self);
        }
        Err(BrowserError::Status {
            url: self.url.path().to_owned(),
            status: self.status.as_u16(),
            title: [self.title(), self.refusals()].join(" "),
        })
    }

    /// The text of the first `h1`, entities decoded, or empty.
    pub fn title(&self) -> String {
        between(&self.text, "<h1", "</h1>")
            .and_then(|inner| inner.split_once('>'))
            .map(|(_, inner)| words(inner))
            .unwrap_or_default()
    }

    /// What the page says is to be mended, when it is a refused form.
    fn refusals(&self) -> String {
        between(&self.text, "class=\"errors\"", "</ul>")
            .and_then(|inner| inner.split_once('>'))
            .map(|(_, inner)| words(inner))
            .unwrap_or_default()
    }

    /// The page as a person reads it: no tags, entities decoded, every kind of space one space.
    pub fn words(&self) -> String {
        let body = self.text.split_once("<main").map_or(self.text.as_str(), |(_, rest)| rest);
        let body = body.split_once("</main>").map_or(body, |(main, _)| main);
        let body = body.split_once('>').map_or(body, |(_, rest)| rest);
        words(body)
    }

    /// The first link whose address contains `part`, made absolute.
    pub fn link(&self, part: &str) -> Result<String, BrowserError> {
        let mut rest = self.text.as_str();
        while let Some((_, tail)) = rest.split_once("<a ") {
            let tag = tail.split_once('>').map_or(tail, |(tag, _)| tag);
            if let Some(href) = attribute(tag, "href")
                && href.contains(part)
            {
                return Ok(self.url.join(&href)?.to_string());
            }
            rest = tail;
        }
        Err(self.missing(&format!("link to {part}")))
    }

    /// The first form whose action contains `part`.
    pub fn form(&self, part: &str) -> Result<Form, BrowserError> {
        let mut rest = self.text.as_str();
        while let Some((_, tail)) = rest.split_once("<form") {
            let (tag, inner) = tail.split_once('>').unwrap_or((tail, ""));
            let action = attribute(tag, "action").unwrap_or_else(|| self.url.path().to_owned());
            if action.contains(part) {
                let inner = inner.split_once("</form>").map_or(inner, |(inner, _)| inner);
                return Ok(Form { action, fields: fields(inner) });
            }
            rest = tail;
        }
        Err(self.missing(&format!("form to {part}")))
    }

    fn missing(&self, what: &str) -> BrowserError {
        BrowserError::Missing { url: format!("{} « {} »", self.url.path(), self.title()), what: what.to_owned() }
    }
}

fn fields(html: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let tail = &rest[start + 1..];
        let (tag, after) = tail.split_once('>').unwrap_or((tail, ""));
        rest = after;
        let element = tag.split_whitespace().next().unwrap_or_default();
        let Some(name) = attribute(tag, "name") else {
            continue;
        };
        if flag(tag, "disabled") {
            continue;
        }
        match element {
            "input" => {
                let kind = attribute(tag, "type").unwrap_or_default();
                let chosen = !matches!(kind.as_str(), "checkbox" | "radio") || flag(tag, "checked");
                if chosen && kind != "file" && kind != "submit" {
                    let value = attribute(tag, "value")
                        .unwrap_or_else(|| if kind == "checkbox" { "on".into() } else { String::new() });
                    found.push((name, value));
                }
            }
            "textarea" => {
                let value = after.split_once("</textarea>").map_or("", |(text, _)| text);
                found.push((name, decode(value)));
            }
            "select" => {
                let options = after.split_once("</select>").map_or("", |(inner, _)| inner);
                if let Some(value) = chosen_option(options) {
                    found.push((name, value));
                }
            }
            _ => {}
        }
    }
    found
}

fn chosen_option(options: &str) -> Option<String> {
    let tags: Vec<&str> =
        options.split("<option").skip(1).filter_map(|tail| tail.split_once('>').map(|(tag, _)| tag)).collect();
    let tag = tags.iter().find(|tag| flag(tag, "selected")).or_else(|| tags.first())?;
    Some(attribute(tag, "value").unwrap_or_default())
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let marker = format!(" {name}=\"");
    let padded = format!(" {}", tag.replace(['\n', '\t'], " "));
    let start = padded.find(&marker)? + marker.len();
    let end = padded[start..].find('"')? + start;
    Some(decode(&padded[start..end]))
}

fn flag(tag: &str, name: &str) -> bool {
    tag.split_whitespace().any(|word| word == name || word.trim_end_matches('/') == name)
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, tail) = text.split_once(start)?;
    tail.split_once(end).map(|(inner, _)| inner)
}

fn words(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for sign in html.chars() {
        match sign {
            '<' => {
                inside = true;
                out.push(' ');
            }
            '>' => inside = false,
            _ if !inside => out.push(sign),
            _ => {}
        }
    }
    decode(&out)
        .replace(['\u{a0}', '\u{202f}'], " ")
        .split([' ', '\n', '\t', '\r'])
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn decode(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#38;", "&")
        .replace("&nbsp;", "\u{a0}")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> Page {
        Page {
            url: Url::parse("http://localhost:8080/atelier").expect("an address"),
            status: StatusCode::OK,
            content_type: "text/html".into(),
            text: text.into(),
            bytes: text.into(),
        }
    }

    #[test]
    fn a_form_gives_its_own_values() {
        let page = page(
            "<form method=\"post\" action=\"/x\"><input name=\"a\" value=\"1 &amp; 2\">\
             <input type=\"checkbox\" name=\"p\" value=\"7\" checked><input type=\"checkbox\" name=\"p\" value=\"8\">\
             <select name=\"s\"><option value=\"u\"><option value=\"v\" selected></select>\
             <textarea name=\"t\">mot</textarea></form>",
        );
        let form = page.form("/x").expect("a form");
        let expected = [("a", "1 & 2"), ("p", "7"), ("s", "v"), ("t", "mot")];
        let found: Vec<(&str, &str)> =
            form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn words_are_what_a_person_reads() {
        let page = page("<main><h1 id=\"t\">Badge <b>authentique</b></h1><p>Rien&#39;a</p></main>");
        assert_eq!(page.title(), "Badge authentique");
        assert_eq!(page.words(), "Badge authentique Rien'a");
    }
}
