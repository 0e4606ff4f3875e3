use proptest::prelude::*;

use super::*;

#[test]
fn a_nir_is_seen_however_it_is_written() {
    for text in [
        "185057800608436",
        "1850578006084",
        "1 85 05 78 006 084 36",
        "1.85.05.78.006.084",
        "1-85-05-78-006-084 (36)",
        "NIR\u{a0}: 2\u{202f}85\u{202f}05\u{202f}2A\u{202f}006\u{202f}084\u{202f}36",
        "285052b00608436",
        "numéro 2 69 05 49 588 157 80, remis en main propre",
        "１８５０５７８００６０８４３６",
        "1 85 35 78 006 084",
        "NIR185057800608436x",
        "١ ٨٥ ٠٥ ٧٨ ٠٠٦ ٠٨٤",
    ] {
        assert!(looks_like_nir(text), "{text}");
    }
}

#[test]
fn ordinary_numbers_are_not_a_nir() {
    for text in [
        "SIRET 12345678900012",
        "06 12 34 56 78",
        "40 couverts, équipe de 5, du 12/03/2026 au 14/03/2026",
        "FR76 3000 6000 0112 3456 7890 189",
        "1850578006",
        "2026-11-20T14:05:09Z",
        "5 85 05 78 006 084 36",
        "1 85 15 78 006 084 36",
        "commande 18505780060843612",
    ] {
        assert!(!looks_like_nir(text), "{text}");
    }
}

#[test]
fn control_and_direction_characters_are_refused() {
    assert_eq!(check_signable("Inès\nDuval"), Err(TextFault::Control));
    assert_eq!(check_signable("Inès\u{0}"), Err(TextFault::Control));
    assert_eq!(check_signable("\u{202e}lavuD"), Err(TextFault::Invisible));
    assert_eq!(check_signable("Duval\u{2066}"), Err(TextFault::Invisible));
    assert_eq!(check_signable("Du\u{200b}val"), Err(TextFault::Invisible));
    assert_eq!(check_signable("Ine\u{300}s"), Err(TextFault::NotNfc));
    assert_eq!(check_signable("1 85 05 78 006 084 36"), Err(TextFault::LooksLikeNir));
    assert_eq!(check_signable("Inès D’Haïti\u{a0}: 40\u{202f}% ✓ محمد"), Ok(()));
}

#[test]
fn tidying_keeps_words_and_french_spaces() {
    assert_eq!(tidy("  Ine\u{300}s \r\n\t Du\u{ad}val\u{a0}!\u{feff} "), "Inès Duval\u{a0}!");
    assert_eq!(tidy("\u{a0}Duval\u{a0}"), "Duval");
}

#[test]
fn names_fold_case_and_spaces_and_keep_accents() {
    assert_eq!(fold_name(" INE\u{300}S\u{a0}  d’ANGELO "), "inès d'angelo");
    assert_ne!(fold_name("Chloé"), fold_name("Chloe"));
}

#[test]
fn searching_forgets_accents_and_punctuation() {
    assert_eq!(search_key("S’exprimer à l’oral"), "s exprimer a l oral");
    assert_eq!(search_key("Cœur-Ægir"), "coeur aegir");
}

#[test]
fn french_names_sort_as_in_a_directory() {
    let mut names = [
        "Zola",
        "Éluard",
        "Elie",
        "d’Almeida",
        "Daladier",
        "Dupont",
        "Le Goff",
        "Dupont-Durand",
        "ÉLIE",
        "Œdipe",
        "Odin",
        "Le Bras",
        "Ofman",
        "Élie",
    ];
    names.sort_by_key(|n| sort_key(n));
    assert_eq!(
        names,
        [
            "Daladier",
            "d’Almeida",
            "Dupont",
            "Dupont-Durand",
            "Elie",
            "ÉLIE",
            "Élie",
            "Éluard",
            "Le Bras",
            "Le Goff",
            "Odin",
            "Œdipe",
            "Ofman",
            "Zola"
        ]
    );
}

proptest! {
    #[test]
    fn tidied_text_is_nfc_on_one_line(text in ".*") {
        let tidied = tidy(&text);
        prop_assert!(is_nfc(&tidied));
        prop_assert!(!tidied.contains('\n'));
        prop_assert_eq!(tidy(&tidied), tidied);
    }

    #[test]
    fn folding_twice_changes_nothing(name in "\\PC*") {
        let folded = fold_name(&name);
        prop_assert_eq!(fold_name(&folded), folded);
    }

    #[test]
    fn any_nir_is_refused_with_any_separators(
        sex in prop::sample::select(vec!['1', '2', '3', '4', '7', '8']),
        year in 0..100u32, month in 1..13u32, department in 1..100u32, rest in 0..1_000_000u32, key in prop::option::of(1..98u32),
        parting in prop::sample::select(vec!["", " ", ".", "-", "\u{a0}", "\u{202f}", " . "]),
    ) {
        let mut groups = vec![sex.to_string(), format!("{year:02}"), format!("{month:02}"), format!("{department:02}"), format!("{:03}", rest / 1000), format!("{:03}", rest % 1000)];
        groups.extend(key.map(|k| format!("{k:02}")));
        let nir = groups.join(parting);
        prop_assert!(looks_like_nir(&nir));
        let sentence = format!("Numéro {nir} du dossier");
        prop_assert!(looks_like_nir(&sentence));
    }

    #[test]
    fn what_is_signable_holds_nothing_hidden(text in ".*") {
        if check_signable(&text).is_ok() {
            prop_assert!(is_nfc(&text));
            let hidden = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}');
            prop_assert!(!text.chars().any(hidden));
        }
    }
}
