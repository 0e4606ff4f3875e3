//! The people of the walk, each with a browser of their own, acting through the product's public doors.
//!
//! The demonstration is prepared by them, and the journeys of `tests/` are told with the same words.

use std::path::PathBuf;
use std::time::Duration;

use post::Memory;

use crate::browser::{Browser, BrowserError, Page};

type Result<T> = std::result::Result<T, BrowserError>;

/// Where letters arrive.
#[derive(Debug, Clone)]
pub enum Mailbox {
    /// In the memory of this process.
    Memory(Memory),
    /// In a folder, as `--letters dir:PATH` writes them.
    Folder(PathBuf),
}

impl Mailbox {
    /// The newest address containing `part` in a letter to `person`; waits for the letter.
    ///
    /// # Errors
    /// No such letter within half a minute.
    pub async fn link(&self, person: &str, part: &str) -> Result<String> {
        for _ in 0..600 {
            if let Some(link) = self.links(person, part).pop() {
                return Ok(link);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Err(BrowserError::Missing { url: "letters".into(), what: format!("letter with {part}") })
    }

    /// Every address containing `part` in the letters to `person`, oldest first.
    pub fn links(&self, person: &str, part: &str) -> Vec<String> {
        self.texts(person).iter().filter_map(|text| link_in(text, part)).collect()
    }

    /// The texts of the letters to `person`, oldest first.
    pub fn texts(&self, person: &str) -> Vec<String> {
        match self {
            Self::Memory(memory) => memory.to(person).into_iter().map(|sent| sent.letter.text).collect(),
            Self::Folder(folder) => in_folder(folder, person),
        }
    }
}

fn link_in(text: &str, part: &str) -> Option<String> {
    text.split_whitespace()
        .find(|word| (word.starts_with("http://") || word.starts_with("https://")) && word.contains(part))
        .map(ToOwned::to_owned)
}

fn in_folder(folder: &PathBuf, person: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found: Vec<(std::time::SystemTime, String)> = entries
        .filter_map(std::result::Result::ok)
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "eml"))
        .filter_map(|entry| {
            let raw = std::fs::read_to_string(entry.path()).ok()?;
            let to_person = raw.lines().any(|line| line.starts_with("To:") && line.contains(person));
            to_person.then_some((entry.metadata().ok()?.modified().ok()?, quoted_printable(&raw)))
        })
        .collect();
    found.sort();
    found.into_iter().map(|(_, text)| text).collect()
}

/// Quoted-printable undone (RFC 2045 §6.7), enough to read our own letters.
fn quoted_printable(raw: &str) -> String {
    let joined = raw.replace("=\r\n", "").replace("=\n", "");
    let mut bytes = Vec::with_capacity(joined.len());
    let mut rest = joined.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = (first == b'=' && tail.len() >= 2)
            .then(|| std::str::from_utf8(&tail[..2]).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()))
            .flatten();
        if let Some(byte) = hex {
            bytes.push(byte);
            rest = &tail[2..];
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// An officer of the Région.
#[derive(Debug)]
pub struct Officer(pub Browser);

impl Officer {
    /// Signs in by the letter's link.
    ///
    /// # Errors
    /// When a door does not open.
    pub async fn enters(issuer: &str, letters: &Mailbox, email: &str) -> Result<Self> {
        let mut browser = Browser::new(issuer)?;
        sign_in(&mut browser, "/region/entrer", letters, email).await?;
        Ok(Self(browser))
    }

    /// Adds an organisation, habilitated for all families, and its referent. Answers its page.
    ///
    /// # Errors
    /// When the form is refused.
    pub async fn adds(&mut self, organisation: &NewOrganisation<'_>) -> Result<Page> {
        let form = self.0.get("/region/organismes/nouveau").await?.ok()?;
        let mut fields = vec![
            ("nom", organisation.name),
            ("court", organisation.short_name),
            ("commune", organisation.town),
            ("siret", organisation.siret),
            ("referent", organisation.referent),
            ("mel", organisation.email),
        ];
        fields.extend(["comportementale", "base", "numerique"].map(|family| ("familles", family)));
        self.0.submit(&form, "/region/organismes/nouveau", &fields).await?.ok()
    }

    /// Ends the habilitation of an organisation at once.
    ///
    /// # Errors
    /// When the form is refused.
    pub async fn ends(&mut self, opaque: &str, why: &str) -> Result<Page> {
        let address = format!("/region/organismes/{opaque}/fin");
        let form = self.0.get(&address).await?.ok()?;
        self.0.submit(&form, "/fin", &[("quand", "maintenant"), ("motif", why)]).await?.ok()
    }
}

/// An organisation to add.
#[derive(Debug, Clone, Copy)]
pub struct NewOrganisation<'a> {
    /// Its name.
    pub name: &'a str,
    /// On the rim of its badges.
    pub short_name: &'a str,
    /// Where it is.
    pub town: &'a str,
    /// Its SIRET.
    pub siret: &'a str,
    /// Its first referent.
    pub referent: &'a str,
    /// The referent's address.
    pub email: &'a str,
}

/// What a trainer writes once for a whole lot.
#[derive(Debug, Clone, Copy)]
pub struct Observation<'a> {
    /// `cpt-travail-en-equipe/pratique`.
    pub badge: &'a str,
    /// One sentence.
    pub sentence: &'a str,
    /// Kind of evidence, as the référentiel names it.
    pub evidence: &'a str,
}

/// A trainer of an organisation.
#[derive(Debug)]
pub struct Trainer(pub Browser);

impl Trainer {
    /// Signs in by the letter's link.
    ///
    /// # Errors
    /// When a door does not open.
    pub async fn enters(issuer: &str, letters: &Mailbox, email: &str) -> Result<Self> {
        let mut browser = Browser::new(issuer)?;
        sign_in(&mut browser, "/atelier/entrer", letters, email).await?;
        Ok(Self(browser))
    }

    /// Opens a session; answers its path.
    ///
    /// # Errors
    /// When the form is refused.
    pub async fn opens_session(&mut self, title: &str, place: &str) -> Result<String> {
        let form = self.0.get("/atelier/sessions/nouvelle").await?.ok()?;
        let page =
            self.0.submit(&form, "/atelier/sessions/nouvelle", &[("intitule", title), ("lieu", place)]).await?.ok()?;
        Ok(page.url.path().to_owned())
    }

    /// Drops a CSV; answers the review page, or the form again when the file is refused.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn drops(&mut self, session: &str, csv: &[u8]) -> Result<Page> {
        self.0.upload(&format!("{session}/importer"), ("fichier", "stagiaires.csv", csv), &[]).await
    }

    /// Attests the ready rows of a review; answers the page that follows.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn attests(&mut self, review: &Page, observation: Observation<'_>) -> Result<Page> {
        self.reviews(review, observation, "attest").await
    }

    /// Chooses the badge of a review without attesting yet; answers the review with each row's outcome.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn chooses(&mut self, review: &Page, observation: Observation<'_>) -> Result<Page> {
        self.reviews(review, observation, "save").await
    }

    async fn reviews(&mut self, review: &Page, observation: Observation<'_>, what: &str) -> Result<Page> {
        let fields = [
            ("badge", observation.badge),
            ("phrase", observation.sentence),
            ("preuve", observation.evidence),
            ("do", what),
        ];
        self.0.submit(review, "/atelier/imports/", &fields).await
    }

    /// Waits until a lot has ended; answers its page.
    ///
    /// # Errors
    /// When it has not ended within ten minutes.
    pub async fn waits_for(&mut self, lot: &Page) -> Result<Page> {
        for _ in 0..6_000 {
            let page = self.0.get(lot.url.as_str()).await?.ok()?;
            if !page.text.contains("data-refresh=") {
                return Ok(page);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err(BrowserError::Missing { url: lot.url.path().to_owned(), what: "end of the lot".into() })
    }

    /// Takes a whole lot back.
    ///
    /// # Errors
    /// When the button is gone.
    pub async fn undoes(&mut self, lot: &Page) -> Result<Page> {
        let form = self.0.get(&format!("{}/annuler", lot.url.path())).await?.ok()?;
        self.0.submit(&form, "/annuler", &[]).await?.ok()
    }

    /// Ticks people of a session and attests.
    ///
    /// # Errors
    /// When the form is refused.
    pub async fn ticks(&mut self, session: &str, names: &[&str], observation: Observation<'_>) -> Result<Page> {
        let page = self.0.get(&format!("{session}/attester?badge={}", observation.badge)).await?.ok()?;
        let people: Vec<String> = names.iter().filter_map(|name| ticked(&page, name)).collect();
        let mut fields: Vec<(&str, &str)> = people.iter().map(|id| ("p", id.as_str())).collect();
        fields.extend([
            ("badge", observation.badge),
            ("o", "0"),
            ("phrase", observation.sentence),
            ("preuve", observation.evidence),
            ("do", "attest"),
        ]);
        self.0.submit(&page, "/attester", &fields).await
    }

    /// Withdraws the badge of the newest page of awards that a session shows for `name`.
    ///
    /// # Errors
    /// When the form is refused.
    pub async fn withdraws(&mut self, award: &str, reason: &str) -> Result<Page> {
        let form = self.0.get(&format!("{award}/retirer")).await?.ok()?;
        self.0.submit(&form, "/retirer", &[("motif", reason)]).await?.ok()
    }
}

/// The value of the box beside a name on the page where people are ticked.
fn ticked(page: &Page, name: &str) -> Option<String> {
    page.text.split("<label").find(|label| label.contains(name) && label.contains("name=\"p\"")).and_then(|label| {
        let (_, tail) = label.split_once("value=\"")?;
        tail.split_once('"').map(|(value, _)| value.to_owned())
    })
}

/// A learner with their phone.
#[derive(Debug)]
pub struct Learner(pub Browser);

impl Learner {
    /// Someone who has no livret yet.
    ///
    /// # Errors
    /// When the address is none.
    pub fn new(wallet: &str) -> Result<Self> {
        Ok(Self(Browser::new(wallet)?))
    }

    /// Opens a letter's link or a slip's address and takes the badge.
    ///
    /// # Errors
    /// When the badge is not to be had.
    pub async fn claims(&mut self, link: &str) -> Result<Page> {
        let page = self.0.get(link).await?.ok()?;
        self.0.submit(&page, "/r/", &[]).await?.ok()
    }

    /// Shows the newest badge; answers the page with the QR.
    ///
    /// # Errors
    /// When there is nothing to show.
    pub async fn shows(&mut self) -> Result<Page> {
        let livret = self.0.get("/livret").await?.ok()?;
        self.0.submit(&livret, "/livret/montrer", &[]).await?.ok()
    }

    /// Shares every badge with a company for seven days; answers the page of the share.
    ///
    /// # Errors
    /// When the form is refused.
    pub async fn shares(&mut self, with: &str) -> Result<Page> {
        let page = self.0.get("/livret/partager").await?.ok()?;
        let badges = values(&page, "badge");
        let mut fields: Vec<(&str, &str)> = badges.iter().map(|id| ("badge", id.as_str())).collect();
        fields.extend([("audience", "company"), ("label", with), ("span", "7j")]);
        self.0.submit(&page, "/livret/partager", &fields).await?.ok()
    }

    /// Stops the share of this page.
    ///
    /// # Errors
    /// When the button is gone.
    pub async fn stops(&mut self, share: &Page) -> Result<Page> {
        self.0.submit(share, "/arreter", &[]).await?.ok()
    }
}

fn values(page: &Page, name: &str) -> Vec<String> {
    let marker = format!("name=\"{name}\" value=\"");
    page.text
        .split(&marker)
        .skip(1)
        .filter_map(|tail| tail.split_once('"').map(|(value, _)| value.to_owned()))
        .collect()
}

async fn sign_in(browser: &mut Browser, door: &str, letters: &Mailbox, email: &str) -> Result<Page> {
    let before = letters.links(email, &format!("{door}/")).len();
    let form = browser.get(door).await?.ok()?;
    browser.submit(&form, door, &[("mel", email)]).await?.ok()?;
    for _ in 0..600 {
        let links = letters.links(email, &format!("{door}/"));
        if links.len() > before
            && let Some(link) = links.last()
        {
            let page = browser.get(link).await?.ok()?;
            return browser.submit(&page, door, &[]).await?.ok();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err(BrowserError::Missing { url: door.to_owned(), what: "letter".into() })
}
