//! Status lists: places are given once, a withdrawal is never lost.

use std::collections::HashSet;

use proofs::status::Bits;
use store::on;
use store::testing::databases;
use uuid::Uuid;

use super::world::World;
use crate::status::{self, ENTRIES, StatusSlot};
use crate::{Issuer, organisations};

#[tokio::test(flavor = "multi_thread")]
async fn places_are_given_once_also_side_by_side() {
    for test in databases().await {
        let (world, estuaire, iton) = World::peopled(&test).await;
        let mut hands = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (issuer, id) = (world.issuer.clone(), estuaire.organisation_id);
            hands.spawn(async move { reserve(&issuer, id, 60).await });
        }
        let mut seen = HashSet::new();
        while let Some(slots) = hands.join_next().await {
            for slot in slots.unwrap() {
                assert_eq!(slot.list_number, 1);
                assert!(slot.index < ENTRIES);
                assert!(seen.insert(slot.index), "{} given twice on {}", slot.index, test.engine());
            }
        }
        assert_eq!(seen.len(), 480);
        let others: Vec<u32> =
            reserve(&world.issuer, iton.organisation_id, 100).await.iter().map(|slot| slot.index).collect();
        let common = others.iter().filter(|index| seen.contains(index)).count();
        assert!(common < 10, "another organisation has another order");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lot_may_span_two_lists() {
    for test in databases().await {
        let (world, estuaire, _) = World::peopled(&test).await;
        let id = estuaire.organisation_id;
        reserve(&world.issuer, id, 1).await;
        db_given(&world.issuer, id, status::USED_PER_LIST - 5).await;
        let slots = reserve(&world.issuer, id, 12).await;
        let numbers: Vec<i64> = slots.iter().map(|slot| slot.list_number).collect();
        assert_eq!(numbers, [1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2]);
        assert!(slots[11].list_url.ends_with("/status/2"));
        let path = format!("/o/{}/status/2", estuaire.opaque);
        let list = world.browser().json(&path).await;
        assert_eq!(list["id"], slots[11].list_url);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_taken_back_is_given_again() {
    for test in databases().await {
        let (world, estuaire, _) = World::peopled(&test).await;
        let mut tx = world.issuer.db.begin().await.unwrap();
        let lost = status::reserve(&mut tx, &world.issuer, estuaire.organisation_id, 3).await.unwrap();
        tx.rollback().await.unwrap();
        assert_eq!(reserve(&world.issuer, estuaire.organisation_id, 3).await, lost);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawal_shows_in_the_list() {
    for test in databases().await {
        let (world, estuaire, _) = World::peopled(&test).await;
        let slots = reserve(&world.issuer, estuaire.organisation_id, 2).await;
        assert_eq!(set_bits(&world, &estuaire.opaque).await, Vec::<usize>::new());
        for _ in 0..2 {
            withdraw(&world.issuer, estuaire.organisation_id, &slots[0]).await;
            assert_eq!(set_bits(&world, &estuaire.opaque).await, [slots[0].index as usize], "{}", test.engine());
        }
        let answer = world.browser().get(&format!("/o/{}/status/1", estuaire.opaque)).await;
        assert_eq!(answer.header("content-type"), "application/vc");
        assert_eq!(answer.header("cache-control"), "public, max-age=60");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_signed_text_stays_while_nothing_changes() {
    for test in databases().await {
        let (world, estuaire, _) = World::peopled(&test).await;
        reserve(&world.issuer, estuaire.organisation_id, 1).await;
        let path = format!("/o/{}/status/1", estuaire.opaque);
        let first = world.browser().get(&path).await.text;
        world.later(std::time::Duration::from_secs(5));
        assert_eq!(world.browser().get(&path).await.text, first);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn withdrawals_while_others_read_are_not_lost() {
    for test in databases().await {
        let (world, estuaire, _) = World::peopled(&test).await;
        let slots = reserve(&world.issuer, estuaire.organisation_id, 12).await;
        let mut hands = tokio::task::JoinSet::new();
        for slot in slots.clone() {
            let (issuer, id) = (world.issuer.clone(), estuaire.organisation_id);
            hands.spawn(async move { withdraw(&issuer, id, &slot).await });
            let issuer = world.issuer.clone();
            hands.spawn(async move {
                let facts = organisations::facts(&issuer, id).await.unwrap();
                status::lists::signed_text(&issuer, &facts, 1).await.unwrap();
            });
        }
        while let Some(done) = hands.join_next().await {
            done.unwrap();
        }
        let mut expected: Vec<usize> = slots.iter().map(|slot| slot.index as usize).collect();
        expected.sort_unstable();
        assert_eq!(set_bits(&world, &estuaire.opaque).await, expected, "{}", test.engine());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_lists_do_not_exist() {
    for test in databases().await {
        let (world, estuaire, _) = World::peopled(&test).await;
        for path in [
            format!("/o/{}/status/1", estuaire.opaque),
            format!("/o/{}/status/0", estuaire.opaque),
            format!("/o/{}/status/x", estuaire.opaque),
            "/o/22222222/status/1".to_owned(),
            "/o/1l0o/status/1".to_owned(),
        ] {
            assert_eq!(world.browser().get(&path).await.status, 404, "{path}");
        }
    }
}

async fn reserve(issuer: &Issuer, organisation_id: Uuid, n: usize) -> Vec<StatusSlot> {
    let mut tx = issuer.db.begin().await.unwrap();
    let slots = status::reserve(&mut tx, issuer, organisation_id, n).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(slots.len(), n);
    slots
}

async fn withdraw(issuer: &Issuer, organisation_id: Uuid, slot: &StatusSlot) {
    let mut tx = issuer.db.begin().await.unwrap();
    let now = issuer.clock.now();
    status::set(&mut tx, organisation_id, slot.list_number, slot.index, now).await.unwrap();
    tx.commit().await.unwrap();
}

/// The bits that are set in list 1, as a verifier reads them; the signature is the organisation's.
async fn set_bits(world: &World, opaque: &str) -> Vec<usize> {
    let list = world.browser().json(&format!("/o/{opaque}/status/1")).await;
    super::keys::verifies(world, &list).await;
    let encoded = list["credentialSubject"]["encodedList"].as_str().unwrap();
    let bits = Bits::decode(encoded, proofs::status::LARGEST_BYTES).unwrap();
    (0..ENTRIES as usize).filter(|&index| bits.get(index).unwrap()).collect()
}

async fn db_given(issuer: &Issuer, organisation_id: Uuid, next: i64) {
    let mut tx = issuer.db.begin().await.unwrap();
    on!(tx, c => sqlx::query("update issuer_status_counter set next_position = $2 where organisation_id = $1")
        .bind(organisation_id).bind(next).execute(c).await.map(drop))
    .unwrap();
    tx.commit().await.unwrap();
}
