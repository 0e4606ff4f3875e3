//! What the employer reads when something was done behind the product's back.

mod world;

use badge_schemas::credential::{AwardFacts, IssuerFacts, StatusFacts, compose};
use badge_schemas::referentiel::{Level, referentiel};
use issuer::keys::Signer;
use livret::browser::Page;
use livret::people::{Learner, Observation, Officer, Trainer};
use store::{execute, on, testing};
use time::OffsetDateTime;
use uuid::Uuid;
use world::{ESTUAIRE, OFFICER, TRAINER, Town, stranger};

const READING: Observation<'static> = Observation {
    badge: "bas-lire/pratique",
    sentence: "Lecture du planning de la semaine avant l’atelier.",
    evidence: "mise-en-situation",
};

async fn one_badge(town: &Town) -> (Learner, String, String) {
    let opaque = town.places.habilitates(&ESTUAIRE).await;
    let mut samuel = Trainer::enters(&town.places.issuer, &town.places.letters, TRAINER).await.expect("a door");
    let session = samuel.opens_session("Un badge", "Le Havre").await.expect("a session");
    let review =
        samuel.drops(&session, "Nom;Courriel\nInès Duval;ines@courriel.example\n".as_bytes()).await.expect("a review");
    let lot = samuel.attests(&review, READING).await.expect("a lot").ok().expect("a lot");
    samuel.waits_for(&lot).await.expect("an end");
    let link = town.places.letters.link("ines@courriel.example", "/r/").await.expect("a letter");
    let mut ines = Learner::new(&town.places.wallet).expect("a phone");
    ines.claims(&link).await.expect("a badge");
    let share = ines.shares("Un employeur").await.expect("a share");
    let link = share.link("/v/").expect("a link");
    (ines, link, opaque)
}

async fn verdict(town: &Town, link: &str) -> Page {
    stranger(&town.places.verifier).get(link).await.expect("an answer")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_byte_changed_by_sql_is_said_and_nothing_else_is_shown() {
    for database in testing::databases().await {
        let town = Town::open(database).await;
        let (_, link, _) = one_badge(&town).await;
        assert_eq!(verdict(&town, &link).await.title(), "Badge authentique");
        let mut tx = town.database.db.begin().await.expect("a transaction");
        let changed = execute!(
            tx,
            sqlx::query(
                "update wallet_badge set credential_text = replace(credential_text, 'du planning', 'du plannind')"
            )
        );
        assert_eq!(changed.expect("an update"), 1);
        tx.commit().await.expect("a commit");
        let page = verdict(&town, &link).await;
        assert_eq!(page.title(), "Badge modifié");
        assert!(!page.text.contains("Inès Duval") && !page.text.contains("plannind"), "{}", page.words());
        town.running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_the_end_of_a_habilitation_earlier_badges_stand_and_later_ones_are_of_an_unknown_issuer() {
    for database in testing::databases().await {
        let town = Town::open(database).await;
        let (_, link, opaque) = one_badge(&town).await;
        let mut officer = Officer::enters(&town.places.issuer, &town.places.letters, OFFICER).await.expect("a door");
        officer.ends(&opaque, "Fin de convention").await.expect("an end");
        tokio::time::sleep(std::time::Duration::from_millis(2_100)).await;
        assert_eq!(verdict(&town, &link).await.title(), "Badge authentique", "signed while habilitated");

        // The organisation's own key signs once more, behind the back of a house that would refuse.
        let later = db_signs(&town, &opaque).await;
        let page = stranger(&town.places.verifier)
            .upload("/v/fichier", ("fichier", "badge.json", later.as_bytes()), &[])
            .await
            .expect("an answer");
        assert_eq!(page.title(), "Émetteur inconnu", "{}", page.words());
        town.running.stop().await;
    }
}

async fn db_signs(town: &Town, opaque: &str) -> String {
    let house = town.running.issuer.as_ref().expect("the issuer's house");
    let (organisation_id,): (Uuid,) = on!(town.database.db, c => sqlx::query_as(
        "select organisation_id from issuer_organisation where opaque = $1").bind(opaque).fetch_one(c).await)
    .expect("the organisation");
    let facts = issuer::organisations::facts(house, organisation_id).await.expect("facts");
    let signer = issuer::keys::signer(house, organisation_id).await.expect("a key");
    let now = OffsetDateTime::now_utc().replace_nanosecond(0).expect("whole seconds");
    let issuer =
        IssuerFacts { did: house.did(opaque), name: facts.name.clone(), url: house.url(&format!("/o/{opaque}")) };
    let region =
        IssuerFacts { did: house.did("r4m8t2wz"), name: "Région Normandie".into(), url: house.url("/o/r4m8t2wz") };
    let unsigned = compose(&AwardFacts {
        issuer_base: house.site.houses.issuer.as_str(),
        credential_id: Uuid::new_v4(),
        subject_id: Uuid::new_v4(),
        achievement: referentiel().achievement("bas-lire", Level::Pratique).expect("an achievement"),
        issuer: &issuer,
        region: &region,
        valid_from: now,
        awarded_on: now.date(),
        name: "Inès Duval",
        email: None,
        observed: &[0],
        evidence_type: referentiel().evidence_types.first().expect("a kind of evidence"),
        sentence: "Plus tard.",
        status: StatusFacts { list_url: &house.url(&format!("/o/{opaque}/status/1")), index: 7 },
    });
    let options = proofs::eddsa_rdfc_2022::Options::assertion(now, signer.verification_method());
    let prepared = proofs::eddsa_rdfc_2022::prepare(&unsigned, &options).expect("a canonical form");
    let signature = signer.sign(&prepared.hash_data);
    prepared.finish(signature).to_string()
}
