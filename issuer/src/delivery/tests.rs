//! The follow-up: what may be done until a badge is claimed, told at a trainer's browser, on both engines.

use std::time::Duration;

use http::{Request, StatusCode};
use serde_json::Value;
use store::outbox::{self, Outcome};
use store::testing::databases;

use crate::HOUSE;
use crate::awards::tests::hands::{FILE, Hands, badges_are_made, db_award, letters_leave, world};
use crate::tests::world::{CLAIRE, NADIA, ORIGIN, World};

const KEY: &str = "6f1c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47";

/// Claire attested four people; the letters have left.
async fn attested(world: &World) -> (Hands, String) {
    let mut claire = Hands::signed_in(world, CLAIRE).await;
    let session = claire.opens("Socle").await;
    claire.imports(&session, FILE).await;
    badges_are_made(world).await;
    letters_leave(&world.issuer).await;
    (claire, session)
}

/// The tokens of the letters to somebody, oldest first.
fn links_of(world: &World, to: &str) -> Vec<String> {
    let start = format!("{ORIGIN}/r/");
    let letters = world.letters().into_iter().filter(|letter| letter.to == to);
    letters
        .filter_map(|letter| letter.text.lines().find_map(|line| line.strip_prefix(&start)).map(str::to_owned))
        .collect()
}

/// The code written in the newest letter to somebody.
fn code_of(world: &World, to: &str) -> String {
    let letters = world.letters();
    let letter = letters.iter().rev().find(|letter| letter.to == to).expect("a letter");
    let line = letter.text.lines().find(|line| line.contains("tapez ce code")).expect("a code");
    line.rsplit(": ").next().expect("a code").replace(' ', "")
}

async fn state(world: &World, token: &str) -> Value {
    let request = Request::get(format!("/claims/{token}")).header("accept", "application/json");
    let (_, text) = Hands::of(world).ask(request).await;
    serde_json::from_str::<Value>(&text).expect("JSON")["state"].clone()
}

async fn claim(world: &World, token: &str) -> (StatusCode, Value) {
    let request =
        Request::post(format!("/claims/{token}")).header("accept", "application/json").header("idempotency-key", KEY);
    let (status, text) = Hands::of(world).ask(request).await;
    (status, serde_json::from_str(&text).unwrap_or_default())
}

/// The address of a link on a page, by its end.
fn link<'a>(page: &'a str, person: &str, end: &str) -> &'a str {
    let from = page.find(person).expect("the person");
    let tail = page[from..].split("href=\"").skip(1).filter_map(|tail| tail.split('"').next());
    tail.into_iter().find(|to| to.ends_with(end)).expect("a link")
}

/// What the tag of the first badge of a person says.
fn tag<'a>(page: &'a str, person: &str) -> &'a str {
    let from = page.find(person).expect("the person");
    let tail = page[from..].split("<span class=\"tag").nth(1).expect("a tag");
    tail.split("</svg>").nth(1).and_then(|words| words.split("</span>").next()).expect("words")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_sent_again_with_the_same_link_and_not_too_often() {
    for test in databases().await {
        let world = world(&test).await;
        let (mut claire, session) = attested(&world).await;
        let award = db_award(&world, "Amina Lefèvre").await;
        let acts = format!("/atelier/badges/{award}/suivi?voir=en-route&page=1");
        world.later(Duration::from_secs(31 * 86_400));
        let mut claire_again = Hands::signed_in(&world, CLAIRE).await;
        std::mem::swap(&mut claire, &mut claire_again);
        assert_eq!(tag(&claire.get(&session).await.text, "Amina"), "Courriel envoyé, lien terminé");
        let first = links_of(&world, "amina@exemple.fr").pop().expect("a letter");
        assert_eq!(state(&world, &first).await, "expired", "{}", test.engine());
        let page = claire.post(&acts, &[("do", "lettre")]).await;
        assert_eq!(page.to, format!("{session}?voir=en-route&page=1&fait=lettre"), "{}", page.text);
        let waiting = claire.post(&acts, &[("do", "lettre")]).await;
        assert!(waiting.to.ends_with("fait=en-attente"), "pressed twice, one letter: {}", waiting.to);
        let followed = claire.get(&session).await;
        assert_eq!(tag(&followed.text, "Amina"), "Nouveau courriel en attente");
        assert_eq!(followed.title(), "Socle\u{a0}: 3\u{a0}badges remis sur 4, aucun récupéré", "{}", test.engine());
        letters_leave(&world.issuer).await;
        let links = links_of(&world, "amina@exemple.fr");
        assert_eq!((links.len(), &links[1]), (2, &first), "either letter opens the badge");
        assert_eq!(state(&world, &first).await, "open");
        assert!(claire.get(&page.to).await.text.contains("Le courriel part de nouveau"));
        for _ in 0..2 {
            assert!(claire.post(&acts, &[("do", "lettre")]).await.to.ends_with("fait=lettre"));
            letters_leave(&world.issuer).await;
        }
        let stopped = claire.post(&acts, &[("do", "lettre")]).await;
        assert_eq!(stopped.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(stopped.title(), "Assez de courriels pour le moment");
        assert_eq!(links_of(&world, "amina@exemple.fr").len(), 4);
        let (status, given) = claim(&world, &first).await;
        assert_eq!((status, &given["address"]), (StatusCode::OK, &"amina@exemple.fr".into()));
        let late = claire.post(&acts, &[("do", "lettre")]).await;
        assert_eq!((late.status, late.title()), (StatusCode::CONFLICT, "Ce badge est déjà dans un livret"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_address_ends_what_the_former_was_told() {
    for test in databases().await {
        let world = world(&test).await;
        let (mut claire, session) = attested(&world).await;
        let old = links_of(&world, "chloe@exemple.fr").pop().expect("a letter");
        let old_code = code_of(&world, "chloe@exemple.fr");
        let text = claire.get(&session).await.text;
        let page = link(&text, "Chloé Marie", "/adresse").to_owned();
        assert!(claire.get(&page).await.text.contains("L’ancienne adresse a peut-être été lue"));
        let new = "chloe.marie@exemple.fr";
        let unsure = claire.post(&page, &[("courriel", new)]).await;
        assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY, "letters have left: one confirms");
        assert!(unsure.text.contains(new), "a refused form keeps its answer");
        let same = claire.post(&page, &[("courriel", "CHLOE@exemple.fr"), ("sur", "oui")]).await;
        assert!(same.text.contains("C’est déjà son adresse"));
        let own = claire.post(&page, &[("courriel", CLAIRE), ("sur", "oui")]).await;
        assert!(own.text.contains("C’est votre propre adresse"), "nobody attests themselves by a detour");
        let done = claire.post(&page, &[("courriel", new), ("sur", "oui")]).await;
        assert_eq!(done.to, format!("{session}?fait=adresse"), "{}", done.text);
        let page = claire.get(&session).await.text;
        assert_eq!(tag(&page, "Chloé Marie"), "Courriel en attente", "what the former address had is not given");
        letters_leave(&world.issuer).await;
        let link = links_of(&world, new).pop().expect("a letter to the new address");
        assert_ne!(link, old);
        for ended in [&old, &old_code] {
            assert_eq!(state(&world, ended).await, "expired", "{}", test.engine());
        }
        assert_eq!(state(&world, &code_of(&world, new)).await, "open");
        let (status, given) = claim(&world, &link).await;
        assert_eq!((status, &given["address"]), (StatusCode::OK, &new.into()), "the letter proves its own address");
        assert!(given["credential"].as_str().is_some_and(|text| text.contains("Chloé Marie")), "as it was signed");
        assert!(claire.get(&session).await.text.contains(new), "her next badges go there too");
        // Somebody without an address is given one: the slip that was printed stays good.
        let slip = claire.get(&format!("{session}/coupons")).await.text;
        let code = slip.split("<p class=\"code\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a code");
        let text = claire.get(&session).await.text;
        let page = self::link(&text, "Dylan Lecomte", "/adresse").to_owned();
        assert_eq!(claire.post(&page, &[("courriel", "dylan@exemple.fr")]).await.status, StatusCode::SEE_OTHER);
        letters_leave(&world.issuer).await;
        assert_eq!(state(&world, &links_of(&world, "dylan@exemple.fr")[0]).await, "open");
        assert_eq!(state(&world, &code.replace(' ', "")).await, "open");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn slips_are_handed_over_printed_again_and_replaced() {
    for test in databases().await {
        let world = world(&test).await;
        let (mut claire, session) = attested(&world).await;
        assert_eq!(claire.get(&session).await.title(), "Socle\u{a0}: 3\u{a0}badges remis sur 4, aucun récupéré");
        let award = db_award(&world, "Dylan Lecomte").await;
        let (acts, coupon) = (format!("/atelier/badges/{award}/suivi"), format!("/atelier/badges/{award}/coupon"));
        let code = async |claire: &mut Hands| {
            let text = claire.get(&coupon).await.text;
            text.split("<p class=\"code\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a code").to_owned()
        };
        let first = code(&mut claire).await;
        claire.post(&acts, &[("do", "remis")]).await;
        let page = claire.get(&session).await;
        assert_eq!(page.title(), "Socle\u{a0}: 4\u{a0}badges remis, aucun récupéré", "{}", test.engine());
        assert!(tag(&page.text, "Dylan").starts_with("Coupon remis le "));
        assert_eq!(code(&mut claire).await, first, "printed again, the same");
        claire.post(&acts, &[("do", "pas-remis")]).await;
        assert_eq!(tag(&claire.get(&session).await.text, "Dylan"), "Coupon à remettre");
        // All at once, from the page that is printed.
        let marked = claire.post(&format!("{session}/coupons"), &[("do", "remis")]).await;
        assert_eq!(marked.to, format!("{session}?fait=remis"));
        assert!(tag(&claire.get(&session).await.text, "Dylan").starts_with("Coupon remis le "));
        // Lost: another code, which waits to be handed over again.
        claire.post(&coupon, &[("do", "code")]).await;
        let second = code(&mut claire).await;
        assert_ne!(second, first);
        assert_eq!(state(&world, &first.replace(' ', "")).await, "expired");
        assert_eq!(state(&world, &second.replace(' ', "")).await, "open");
        assert_eq!(tag(&claire.get(&session).await.text, "Dylan"), "Coupon à remettre");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_letter_shows_and_a_withdrawn_one_never_leaves() {
    for test in databases().await {
        let world = world(&test).await;
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let session = claire.opens("Socle").await;
        claire.imports(&session, FILE).await;
        badges_are_made(&world).await;
        let issuer = &world.issuer;
        outbox::drain_once(&issuer.db, &issuer.vault, HOUSE, &issuer.clock, async |_| {
            Outcome::Refused("smtp_550".into())
        })
        .await
        .expect("the outbox is read");
        let page = claire.get(&format!("{session}?voir=a-faire")).await;
        assert_eq!(tag(&page.text, "Amina"), "Courriel refusé par le serveur", "{}", test.engine());
        assert!(page.text.contains("Changez-la, ou remettez un coupon"));
        assert_eq!(page.title(), "Socle\u{a0}: aucun badge remis sur 4");
        let award = db_award(&world, "Amina Lefèvre").await;
        claire.post(&format!("/atelier/badges/{award}/suivi?de=badge"), &[("do", "lettre")]).await;
        claire.post(&format!("/atelier/badges/{award}/retirer"), &[("motif", "asked")]).await;
        letters_leave(issuer).await;
        assert_eq!(links_of(&world, "amina@exemple.fr").len(), 0, "withdrawn before the second letter left");
        assert!(tag(&claire.get(&session).await.text, "Amina").starts_with("Retiré le "));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_who_waits_is_reminded_within_the_limits() {
    for test in databases().await {
        let world = world(&test).await;
        let (mut claire, session) = attested(&world).await;
        let remind = format!("{session}/relancer");
        // The letters have just left: they are given a day to be read.
        assert!(!claire.get(&session).await.text.contains("Relancer"), "{}", test.engine());
        let asked = claire.get(&remind).await;
        assert_eq!(asked.title(), "Personne à relancer");
        assert!(
            asked.text.contains("3\u{a0}badges\u{a0}: le courriel est parti il y a moins d’un jour"),
            "{}",
            asked.text
        );
        assert!(claire.post(&remind, &[]).await.to.ends_with("combien=0"));
        world.later(Duration::from_secs(86_400));
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        // Chloé claims: she is left alone; Dylan has no address.
        let chloe = links_of(&world, "chloe@exemple.fr").pop().expect("a letter");
        claim(&world, &chloe).await;
        assert!(claire.get(&session).await.text.contains("Relancer 2\u{a0}personnes"), "{}", test.engine());
        let asked = claire.get(&remind).await;
        assert_eq!(asked.title(), "Relancer 2\u{a0}personnes\u{202f}?");
        assert!(asked.text.contains("Amina Lefèvre et Bastien Roussel."), "{}", asked.text);
        letters_leave(&world.issuer).await;
        assert_eq!(links_of(&world, "amina@exemple.fr").len(), 1, "nothing is sent by looking");
        let done = claire.post(&remind, &[]).await;
        assert_eq!(done.to, format!("{session}?fait=relance&combien=2"), "{}", done.text);
        assert!(claire.get(&done.to).await.text.contains("2\u{a0}courriels partent de nouveau"));
        // Pressed twice before they leave: nothing more.
        assert!(claire.post(&remind, &[]).await.to.ends_with("combien=0"));
        letters_leave(&world.issuer).await;
        for (to, letters) in [("amina@exemple.fr", 2), ("bastien@exemple.fr", 2), ("chloe@exemple.fr", 1)] {
            assert_eq!(links_of(&world, to).len(), letters, "{to} {}", test.engine());
        }
        // Whoever was just reminded is left alone, and whoever got another letter by whichever button.
        assert_eq!(claire.get(&remind).await.title(), "Personne à relancer");
        world.later(Duration::from_secs(86_400));
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        let award = db_award(&world, "Amina Lefèvre").await;
        claire.post(&format!("/atelier/badges/{award}/suivi"), &[("do", "lettre")]).await;
        letters_leave(&world.issuer).await;
        let asked = claire.get(&remind).await;
        assert_eq!(asked.title(), "Relancer 1\u{a0}personne\u{202f}?");
        assert!(asked.text.contains("1\u{a0}badge\u{a0}: le courriel est parti"), "{}", asked.text);
        assert!(claire.post(&remind, &[]).await.to.ends_with("combien=1"));
        letters_leave(&world.issuer).await;
        assert_eq!(links_of(&world, "amina@exemple.fr").len(), 3);
        assert_eq!(links_of(&world, "bastien@exemple.fr").len(), 3);
        world.later(Duration::from_secs(86_400));
        let mut claire = Hands::signed_in(&world, CLAIRE).await;
        // The hour of a member: what is beyond it waits, and is said.
        let (issuer, now) = (&world.issuer, world.issuer.clock.now());
        let claires: uuid::Uuid = store::on!(issuer.db, c => sqlx::query_scalar(
            "select member_id from issuer_member where email = $1").bind(CLAIRE).fetch_one(c).await)
        .expect("Claire");
        let (limit, member) = (&super::acts::BY_MEMBER, claires.to_string());
        for _ in 0..limit.max {
            let _ = store::limits::hit(&issuer.db, &issuer.vault, limit, &member, now).await.expect("counted");
        }
        let asked = claire.get(&remind).await;
        assert_eq!(asked.title(), "Personne à relancer");
        assert!(asked.text.contains("attendent la prochaine heure"), "{}", asked.text);
        assert!(claire.post(&remind, &[]).await.to.ends_with("combien=0"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_sent_is_neither_counted_nor_spent() {
    for test in databases().await {
        let world = world(&test).await;
        let (mut claire, _) = attested(&world).await;
        let (issuer, now) = (&world.issuer, world.issuer.clock.now());
        let (organisation_id, member_id): (uuid::Uuid, uuid::Uuid) = store::on!(issuer.db, c => sqlx::query_as(
            "select organisation_id, member_id from issuer_member where email = $1").bind(CLAIRE).fetch_one(c).await)
        .expect("Claire");
        let trainer = crate::access::Trainer {
            organisation_id,
            organisation_name: String::new(),
            member_id,
            member_name: String::new(),
            referent: false,
        };
        let amina = db_award(&world, "Amina Lefèvre").await;
        let found = super::follow::of_award(issuer, organisation_id, amina).await.expect("an answer");
        let (badge, _) = found.expect("a badge");
        // Two requests that read the same: one letter.
        for written in [true, false] {
            let sent = super::acts::one_more(issuer, &trainer, &badge, now).await.expect("an answer");
            assert_eq!(sent, Ok(written), "{}", test.engine());
        }
        // The hour of the member is over: the badge's day is not spent.
        for _ in 0..super::acts::BY_MEMBER.max {
            let limit = &super::acts::BY_MEMBER;
            let member = member_id.to_string();
            let _ = store::limits::hit(&issuer.db, &issuer.vault, limit, &member, now).await.expect("counted");
        }
        let bastien = db_award(&world, "Bastien Roussel").await;
        let page = claire.post(&format!("/atelier/badges/{bastien}/suivi"), &[("do", "lettre")]).await;
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
        let again = &super::acts::AGAIN;
        let left = store::limits::left(&issuer.db, &issuer.vault, again, &bastien.to_string(), now).await;
        assert_eq!(left.expect("counted"), again.max, "{}", test.engine());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_follows_the_badges_of_another_organisation() {
    for test in databases().await {
        let world = world(&test).await;
        let (mut claire, session) = attested(&world).await;
        let award = db_award(&world, "Dylan Lecomte").await;
        let text = claire.get(&session).await.text;
        let address = link(&text, "Dylan Lecomte", "/adresse").to_owned();
        let mut nadia = Hands::signed_in(&world, NADIA).await;
        for page in
            [session.clone(), address.clone(), format!("/atelier/badges/{award}/coupon"), format!("{session}/relancer")]
        {
            assert_eq!(nadia.get(&page).await.status, StatusCode::NOT_FOUND, "{page}");
        }
        for (page, what) in [
            (format!("/atelier/badges/{award}/suivi"), "remis"),
            (format!("/atelier/badges/{award}/suivi"), "lettre"),
            (format!("/atelier/badges/{award}/coupon"), "code"),
            (format!("{session}/coupons"), "remis"),
            (format!("{session}/relancer"), ""),
            (address, "adresse"),
        ] {
            let page = nadia.post(&page, &[("do", what), ("courriel", "nadia@exemple.fr")]).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND);
        }
        assert_eq!(tag(&claire.get(&session).await.text, "Dylan"), "Coupon à remettre", "{}", test.engine());
    }
}
