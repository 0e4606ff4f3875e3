//! The signed forms of an award beside its 3.0 text: made from the same facts when first asked for, kept as exact text,
//! served as that text for ever (decisions §5). Nothing that was signed is signed again.

use std::sync::Arc;

use proofs::jws::{self, Alg, Jws, Unsigned};
use proofs::key::PublicKey;
use proofs::vc_jwt;
use serde_json::{Map, Value, json};
use store::{Db, execute, on};
use web::Error;

use super::award::Award;
use super::ob2;
use crate::keys::jose::{self, Algorithm, JwsSigner as _, OrganisationJwsSigner};
use crate::{Issuer, Result};

/// A form that is a JWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SignedForm {
    /// Open Badges 3.0 as VC-JWT (§8.2), signed with RSA as the standard asks.
    Ob3Jwt,
    /// The same, signed with P-256.
    Ob3Es256Jwt,
    /// Open Badges 2.0, a signed Assertion.
    Ob2Jws,
}

impl SignedForm {
    /// Its word in the database.
    const fn code(self) -> &'static str {
        match self {
            Self::Ob3Jwt => "ob3-jwt",
            Self::Ob3Es256Jwt => "ob3-es256-jwt",
            Self::Ob2Jws => "ob2-jws",
        }
    }

    /// Of 2.0 only RSA is read everywhere.
    const fn algorithm(self) -> Algorithm {
        match self {
            Self::Ob3Jwt | Self::Ob2Jws => Algorithm::Rs256,
            Self::Ob3Es256Jwt => Algorithm::Es256,
        }
    }
}

/// The newest signed version of an award in 3.0.
#[derive(sqlx::FromRow)]
pub(super) struct Version {
    pub version_number: i64,
    pub signed_text: String,
}

/// The exact 3.0 text with its embedded proof.
pub(super) async fn version(db: &Db, award: &Award) -> Result<Version> {
    let found: Option<Version> = on!(db, c => sqlx::query_as(
        "select version_number, signed_text from issuer_credential where organisation_id = $1 and award_id = $2
         order by version_number desc limit 1")
        .bind(award.organisation_id).bind(award.award_id).fetch_optional(c).await)
    .map_err(store::StoreError::from)?;
    found.ok_or_else(|| Error::internal("an award without its signed text"))
}

/// The exact text of that form, made now if nobody has asked for it before.
pub(super) async fn text(issuer: &Issuer, award: &Award, form: SignedForm) -> Result<String> {
    let version = version(&issuer.db, award).await?;
    if let Some(text) = kept(&issuer.db, award, &version, form).await? {
        return Ok(text);
    }
    let signer = jose::signer(issuer, award.organisation_id, form.algorithm()).await?;
    let unsigned = match form {
        SignedForm::Ob3Jwt | SignedForm::Ob3Es256Jwt => vc_jwt(&version, signer.algorithm(), signer.kid())?,
        SignedForm::Ob2Jws => {
            let assertion = ob2::assertion(issuer, award, Some(signer.name())).await?;
            let header: Map<String, Value> =
                [("alg".to_owned(), json!(alg(signer.algorithm()).name()))].into_iter().collect();
            jws::signing_input(&header, assertion.to_string().as_bytes())
        }
    };
    let public = jose::rows::named(&issuer.db, award.organisation_id, signer.name()).await?;
    let public = public.ok_or_else(|| Error::internal("a key in use has no row"))?.jwk()?;
    let made = Arc::clone(&signer);
    let text = tokio::task::spawn_blocking(move || sign(&made, unsigned, &public)).await.map_err(Error::internal)??;
    keep(issuer, award, &version, form, signer.kid(), &text).await?;
    // Another request may have been quicker: its text is the one.
    kept(&issuer.db, award, &version, form).await?.ok_or_else(|| Error::internal("a form just kept is not there"))
}

/// The same credential without its embedded proof: the JWT's signature takes its place.
fn vc_jwt(version: &Version, algorithm: Algorithm, kid: &str) -> Result<Unsigned> {
    let signed: Value = serde_json::from_str(&version.signed_text).map_err(Error::internal)?;
    let Value::Object(mut members) = signed else { return Err(Error::internal("a signed text that is no object")) };
    members.shift_remove("proof");
    vc_jwt::prepare(&Value::Object(members), alg(algorithm), kid).map_err(Error::internal)
}

const fn alg(algorithm: Algorithm) -> Alg {
    match algorithm {
        Algorithm::Rs256 => Alg::Rs256,
        Algorithm::Es256 => Alg::Es256,
    }
}

/// Signs, and reads the exact text back with the public key that everybody will use.
fn sign(signer: &OrganisationJwsSigner, unsigned: Unsigned, public: &Value) -> Result<String> {
    let signature = signer.sign(unsigned.signing_input().as_bytes())?;
    let text = unsigned.finish(&signature);
    Jws::read(&text)?.verify(&PublicKey::from_jwk(public)?)?;
    Ok(text)
}

async fn kept(db: &Db, award: &Award, version: &Version, form: SignedForm) -> store::Result<Option<String>> {
    Ok(on!(db, c => sqlx::query_scalar(
        "select signed_text from issuer_form
         where organisation_id = $1 and award_id = $2 and version_number = $3 and form = $4")
        .bind(award.organisation_id).bind(award.award_id).bind(version.version_number).bind(form.code())
        .fetch_optional(c).await)?)
}

async fn keep(
    issuer: &Issuer,
    award: &Award,
    version: &Version,
    form: SignedForm,
    kid: &str,
    text: &str,
) -> store::Result<()> {
    let mut tx = issuer.db.begin().await?;
    execute!(
        tx,
        sqlx::query(
            "insert into issuer_form (award_id, version_number, form, organisation_id, signed_text, kid, made_at)
             values ($1, $2, $3, $4, $5, $6, $7) on conflict (award_id, version_number, form) do nothing"
        )
        .bind(award.award_id)
        .bind(version.version_number)
        .bind(form.code())
        .bind(award.organisation_id)
        .bind(text)
        .bind(kid)
        .bind(issuer.clock.now())
    )?;
    tx.commit().await
}
