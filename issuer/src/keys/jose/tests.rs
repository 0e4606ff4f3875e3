use josekit::jws::RS256;
use proofs::key::PublicKey;
use serde_json::Value;
use store::on;
use store::testing::databases;

use super::{Algorithm, JwsSigner as _, retire, signer};
use crate::tests::world::{ORIGIN, World};

/// Whether a public JWK verifies.
fn verifies(jwk: &Value, message: &[u8], signature: &[u8]) -> bool {
    PublicKey::from_jwk(jwk).unwrap().verifies(message, signature)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_drawn_once_and_stands_at_its_address() {
    for test in databases().await {
        let (world, estuaire, _) = World::peopled(&test).await;
        let (issuer, id) = (&world.issuer, estuaire.organisation_id);
        for algorithm in Algorithm::ALL {
            let (one, two) = tokio::join!(signer(issuer, id, algorithm), signer(issuer, id, algorithm));
            let (one, two) = (one.unwrap(), two.unwrap());
            assert_eq!(one.kid(), two.kid(), "{}", test.engine());
            assert_eq!(one.algorithm(), algorithm);
            let path = one.kid().strip_prefix(ORIGIN).unwrap();
            assert_eq!(path, format!("/o/{}/keys/{}", estuaire.opaque, one.name()));
            let answer = world.browser().get(path).await;
            assert_eq!(answer.header("content-type"), "application/jwk+json");
            assert_eq!(answer.header("access-control-allow-origin"), "*");
            let jwk: Value = serde_json::from_str(&answer.text).unwrap();
            assert_eq!((&jwk["kid"], &jwk["alg"]), (&one.kid().into(), &algorithm.code().into()));
            assert_eq!(jwk["iss"], issuer.did(&estuaire.opaque));
            assert!(jwk.get("d").is_none() && jwk.get("p").is_none());
            let signature = one.sign(b"header.payload").unwrap();
            assert!(verifies(&jwk, b"header.payload", &signature));
            assert!(!verifies(&jwk, b"header.other", &signature));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn did_document_register_and_set_list_every_key() {
    for test in databases().await {
        let (world, estuaire, iton) = World::peopled(&test).await;
        let (issuer, id) = (&world.issuer, estuaire.organisation_id);
        world.later(std::time::Duration::from_secs(60));
        let old = signer(issuer, id, Algorithm::Rs256).await.unwrap();
        world.later(std::time::Duration::from_secs(60));
        let mut tx = issuer.db.begin().await.unwrap();
        retire(&mut tx, id, Algorithm::Rs256, issuer.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        let new = signer(issuer, id, Algorithm::Rs256).await.unwrap();
        let es256 = signer(issuer, id, Algorithm::Es256).await.unwrap();
        assert_ne!(old.kid(), new.kid());

        let did = issuer.did(&estuaire.opaque);
        let document = world.browser().json(&format!("/o/{}/did.json", estuaire.opaque)).await;
        let listed = |name: &str| {
            let method = format!("{did}#{name}");
            assert!(document["assertionMethod"].as_array().unwrap().contains(&method.as_str().into()), "{method}");
            let all = document["verificationMethod"].as_array().unwrap();
            all.iter().find(|one| one["id"] == method.as_str()).unwrap().clone()
        };
        assert_eq!(listed(old.name())["expires"], "2026-11-22T09:02:00Z");
        assert_eq!(listed(new.name())["type"], "JsonWebKey");
        assert_eq!(listed(es256.name())["publicKeyJwk"]["crv"], "P-256");
        assert!(es256.name().starts_with("zDn"));

        let answer = world.browser().get("/.well-known/jwks.json").await;
        assert_eq!(answer.header("content-type"), "application/jwk-set+json");
        assert_eq!(answer.header("cache-control"), "public, max-age=60");
        let set: Value = serde_json::from_str(&answer.text).unwrap();
        let keys = set["keys"].as_array().unwrap();
        assert_eq!(keys.len(), 3, "{}", test.engine());
        for one in [&old, &new, &es256] {
            let jwk = keys.iter().find(|jwk| jwk["kid"] == one.kid()).unwrap();
            assert_eq!((&jwk["iss"], &jwk["use"]), (&did.as_str().into(), &"sig".into()));
            assert_eq!(*jwk, world.browser().json(one.kid().strip_prefix(ORIGIN).unwrap()).await, "as at its address");
        }
        let ed25519 = &document["verificationMethod"][0]["publicKeyMultibase"];
        let path = format!("/o/{}/keys/{}", estuaire.opaque, ed25519.as_str().unwrap());
        assert_eq!(world.browser().json(&path).await["crv"], "Ed25519");
        // Another organisation's address does not show it.
        let path = format!("/o/{}/keys/{}", iton.opaque, new.name());
        assert_eq!(world.browser().get(&path).await.status, 404);

        let register = badge_schemas::register::parse(&world.browser().json("/registre.json").await).unwrap();
        let entry = register.entry_at(&did, issuer.clock.now()).unwrap();
        assert_eq!(entry.keys.len(), 4);
        let vouched = entry.keys.iter().filter(|key| key.from == store::testing::START).count();
        assert_eq!(vouched, 4, "what was attested before the key was drawn is vouched for too");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_alone_holds_no_private_key() {
    for test in databases().await {
        let (world, estuaire, _) = World::peopled(&test).await;
        let id = estuaire.organisation_id;
        signer(&world.issuer, id, Algorithm::Rs256).await.unwrap();
        let sealed: Vec<u8> = on!(world.issuer.db, c => sqlx::query_scalar(
            "select sealed_key from issuer_jose_key where organisation_id = $1").bind(id).fetch_one(c).await)
        .unwrap();
        assert!(store::Vault::from_bytes([8; 32]).open(super::SEAL, &sealed).is_err());
        let opened = world.issuer.vault.open(super::SEAL, &sealed).unwrap();
        assert!(RS256.signer_from_der(&opened[..]).is_ok());
    }
}
