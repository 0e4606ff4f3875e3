//! Keys: sealed, replaced, listed for ever.

use proofs::eddsa_rdfc_2022 as eddsa;
use proofs::key::PublicKey;
use serde_json::Value;
use store::on;
use store::testing::databases;

use super::world::World;
use crate::keys::{self, Signer as _};

#[tokio::test(flavor = "multi_thread")]
async fn a_replaced_key_stays_listed_with_its_date() {
    for test in databases().await {
        let (world, estuaire, _) = World::peopled(&test).await;
        let issuer = &world.issuer;
        let id = estuaire.organisation_id;
        let before = keys::signer(issuer, id).await.unwrap();
        world.later(std::time::Duration::from_secs(60));
        let mut tx = issuer.db.begin().await.unwrap();
        keys::replace(&mut tx, issuer, id, issuer.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        let after = keys::signer(issuer, id).await.unwrap();
        assert_ne!(before.verification_method(), after.verification_method());
        let document = world.browser().json(&format!("/o/{}/did.json", estuaire.opaque)).await;
        let methods = document["verificationMethod"].as_array().unwrap();
        assert_eq!(methods.len(), 2);
        assert_eq!(methods[0]["id"], before.verification_method());
        assert_eq!(methods[0]["expires"], "2026-11-22T09:01:00Z");
        assert!(methods[1].get("expires").is_none());
        assert_eq!(document["assertionMethod"].as_array().unwrap().len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_document_at_both_addresses() {
    for test in databases().await {
        let (world, estuaire, _) = World::peopled(&test).await;
        let mut browser = world.browser();
        let at_page = browser.typed(&format!("/o/{}", estuaire.opaque), "application/did+json").await;
        assert_eq!(at_page.header("content-type"), "application/did+json");
        let at_page: Value = serde_json::from_str(&at_page.text).unwrap();
        assert_eq!(at_page, browser.json(&format!("/o/{}/did.json", estuaire.opaque)).await);
        assert_eq!(at_page["id"], format!("did:web:localhost%3A8080:o:{}", estuaire.opaque));
        let text = keys::did_document_text(&world.issuer, estuaire.organisation_id).await.unwrap();
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), at_page);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_alone_holds_no_seed() {
    for test in databases().await {
        let (world, estuaire, _) = World::peopled(&test).await;
        let sealed: Vec<u8> = on!(world.issuer.db, c => sqlx::query_scalar(
            "select sealed_seed from issuer_key where organisation_id = $1")
            .bind(estuaire.organisation_id).fetch_one(c).await)
        .unwrap();
        assert_eq!(sealed.len(), 32 + 41);
        assert!(store::Vault::from_bytes([8; 32]).open("issuer signing key", &sealed).is_err());
    }
}

/// Fails unless the document is signed by the key its proof names, as listed in the issuer's DID document.
pub async fn verifies(world: &World, signed: &Value) {
    let did = signed["issuer"].as_str().or_else(|| signed["issuer"]["id"].as_str()).unwrap();
    let opaque = did.rsplit(':').next().unwrap();
    let document = world.browser().json(&format!("/o/{opaque}/did.json")).await;
    assert_eq!(document["id"], did);
    let method = signed["proof"]["verificationMethod"].as_str().unwrap();
    let listed = document["verificationMethod"].as_array().unwrap();
    let key = listed.iter().find(|one| one["id"] == method).unwrap();
    let key = PublicKey::from_multibase(key["publicKeyMultibase"].as_str().unwrap()).unwrap();
    eddsa::verify(signed, &key).unwrap();
}
