//! Whoever had heard of a badge is told when it is withdrawn: once, and nobody else.

use std::time::Duration;

use http::Request;
use store::outbox::{self, Outcome, State};
use store::testing::databases;

use super::hands::{FILE, Hands, badges_are_made, db_award, letters_leave, withdrawals_told, world};
use super::world::{CLAIRE, HUGO, ORIGIN, World, house_whose_letters_wait};
use crate::HOUSE;
use crate::delivery::{self, withdrawn};

const KEY: &str = "6f1c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47";
const AMINA: &str = "amina@exemple.fr";

/// Claire attested four people, three of whom have an address; the lot's page.
async fn attested(world: &World) -> (Hands, String) {
    let mut claire = Hands::signed_in(world, CLAIRE).await;
    let session = claire.opens("Socle").await;
    let lot = claire.imports(&session, FILE).await;
    badges_are_made(world).await;
    (claire, lot)
}

async fn withdraws(world: &World, hands: &mut Hands, name: &str, reason: &str) {
    let award = db_award(world, name).await;
    hands.post(&format!("/atelier/badges/{award}/retirer"), &[("motif", reason)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawal_is_told_once_to_whoever_was_told_of_the_badge() {
    for test in databases().await {
        let world = world(&test).await;
        let (mut claire, _) = attested(&world).await;
        letters_leave(&world.issuer).await;
        for name in ["Amina Lefèvre", "Dylan Lecomte"] {
            withdraws(&world, &mut claire, name, "fraud").await;
            withdraws(&world, &mut claire, name, "person").await;
        }
        let before = world.letters().len();
        letters_leave(&world.issuer).await;
        letters_leave(&world.issuer).await;
        assert_eq!(world.letters().len(), before + 1, "Dylan has no address: {}", test.engine());
        let letter = withdrawals_told(&world, AMINA).pop().expect("a letter");
        let award = db_award(&world, "Amina Lefèvre").await;
        assert_eq!(letter.message_id, format!("withdrawn-{award}@localhost"));
        assert_eq!(letter.subject, "Un badge a été retiré\u{a0}: Travail en équipe – Je pratique");
        for said in [&letter.text, &letter.html] {
            assert!(said.contains("Bonjour Amina Lefèvre"), "{said}");
            assert!(said.contains("Retiré par Estuaire Compétences, le 22\u{a0}novembre 2026"), "{said}");
            assert!(said.contains("Le lien et le code de ce badge ne servent plus."), "nobody claimed it: {said}");
            assert!(said.contains(&format!("{ORIGIN}/o/")), "whom to ask: {said}");
            // Why is between the organisation and the person; a letter may be read by others.
            assert!(!said.contains("raude") && !said.contains("Erreur de personne"), "{said}");
            assert!(!said.contains("/r/"), "no token: {said}");
        }
        // What waits in the database tells nothing to whoever reads it.
        let sealed: Option<Vec<u8>> = store::on!(world.issuer.db, c => sqlx::query_scalar(
            "select payload from store_outbox where kind = 'withdrawn'").fetch_one(c).await)
        .expect("a row");
        assert_eq!(sealed, None, "wiped when it has left");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_of_the_end_of_what_they_never_heard_of() {
    for test in databases().await {
        let mut world = world(&test).await;
        world.issuer = house_whose_letters_wait(&test, Duration::from_secs(600));
        let (mut claire, _) = attested(&world).await;
        withdraws(&world, &mut claire, "Amina Lefèvre", "badge").await;
        world.later(Duration::from_secs(1_000));
        letters_leave(&world.issuer).await;
        assert_eq!(withdrawals_told(&world, AMINA).len(), 0, "{}", test.engine());
        assert!(!world.letters().iter().any(|letter| letter.to == AMINA), "neither of the badge");

        // The server refused the letter of the badge.
        let (mut claire, _) = attested(&world).await;
        let issuer = &world.issuer;
        world.later(Duration::from_secs(1_000));
        outbox::drain_once(&issuer.db, &issuer.vault, HOUSE, &issuer.clock, async |_| {
            Outcome::Refused("smtp_550".into())
        })
        .await
        .expect("the outbox is read");
        withdraws(&world, &mut claire, "Bastien Roussel", "badge").await;
        letters_leave(issuer).await;
        assert_eq!(withdrawals_told(&world, "bastien@exemple.fr").len(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_claimed_by_a_slip_is_told_at_their_address() {
    for test in databases().await {
        let world = world(&test).await;
        let (mut claire, lot) = attested(&world).await;
        let issuer = &world.issuer;
        outbox::drain_once(&issuer.db, &issuer.vault, HOUSE, &issuer.clock, async |_| {
            Outcome::Refused("smtp_450".into())
        })
        .await
        .expect("the outbox is read");
        let award = db_award(&world, "Amina Lefèvre").await;
        let slip = claire.get(&format!("/atelier/badges/{award}/coupon")).await.text;
        let code = slip.split("<p class=\"code\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a code");
        let request = Request::post(format!("/claims/{}", code.replace(' ', ""))).header("idempotency-key", KEY);
        assert_eq!(claire.ask(request).await.0, http::StatusCode::OK, "{lot}");
        // After seven days, the second person's word withdraws it; the first one's tells nobody anything.
        world.later(Duration::from_secs(8 * 86_400));
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        withdraws(&world, &mut claire, "Amina Lefèvre", "observation").await;
        letters_leave(issuer).await;
        assert_eq!(withdrawals_told(&world, AMINA).len(), 0, "only asked: {}", test.engine());
        let mut hugo = Hands::signed_in(&world, HUGO).await;
        hugo.post(&format!("/atelier/badges/{award}/demande"), &[("reponse", "confirmer")]).await;
        letters_leave(issuer).await;
        let told = withdrawals_told(&world, AMINA);
        assert_eq!(told.len(), 1, "{}", test.engine());
        assert!(told[0].text.contains("Le badge reste dans votre livret, avec le mot «\u{a0}Retiré\u{a0}»"));
        assert!(told[0].text.contains(&format!("{ORIGIN}/livret\n")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undone_lot_tells_those_who_had_a_letter() {
    for test in databases().await {
        let world = world(&test).await;
        let (mut claire, lot) = attested(&world).await;
        letters_leave(&world.issuer).await;
        claire.post(&format!("{lot}/annuler"), &[]).await;
        claire.post(&format!("{lot}/annuler"), &[]).await;
        let before = world.letters().len();
        letters_leave(&world.issuer).await;
        assert_eq!(world.letters().len(), before + 3, "{}", test.engine());
        for to in [AMINA, "bastien@exemple.fr", "chloe@exemple.fr"] {
            assert_eq!(withdrawals_told(&world, to).len(), 1, "{to}");
        }
    }
}

/// The trainer says Chloé's right address; a letter to it is on its way.
async fn address_changes(world: &World, hands: &mut Hands, session: &str) {
    let trainee: uuid::Uuid = store::on!(world.issuer.db, c => sqlx::query_scalar(
        "select trainee_id from issuer_trainee where name = $1").bind("Chloé Marie").fetch_one(c).await)
    .expect("a trainee");
    let form = format!("{session}/personnes/{trainee}/adresse");
    let page = hands.post(&form, &[("courriel", "chloe.marie@exemple.fr"), ("sur", "oui")]).await;
    assert_eq!(page.status, http::StatusCode::SEE_OTHER, "{}", page.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_former_address_is_not_told() {
    const CHLOE: &str = "chloe@exemple.fr";
    for (undone, told) in [(false, false), (false, true), (true, false), (true, true)] {
        for test in databases().await {
            let world = world(&test).await;
            let mut claire = Hands::signed_in(&world, CLAIRE).await;
            let session = claire.opens("Socle").await;
            let lot = claire.imports(&session, FILE).await;
            badges_are_made(&world).await;
            letters_leave(&world.issuer).await;
            address_changes(&world, &mut claire, &session).await;
            if told {
                letters_leave(&world.issuer).await;
            }
            if undone {
                claire.post(&format!("{lot}/annuler"), &[]).await;
            } else {
                withdraws(&world, &mut claire, "Chloé Marie", "badge").await;
            }
            letters_leave(&world.issuer).await;
            let case = format!("undone {undone}, told {told}, {}", test.engine());
            assert_eq!(withdrawals_told(&world, CHLOE).len(), 0, "a stranger's, perhaps: {case}");
            assert_eq!(withdrawals_told(&world, "chloe.marie@exemple.fr").len(), usize::from(told), "{case}");
            assert_eq!(withdrawals_told(&world, AMINA).len(), usize::from(undone), "{case}");
        }
    }
}

/// A worker holds this letter for a minute, and does nothing with it.
async fn is_held(world: &World, message_id: &str) {
    let later = world.issuer.clock.now() + Duration::from_secs(60);
    let mut tx = world.issuer.db.begin().await.expect("a transaction");
    store::execute!(
        tx,
        sqlx::query("update store_outbox set lease_until = $2 where message_id = $1").bind(message_id).bind(later)
    )
    .expect("a lease");
    tx.commit().await.expect("a commit");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_earlier_letter_to_the_same_address_has_told() {
    for test in databases().await {
        let world = world(&test).await;
        let (mut claire, _) = attested(&world).await;
        letters_leave(&world.issuer).await;
        let award = db_award(&world, "Amina Lefèvre").await;
        claire.post(&format!("/atelier/badges/{award}/suivi"), &[("do", "lettre")]).await;
        let second = delivery::letter_id(&world.issuer, award, 2);
        is_held(&world, &second).await;
        withdraws(&world, &mut claire, "Amina Lefèvre", "badge").await;
        world.later(Duration::from_secs(7_200));
        letters_leave(&world.issuer).await;
        world.later(Duration::from_secs(7_200));
        letters_leave(&world.issuer).await;
        let second = outbox::state_of(&world.issuer.db, HOUSE, &second).await.expect("an answer").expect("known");
        assert_eq!(second.reason.as_deref(), Some("withdrawn"), "{}", test.engine());
        assert_eq!(withdrawals_told(&world, AMINA).len(), 1, "{}", test.engine());
    }
}

/// During an upgrade, an instance of before meets a letter that only the next one can write.
#[tokio::test(flavor = "multi_thread")]
async fn a_letter_of_an_unknown_kind_waits_for_who_knows_it() {
    for test in databases().await {
        let world = world(&test).await;
        let issuer = &world.issuer;
        let now = issuer.clock.now();
        let message = outbox::Message {
            house: HOUSE,
            kind: "of tomorrow",
            message_id: "tomorrow-1@localhost",
            batch_id: None,
            not_before: now,
            payload: &(),
        };
        let mut tx = issuer.db.begin().await.expect("a transaction");
        outbox::queue(&mut tx, &issuer.vault, &message, now).await.expect("queued");
        tx.commit().await.expect("a commit");
        letters_leave(issuer).await;
        world.later(Duration::from_secs(7_200));
        let kinds = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let seen = std::sync::Arc::clone(&kinds);
        outbox::drain_once(&issuer.db, &issuer.vault, HOUSE, &issuer.clock, move |letter: outbox::Delivery| {
            seen.lock().expect("a list").push(letter.kind);
            std::future::ready(Outcome::Sent)
        })
        .await
        .expect("the outbox is read");
        assert_eq!(*kinds.lock().expect("a list"), ["of tomorrow"], "{}", test.engine());
    }
}

/// The worker held the letter of the badge at the instant of the withdrawal, and never sent it.
#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_did_not_leave_after_all_is_not_followed_by_another() {
    for test in databases().await {
        let world = world(&test).await;
        let (mut claire, _) = attested(&world).await;
        let issuer = &world.issuer;
        let award = db_award(&world, "Amina Lefèvre").await;
        let id = delivery::message_id(issuer, award);
        is_held(&world, &id).await;
        withdraws(&world, &mut claire, "Amina Lefèvre", "badge").await;
        let told = withdrawn::message_id(issuer, award);
        let state = async |id: &str| outbox::state_of(&issuer.db, HOUSE, id).await.expect("an answer").expect("known");
        letters_leave(issuer).await;
        assert_eq!(state(&told).await.state, State::Queued, "it waits to know: {}", test.engine());
        world.later(Duration::from_secs(7_200));
        letters_leave(issuer).await;
        assert_eq!(state(&id).await.reason.as_deref(), Some("withdrawn"));
        world.later(Duration::from_secs(7_200));
        letters_leave(issuer).await;
        let known = state(&told).await;
        assert_eq!((known.state, known.reason.as_deref()), (State::Refused, Some("untold")));
        assert!(!world.letters().iter().any(|letter| letter.to == AMINA));
    }
}
