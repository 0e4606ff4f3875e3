//! What the issuer's house and the letters say of themselves, in a database that has the tables of this program.

use proofs::eddsa_rdfc_2022 as eddsa;
use proofs::key::PublicKey;
use serde_json::Value;
use store::{Clock, Db, Result, on, outbox};
use time::{Duration, OffsetDateTime};

use super::finding::{Code, Finding};
use crate::backup::existing_key;
use crate::config::Options;
use crate::{said, signed};

/// Letters that wait longer than this past their time are late.
const LATE: Duration = Duration::hours(1);
/// Letters given up longer ago were seen to.
const LATELY: Duration = Duration::days(7);

pub(super) async fn examine(db: &Db, options: &Options, clock: &Clock, findings: &mut Vec<Finding>) {
    let now = clock.now();
    let found = [
        origin(db, options).await,
        register(db).await,
        organisation_keys(db).await,
        letters(db, now).await,
        lots(db, now).await,
    ];
    for one in found {
        match one {
            Ok(found) => findings.extend(found),
            Err(error) => findings.push(Finding::to_mend(
                Code::DatabaseUnreachable,
                format!("base : une question est restée sans réponse ({}).", said::store(&error)),
                "Relancez `livret doctor` ; si cela dure, vérifiez la base.",
            )),
        }
    }
}

async fn origin(db: &Db, options: &Options) -> Result<Option<Finding>> {
    let Some(signed) = signed::origin(db).await? else { return Ok(None) };
    let default = format!("http://localhost:{}", options.listen().port());
    let given = options.issuer_origin.as_ref().or(options.origin.as_ref()).unwrap_or(&default);
    let same = web::Origin::parse(given).is_ok_and(|given| given == signed);
    Ok((!same).then(|| {
        Finding::to_mend(
            Code::OriginChanged,
            format!("origine : cette base signe pour {signed}, et la configuration dit {given}. Les badges déjà donnés ne se vérifieraient plus."),
            format!("Remettez --origin {signed} (maisons séparées : --issuer-origin). Un nom ne se change pas : gardez l’ancien."),
        )
    }))
}

async fn register(db: &Db) -> Result<Option<Finding>> {
    let rows: Vec<(String, Option<String>)> = on!(db, c => sqlx::query_as(
        "select k.public_key_multibase, r.signed_text from issuer_organisation o
         join issuer_key k on k.organisation_id = o.organisation_id
         left join issuer_register r on r.organisation_id = o.organisation_id where o.is_region = $1")
        .bind(true).fetch_all(c).await)?;
    let Some((_, text)) = rows.first() else { return Ok(None) };
    let Some(text) = text else {
        return Ok(Some(Finding::to_mend(
            Code::RegisterUnsigned,
            "registre de confiance : il n’est pas signé ; aucun badge ne sera dit authentique.",
            "Démarrez `livret serve`, qui le signe ; sinon regardez les journaux.",
        )));
    };
    let signed = is_signed(text, rows.iter().map(|(key, _)| key.as_str()));
    Ok(Some(if signed {
        Finding::good(Code::Register, "registre de confiance : signé par la Région")
    } else {
        Finding::to_mend(
            Code::RegisterAltered,
            "registre de confiance : son texte n’est pas celui que la Région a signé ; aucun badge ne sera dit authentique.",
            "Quelqu’un a changé la base : cherchez qui. `livret key rotate --organisation` avec l’identifiant de la Région le fait signer de nouveau.",
        )
    }))
}

/// Whether one of these keys signed the text.
fn is_signed<'a>(text: &str, mut keys: impl Iterator<Item = &'a str>) -> bool {
    let Ok(value) = serde_json::from_str::<Value>(text) else { return false };
    let method = value["proof"]["verificationMethod"].as_str().unwrap_or_default();
    let Some(named) = method.rsplit('#').next() else { return false };
    let Some(key) = keys.find(|key| *key == named).and_then(|key| PublicKey::from_multibase(key).ok()) else {
        return false;
    };
    eddsa::verify(&value, &key).is_ok()
}

async fn organisation_keys(db: &Db) -> Result<Option<Finding>> {
    // A master key that is missing or wrong was said already.
    let Ok(vault) = existing_key(db) else { return Ok(None) };
    if vault.matches(db).await? != Some(true) {
        return Ok(None);
    }
    let unreadable = issuer::keys::unreadable(db, &vault).await?;
    if unreadable.is_empty() {
        return Ok(Some(Finding::good(Code::OrganisationKeys, "clés des organismes : elles s’ouvrent")));
    }
    let named: Vec<&str> = unreadable.iter().take(10).map(String::as_str).collect();
    Ok(Some(Finding::to_mend(
        Code::OrganisationKeyUnreadable,
        format!(
            "clés des organismes : {} ne s’ouvre(nt) pas ({}) ; ces organismes ne peuvent plus attester.",
            unreadable.len(),
            named.join(", ")
        ),
        "Remettez la dernière sauvegarde ; à défaut, `livret key rotate --organisation …` leur donne une clé neuve.",
    )))
}

async fn letters(db: &Db, now: OffsetDateTime) -> Result<Option<Finding>> {
    let health = outbox::health(db, now - LATE, now - LATELY).await?;
    if health.late > 0 {
        return Ok(Some(Finding::to_mend(
            Code::LettersLate,
            format!("courriers : {} attendent depuis plus d’une heure.", health.late),
            "Vérifiez que `livret serve` tourne et que le serveur de courrier accepte ce compte (journaux : post.code).",
        )));
    }
    if health.failed > 0 {
        return Ok(Some(Finding::to_mend(
            Code::LettersGivenUp,
            format!("courriers : {} abandonnés depuis sept jours.", health.failed),
            "Réparez le serveur de courrier ; puis donnez ces badges par coupon (la page de la session les imprime).",
        )));
    }
    Ok(None)
}

async fn lots(db: &Db, now: OffsetDateTime) -> Result<Option<Finding>> {
    let stuck: i64 = on!(db, c => sqlx::query_scalar(
        "select count(*) from issuer_lot where finished_at is null and attested_at < $1")
        .bind(now - LATE).fetch_one(c).await)?;
    Ok((stuck > 0).then(|| {
        Finding::to_mend(
            Code::LotsStuck,
            format!("badges : {stuck} lot(s) attesté(s) depuis plus d’une heure ne sont pas finis."),
            "Vérifiez que `livret serve` (ou `livret issuer`) tourne, et ses journaux : lot.id et error.code disent pourquoi.",
        )
    }))
}
