use checks::{Check, Finding, Outcome, Verdict, codes};

use super::*;
use crate::samples;

#[test]
fn every_code_has_words_of_its_own() {
    let report = samples::report(Verdict::Authentic);
    let silent = [
        codes::OPEN_BADGES_3,
        codes::SCHEMA_OK,
        codes::JSON_LD_OK,
        codes::KEY_OK,
        codes::RECIPIENT_NAMED,
        codes::STARTED,
    ];
    for code in codes::ALL.iter().filter(|code| !matches!(**code, codes::NOT_ASKED | codes::POINTLESS)) {
        let finding = Finding { check: Check::Revocation, outcome: Outcome::Failed, code, detail: None };
        match finding::line(&finding, &report) {
            Some(line) => assert!(!line.text.contains(code), "no words for {code}"),
            None => assert!(silent.contains(code), "{code} says nothing"),
        }
    }
}

#[test]
fn false_and_unanswered_never_share_a_tone_an_icon_or_a_word() {
    let (failed, unchecked) = (Line::new(Outcome::Failed, ""), Line::new(Outcome::CouldNotCheck, ""));
    assert!(failed.tone != unchecked.tone && failed.icon != unchecked.icon && failed.word != unchecked.word);
    let (altered, unchecked) = (headline::shape(Verdict::Altered), headline::shape(Verdict::CouldNotCheck));
    assert!(altered.0 != unchecked.0 && altered.1 != unchecked.1);
}

#[test]
fn there_are_five_shapes_and_eight_titles() {
    let mut shapes: Vec<_> = Verdict::ALL.map(headline::shape).to_vec();
    shapes.sort_unstable();
    shapes.dedup();
    assert_eq!(shapes.len(), 5);
    let mut titles = Verdict::ALL.map(headline::title).to_vec();
    titles.sort_unstable();
    titles.dedup();
    assert_eq!(titles.len(), 8);
}

#[test]
fn a_changed_badge_shows_nothing_of_itself() {
    let shown = Shown::new(&samples::report(Verdict::Altered), true);
    assert!(shown.facts.is_none());
    let lines: Vec<_> = shown.lines.iter().map(|line| line.word).collect();
    assert_eq!(lines, ["Problème.", "Sans objet."]);
}

#[test]
fn a_strangers_name_stands_in_guillemets_and_without_picture() {
    let facts = Shown::new(&samples::report(Verdict::UnknownIssuer), false).facts.expect("facts");
    assert_eq!(facts.issuer, "«\u{a0}Atelier 27\u{a0}»");
    assert!(facts.picture.is_none() && !facts.vouched);
}

#[test]
fn the_day_observed_is_never_said_to_be_the_day_attested() {
    let mut report = samples::report(Verdict::Authentic);
    let badge = report.badge.as_mut().expect("a badge");
    badge.awarded = Some(time::macros::datetime!(2026-05-12 00:00 UTC));
    // Past midnight in Paris: the first of December there.
    badge.valid_from = time::macros::datetime!(2026-11-30 23:30 UTC);
    let facts = |report: &Report| Shown::new(report, true).facts.expect("facts");
    assert_eq!(facts(&report).when(), "observé le 12\u{a0}mai 2026, attesté le 1er\u{a0}décembre 2026");
    let words: Vec<_> = facts(&report).days.iter().map(|(word, _)| *word).collect();
    assert_eq!(words, ["Observé le", "Attesté le"]);
    assert_eq!(facts(&samples::report(Verdict::Authentic)).when(), "observé et attesté le 20\u{a0}novembre 2026");
}

#[test]
fn the_picture_is_that_of_the_livret() {
    let mut report = samples::report(Verdict::Authentic);
    let drawn = |report: &Report| {
        let picture = Shown::new(report, true).facts.and_then(|facts| facts.picture).expect("a picture");
        let svg = picture.strip_prefix("data:image/svg+xml;base64,").expect("SVG");
        String::from_utf8(data_encoding::BASE64.decode(svg.as_bytes()).expect("base64")).expect("text")
    };
    assert!(drawn(&report).contains("Estuaire Compétences"));
    // The rim of an organisation's badges bears its short name, which the register tells.
    report.badge.as_mut().expect("a badge").issuer.short_name = Some("Estuaire".to_owned());
    let picture = drawn(&report);
    assert!(picture.contains("Estuaire") && !picture.contains("Estuaire Compétences"), "{picture}");
    assert!(Shown::new(&report, true).sentence.contains("attestée par Estuaire Compétences."), "in full in words");
}

#[test]
fn badges_of_one_verdict_have_it_in_their_title() {
    for (verdict, title) in [
        (Verdict::Withdrawn, "2\u{a0}badges retirés"),
        (Verdict::Altered, "2\u{a0}badges modifiés"),
        (Verdict::CouldNotCheck, "2\u{a0}badges n’ont pas pu être vérifiés"),
    ] {
        let shown = [verdict; 2].map(|verdict| Shown::new(&samples::report(verdict), true));
        assert_eq!(title_of_several(&shown, false), title);
    }
}

#[test]
fn the_title_of_several_counts() {
    let title = |verdicts: &[Verdict]| {
        title_of_several(&verdicts.iter().map(|v| Shown::new(&samples::report(*v), true)).collect::<Vec<_>>(), false)
    };
    assert_eq!(title(&[Verdict::Authentic; 3]), "3\u{a0}badges authentiques");
    assert_eq!(
        title(&[Verdict::Authentic, Verdict::Withdrawn, Verdict::Authentic]),
        "2\u{a0}badges authentiques sur 3"
    );
    assert_eq!(title(&[Verdict::CouldNotCheck, Verdict::Withdrawn]), "2\u{a0}badges\u{a0}: voyez chacun");
}

#[test]
fn the_title_never_speaks_for_a_record_that_does_not_hold() {
    let badge = |verdict| Shown::new(&samples::report(verdict), true);
    let record = |verdict| Shown { is_record: true, ..badge(verdict) };
    let title = |shown: &[Shown]| title_of_several(shown, true);
    let good = || badge(Verdict::Authentic);
    assert_eq!(title(&[record(Verdict::Authentic), good(), good()]), "Relevé\u{a0}: 2\u{a0}badges authentiques");
    for amiss in [Verdict::Altered, Verdict::Withdrawn, Verdict::UnknownIssuer] {
        assert_eq!(title(&[record(amiss), good()]), "Relevé\u{a0}: 1\u{a0}badge\u{a0}: voyez chacun");
    }
    let records = [record(Verdict::Authentic), record(Verdict::Authentic)];
    assert_eq!(title_of_several(&records, false), "2\u{a0}relevés authentiques");
    let one_amiss = [record(Verdict::Authentic), record(Verdict::Altered)];
    assert_eq!(title_of_several(&one_amiss, false), "2\u{a0}relevés\u{a0}: voyez chacun");
}

#[test]
fn a_withdrawn_badge_of_our_issuer_says_where_its_day_is_told() {
    let issuer = web::Origin::parse("https://badges.example").expect("an origin");
    let since = |verdict, id: &str| {
        let mut report = samples::report(verdict);
        let badge = report.badge.as_mut().expect("a badge");
        id.clone_into(&mut badge.credential_id);
        Shown::new(&report, true).of_house(&issuer).since
    };
    let ours = "https://badges.example/badges/7d3c1f7e-2f0a-4b83-9a1f-2f6a1c0e9d47";
    assert_eq!(since(Verdict::Withdrawn, ours).as_deref(), Some(ours));
    assert_eq!(since(Verdict::Authentic, ours), None);
    for elsewhere in [
        "https://badges.example.org/badges/7d3c1f7e-2f0a-4b83-9a1f-2f6a1c0e9d47",
        "https://badges.example/badges/../o/7h2k9qx4",
        "https://badges.example/livret",
        "javascript:alert(1)",
    ] {
        assert_eq!(since(Verdict::Withdrawn, elsewhere), None, "{elsewhere}");
    }
}
