//! Where each row of the checklist of Open Badges 2.0 is shown: A1 to P6, the steps of L, the duties of N, the pitfalls
//! 1 to 35. A row has a test that carries its name, here or beside the reading in `badge-schemas`; or it stands in
//! [`ELSEWHERE`] with the reason why this judge has nothing to show for it, and the test of the room that has.
//!
//! What this can show is that no row was forgotten and that no test claims a row that is none; that a test shows what
//! its name says is for its reader to see.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A row, the file and name of the test that shows it, and why it is not shown here.
type Elsewhere = (&'static str, Option<(&'static str, &'static str)>, &'static str);

/// Rows that are another room's, with that room's test, or nobody's, with why.
const ELSEWHERE: &[Elsewhere] = &[
    (
        "A4",
        Some((ISSUER, "each_text_is_made_once_and_holds")),
        "what we export is what we made, as exact text; badges of others are not hosted again",
    ),
    ("A10", Some((ISSUER, "programs_get_the_hosted_badge_and_browsers_the_page")), "serving is the issuer's"),
    ("A12", Some((ISSUER, "programs_get_the_hosted_badge_and_browsers_the_page")), "serving is the issuer's"),
    (
        "A14",
        Some(("crates/fetch/src/outside.rs", "literals_and_local_names_are_refused_before_any_look_up")),
        "the judge fetches nothing",
    ),
    (
        "G10",
        Some((ISSUER, "strangers_learn_nothing_of_the_person")),
        "a signed text is given to its holder alone, who asks for it",
    ),
    ("N1", None, "the certification itself is an act of the organisation with 1EdTech"),
    (
        "N2",
        Some(("verifier/src/report/tests.rs", "there_are_five_shapes_and_eight_titles")),
        "showing is the verifier's",
    ),
    ("N3", None, "a livret keeps the badges it was given by an issuer of ours, and takes in none of others"),
    ("O1", None, BADGE_CONNECT),
    ("O2", None, BADGE_CONNECT),
    ("O3", None, BADGE_CONNECT),
    ("O4", None, BADGE_CONNECT),
    ("O5", None, BADGE_CONNECT),
    ("O6", None, BADGE_CONNECT),
    ("O7", None, BADGE_CONNECT),
    ("O8", None, BADGE_CONNECT),
    ("O9", None, BADGE_CONNECT),
    ("O10", None, BADGE_CONNECT),
    ("O11", None, BADGE_CONNECT),
    ("O12", None, BADGE_CONNECT),
    (
        "pitfall 9",
        Some((ISSUER, "strangers_learn_nothing_of_the_person")),
        "salts are drawn by the issuer: 128 bits, another one in each form",
    ),
    (
        "pitfall 13",
        Some(("crates/fetch/tests/door.rs", "names_that_lead_to_private_addresses_are_refused_after_resolution")),
        "where one may go is the door's",
    ),
    ("pitfall 14", None, "the certificate is whoever runs the program's; our own door trusts the public authorities"),
    ("pitfall 26", None, "what Badgr's import accepts is Badgr's"),
    ("pitfall 29", Some(("wallet/src/tests/access.rs", "addresses_come_and_go")), "a livret has several addresses"),
    ("pitfall 33", None, BADGE_CONNECT),
    ("pitfall 35", None, "no name of a file ever reaches the judge: it is given bytes"),
];

const ISSUER: &str = "issuer/src/badges/tests.rs";
const BADGE_CONNECT: &str = "no house speaks Badge Connect (2.1): a badge travels as a file, a picture or an address";

/// The files whose tests may carry the name of a row.
const FILES: [&str; 12] = [
    "badge-schemas/src/ob2/tests/baking.rs",
    "badge-schemas/src/ob2/tests/examples.rs",
    "badge-schemas/src/ob2/tests/forms.rs",
    "badge-schemas/src/ob2/tests/issuing.rs",
    "badge-schemas/src/ob2/tests/legacy.rs",
    "badge-schemas/src/ob2/tests/rows.rs",
    "crates/checks/tests/ob2/endorsements.rs",
    "crates/checks/tests/ob2/hosted.rs",
    "crates/checks/tests/ob2/pictures.rs",
    "crates/checks/tests/ob2/reading.rs",
    "crates/checks/tests/ob2/signed.rs",
    "crates/checks/tests/ob2/trust.rs",
];

fn source(file: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// The names of the tests in a file.
fn tests(source: &str) -> Vec<&str> {
    // With or without arguments: the name follows.
    let marks = ["#[test]\n", "#[tokio::test"];
    let behind = marks.into_iter().flat_map(|mark| source.split(mark).skip(1));
    behind.filter_map(|rest| Some(rest.split_once("fn ")?.1.split_once('(')?.0)).collect()
}

/// The rows that a test's name begins with: `row_f10_to_f14_and_pitfall_2_11_where…` is F10, F11, … F14, pitfall 11.
fn rows(name: &str) -> Vec<String> {
    let words: Vec<&str> = name.split('_').collect();
    let number = |at: usize| words.get(at).and_then(|word| word.parse::<u8>().ok());
    let row = |word: &str| {
        let (letter, digits) = word.split_at_checked(1)?;
        let of_ours = letter.as_bytes()[0].is_ascii_lowercase() && !digits.is_empty();
        of_ours.then(|| digits.parse::<u8>().ok()).flatten().map(|number| (letter.to_uppercase(), number))
    };
    let (mut found, mut last, mut at, mut of_pitfalls) = (Vec::new(), None, 0, false);
    while let Some(word) = words.get(at) {
        match *word {
            "row" | "rows" if at == 0 => {}
            "and" if at > 0 => {}
            "pitfall" => of_pitfalls = true,
            "2" if of_pitfalls && number(at + 1).is_some() => {
                found.push(format!("pitfall {}", words[at + 1]));
                at += 1;
            }
            "to" if last.is_some() => {
                let Some(((letter, from), (_, to))) = last.take().zip(words.get(at + 1).and_then(|word| row(word)))
                else {
                    break;
                };
                found.extend((from + 1..to).map(|between| format!("{letter}{between}")));
            }
            word => match row(word).filter(|_| at > 0 && words[0].starts_with("row")) {
                Some((letter, number)) => {
                    found.push(format!("{letter}{number}"));
                    last = Some((letter, number));
                }
                None => break,
            },
        }
        at += 1;
    }
    found
}

/// Every row of the checklist, as it is kept beside the project.
fn checklist() -> Option<BTreeSet<String>> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let shared = std::env::var_os("LIVRET_SHARED").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let read = |file: &str| std::fs::read_to_string(shared.join("standards").join(file)).ok();
    let Some((rows, pitfalls)) = read("openbadges-2.0.md").zip(read("pitfalls.md")) else {
        assert!(std::env::var_os("CI").is_none(), "the checklist must be here in CI");
        println!("NOT EXAMINED: the checklist is not here (set LIVRET_SHARED)");
        return None;
    };
    let cell = |line: &str| Some(line.strip_prefix("| ")?.split(' ').next()?.to_owned());
    let of_letter = |cell: &String| {
        let named = cell.split_at_checked(1);
        named.is_some_and(|(letter, digits)| {
            letter.chars().all(|c| c.is_ascii_uppercase()) && digits.parse::<u8>().is_ok()
        })
    };
    let mut all: BTreeSet<String> = rows.lines().filter_map(cell).filter(of_letter).collect();
    // L and N are told in sentences.
    for (section, letter) in [("## L. ", 'L'), ("## N. ", 'N')] {
        let told = rows.split(section).nth(1)?.split("\n## ").next()?;
        let named = |number: &u8| match letter {
            'L' => told.contains(&format!("\n{number}. ")) || told.contains(&format!(" {number}. ")),
            _ => told.contains(&format!("{letter}{number} ")),
        };
        all.extend((1..=50).filter(named).map(|number| format!("{letter}{number}")));
    }
    let of_2 = pitfalls.split("# Open Badges 2.0 pitfalls").nth(1)?;
    all.extend(of_2.lines().filter_map(cell).filter(|cell| cell.parse::<u8>().is_ok()).map(|n| format!("pitfall {n}")));
    Some(all)
}

#[test]
fn every_row_has_its_test_or_its_reason() {
    let Some(rows_there_are) = checklist() else { return };
    assert!(rows_there_are.len() > 150, "{rows_there_are:?}");
    let sources = FILES.map(source);
    let shown: BTreeSet<String> = sources.iter().flat_map(|source| tests(source)).flat_map(rows).collect();
    let elsewhere: BTreeSet<String> = ELSEWHERE.iter().map(|(row, ..)| (*row).to_owned()).collect();
    let known: BTreeSet<String> = shown.union(&elsewhere).cloned().collect();
    assert_eq!(rows_there_are.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new(), "rows without a test");
    assert_eq!(known.difference(&rows_there_are).collect::<Vec<_>>(), Vec::<&String>::new(), "tests of no row");
    assert_eq!(shown.intersection(&elsewhere).collect::<Vec<_>>(), Vec::<&String>::new(), "a reason too many");
    println!("{} rows: {} shown, {} elsewhere", rows_there_are.len(), shown.len(), elsewhere.len());
}

#[test]
fn the_tests_of_other_rooms_are_there() {
    for (row, test, why) in ELSEWHERE {
        assert!(why.len() > 20, "{row}");
        if let Some((file, name)) = test {
            assert!(tests(&source(file)).contains(name), "{row}: no test {name} in {file}");
        }
    }
}

#[test]
fn names_are_read_as_they_are_meant() {
    for (name, expected) in [
        ("row_a2_the_plain_and_the_general_way_agree", vec!["A2"]),
        ("row_f10_to_f13_and_pitfall_2_11_where", vec!["F10", "F11", "F12", "F13", "pitfall 11"]),
        ("row_h1_h2_and_pitfall_2_3_gone", vec!["H1", "H2", "pitfall 3"]),
        ("pitfall_2_1_and_2_2_no_context", vec!["pitfall 1", "pitfall 2"]),
        ("row_l_a_hosted_badge", vec![]),
        ("a1_is_a_name", vec![]),
        ("every_row_has_its_test", vec![]),
    ] {
        assert_eq!(rows(name), expected, "{name}");
    }
}
