use proptest::prelude::*;
use time::macros::date;

use super::*;

const TODAY: Date = date!(2026 - 11 - 22);

fn reads(file: impl AsRef<[u8]>) -> Reading {
    read(file.as_ref(), TODAY).expect("the file reads")
}

fn refuses(file: impl AsRef<[u8]>) -> Refusal {
    read(file.as_ref(), TODAY).expect_err("the file is refused")
}

fn windows(text: &str) -> Vec<u8> {
    encoding_rs::WINDOWS_1252.encode(text).0.into_owned()
}

fn utf16(text: &str) -> Vec<u8> {
    let mut out = vec![0xFF, 0xFE];
    out.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    out
}

/// Files as French offices really send them: each must give Amina (with her address) and Benoît (without).
#[test]
fn real_french_files() {
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("Excel, CSV UTF-8", "\u{feff}Nom;Prénom;Courriel\r\nLefèvre;Amina;amina@exemple.fr\r\nGuérin;Benoît;\r\n".into()),
        ("Excel, CSV (séparateur point-virgule)", windows("Nom;Prénom;E-mail\r\nLefèvre;Amina;amina@exemple.fr\r\nGuérin;Benoît;\r\n")),
        ("Excel, Texte (tabulation)", windows("NOM\tPRÉNOM\tAdresse e-mail\r\nLefèvre\tAmina\tamina@exemple.fr\r\nGuérin\tBenoît\t\r\n")),
        ("Excel, Texte Unicode", utf16("Nom\tPrénom\tMél\r\nLefèvre\tAmina\tamina@exemple.fr\r\nGuérin\tBenoît\t\r\n")),
        ("LibreOffice, virgule et guillemets", "\"Prénom\",\"Nom\",\"Adresse électronique\"\n\"Amina\",\"Lefèvre\",\"amina@exemple.fr\"\n\"Benoît\",\"Guérin\",\"\"\n".into()),
        ("sep= on the first line", "sep=;\r\nnom;prenom;mail\r\nLefèvre;Amina;amina@exemple.fr\r\nGuérin;Benoît;néant\r\n".into()),
        ("a title above the header", "Liste des stagiaires au 20/11/2026;;\r\n;;\r\nNOM;Prénom ;Adresse mail\r\nLefèvre;Amina;amina@exemple.fr\r\nGuérin;Benoît;-\r\n".into()),
        ("one column for the name", "Nom et prénom;E-mail\nAmina Lefèvre;amina@exemple.fr\nBenoît Guérin;\n".into()),
        ("Badgr", "name,email\nAmina Lefèvre,AMINA@Exemple.FR\nBenoît Guérin,\n".to_lowercase().replace("amina lefèvre", "Amina Lefèvre").replace("benoît guérin", "Benoît Guérin").into()),
        ("EDU", "Recipient mailadres;Recipient First name;Recipient Surname;Narrative (optional)\namina@exemple.fr;Amina;Lefèvre;\"un; deux\"\n;Benoît;Guérin;\n".into()),
        ("old Macintosh", encoding_mac("Nom;Prénom;Courriel\rLefèvre;Amina;amina@exemple.fr\rGuérin;Benoît;\r")),
        ("many columns that are nobody's business", "Civilité;Nom;Nom de naissance;Prénom;Date de naissance;Téléphone;Mail;Dispositif\nMme;Lefèvre;Roussel;Amina;01/02/1999;0600000000;amina@exemple.fr;#Avenir\nM.;Guérin;Guérin;Benoît;03/04/1990;;;Qualif\n".into()),
    ];
    for (what, file) in files {
        let rows = reads(&file).rows;
        let told: Vec<_> = rows.iter().map(|r| (r.name.as_str(), r.email.as_deref(), r.fault().cloned())).collect();
        assert_eq!(told, [("Amina Lefèvre", Some("amina@exemple.fr"), None), ("Benoît Guérin", None, None)], "{what}");
    }
}

#[test]
fn each_line_has_its_own_number_whatever_ends_it() {
    let rows = reads(b"nom,date\r\"Durand\nAnne\",2025-11-20\rPetit,\r\nRoux,\nMorel,\r").rows;
    assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 3, 4, 5]);
}

#[test]
fn columns_are_guessed_by_what_they_hold() {
    let file = "Qui;Joindre;Compétence;Palier;Date d’évaluation;Date de naissance;Diplôme\n\
        Amina Lefèvre;a@x.fr;Travail en équipe;Je pratique;12/11/2026;01/02/1999;Bac\n\
        Benoît Guérin;;Lire;Je découvre;13/11/2026;03/04/1990;CAP\n";
    let seen = look(file.as_bytes(), None).expect("a look");
    let guessed = seen.guessed().used;
    for (column, place) in [(Column::Email, 1), (Column::Badge, 2), (Column::Level, 3), (Column::ObservedOn, 4)] {
        assert!(guessed.contains(&(column, place)), "{column:?} in {guessed:?}");
    }
    assert!(guessed.iter().all(|(_, place)| *place < 5), "a birthday is no observation: {guessed:?}");
}

fn encoding_mac(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| match c {
            'é' => 0x8E,
            'è' => 0x8F,
            'î' => 0x94,
            c => u8::try_from(c).expect("plain"),
        })
        .collect()
}

#[test]
fn headers_as_people_write_them() {
    for (header, column) in [
        ("NOM", Column::Surname),
        (" Nom d’usage ", Column::Surname),
        ("Prénom(s)", Column::FirstName),
        ("E-Mail", Column::Email),
        ("Adresse e-mail", Column::Email),
        ("COURRIEL", Column::Email),
        ("Mél.", Column::Email),
        ("N° de dossier", Column::FileNumber),
        ("n°dossier", Column::FileNumber),
        ("Numéro de dossier", Column::FileNumber),
        ("Date d’observation", Column::ObservedOn),
        ("Date", Column::ObservedOn),
    ] {
        let reading = reads(format!("nom complet;{header}\nAmina Lefèvre;\n"));
        assert!(reading.columns.place(column).is_some(), "{header}");
    }
}

#[test]
fn columns_of_no_use_are_never_read() {
    let reading = reads("Nom;Prénom;Date de naissance;N°;NIR\nLefèvre;Amina;01/02/1999;1;299027600000012\n");
    assert_eq!(reading.columns.used.len(), 2);
    assert_eq!(reading.columns.unused, 3);
    let row = &reading.rows[0];
    assert_eq!((row.observed_on, row.file_number.as_deref(), row.fault()), (None, None, None));
}

#[test]
fn each_fault_has_its_own_answer() {
    let said = |name: &str, mail: &str, number: &str, date: &str| {
        let file = format!("nom;mail;n° de dossier;date\n\"{name}\";\"{mail}\";\"{number}\";\"{date}\"\nX Y;;;\n");
        reads(file).rows.swap_remove(0).fault().cloned()
    };
    let good = "Dylan Lecomte";
    assert_eq!(said("", "d@exemple.fr", "", ""), Some(Fault::NameMissing));
    assert_eq!(said("=1+1", "", "", ""), Some(Fault::NotAName));
    assert_eq!(said("d@exemple.fr", "", "", ""), Some(Fault::NotAName));
    assert_eq!(said(good, "d.lecomte@exemple", "", ""), Some(Fault::AddressIncomplete));
    assert_eq!(said(good, "d.lecomte", "", ""), Some(Fault::AddressWithoutAt));
    assert_eq!(said(good, "d@exemple.fr;e@exemple.fr", "", ""), Some(Fault::AddressSeveral));
    assert_eq!(said(good, "d lecomte@exemple.fr", "", ""), Some(Fault::AddressSigns));
    assert_eq!(said(good, "hélène@exemple.fr", "", ""), Some(Fault::AddressSigns));
    assert_eq!(said(good, "", "", "31/11/2026"), Some(Fault::DateDoesNotExist("31/11/2026".into())));
    assert_eq!(said(good, "", "", "bientôt"), Some(Fault::DateUnreadable("bientôt".into())));
    assert_eq!(said(good, "", "", "23/11/2026"), Some(Fault::DateInFuture("23/11/2026".into())));
    assert_eq!(said(good, "", "", "31/12/1999"), Some(Fault::DateTooOld("31/12/1999".into())));
    assert_eq!(said(good, "", "", "01/01/2000"), None);
    assert_eq!(said(good, "", "1,23457E+12", ""), Some(Fault::NumberShortened));
    assert_eq!(said(good, "", "299027600000012", ""), Some(Fault::LooksLikeNir));
    assert_eq!(said("Dylan\u{202e}etmoceL", "", "", ""), Some(Fault::HiddenCharacters));
    assert_eq!(said("AmÃ©lie Durand", "", "", ""), Some(Fault::Illegible));
    assert_eq!(said(&"é".repeat(200), "", "", ""), Some(Fault::TooLong));
    assert_eq!(said(good, "d@exemple.fr", "AV-12", "22/11/2026"), None);
}

#[test]
fn a_nir_never_leaves_the_reader() {
    let reading = reads("nom;mail;dossier\nAmina 2 99 02 76 000 000 12;a@exemple.fr;\n");
    assert_eq!(reading.rows[0].fault(), Some(&Fault::LooksLikeNir));
    assert_eq!(reading.rows[0].name, "");
}

#[test]
fn dates_as_people_write_them() {
    for said in [
        "2/11/2026",
        "02/11/2026",
        "02-11-26",
        "02.11.2026",
        "2026-11-02",
        "2 novembre 2026",
        "02/11/2026 00:00",
        "2026-11-02T10:00:00",
    ] {
        let rows = reads(format!("nom;date\nAmina Lefèvre;{said}\n")).rows;
        assert_eq!((rows[0].observed_on, rows[0].fault()), (Some(date!(2026 - 11 - 02)), None), "{said}");
    }
}

#[test]
fn lines_are_numbered_as_the_spreadsheet_does() {
    let rows = reads("nom;note\nA B;\"deux\nlignes\"\n\nC D;\n;;\nE F;\n").rows;
    assert_eq!(rows.iter().map(|r| r.line).collect::<Vec<_>>(), [2, 4, 6]);
}

#[test]
fn files_refused_each_for_its_reason() {
    assert_eq!(refuses(vec![b'a'; MAX_BYTES + 1]), Refusal::TooBig);
    assert_eq!(refuses(""), Refusal::Empty);
    assert_eq!(refuses("nom;prénom\n;\n"), Refusal::Empty);
    assert_eq!(refuses(b"PK\x03\x04rest"), Refusal::WorkbookDamaged);
    assert_eq!(refuses([0xD0, 0xCF, 0x11, 0xE0, 0xA1]), Refusal::OldWorkbook);
    assert_eq!(refuses(b"\x89PNG\r\n\x1a\n\0\0\0"), Refusal::NotText);
    assert_eq!(refuses(b"%PDF-1.7 nom;prenom"), Refusal::NotText);
    assert_eq!(refuses("Amina Lefèvre;amina@exemple.fr\n"), Refusal::NoHeader);
    assert_eq!(refuses("ville;âge\nFlers;20\n"), Refusal::NoUsableColumn(vec!["ville".into(), "âge".into()]));
    assert_eq!(refuses(format!("nom\n{}", "A B\n".repeat(MAX_ROWS + 1))), Refusal::TooManyRows);
    assert_eq!(refuses(format!("nom;note\nA B;{}\n", "x".repeat(1 << 20))), Refusal::HugeCell(2));
    assert_eq!(refuses(format!("nom;note\nA B;{}\n", ";".repeat(1 << 20))), Refusal::TooManyColumns(2));
    assert_eq!(refuses("nom;note\nA B;\nC D;\"jamais\nE F;\nG H;\n"), Refusal::HugeCell(3));
}

#[test]
fn the_largest_file_allowed_is_read() {
    let file = format!("nom\n{}", "A B\n".repeat(MAX_ROWS));
    assert_eq!(reads(file).rows.len(), MAX_ROWS);
}

proptest! {
    #[test]
    fn any_bytes_end_in_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let _ = read(&bytes, TODAY);
        let mut headed = b"nom;mail;date;dossier\n".to_vec();
        headed.extend(&bytes);
        if let Ok(reading) = read(&headed, TODAY) {
            for row in reading.rows {
                prop_assert!(row.fault().is_some() || !row.name.is_empty());
                prop_assert!(row.name.chars().count() <= MAX_NAME);
                prop_assert!(!row.name.chars().any(char::is_control));
            }
        }
    }

    #[test]
    fn what_a_spreadsheet_writes_is_read_back(
        people in prop::collection::vec(("[A-ZÉ][a-zéèçïô'’;,\"-]{1,12}[a-z] [A-Z][a-zé\"]{1,12}[a-z]", "[a-z]{1,8}@[a-z]{1,8}\\.fr"), 1..20),
        separator in prop::sample::select(vec![b';', b',', b'\t']),
        encoding in 0..3,
    ) {
        let mut writer = csv::WriterBuilder::new().delimiter(separator).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        writer.write_record(["Téléphone", "Courriel", "Nom complet"]).unwrap();
        for (name, mail) in &people {
            writer.write_record(["02 31", mail, name]).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let file = match encoding { 0 => text.into_bytes(), 1 => windows(&text), _ => utf16(&text) };
        let rows = reads(file).rows;
        let told: Vec<_> = rows.into_iter().map(|r| (r.name, r.email.unwrap_or_default())).collect();
        prop_assert_eq!(told, people);
    }
}
