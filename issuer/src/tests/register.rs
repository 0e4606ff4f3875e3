//! The register of trust.

use badge_schemas::register::parse;
use store::testing::databases;

use super::world::{World, house};
use crate::first_start;
use crate::organisations::{self, habilitations};

#[tokio::test(flavor = "multi_thread")]
async fn the_first_start_makes_one_region_and_its_signed_register() {
    for test in databases().await {
        let issuer = house(&test);
        let (one, two) = tokio::join!(first_start::ensure(&issuer), first_start::ensure(&issuer));
        let (one, two) = (one.unwrap(), two.unwrap());
        assert_eq!(one.id, two.id, "{}", test.engine());
        assert_eq!(one.name, "Région Normandie");
        let world = World::of(&test).await;
        assert_eq!(organisations::region_facts(&world.issuer).await.unwrap().id, one.id);
        let register = world.browser().json("/registre.json").await;
        super::keys::verifies(&world, &register).await;
        let register = parse(&register).unwrap();
        // The Région stands in it, for the records it signs; it may attest nothing.
        let [own] = &register.entries[..] else { panic!("{:?}", register.entries) };
        assert_eq!((register.issuer.as_str(), own.did.as_str()), (one.did.as_str(), one.did.as_str()));
        assert_eq!((own.keys.len(), own.families.len()), (1, 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_follows_habilitations_and_keys() {
    for test in databases().await {
        let (world, estuaire, _) = World::peopled(&test).await;
        let issuer = &world.issuer;
        let did = issuer.did(&estuaire.opaque);
        let register = parse(&world.browser().json("/registre").await).unwrap();
        assert_eq!(register.entries.len(), 3, "two organisations and the Région");
        let entry = register.entry_at(&did, issuer.clock.now()).unwrap();
        assert_eq!((entry.name.as_str(), entry.keys.len()), ("Estuaire Compétences", 1));

        world.later(std::time::Duration::from_secs(3600));
        let now = issuer.clock.now();
        let mut tx = issuer.db.begin().await.unwrap();
        assert!(habilitations::end(&mut tx, estuaire.organisation_id, now, "Fin", now, None).await.unwrap());
        crate::register::changed(&mut tx).await.unwrap();
        crate::keys::replace(&mut tx, issuer, estuaire.organisation_id, now).await.unwrap();
        tx.commit().await.unwrap();

        let signed = world.browser().json("/registre.json").await;
        super::keys::verifies(&world, &signed).await;
        let register = parse(&signed).unwrap();
        assert!(register.entry_at(&did, now).is_none(), "{}", test.engine());
        let past = register.entry_at(&did, now - time::Duration::SECOND).unwrap();
        assert_eq!(past.keys.len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_signed_again_after_a_day() {
    for test in databases().await {
        let world = World::of(&test).await;
        let mut browser = world.browser();
        let first = browser.get("/registre.json").await;
        assert_eq!(first.header("cache-control"), "public, max-age=60");
        world.later(std::time::Duration::from_secs(3600));
        assert_eq!(browser.get("/registre.json").await.text, first.text);
        world.later(std::time::Duration::from_secs(24 * 3600));
        assert_ne!(browser.get("/registre.json").await.text, first.text);
    }
}
