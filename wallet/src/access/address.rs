//! « Mes adresses » : the e-mail addresses of a livret.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use badge_schemas::identity::normal_email;
use http::StatusCode;
use serde::Deserialize;
use store::{Tx, Vault, on};
use time::OffsetDateTime;
use uuid::Uuid;
use web::form::{FieldErrors, Fields};
use web::{Cache, Form, Shell, Site, Thumb};

use super::link::{self, Purpose};
use super::{Learner, Visitor};
use crate::pages::{Open, inside, outside};
use crate::{Wallet, secrets};

/// An e-mail address as the person writes it, which letters can reach.
#[derive(Clone, PartialEq, Eq)]
pub struct Email {
    written: String,
    folded: String,
}

/// Reads an address; the message says what is wrong, then what to do.
pub fn parse(text: &str) -> Result<Email, String> {
    let text = text.trim();
    let message = match text.split_once('@') {
        _ if text.is_empty() => "Écrivez votre adresse e-mail",
        None => "Il manque le signe «\u{a0}@\u{a0}», par exemple «\u{a0}ines@exemple.fr\u{a0}»",
        Some((_, domain)) if !domain.contains('.') => "Il manque la fin, par exemple «\u{a0}.fr\u{a0}»",
        Some(_) if text.len() > 254 || !post::is_address(text) => "Cette adresse n’est pas complète\u{a0}: relisez-la",
        Some(_) => return Ok(Email { written: text.to_owned(), folded: normal_email(text) }),
    };
    Err(message.to_owned())
}

impl Email {
    /// As written.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// As compared.
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// What the database finds it by.
    pub fn lookup(&self, vault: &Vault) -> Vec<u8> {
        vault.lookup_hash(secrets::EMAIL, &self.folded)
    }

    /// What the database keeps of it.
    pub fn seal(&self, vault: &Vault) -> Vec<u8> {
        vault.seal(secrets::EMAIL, self.written.as_bytes())
    }
}

impl std::fmt::Debug for Email {
    /// Addresses stay out of logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Email(…)")
    }
}

/// Writes a proven address into a livret, in the caller's transaction.
pub async fn add(tx: &mut Tx, wallet: &Wallet, livret: Uuid, email: &Email) -> store::Result<()> {
    write(tx, livret, &email.lookup(&wallet.vault), &email.seal(&wallet.vault), wallet.clock.now()).await
}

async fn write(tx: &mut Tx, livret: Uuid, lookup: &[u8], sealed: &[u8], now: OffsetDateTime) -> store::Result<()> {
    on!(tx, c => sqlx::query(
        "insert into wallet_address (address_id, livret_id, email_lookup, email_sealed, proven_at)
         values ($1, $2, $3, $4, $5) on conflict (livret_id, email_lookup) do nothing")
        .bind(Uuid::new_v4()).bind(livret).bind(lookup).bind(sealed).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

#[derive(Template)]
#[template(path = "addresses.html")]
pub struct Page {
    pub shell: Shell,
    pub addresses: Vec<Row>,
    pub said: Option<&'static str>,
    pub email: String,
    pub errors: FieldErrors,
}

/// One line of the list.
pub struct Row {
    pub id: Uuid,
    pub email: String,
    pub since: String,
}

/// What the page says of the last act.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    fait: Option<String>,
}

/// `GET /livret/adresses`
pub async fn page(State(wallet): State<Wallet>, learner: Learner, Query(asked): Query<Asked>) -> web::Result<Response> {
    let mut page = Page::of(&wallet, &learner).await?;
    page.said = match asked.fait.as_deref() {
        Some("envoye") => Some("Un courriel est parti. Ouvrez son lien pour confirmer l’adresse."),
        Some("ajoutee") => Some("L’adresse est ajoutée à votre livret."),
        Some("retiree") => Some("L’adresse est retirée de votre livret."),
        _ => None,
    };
    web::render(Cache::Private, &page)
}

impl Page {
    async fn of(wallet: &Wallet, learner: &Learner) -> web::Result<Self> {
        let rows: Vec<(Uuid, Vec<u8>, OffsetDateTime)> = on!(wallet.db, c => sqlx::query_as(
            "select address_id, email_sealed, proven_at from wallet_address where livret_id = $1 order by proven_at, address_id")
            .bind(learner.livret_id).fetch_all(c).await)?;
        let mut addresses = Vec::with_capacity(rows.len());
        for (id, sealed, at) in rows {
            let plain = wallet.vault.open(secrets::EMAIL, &sealed)?;
            let since = web::dates::long(web::dates::day_in_paris(at));
            addresses.push(Row { id, email: String::from_utf8_lossy(&plain).into_owned(), since });
        }
        Ok(Self::new(&wallet.site, &learner.name, addresses))
    }

    /// The page with these lines.
    pub fn new(site: &Site, name: &str, addresses: Vec<Row>) -> Self {
        let shell = inside(site, "Mes adresses", name, Thumb::Other).narrow();
        Self { shell, addresses, said: None, email: String::new(), errors: FieldErrors::new() }
    }
}

/// `POST /livret/adresses`: sends a link to the new address.
pub async fn ask(
    State(wallet): State<Wallet>,
    learner: Learner,
    visitor: Visitor,
    Form(form): Form<Fields>,
) -> web::Result<Response> {
    let email = match parse(form.get("courriel")) {
        Ok(email) => email,
        Err(message) => {
            let mut page = Page::of(&wallet, &learner).await?;
            form.get("courriel").clone_into(&mut page.email);
            page.errors.add("courriel", message);
            return web::render_status(StatusCode::UNPROCESSABLE_ENTITY, Cache::Private, &page);
        }
    };
    link::may_send(&wallet, &visitor.key, &email).await?;
    let mut tx = wallet.db.begin().await?;
    link::send(&mut tx, &wallet, learner.livret_id, Purpose::Address, &email, &learner.name, None).await?;
    tx.commit().await?;
    Ok(web::redirect("/livret/adresses?fait=envoye"))
}

/// `GET /livret/adresses/confirmer/{token}`: a button. It opens no livret, so it may be pressed on any device.
pub async fn confirm(
    State(wallet): State<Wallet>,
    visitor: Visitor,
    Path(typed): Path<String>,
) -> web::Result<Response> {
    visitor.may_try(&wallet).await?;
    if link::look(&wallet, Purpose::Address, &typed).await?.is_none() {
        visitor.missed(&wallet).await?;
        return Err(link::used_up());
    }
    web::render(Cache::Token, &confirm_page(&wallet.site, &typed))
}

/// The page of a link that proves an address.
pub fn confirm_page(site: &Site, token: &str) -> Open {
    Open {
        shell: outside(site, "Confirmer mon adresse").narrow(),
        title: "Ajouter cette adresse à votre livret\u{202f}?".to_owned(),
        lead: "Elle servira à l’ouvrir. Vous n’avez rien demandé\u{202f}? Fermez cette page.".to_owned(),
        action: format!("/livret/adresses/confirmer/{token}"),
        suite: None,
        ask_shared: false,
        button: "Ajouter mon adresse",
    }
}

/// `POST /livret/adresses/confirmer/{token}`
pub async fn prove(State(wallet): State<Wallet>, visitor: Visitor, Path(typed): Path<String>) -> web::Result<Response> {
    visitor.may_try(&wallet).await?;
    let Some(known) = link::look(&wallet, Purpose::Address, &typed).await? else {
        visitor.missed(&wallet).await?;
        return Err(link::used_up());
    };
    let now = wallet.clock.now();
    let mut tx = wallet.db.begin().await?;
    if !link::consume(&mut tx, known.link_id, now).await? {
        return Err(link::used_up());
    }
    write(&mut tx, known.livret_id, &known.email_lookup, &known.email_sealed, now).await?;
    tx.commit().await?;
    Ok(web::redirect("/livret/adresses?fait=ajoutee"))
}

/// `POST /livret/adresses/{id}/retirer`
pub async fn remove(State(wallet): State<Wallet>, learner: Learner, Path(id): Path<Uuid>) -> web::Result<Response> {
    let mut tx = wallet.db.begin().await?;
    let gone = on!(tx, c => sqlx::query("delete from wallet_address where livret_id = $1 and address_id = $2")
        .bind(learner.livret_id).bind(id).execute(c).await.map(|done| done.rows_affected()))?;
    if gone == 0 {
        return Err(web::Error::NotFound);
    }
    tx.commit().await?;
    Ok(web::redirect("/livret/adresses?fait=retiree"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_with_help() {
        assert_eq!(parse(" Ines@Exemple.fr ").map(|email| email.folded().to_owned()), Ok("ines@exemple.fr".to_owned()));
        assert!(parse("").unwrap_err().starts_with("Écrivez"));
        assert!(parse("ines").unwrap_err().contains('@'));
        assert!(parse("ines@exemple").unwrap_err().contains(".fr"));
        assert!(parse("ines @exemple.fr").is_err());
        assert!(parse(&format!("{}@exemple.fr", "a".repeat(300))).is_err());
    }
}
