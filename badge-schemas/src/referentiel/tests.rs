use super::*;

#[test]
fn counts_are_those_of_the_referentiel() {
    let r = referentiel();
    assert_eq!(r.version, "0.1.0");
    assert_eq!((r.badges.len(), r.achievements().len()), (50, 134));
    assert_eq!((r.key_badges.len(), r.key_achievements().len()), (9, 9));
    let of = |family| r.badges.iter().filter(|b| b.family == family).count();
    assert_eq!(
        [of(Family::Comportementale), of(Family::Base), of(Family::Numerique), of(Family::Cle)],
        [16, 15, 19, 0]
    );
}

#[test]
fn every_achievement_has_its_own_permanent_path() {
    let r = referentiel();
    let mut paths: Vec<String> = r.achievements().iter().chain(r.key_achievements()).map(Achievement::path).collect();
    assert!(paths.contains(&"/referentiel/0.1.0/cpt-travail-en-equipe/pratique".to_owned()));
    assert!(paths.contains(&"/referentiel/0.1.0/cle-s-organiser/maitrise".to_owned()));
    assert!(paths.contains(&"/referentiel/0.1.0/cle-general/general".to_owned()));
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), 143);
}

#[test]
fn an_achievement_is_found_by_badge_and_level_and_by_code() {
    let r = referentiel();
    for a in r.achievements().iter().chain(r.key_achievements()) {
        assert!(std::ptr::eq(r.achievement(&a.badge_id, a.level).unwrap(), a));
        assert!(std::ptr::eq(r.achievement_by_code(&a.human_code).unwrap(), a));
    }
    assert!(r.achievement("cpt-autonomie", Level::Decouvre).is_none());
    assert!(r.achievement_by_code("cpt-autonomie").is_none());
}

#[test]
fn sixteen_achievements_need_a_second_look() {
    let r = referentiel();
    let needing: Vec<_> = r.achievements().iter().filter(|a| a.needs_second_look()).collect();
    assert_eq!(needing.len(), 16);
    assert!(needing.iter().all(|a| a.human_code.starts_with("cpt-") && a.human_code.ends_with("/maitrise")));
    assert!(!r.key_achievements().iter().any(Achievement::needs_second_look));
    assert_eq!(r.achievements().iter().chain(r.key_achievements()).filter(|a| a.is_key()).count(), 9);
}

#[test]
fn every_frozen_text_can_be_signed() {
    let r = referentiel();
    for a in r.achievements().iter().chain(r.key_achievements()) {
        let mut texts = vec![&a.name, &a.badge_name, &a.description, &a.human_code, &a.level_descriptor];
        texts.extend(a.tags.iter().chain(&a.observables));
        for t in &a.alignments {
            texts.extend([&t.target_name, &t.target_url, &t.target_framework].into_iter().chain(&t.target_code));
        }
        for t in texts {
            assert_eq!(crate::text::check_signable(t), Ok(()), "{t}");
        }
        for line in a.narrative.lines() {
            assert_eq!(crate::text::check_signable(line), Ok(()), "{line}");
        }
    }
}

#[test]
fn key_badges_say_their_rule() {
    let key = referentiel().achievement("cle-s-organiser", Level::Pratique).unwrap();
    assert_eq!(key.name, "Organiser – Je pratique");
    assert_eq!(
        key.narrative,
        "Ce badge clé est attribué par une personne d’un organisme habilité par la Région, jamais automatiquement, lorsque au moins deux de ces badges lui ont été attestés au niveau «\u{a0}Je pratique\u{a0}»\u{a0}:\n- Autonomie\u{202f};\n- Sens de l’organisation\u{202f};\n- Rigueur\u{202f};\n- Persévérance."
    );
    let general = referentiel().achievement("cle-general", Level::General).unwrap();
    assert_eq!(general.badge_name, "Badge général");
    assert_eq!(general.description, "Réunir au moins trois badges clés au niveau «\u{a0}Je maîtrise\u{a0}».");
}

#[test]
fn people_find_a_badge_by_its_name_however_typed() {
    let r = referentiel();
    for asked in ["cpt-travail-en-equipe", "Travail en équipe", " TRAVAIL EN EQUIPE ", "travail-en-équipe"] {
        assert_eq!(r.find(asked).unwrap().id, "cpt-travail-en-equipe", "{asked}");
    }
    assert_eq!(r.find("S'exprimer à l'oral").unwrap().id, "bas-s-exprimer-a-l-oral");
    assert!(r.find("Travail").is_none());
    assert!(r.find("").is_none());
}

#[test]
fn no_two_badges_answer_to_the_same_name() {
    for b in &referentiel().badges {
        assert_eq!(referentiel().find(&b.name).unwrap().id, b.id);
    }
}

#[test]
fn people_find_a_level_however_typed() {
    for asked in ["pratique", "Je pratique", "JE PRATIQUE", " Pratique"] {
        assert_eq!(Level::find(asked), Some(Level::Pratique), "{asked}");
    }
    assert_eq!(Level::find("Je maitrise"), Some(Level::Maitrise));
    assert_eq!(Level::find("niveau 2"), None);
    assert_eq!(Level::find(""), None);
}

#[test]
fn evidence_types_of_badges_exist() {
    let r = referentiel();
    assert_eq!(r.evidence_types.len(), 8);
    assert!(r.badges.iter().flat_map(|b| &b.evidence_types).all(|id| r.evidence_type(id).is_some()));
}
