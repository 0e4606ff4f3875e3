//! Workbooks as spreadsheets write them, and as nobody honest does.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use proptest::prelude::*;
use time::macros::date;

use super::super::{Column, Fault, MAX_ROWS, Plan, Refusal, Row, look, read};

const TODAY: time::Date = date!(2026 - 11 - 25);

/// A ZIP with these files; what it declares of a size can be said apart.
pub(crate) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    zip_declaring(files, |size| size)
}

fn zip_declaring(files: &[(&str, &[u8])], declared: impl Fn(u32) -> u32) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let mut deflate = DeflateEncoder::new(Vec::new(), Compression::fast());
        deflate.write_all(bytes).expect("in memory");
        let packed = deflate.finish().expect("in memory");
        let size = u32::try_from(bytes.len()).expect("small");
        let mut common = vec![20, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        common.extend(u32::try_from(packed.len()).expect("small").to_le_bytes());
        common.extend(declared(size).to_le_bytes());
        common.extend(u16::try_from(name.len()).expect("short").to_le_bytes());
        common.extend([0, 0]);
        let place = u32::try_from(out.len()).expect("small");
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(&packed);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(place.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (start, size) = (u32::try_from(out.len()).expect("small"), u32::try_from(directory.len()).expect("small"));
    let count = u16::try_from(files.len()).expect("few").to_le_bytes();
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend([count, count].concat());
    out.extend(size.to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

const KIND: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const STYLES: &str = r#"<styleSheet><numFmts count="2"><numFmt numFmtId="164" formatCode="000000"/><numFmt
    numFmtId="165" formatCode="[$-40C]d\ mmmm\ yyyy;@"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
    <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>"#;

/// A workbook of these sheets: `(name and attributes, rows)`.
fn workbook(strings: &str, sheets: &[(&str, &str)]) -> Vec<u8> {
    workbook_with("", strings, sheets)
}

fn workbook_with(properties: &str, strings: &str, sheets: &[(&str, &str)]) -> Vec<u8> {
    let root = format!(
        r#"<Relationships><Relationship Id="rId1" Type="{KIND}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    let (mut names, mut related, mut parts) = (String::new(), String::new(), Vec::new());
    for (nth, (name, rows)) in sheets.iter().enumerate() {
        let _ = write!(names, r#"<sheet name={name} sheetId="{nth}" r:id="s{nth}"/>"#);
        let _ =
            write!(related, r#"<Relationship Id="s{nth}" Type="{KIND}/worksheet" Target="worksheets/s{nth}.xml"/>"#);
        let sheet = format!(
            r#"<?xml version="1.0" encoding="UTF-8"?><worksheet><dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData></worksheet>"#
        );
        parts.push((format!("xl/worksheets/s{nth}.xml"), sheet));
    }
    let _ = write!(
        related,
        r#"<Relationship Id="t" Type="{KIND}/sharedStrings" Target="/xl/sharedStrings.xml"/><Relationship Id="y" Type="{KIND}/styles" Target="styles.xml"/>"#
    );
    let main =
        format!("<x:workbook>{properties}<x:sheets>{names}</x:sheets></x:workbook>").replace("<sheet ", "<x:sheet ");
    let (related, strings) = (format!("<Relationships>{related}</Relationships>"), format!("<sst>{strings}</sst>"));
    let mut files: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", main.as_bytes()),
        ("xl/_rels/workbook.xml.rels", related.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
        ("xl/styles.xml", STYLES.as_bytes()),
    ];
    files.extend(parts.iter().map(|(name, text)| (name.as_str(), text.as_bytes())));
    zip(&files)
}

/// A sheet of inline texts.
pub(crate) fn plain(rows: &[&[&str]]) -> Vec<u8> {
    let row = |cells: &&[&str]| {
        let mut inside = String::new();
        for c in *cells {
            let _ = write!(inside, r#"<c t="inlineStr"><is><t>{c}</t></is></c>"#);
        }
        let cells = inside;
        format!("<row>{cells}</row>")
    };
    workbook("", &[(r#""Feuil1""#, &rows.iter().map(row).collect::<String>())])
}

fn read_as(file: &[u8], plan: &Plan) -> Result<Vec<Row>, Refusal> {
    let mut rows = Vec::new();
    super::super::read_as(file, plan, TODAY, &mut |row| {
        rows.push(row);
        true
    })?;
    Ok(rows)
}

fn refuses(file: &[u8]) -> Refusal {
    read(file, TODAY).expect_err("the file is refused")
}

#[test]
fn a_workbook_as_excel_writes_it() {
    let strings = "<si><t>Nom</t></si><si><r><t>Pré</t></r><r><rPr><b/></rPr><t>nom</t></r><rPh><t>x</t></rPh></si>\
        <si><t>Courriel</t></si><si><t>N° de dossier</t></si><si><t>Date d&#8217;observation</t></si><si><t>Badge</t></si>\
        <si><t>Niveau</t></si><si><t xml:space=\"preserve\"> Lefèvre </t></si><si><t>Amina &amp; fille</t></si><si><t>Lire</t></si>";
    let rows = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>Liste du lundi</t></is></c></row>
        <row r="3" spans="1:7"><c r="A3" t="s"><v>0</v></c><c r="B3" t="s"><v>1</v></c><c r="C3" t="s"><v>2</v></c><c r="D3" t="s"><v>3</v></c><c r="E3" t="s"><v>4</v></c><c r="F3" t="s"><v>5</v></c><c r="G3" t="s"><v>6</v></c></row>
        <row r="5"><c r="A5" t="s"><v>7</v></c><c r="B5" t="s"><v>8</v></c><c r="C5" s="1"/><c r="D5" s="2"><v>42</v></c><c r="E5" s="3"><v>46348</v></c><c r="F5" t="s"><v>9</v></c><c r="G5" t="str"><f>A1&amp;"x"</f><v>Je pratique</v></c></row>
        <row r="6"><c r="A6" t="e"><v>#N/A</v></c></row>
        <row r="7" hidden="1"><c r="B7" t="inlineStr"><is><t>Benoît</t></is></c><c r="A7" t="inlineStr"><is><t>Guérin</t></is></c><c r="D7"><v>1.0</v></c><c r="E7" s="1"><v>99999</v></c><c r="F7" t="b"><v>1</v></c></row>
        <row r="8"><c r="A8" t="s" s="2"><v></v></c></row>"#;
    let reading = read(&workbook(strings, &[(r#""Feuil1""#, rows)]), TODAY).expect("it reads");
    let told: Vec<_> = reading
        .rows
        .iter()
        .map(|r| (r.line, r.name.as_str(), r.file_number.as_deref(), r.observed_on, r.fault().cloned()))
        .collect();
    assert_eq!(
        told,
        [
            (5, "Amina & fille Lefèvre", Some("000042"), Some(date!(2026 - 11 - 22)), None),
            (6, "#N/A", None, None, Some(Fault::NotAName)),
            (7, "Benoît Guérin", Some("1"), None, Some(Fault::DateInFuture("2173-10-13".into()))),
        ]
    );
    assert_eq!(
        (reading.rows[0].badge_id.as_deref(), reading.rows[0].level.as_deref()),
        (Some("bas-lire"), Some("pratique"))
    );
    assert_eq!(reading.rows[2].faults.len(), 2, "both faults are kept: {:?}", reading.rows[2].faults);
}

#[test]
fn days_since_1904() {
    let rows = r#"<row><c t="inlineStr"><is><t>nom</t></is></c><c t="inlineStr"><is><t>date</t></is></c></row>
        <row><c t="inlineStr"><is><t>A B</t></is></c><c s="1"><v>44886</v></c></row>"#;
    let file = workbook_with(r#"<workbookPr date1904="1"/>"#, "", &[(r#""F""#, rows)]);
    assert_eq!(read(&file, TODAY).expect("it reads").rows[0].observed_on, Some(date!(2026 - 11 - 22)));
}

#[test]
fn the_first_sheet_with_rows_unless_another_is_asked_for() {
    let people = |name: &str| {
        format!(
            r#"<row><c t="inlineStr"><is><t>nom</t></is></c></row><row><c t="inlineStr"><is><t>{name}</t></is></c></row>"#
        )
    };
    let (one, two) = (people("Amina Lefèvre"), people("Benoît Guérin"));
    let file = workbook(
        "",
        &[
            (r#""Vide""#, ""),
            (r#""Listes" state="hidden""#, &one),
            (r#""Lundi""#, &one),
            (r#""Mardi &amp; suite""#, &two),
        ],
    );
    let seen = look(&file, None).expect("a look");
    assert_eq!(seen.sheets, [(1, "Lundi".to_owned()), (2, "Mardi & suite".to_owned())]);
    assert_eq!(seen.plan.sheet, 1);
    assert_eq!(read(&file, TODAY).expect("it reads").rows[0].name, "Amina Lefèvre");
    let seen = look(&file, Some(2)).expect("a look");
    assert_eq!(read_as(&file, &seen.plan).expect("it reads")[0].name, "Benoît Guérin");
    assert_eq!(look(&file, Some(0)).expect_err("nothing there"), Refusal::Empty);
    assert_eq!(look(&file, Some(9)).expect_err("nothing there"), Refusal::WorkbookDamaged);
}

#[test]
fn columns_that_no_header_names_are_shown_with_samples() {
    let file = plain(&[
        &["Qui", "Contact", "NIR", ""],
        &["Amina Lefèvre", "amina@exemple.fr", "299027600000012", ""],
        &["Benoît Guérin", "", "", ""],
    ]);
    assert_eq!(refuses(&file), Refusal::NoUsableColumn(["Qui", "Contact", "NIR"].map(str::to_owned).to_vec()));
    let seen = look(&file, None).expect("a look");
    assert!(!seen.recognised && seen.own_titles);
    assert_eq!(seen.samples[0], ["Amina Lefèvre", "Benoît Guérin"]);
    assert_eq!(seen.samples[2], ["(numéro masqué)"]);
    let mut plan = seen.plan.clone();
    plan.columns.used = vec![(Column::WholeName, 0), (Column::Email, 1)];
    let rows = read_as(&file, &plan).expect("it reads");
    assert_eq!((rows.len(), rows[0].email.as_deref()), (2, Some("amina@exemple.fr")));
    // The same titles in another order and dress are the same set.
    let other = look("NIR;CONTACT ;qui\nx;y;z\n".as_bytes(), None).expect("a look");
    assert_eq!(other.key().map(|key| key.replace('\n', "|")), Some("contact|nir|qui".into()));
    // Without a header, columns are named by their letters, and are nobody's titles.
    let bare = look("Amina Lefèvre;amina@exemple.fr\n".as_bytes(), None).expect("a look");
    assert_eq!((bare.titles, bare.plan.header_record), (vec!["Colonne A".to_owned(), "Colonne B".to_owned()], 0));
    assert!(look("a;b\nx;y\n".as_bytes(), None).expect("a look").key().is_some());
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    // A directory that declares 4 GB, and one that declares less than there is.
    let parts: &[(&str, &[u8])] = &[("xl/workbook.xml", b"<workbook/>")];
    assert_eq!(refuses(&zip_declaring(parts, |_| 0xFFFF_0000)), Refusal::WorkbookTooLarge);
    let big = format!("<workbook>{}</workbook>", " ".repeat(1000));
    assert_eq!(refuses(&zip_declaring(&[("xl/workbook.xml", big.as_bytes())], |_| 100)), Refusal::WorkbookTooLarge);
    // Ten parts of 21 MB, each fine alone.
    let zeros = vec![b' '; 21 << 20];
    let names: Vec<String> = (0..10).map(|n| format!("xl/p{n}.xml")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), zeros.as_slice())).collect();
    let bomb = zip(&many);
    assert!(bomb.len() < super::MAX_BYTES);
    assert_eq!(refuses(&bomb), Refusal::WorkbookTooLarge);
    // 3,000 parts.
    let names: Vec<String> = (0..3_000).map(|n| format!("p{n}")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert_eq!(refuses(&zip(&many)), Refusal::WorkbookTooLarge);
    assert_eq!(refuses(&[b"PK\x03\x04".as_slice(), &vec![0; super::MAX_BYTES]].concat()), Refusal::WorkbookTooLarge);
    // Strings without end, by number and by length.
    assert_eq!(refuses(&workbook(&"<si/>".repeat(4_000_001), &[(r#""F""#, "")])), Refusal::WorkbookTooLarge);
    let long = format!("<si><t>{}</t></si>", "x".repeat(1 << 17));
    assert_eq!(refuses(&workbook(&long, &[(r#""F""#, "")])), Refusal::WorkbookCell);
    let many = "<si><t>".to_owned() + &"<r/>é&#233;".repeat(1 << 15) + "</t></si>";
    assert_eq!(refuses(&workbook(&many, &[(r#""F""#, "")])), Refusal::WorkbookCell);
    // One tag without end, one instruction without end.
    assert_eq!(
        refuses(&workbook(&format!("<si a=\"{}\"/>", "<".repeat(1 << 17)), &[(r#""F""#, "")])),
        Refusal::WorkbookCell
    );
    assert_eq!(
        refuses(&workbook(&format!("<?a {}?>", "><b>".repeat(1 << 15)), &[(r#""F""#, "")])),
        Refusal::WorkbookCell
    );
    // Depth.
    assert_eq!(refuses(&workbook(&"<r>".repeat(100), &[(r#""F""#, "")])), Refusal::WorkbookDamaged);
}

#[test]
fn nothing_is_declared_and_nothing_is_fetched() {
    let name =
        |text: &str| workbook(&format!("<si><t>{text}</t></si>"), &[(r#""F""#, r#"<row><c t="s"><v>0</v></c></row>"#)]);
    assert_eq!(refuses(&name("&xxe;")), Refusal::WorkbookDamaged);
    assert_eq!(refuses(&name("<!-- -->")), Refusal::WorkbookDamaged);
    let dtd = br#"<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]><workbook>&a;</workbook>"#;
    assert_eq!(refuses(&zip(&[("xl/workbook.xml", dtd)])), Refusal::WorkbookDamaged);
    // A sheet that stands elsewhere is no sheet.
    let related = format!(
        r#"<Relationships><Relationship Id="s" Type="{KIND}/worksheet" Target="http://x.fr/s.xml" TargetMode="External"/></Relationships>"#
    );
    let main = br#"<workbook><sheets><sheet name="F" r:id="s"/></sheets></workbook>"#;
    let file = zip(&[("xl/workbook.xml", main), ("xl/_rels/workbook.xml.rels", related.as_bytes())]);
    assert_eq!(refuses(&file), Refusal::Empty);
}

#[test]
fn rows_and_columns_are_counted_as_they_come() {
    let sheet = |rows: &str| workbook("", &[(r#""F""#, rows)]);
    let named = r#"<row r="1"><c r="A1" t="str"><v>nom</v></c></row>"#;
    assert_eq!(
        refuses(&sheet(&format!(r#"{named}<row r="1000000000"><c t="str"><v>A B</v></c></row>"#))),
        Refusal::WorkbookDamaged
    );
    assert_eq!(refuses(&sheet(&format!(r#"{named}<row r="1"/>"#))), Refusal::WorkbookDamaged);
    assert_eq!(
        refuses(&sheet(&format!(r#"{named}<row r="2"><c r="XFD2" t="str"><v>A B</v></c></row>"#))),
        Refusal::TooManyColumns(2)
    );
    assert_eq!(refuses(&sheet(&format!(r#"{named}<row r="2"><c r="ZZZZ2"/></row>"#))), Refusal::WorkbookDamaged);
    assert_eq!(
        refuses(&sheet(&format!(r#"{named}<row r="2"><c r="A2" t="s"><v>7</v></c></row>"#))),
        Refusal::WorkbookDamaged
    );
    let row = r#"<row><c t="str"><v>A B</v></c></row>"#;
    assert_eq!(refuses(&sheet(&format!("{named}{}", row.repeat(MAX_ROWS + 1)))), Refusal::TooManyRows);
    let all = read(&sheet(&format!("{named}{}", row.repeat(MAX_ROWS))), TODAY).expect("the most is read");
    assert_eq!(all.rows.len(), MAX_ROWS);
    // Rows that hold nothing are not lines, and one long text in many cells is one text.
    let empty = r#"<row><c s="1"/></row>"#.repeat(50_000);
    assert_eq!(refuses(&sheet(&format!("{named}{empty}"))), Refusal::Empty);
    let long = format!("<si><t>{}</t></si>", "é".repeat(30_000));
    let cells = r#"<c t="s"><v>0</v></c>"#.repeat(900);
    let rows = format!("{named}{}", format!("<row>{cells}</row>").repeat(200));
    let reading = read(&workbook(&long, &[(r#""F""#, &rows)]), TODAY).expect("it reads");
    assert_eq!((reading.rows.len(), reading.rows[0].fault()), (200, Some(&Fault::TooLong)));
}

#[test]
fn what_is_no_workbook_is_told_what_to_do() {
    let nested = plain(&[&["nom"], &["A B"]]);
    assert_eq!(refuses(&zip(&[("liste.xlsx", &nested)])), Refusal::NotText);
    let word = format!(
        r#"<Relationships><Relationship Id="a" Type="{KIND}/officeDocument" Target="word/document.xml"/></Relationships>"#
    );
    assert_eq!(
        refuses(&zip(&[("_rels/.rels", word.as_bytes()), ("word/document.xml", b"<w:document/>")])),
        Refusal::NotText
    );
    let binary = word.replace("word/document.xml", "xl/workbook.bin");
    assert_eq!(refuses(&zip(&[("_rels/.rels", binary.as_bytes())])), Refusal::OldWorkbook);
    let open = [("mimetype", &b"application/vnd.oasis.opendocument.spreadsheet"[..]), ("content.xml", b"<x/>")];
    assert_eq!(refuses(&zip(&open)), Refusal::OpenDocument);
    let mut locked = nested.clone();
    let at = locked.windows(4).position(|w| w == b"PK\x01\x02").expect("a directory");
    locked[at + 8] |= 1;
    assert_eq!(refuses(&locked), Refusal::OldWorkbook);
    for refusal in [
        Refusal::OldWorkbook,
        Refusal::OpenDocument,
        Refusal::NotText,
        Refusal::WorkbookTooLarge,
        Refusal::WorkbookDamaged,
    ] {
        assert!(!refusal.words().is_empty());
    }
    for end in 0..nested.len() {
        let _ = read(&nested[..end], TODAY);
    }
}

proptest! {
    #[test]
    fn any_change_of_a_workbook_ends_in_an_answer(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut file = plain(&[&["Nom", "Date", "Badge"], &["Amina Lefèvre", "20/11/2026", "Lire"]]);
        for (at, byte) in changes {
            let at = at.index(file.len());
            file[at] = byte;
        }
        if let Ok(reading) = read(&file, TODAY) {
            prop_assert!(reading.rows.len() <= MAX_ROWS);
        }
    }

    #[test]
    fn any_sheet_ends_in_an_answer(rows in "(<(row|c|v|is|t|f|rPh)( (r|s|t)=\"[A-Z0-9]{0,9}\")?/?>|</(row|c|v|is|t)>|[a-z0-9&;]{0,3}){0,40}") {
        let file = workbook("<si><t>nom</t></si>", &[(r#""F""#, &rows)]);
        let _ = look(&file, None).map(|seen: super::super::Look| { let _: Plan = seen.plan; });
        let _ = read(&file, TODAY);
    }
}

/// Written by openpyxl 3.1: a title above, an empty row, dates and padded numbers, a formula nobody computed, an empty
/// sheet.
#[test]
fn a_workbook_of_another_program() {
    let file = include_bytes!("../../../../tests/files/openpyxl.xlsx");
    let seen = look(file, None).expect("a look");
    assert_eq!(seen.sheets, [(0, "Groupe du lundi".to_owned())]);
    let rows = read(file, TODAY).expect("it reads").rows;
    let told: Vec<_> = rows
        .iter()
        .map(|r| (r.line, r.name.as_str(), r.file_number.as_deref(), r.observed_on, r.badge_id.as_deref()))
        .collect();
    let day = Some(date!(2026 - 11 - 20));
    assert_eq!(
        told,
        [
            (4, "Amina Lefèvre", Some("000042"), day, Some("bas-lire")),
            (5, "Benoît Guérin", Some("7"), day, Some("cpt-travail-en-equipe")),
            (6, "Sans valeur", None, None, None),
        ]
    );
}
