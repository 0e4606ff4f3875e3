//! Signed content changed after signing: every text, every member, look-alikes, numbers, order of what is ordered.

use checks::Verdict;
use checks::codes::{JSON_LD_FAULT, SCHEMA_FAULT, SIGNATURE_MISMATCH};
use serde_json::{Value, json};

use crate::world::World;
use crate::{Mutant, at, places, remove};

pub(crate) fn mutants() -> Vec<Mutant> {
    let mut all = texts();
    all.extend(look_alikes());
    all.extend(members());
    all.extend(numbers());
    all.extend(moves());
    all
}

/// What is free text: changing it breaks no rule of form, only the signature.
fn free(pointer: &str) -> bool {
    let name = pointer.rsplit('/').next().unwrap_or_default();
    !pointer.starts_with("/proof")
        && !pointer.contains("@context")
        && (matches!(
            name,
            "name"
                | "description"
                | "caption"
                | "identityHash"
                | "salt"
                | "humanCode"
                | "version"
                | "targetName"
                | "targetFramework"
                | "targetCode"
                | "narrative"
                | "genre"
        ) || pointer.contains("/tag/"))
}

/// One sign more at the end of every text.
fn texts() -> Vec<Mutant> {
    let badge = World::new().signed();
    places(&badge, &|pointer, value| value.is_string() && free(pointer))
        .into_iter()
        .map(|pointer| {
            let mut mutant = badge.clone();
            let value = at(&mut mutant, &pointer);
            *value = json!(format!("{}.", value.as_str().expect("a text")));
            // A hash has a form of its own, which one sign more breaks.
            let hash = pointer == "/credentialSubject/identifier/1/identityHash";
            let codes = if hash { vec![SCHEMA_FAULT, SIGNATURE_MISMATCH] } else { vec![SIGNATURE_MISMATCH] };
            Mutant::of(format!("text changed at {pointer}"), mutant, Verdict::Altered, codes)
        })
        .collect()
}

/// Its name, and what it does to a text.
type Trick = (&'static str, fn(&str) -> String);

/// Texts that look the same: other letters, other forms of the same letter, signs that are not seen.
fn look_alikes() -> Vec<Mutant> {
    let tricks: [Trick; 8] = [
        ("a Cyrillic letter", |text| text.replacen('e', "\u{435}", 1)),
        ("decomposed accents", |text| text.replace('é', "e\u{301}").replace('ê', "e\u{302}")),
        ("a zero-width space", |text| format!("{text}\u{200b}")),
        ("a no-break space", |text| text.replacen(' ', "\u{a0}", 1)),
        ("a bidirectional override", |text| format!("\u{202e}{text}")),
        ("full-width letters", |text| text.replacen('a', "\u{ff41}", 1)),
        ("another dash", |text| text.replace('–', "-").replacen(' ', "\u{2009}", 1)),
        ("upper case", str::to_uppercase),
    ];
    let badge = World::new().signed();
    let mut all = Vec::new();
    for pointer in
        ["/credentialSubject/achievement/name", "/credentialSubject/identifier/0/identityHash", "/evidence/0/narrative"]
    {
        for (trick, change) in tricks {
            let mut mutant = badge.clone();
            let value = at(&mut mutant, pointer);
            let text = value.as_str().expect("a text").to_owned();
            let changed = change(&text);
            if changed == text {
                continue;
            }
            *value = json!(changed);
            all.push(Mutant::of(format!("{trick} at {pointer}"), mutant, Verdict::Altered, [SIGNATURE_MISMATCH]));
        }
    }
    all
}

/// Every member taken away, and known members added.
fn members() -> Vec<Mutant> {
    let badge = World::new().signed();
    let optional = [
        "/name",
        "/description",
        "/image",
        "/awardedDate",
        "/evidence",
        "/credentialStatus",
        "/credentialSchema",
        "/issuer/name",
        "/issuer/url",
        "/image/caption",
        "/credentialSubject/id",
        "/credentialSubject/identifier",
        "/credentialSubject/identifier/1/salt",
        "/credentialSubject/achievement/achievementType",
        "/credentialSubject/achievement/creator",
        "/credentialSubject/achievement/humanCode",
        "/credentialSubject/achievement/inLanguage",
        "/credentialSubject/achievement/version",
        "/credentialSubject/achievement/image",
        "/credentialSubject/achievement/tag",
        "/credentialSubject/achievement/alignment",
        "/evidence/0/narrative",
        "/evidence/0/genre",
        "/evidence/0/description",
    ];
    let needed = [
        "/validFrom",
        "/credentialSubject/achievement/name",
        "/credentialSubject/achievement/description",
        "/credentialSubject/achievement/criteria",
        "/credentialSubject/achievement/criteria/narrative",
        "/credentialSubject/identifier/0/identityHash",
        "/credentialSubject/identifier/0/identityType",
        "/credentialSubject/identifier/1/hashed",
    ];
    let mut all = Vec::new();
    for (pointers, codes) in
        [(&optional[..], &[SIGNATURE_MISMATCH][..]), (&needed[..], &[SIGNATURE_MISMATCH, SCHEMA_FAULT][..])]
    {
        for pointer in pointers {
            let mut mutant = badge.clone();
            remove(&mut mutant, pointer);
            all.push(Mutant::of(format!("without {pointer}"), mutant, Verdict::Altered, codes));
        }
    }
    let added: [(&str, &str, Value); 9] = [
        ("", "validUntil", json!("2099-01-01T00:00:00Z")),
        ("/credentialSubject", "narrative", json!("Très bien")),
        ("/credentialSubject", "role", json!("cheffe")),
        ("/credentialSubject", "creditsEarned", json!(30)),
        ("/credentialSubject/achievement", "fieldOfStudy", json!("Cuisine")),
        ("/issuer", "official", json!("Région Normandie")),
        ("/issuer", "email", json!("contact@autre.example")),
        ("/evidence/0", "name", json!("Un rapport")),
        ("/credentialSubject/achievement", "specialization", json!("Pâtisserie")),
    ];
    for (place, name, value) in added {
        let mut mutant = badge.clone();
        at(&mut mutant, place)[name] = value;
        all.push(Mutant::of(format!("with {place}/{name}"), mutant, Verdict::Altered, [SIGNATURE_MISMATCH]));
    }
    all
}

/// Numbers: `3`, `3.0` and `3e0` are one number (a control), anything else is another.
fn numbers() -> Vec<Mutant> {
    let world = World::new();
    let signed = world.org.sign(&world.badge(|badge| badge["credentialSubject"]["creditsEarned"] = json!(3)));
    let text = signed.to_string();
    assert!(text.contains("\"creditsEarned\":3,") || text.contains("\"creditsEarned\":3}"));
    let with = |number: &str| text.replacen("\"creditsEarned\":3", &format!("\"creditsEarned\":{number}"), 1);
    for same in ["3", "3.0", "3e0", "30e-1", "0.3E1"] {
        let report = world.judge(&with(same));
        assert_eq!(report.verdict, Verdict::Authentic, "{same} is the number that was signed: {:?}", report.findings);
    }
    let mut all: Vec<Mutant> = ["3.0000001", "4", "-3", "3e1", "0", "3000"]
        .into_iter()
        .map(|other| Mutant::of(format!("the number {other}"), with(other), Verdict::Altered, [SIGNATURE_MISMATCH]))
        .collect();
    // As a text it has the same canonical value and datatype: only the shape tells.
    all.push(Mutant::of("the number as text", with("\"3\""), Verdict::CouldNotCheck, [SCHEMA_FAULT]));
    all
}

/// Things put elsewhere.
fn moves() -> Vec<Mutant> {
    let badge = World::new().signed();
    let mut all = Vec::new();
    let mut change = |name: &str, codes: &[&'static str], change: &dyn Fn(&mut Value)| {
        let mut mutant = badge.clone();
        change(&mut mutant);
        all.push(Mutant::of(name, mutant, Verdict::Altered, codes));
    };
    change("names of two people exchanged", &[SIGNATURE_MISMATCH], &|badge| {
        badge["credentialSubject"]["identifier"][0]["identityHash"] = json!("Amina Lefèvre");
    });
    change("the subject's id of another award", &[SIGNATURE_MISMATCH], &|badge| {
        badge["credentialSubject"]["id"] = json!("urn:uuid:11111111-2222-4333-8444-555555555555");
    });
    change("another level of the same badge", &[SIGNATURE_MISMATCH], &|badge| {
        let achievement = &mut badge["credentialSubject"]["achievement"];
        achievement["id"] = json!("https://livret.example/referentiel/0.1.0/cpt-travail-en-equipe/decouvre");
        achievement["name"] = json!("Travail en équipe – Je découvre");
    });
    change("evidence moved below the subject's achievement", &[SIGNATURE_MISMATCH], &|badge| {
        let evidence = badge.as_object_mut().expect("an object").shift_remove("evidence").expect("evidence");
        badge["credentialSubject"]["achievement"]["criteria"]["narrative"] = evidence[0]["narrative"].clone();
    });
    change("an alignment taken out of the list", &[SIGNATURE_MISMATCH], &|badge| {
        at(badge, "/credentialSubject/achievement/alignment").as_array_mut().expect("a list").pop();
    });
    change("an alignment repeated with another code", &[SIGNATURE_MISMATCH], &|badge| {
        let list = at(badge, "/credentialSubject/achievement/alignment").as_array_mut().expect("a list");
        let mut one = list[0].clone();
        one["targetCode"] = json!("999");
        list.push(one);
    });
    change("the hash said to be plain", &[SIGNATURE_MISMATCH], &|badge| {
        badge["credentialSubject"]["identifier"][1]["hashed"] = json!(false);
    });
    change("signed a second later", &[SIGNATURE_MISMATCH], &|badge| badge["validFrom"] = json!("2026-11-20T14:05:10Z"));
    change("the same instant written with another offset", &[SIGNATURE_MISMATCH], &|badge| {
        badge["validFrom"] = json!("2026-11-20T15:05:09+01:00");
    });
    change("another status place", &[SIGNATURE_MISMATCH], &|badge| {
        badge["credentialStatus"]["statusListIndex"] = json!("94568");
    });
    change("the status place as a number", &[SIGNATURE_MISMATCH], &|badge| {
        badge["credentialStatus"]["statusListIndex"] = json!(94_567);
    });
    change("another status list", &[SIGNATURE_MISMATCH], &|badge| {
        badge["credentialStatus"]["statusListCredential"] = json!("https://livret.example/o/7h2k9qx4/status/2");
    });
    change("a type less", &[SCHEMA_FAULT, JSON_LD_FAULT], &|badge| {
        badge["credentialSubject"]["type"] = json!(["Achievement"]);
    });
    change("the date without its offset", &[SCHEMA_FAULT, SIGNATURE_MISMATCH], &|badge| {
        badge["awardedDate"] = json!("2026-11-20T00:00:00");
    });
    all
}
