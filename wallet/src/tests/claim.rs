//! Receiving badges.

use http::StatusCode;

use super::world::{RIGOUR, TEAM, letter, slip, worlds};

#[tokio::test]
async fn a_letter_opens_a_livret_and_its_badge_is_the_exact_text() {
    for world in worlds().await {
        world.issuer.attests(&letter(1), "Inès Duval", TEAM, Some("ines@exemple.fr"));
        let mut ines = world.browser();
        let look = ines.get(&format!("/R/{}", letter(1).to_lowercase())).await;
        assert_eq!(look.status, StatusCode::OK, "{}", look.text);
        assert!(look.text.contains("C’est à moi") && look.text.contains("Travail en équipe"));
        assert!(!look.text.contains("Inès"), "no identity before the claim");
        assert_eq!(look.headers["referrer-policy"], "no-referrer");
        let cookie = look.headers["set-cookie"].to_str().unwrap();
        assert!(cookie.contains("livret-retrait=") && !cookie.contains("Max-Age"), "gone with the browser: {cookie}");
        assert_eq!(
            (world.db_count("wallet_claim").await, world.issuer.0.lock().unwrap().posts),
            (0, 0),
            "a GET takes nothing"
        );

        let done = ines.post(&format!("/r/{}", letter(1)), &[("livret", "")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{} {}", world.test.engine(), done.text);
        assert!(done.location.starts_with("/livret/badges/"));
        let page = ines.get(&done.location).await;
        assert!(page.text.contains("Cette phrase se voit quand vous montrez ce badge"), "{}", page.text);
        assert!(page.text.contains("organisme habilité par la Région"), "{}", page.text);

        let badge = done.location.split('?').next().unwrap();
        let file = ines.get(&format!("{badge}/fichier.json")).await;
        assert_eq!(file.text, world.issuer.text_of(&letter(1)));
        assert_eq!(file.headers["content-type"], "application/vc");
        let name = file.headers["content-disposition"].to_str().unwrap();
        assert!(name.contains("2026-05-12-travail-en-equipe-pratique.json"), "{name}");
        assert!(ines.livret().await.contains("Bravo Inès"));
        let all = ines.get("/livret/tout.json").await;
        let all: serde_json::Value = serde_json::from_str(&all.text).unwrap();
        assert_eq!(all["texts"][0], world.issuer.text_of(&letter(1)));

        // The link again, here and elsewhere.
        assert_eq!(ines.get(&format!("/r/{}", letter(1))).await.location, badge);
        assert_eq!(ines.claims(&letter(1), &[]).await.location, badge);
        let mut stranger = world.browser();
        let elsewhere = stranger.claims(&letter(1), &[]).await;
        assert_eq!(elsewhere.status, StatusCode::CONFLICT);
        assert!(elsewhere.text.contains("Recevoir un lien") && !elsewhere.text.contains("Inès"));
        assert_eq!(world.db_count("wallet_badge").await, 1);
    }
}

#[tokio::test]
async fn a_lost_answer_gives_the_same_badge_once() {
    for world in worlds().await {
        world.issuer.attests(&letter(1), "Inès Duval", TEAM, Some("ines@exemple.fr"));
        world.issuer.0.lock().unwrap().lose_answers = 2;
        let mut ines = world.browser();
        for _ in 0..2 {
            let lost = ines.claims(&letter(1), &[]).await;
            assert_eq!(lost.status, StatusCode::SERVICE_UNAVAILABLE);
            assert!(lost.text.contains("Rien n’est perdu"));
        }
        assert_eq!(world.db_count("wallet_badge").await, 0);
        // The issuer says « claimed », and yet the page still offers it: the key is ours.
        assert!(ines.get(&format!("/r/{}", letter(1))).await.text.contains("C’est à moi"));
        assert_eq!(ines.claims(&letter(1), &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(world.db_count("wallet_badge").await, 1);

        // Now the answer to the browser is lost: it forgets its session, not its claim cookie.
        let session = ines.cookies.keys().find(|name| name.ends_with("livret-livret")).unwrap().clone();
        ines.cookies.remove(&session);
        assert!(ines.get(&format!("/r/{}", letter(1))).await.text.contains("Ouvrir mon livret"));
        let again = ines.post(&format!("/r/{}", letter(1)), &[]).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER);
        assert!(ines.livret().await.contains("Inès"));
        // Not for ever.
        ines.cookies.remove(&session);
        world.test.clock.advance(std::time::Duration::from_secs(3 * 3600));
        assert_eq!(ines.post(&format!("/r/{}", letter(1)), &[]).await.status, StatusCode::CONFLICT);
        assert_eq!((world.db_count("wallet_badge").await, world.db_count("wallet_livret").await), (1, 1));
    }
}

#[tokio::test]
async fn the_code_under_the_link_is_the_same_claim() {
    for world in worlds().await {
        world.issuer.attests(&letter(1), "Inès Duval", TEAM, Some("ines@exemple.fr"));
        world.issuer.also(&slip(1), &letter(1));
        world.issuer.0.lock().unwrap().lose_answers = 1;
        let mut ines = world.browser();
        assert_eq!(ines.claims(&letter(1), &[]).await.status, StatusCode::SERVICE_UNAVAILABLE);
        let done = ines.claims(&slip(1), &[]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(format!("{}?nouveau=1", ines.get(&format!("/r/{}", letter(1))).await.location), done.location);
    }
}

#[tokio::test]
async fn two_presses_at_once_keep_one_badge() {
    for world in worlds().await {
        world.issuer.attests(&slip(1), "Karim Benali", TEAM, None);
        let mut first = world.browser();
        first.get(&format!("/r/{}", slip(1))).await;
        let mut second = first.clone();
        let path = format!("/r/{}", slip(1));
        let (a, b) = tokio::join!(first.post(&path, &[]), second.post(&path, &[]));
        assert_eq!((a.status, b.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER), "{}{}", a.text, b.text);
        assert_eq!((world.db_count("wallet_badge").await, world.db_count("wallet_livret").await), (1, 1));
    }
}

#[tokio::test]
async fn a_slip_makes_a_livret_with_a_card_or_joins_one() {
    for world in worlds().await {
        world.issuer.attests(&slip(1), "Karim Benali", TEAM, None);
        let mut karim = world.browser();
        let typed = karim.post("/r", &[("code", &slip(1).to_lowercase())]).await;
        assert_eq!(typed.location, format!("/r/{}", slip(1)));
        assert!(karim.get(&typed.location).await.text.contains("J’ai déjà un livret"));
        let made = karim.claims(&slip(1), &[]).await;
        assert!(made.location.starts_with("/livret/carte?premier="), "{}", made.location);
        assert!(karim.get(&made.location).await.text.contains("Gardez cette carte"));

        world.issuer.attests(&slip(2), "karim  BENALI", RIGOUR, None);
        assert!(karim.get(&format!("/r/{}", slip(2))).await.text.contains("Ajouter à mon livret"));
        assert!(karim.claims(&slip(2), &[("livret", "session")]).await.location.starts_with("/livret/badges/"));
        assert!(karim.livret().await.contains("Mes 2\u{a0}badges"));
        assert_eq!(world.db_count("wallet_livret").await, 1);
    }
}

#[tokio::test]
async fn another_name_is_asked_about_and_never_mixed_in_silence() {
    for world in worlds().await {
        let (mut ines, _) = world.learner(1, "Inès Duval", "famille@exemple.fr").await;
        // A shared computer: Karim presses while Inès is signed in.
        world.issuer.attests(&slip(2), "Karim Benali", TEAM, None);
        let asked = ines.claims(&slip(2), &[("livret", "session")]).await;
        assert_eq!(asked.status, StatusCode::CONFLICT);
        assert!(asked.text.contains("Est-ce bien le même livret"), "{}", asked.text);
        assert_eq!(world.db_count("wallet_badge").await, 1);
        let own = ines.post(&format!("/r/{}", slip(2)), &[("livret", "new")]).await;
        assert!(own.location.starts_with("/livret/carte"), "{}", own.location);
        let karim = ines.livret().await;
        assert!(karim.contains("Karim") && !karim.contains("Inès"));
        // A family address: her brother's letter does not open her livret.
        world.issuer.attests(&letter(3), "Paul Duval", TEAM, Some("Famille@exemple.fr"));
        let mut paul = world.browser();
        let asked = paul.claims(&letter(3), &[]).await;
        assert!(asked.text.contains("Un livret existe déjà pour cette adresse"));
        assert!(!asked.text.contains("Inès"), "the other name is not told");
        assert_eq!(paul.post(&format!("/r/{}", letter(3)), &[("livret", "new")]).await.status, StatusCode::SEE_OTHER);
        // Her own next letter finds hers without a question, though the address is shared.
        world.issuer.attests(&letter(4), "INÈS DUVAL", RIGOUR, Some("famille@exemple.fr"));
        let mut elsewhere = world.browser();
        assert_eq!(elsewhere.claims(&letter(4), &[]).await.status, StatusCode::SEE_OTHER);
        let text = elsewhere.livret().await;
        assert!(text.contains("Mes 2\u{a0}badges") && !text.contains("Paul"), "{text}");
        assert_eq!(world.db_count("wallet_livret").await, 3);
    }
}

#[tokio::test]
async fn every_state_of_a_link_says_what_to_do() {
    for world in worlds().await {
        let mut visitor = world.browser();
        for (n, state, word) in [
            (1, "withdrawn", "L’organisme l’a repris le 21\u{a0}novembre 2026."),
            (2, "expired", "Ce lien est trop ancien"),
        ] {
            world.issuer.attests(&letter(n), "Inès Duval", TEAM, Some("ines@exemple.fr"));
            world.issuer.becomes(&letter(n), state);
            for page in
                [visitor.get(&format!("/r/{}", letter(n))).await, visitor.post(&format!("/r/{}", letter(n)), &[]).await]
            {
                assert_eq!(page.status, StatusCode::GONE);
                assert!(page.text.contains(word), "{}", page.text);
            }
        }
        let unknown = visitor.get(&format!("/r/{}", letter(9))).await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);
        assert!(unknown.text.contains("Nous ne trouvons pas ce code"));
        let other_kind = visitor.post("/r", &[("code", "CCCC CCCC CCCC")]).await;
        assert_eq!(other_kind.status, StatusCode::UNPROCESSABLE_ENTITY);
        world.issuer.0.lock().unwrap().silent = true;
        let silent = visitor.get(&format!("/r/{}", letter(3))).await;
        assert_eq!(silent.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(silent.text.contains("Essayer de nouveau"));
        world.issuer.0.lock().unwrap().busy = true;
        assert_eq!(visitor.get(&format!("/r/{}", letter(3))).await.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(world.db_count("wallet_livret").await, 0);
    }
}

#[tokio::test]
async fn whoever_pressed_before_is_not_let_into_the_livret_of_who_keeps() {
    for world in worlds().await {
        let (mut ines, _) = world.learner(1, "Inès Duval", "ines@exemple.fr").await;
        let (mut other, _) = world.learner(2, "Paul Martin", "paul@exemple.fr").await;
        let count = |sql: &'static str| {
            let db = world.test.db.clone();
            async move { store::on!(db, c => sqlx::query_scalar::<_, i64>(sql).fetch_one(c).await).unwrap() }
        };
        let presenters = "select count(*) from wallet_claim where presenter_lookup is not null";
        assert_eq!(count(presenters).await, 2, "both were let in by their letters");
        // Another who saw the slip presses, keeps nothing, and presses at any moment before she does.
        world.issuer.attests(&slip(3), "Inès Duval", RIGOUR, None);
        assert_eq!(other.claims(&slip(3), &[("livret", "session")]).await.status, StatusCode::CONFLICT);
        let cookie = other.cookies.iter().find(|(name, _)| name.ends_with("livret-retrait")).unwrap().1;
        let pressed = world.test.vault.lookup_hash(crate::secrets::PRESENTER, cookie);
        let mut tx = world.test.db.begin().await.unwrap();
        let planted = store::execute!(
            tx,
            sqlx::query("update wallet_claim set presenter_lookup = $1 where kept_at is null").bind(&pressed)
        );
        assert_eq!(planted.unwrap(), 1, "the claim that waits");
        tx.commit().await.unwrap();
        let kept = ines.claims(&slip(3), &[("livret", "session")]).await;
        assert!(kept.location.starts_with("/livret/badges/"), "{} {}", kept.status, kept.text);
        assert_eq!(count(presenters).await, 2, "her livret was open: nobody comes back by this claim");
        let session = other.cookies.keys().find(|name| name.ends_with("livret-livret")).unwrap().clone();
        other.cookies.remove(&session);
        for page in [other.get(&format!("/r/{}", slip(3))).await, other.post(&format!("/r/{}", slip(3)), &[]).await] {
            assert_eq!(page.status, StatusCode::CONFLICT, "{}", page.text);
        }
        assert!(!other.cookies.contains_key(&session));
    }
}

#[tokio::test]
async fn a_livret_without_badges_is_not_anybodys_unasked() {
    for world in worlds().await {
        let (mut ines, badge) = world.learner(1, "Inès Duval", "famille@exemple.fr").await;
        assert_eq!(ines.post(&format!("{badge}/supprimer"), &[("confirm", "1")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(world.db_count("wallet_badge").await, 0);
        world.issuer.attests(&letter(2), "Paul Duval", TEAM, Some("famille@exemple.fr"));
        let asked = world.browser().claims(&letter(2), &[]).await;
        assert_eq!(asked.status, StatusCode::CONFLICT, "{}", asked.text);
        assert!(asked.text.contains("Un livret existe déjà pour cette adresse"), "{}", asked.text);
        // Open in her browser, it takes her next one.
        world.issuer.attests(&letter(3), "Inès Duval", TEAM, Some("famille@exemple.fr"));
        assert_eq!(ines.claims(&letter(3), &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(world.db_count("wallet_livret").await, 1);
    }
}

#[tokio::test]
async fn what_is_altered_or_withdrawn_is_not_kept() {
    for world in worlds().await {
        world.issuer.attests(&letter(1), "Inès Duval", TEAM, Some("ines@exemple.fr"));
        world.issuer.tampers(&letter(1));
        let mut ines = world.browser();
        let refused = ines.claims(&letter(1), &[]).await;
        assert!(refused.text.contains("Ce badge n’a pas pu être gardé"), "{}", refused.text);
        let index = world.issuer.attests(&letter(2), "Inès Duval", TEAM, Some("ines@exemple.fr"));
        world.issuer.withdraws(index);
        assert_eq!(ines.claims(&letter(2), &[]).await.status, StatusCode::GONE);
        assert_eq!((world.db_count("wallet_badge").await, world.db_count("wallet_livret").await), (0, 0));
    }
}

#[tokio::test]
async fn withdrawal_shows_within_a_minute_and_silence_is_not_falsehood() {
    for world in worlds().await {
        let index = world.issuer.attests(&letter(1), "Inès Duval", TEAM, Some("ines@exemple.fr"));
        let mut ines = world.browser();
        let badge = ines.claims(&letter(1), &[]).await.location;
        world.issuer.0.lock().unwrap().silent = true;
        world.test.clock.advance(std::time::Duration::from_secs(31));
        assert!(ines.get(&badge).await.text.contains("Pas pu être vérifié"));
        world.issuer.0.lock().unwrap().silent = false;
        world.issuer.withdraws(index);
        world.test.clock.advance(std::time::Duration::from_secs(31));
        let text = ines.livret().await;
        assert!(text.contains("Retiré") && !text.contains("Bravo"), "{text}");
        // Known withdrawn, it stays so when nobody answers.
        world.issuer.0.lock().unwrap().silent = true;
        world.test.clock.advance(std::time::Duration::from_secs(31));
        let text = ines.get(&badge).await.text;
        assert!(text.contains("<b>Retiré</b>"), "since when is not known: {text}");
        assert!(text.contains("Estuaire Compétences</a> a retiré ce badge. Demandez-lui pourquoi."), "{text}");
        assert!(ines.get("/livret/montrer").await.text.contains("Rien à montrer"));
    }
}

#[tokio::test]
async fn a_withdrawn_badge_says_since_when_and_is_not_offered_as_if_good() {
    for world in worlds().await {
        let index = world.issuer.attests(&letter(1), "Inès Duval", TEAM, Some("ines@exemple.fr"));
        let mut ines = world.browser();
        let offer = ines.get(&format!("/r/{}", letter(1))).await.text;
        let days =
            "Attesté par <b>Estuaire Compétences</b>. Observé le 12\u{a0}mai 2026. Attesté le 20\u{a0}novembre 2026.";
        assert!(offer.contains(days), "{offer}");
        let badge = ines.claims(&letter(1), &[]).await.location;
        let badge = badge.split('?').next().unwrap_or_default();
        let offers = [
            "action=\"/livret/montrer\"",
            "/livret/partager?badge=",
            "Télécharger",
            "/formes/",
            "/livret/releve?badge=",
        ];
        let says = "Cette phrase se voit quand vous montrez ce badge.";
        let text = ines.get(badge).await.text;
        let days = "Observé le 12\u{a0}mai 2026. Attesté le 20\u{a0}novembre 2026 par <b>Estuaire Compétences</b>, \
                    organisme habilité par la Région ce jour-là.";
        assert!(text.contains(days), "{text}");
        let home = ines.get("/livret").await.text;
        assert!(home.contains("Attesté par Estuaire Compétences, le 20\u{a0}novembre 2026."), "{home}");
        assert!(offers.iter().all(|offer| text.contains(offer)) && text.contains(says), "{text}");
        world.issuer.withdraws(index);
        world.issuer.becomes(&letter(1), "withdrawn");
        world.test.clock.advance(std::time::Duration::from_secs(61));
        let text = ines.get(badge).await.text;
        let main = text.split("<main").nth(1).expect("a page");
        assert!(main.contains("<b>Retiré le 21\u{a0}novembre 2026</b>"), "{main}");
        assert!(main.contains("Estuaire Compétences</a> a retiré ce badge. Demandez-lui pourquoi."), "{main}");
        for offer in offers {
            assert!(!main.contains(offer), "{offer}: {main}");
        }
        assert!(!main.contains(says) && !main.contains("Le badge peut être corrigé"), "{main}");
        // A person's own data stays theirs.
        let copy = format!("{badge}/fichier.json");
        assert!(main.contains(&copy) && main.contains("Il ne prouve plus rien."), "{main}");
        let file = ines.get(&copy).await;
        assert_eq!((file.status, file.text), (StatusCode::OK, world.issuer.text_of(&letter(1))));
    }
}

#[tokio::test]
async fn guessing_codes_is_stopped_in_the_database() {
    for world in worlds().await {
        let mut guesser = world.browser();
        let mut last = StatusCode::OK;
        for n in 0..20 {
            last = guesser.get(&format!("/r/{}", slip(100 + n))).await.status;
        }
        assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
        world.test.clock.advance(std::time::Duration::from_secs(16 * 60));
        assert_eq!(guesser.get(&format!("/r/{}", slip(99))).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn an_issuer_of_before_is_read_still() {
    for world in worlds().await {
        world.issuer.0.lock().unwrap().old = true;
        world.issuer.attests(&letter(1), "Inès Duval", TEAM, Some("ines@exemple.fr"));
        let mut ines = world.browser();
        let offer = ines.get(&format!("/r/{}", letter(1))).await.text;
        assert!(offer.contains("Attesté par <b>Estuaire Compétences</b>. Observé le 12\u{a0}mai 2026.</p>"), "{offer}");
        world.issuer.becomes(&letter(1), "withdrawn");
        let gone = ines.get(&format!("/r/{}", letter(1))).await.text;
        assert!(gone.contains("L’organisme l’a repris. Demandez-lui pourquoi."), "{gone}");
    }
}

#[tokio::test]
async fn whoever_opens_one_letter_learns_that_others_wait() {
    for world in worlds().await {
        world.issuer.attests(&letter(1), "Inès Duval", TEAM, Some("ines@exemple.fr"));
        world.issuer.0.lock().unwrap().waiting = 2;
        let mut ines = world.browser();
        let offer = ines.get(&format!("/r/{}", letter(1))).await.text;
        assert!(!offer.contains("autres badges"), "nothing before the claim: {offer}");
        let new = ines.claims(&letter(1), &[]).await.location;
        let text = ines.get(&new).await.text;
        let says = "<b>2\u{a0}autres badges vous attendent.</b> Ils sont dans d’autres courriels de votre organisme";
        assert!(text.contains(says), "{text}");
        world.issuer.0.lock().unwrap().waiting = 1;
        assert!(ines.get(&new).await.text.contains("<b>Un autre badge vous attend.</b>"));
        world.issuer.0.lock().unwrap().waiting = 0;
        assert!(!ines.get(&new).await.text.contains("autre badge"));
        // What does not answer is not waited for, nor told.
        world.issuer.0.lock().unwrap().waiting = 2;
        world.issuer.0.lock().unwrap().silent = true;
        let page = ines.get(&new).await;
        assert!(page.status == StatusCode::OK && !page.text.contains("autres badges"), "{}", page.text);
    }
}
