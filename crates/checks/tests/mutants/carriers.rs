//! Pictures and documents that carry a badge: what stands in them twice, at the wrong place, or not as it should.

use std::io::Write;

use badge_schemas::baking::{Keyword, png, svg};
use checks::Verdict;
use checks::codes::{
    CARRIER_BROKEN, EMPTY, JSON_SYNTAX, NO_BADGE_IN_PDF, NO_BADGE_IN_PICTURE, NOT_JSON, NOT_TEXT, PICTURE_FORMAT,
    SIGNATURE_MISMATCH, WEB_PAGE,
};
use serde_json::json;

use crate::Mutant;
use crate::tokens::{header, payload, token, vouch};
use crate::world::World;

const DOUBT: Verdict = Verdict::CouldNotCheck;
const NAMESPACE: &str = "https://purl.imsglobal.org/ob/v3p0";

pub(crate) fn mutants() -> Vec<Mutant> {
    let mut all = pngs();
    all.extend(svgs());
    all.extend(pdfs());
    all.extend(others());
    all
}

fn good() -> String {
    World::new().signed().to_string()
}

/// The same badge with another name.
fn forged() -> String {
    let mut badge = World::new().signed();
    badge["name"] = json!("Autre");
    badge.to_string()
}

/// As it comes out of a transfer that stopped.
fn cut_short() -> String {
    let good = good();
    good[..good.len() - 200].to_owned()
}

pub(crate) fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let mut chunk = u32::try_from(data.len()).expect("short").to_be_bytes().to_vec();
    chunk.extend(kind);
    chunk.extend(data);
    chunk.extend(crc32fast::hash(&chunk[4..]).to_be_bytes());
    chunk
}

/// A picture of one dot with these chunks in it.
pub(crate) fn picture(middle: &[Vec<u8>]) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    png.extend(chunk(*b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]));
    png.extend(middle.concat());
    png.extend(chunk(*b"IDAT", &zlib(&[0, 0])));
    png.extend(chunk(*b"IEND", &[]));
    png
}

pub(crate) fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn itxt(keyword: &str, text: &str) -> Vec<u8> {
    chunk(*b"iTXt", format!("{keyword}\0\0\0\0\0{text}").as_bytes())
}

fn pngs() -> Vec<Mutant> {
    let of = |name: &str, bytes: Vec<u8>, verdict: Verdict, codes: &[&'static str]| {
        Mutant::file(format!("a PNG {name}"), bytes, verdict, codes)
    };
    let keyword = "openbadgecredential";
    let baked = png::bake(&picture(&[]), Keyword::OpenBadges3, &good()).expect("a baked picture");
    let with = |data: &[u8]| picture(&[chunk(*b"iTXt", data)]);
    let after = |chunk: Vec<u8>| [picture(&[]), chunk].concat();
    let head = |rest: &[u8]| [keyword.as_bytes(), rest].concat();
    let mut crc = baked.clone();
    let place = crc.windows(6).position(|window| window == b"Duval\"").expect("the name");
    crc[place] = b'd';
    let mut text = baked.clone();
    let end = text.len() - 1;
    text[end] ^= 1;
    let mut long = baked.clone();
    long.splice(33..37, [0x7f, 0xff, 0xff, 0xff]);
    vec![
        of("as it was baked (a control)", baked.clone(), Verdict::Authentic, &[]),
        of(
            "with text in compressed form (a control)",
            with(&[&head(b"\0\x01\0\0\0"), zlib(good().as_bytes()).as_slice()].concat()),
            Verdict::Authentic,
            &[],
        ),
        of(
            "of two badges, the first forged",
            picture(&[itxt(keyword, &forged()), itxt(keyword, &good())]),
            Verdict::Altered,
            &[SIGNATURE_MISMATCH],
        ),
        of("of a forged badge", picture(&[itxt(keyword, &forged())]), Verdict::Altered, &[SIGNATURE_MISMATCH]),
        of("of words", picture(&[itxt(keyword, "Bravo !")]), DOUBT, &[NOT_JSON]),
        of("of a badge cut short", picture(&[itxt(keyword, &cut_short())]), Verdict::Altered, &[JSON_SYNTAX]),
        of("without badge", picture(&[]), DOUBT, &[NO_BADGE_IN_PICTURE]),
        of("under another keyword", picture(&[itxt("Comment", &good())]), DOUBT, &[NO_BADGE_IN_PICTURE]),
        of(
            "under a keyword in capitals",
            picture(&[itxt("OpenBadgeCredential", &good())]),
            DOUBT,
            &[NO_BADGE_IN_PICTURE],
        ),
        of(
            "under a keyword that goes on",
            picture(&[itxt("openbadgecredentials", &good())]),
            DOUBT,
            &[NO_BADGE_IN_PICTURE],
        ),
        of("in a private chunk", picture(&[chunk(*b"obAd", good().as_bytes())]), DOUBT, &[NO_BADGE_IN_PICTURE]),
        of("after the end", after(itxt(keyword, &good())), DOUBT, &[NO_BADGE_IN_PICTURE]),
        of("whose check value is wrong", crc, DOUBT, &[CARRIER_BROKEN]),
        of("whose last check value is wrong", text, DOUBT, &[CARRIER_BROKEN]),
        of("that is cut", baked[..baked.len() - 20].to_vec(), DOUBT, &[CARRIER_BROKEN]),
        of("of a chunk longer than the file", long, DOUBT, &[CARRIER_BROKEN]),
        of("of two headers", picture(&[chunk(*b"IHDR", &[0; 13])]), DOUBT, &[CARRIER_BROKEN]),
        of("without header", [&b"\x89PNG\r\n\x1a\n"[..], &chunk(*b"IEND", &[])].concat(), DOUBT, &[CARRIER_BROKEN]),
        of(
            "whose badge is in Latin-1",
            with(&[&head(b"\0\0\0\0\0"), b"{\"name\":\"\xe9\"}".as_slice()].concat()),
            DOUBT,
            &[CARRIER_BROKEN],
        ),
        of("whose badge is empty", with(&head(b"\0\0\0\0\0")), DOUBT, &[CARRIER_BROKEN]),
        of("whose chunk is cut", with(&head(b"\0\0\0")), DOUBT, &[CARRIER_BROKEN]),
        of(
            "compressed in an unknown way",
            with(&[&head(b"\0\x01\x01\0\0"), zlib(b"{}").as_slice()].concat()),
            DOUBT,
            &[CARRIER_BROKEN],
        ),
        of(
            "whose compressed badge is damaged",
            with(&[&head(b"\0\x01\0\0\0"), &zlib(good().as_bytes())[..300]].concat()),
            DOUBT,
            &[CARRIER_BROKEN],
        ),
        of(
            "whose badge unfolds without end",
            with(&[&head(b"\0\x01\0\0\0"), zlib(&vec![b' '; 12 << 20]).as_slice()].concat()),
            DOUBT,
            &[CARRIER_BROKEN],
        ),
    ]
}

fn svgs() -> Vec<Mutant> {
    let of = |name: &str, text: String, verdict: Verdict, codes: &[&'static str]| {
        Mutant::file(format!("an SVG {name}"), text, verdict, codes)
    };
    let plain = r#"<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>"#;
    let baked = svg::bake(plain.as_bytes(), Keyword::OpenBadges3, &good()).expect("a baked picture");
    let baked = String::from_utf8(baked).expect("text");
    let within = |inner: &str| plain.replace("<path", &format!("{inner}<path"));
    let element = |attributes: &str, body: &str| {
        within(&format!("<ob:credential xmlns:ob=\"{NAMESPACE}\" {attributes}><![CDATA[{body}]]></ob:credential>"))
    };
    let mut token_world = World::new();
    vouch(&mut token_world, "ES256");
    let jws = token("ES256", &header("ES256"), &payload(&token_world));
    let in_attribute = |jws: &str| within(&format!("<ob:credential xmlns:ob=\"{NAMESPACE}\" verify=\"{jws}\"/>"));
    let (input, signature) = jws.rsplit_once('.').expect("parts");
    let changed = format!("{input}.{}{}", if signature.starts_with('A') { "B" } else { "A" }, &signature[1..]);
    let entity = format!("<!DOCTYPE svg [<!ENTITY b \"x\">]>{baked}");
    let two = within(
        &[forged(), good()]
            .map(|badge| format!("<o:credential xmlns:o=\"{NAMESPACE}\"><![CDATA[{badge}]]></o:credential>"))
            .concat(),
    );
    vec![
        of("as it was baked (a control)", baked.clone(), Verdict::Authentic, &[]),
        of("whose token stands in the attribute (a control)", in_attribute(&jws), Verdict::Authentic, &[])
            .within(token_world)
            .alone(),
        of("whose token was changed", in_attribute(&changed), Verdict::Altered, &[SIGNATURE_MISMATCH])
            .within({
                let mut world = World::new();
                vouch(&mut world, "ES256");
                world
            })
            .alone(),
        of(
            "of a forged badge beside a good token",
            element(&format!("verify=\"{jws}\""), &forged()),
            Verdict::Altered,
            &[SIGNATURE_MISMATCH],
        ),
        of("of two badges, the first forged", two, Verdict::Altered, &[SIGNATURE_MISMATCH]),
        of("whose name was changed", baked.replacen("Duval", "Dupont", 1), Verdict::Altered, &[SIGNATURE_MISMATCH]),
        of("without badge", plain.to_owned(), DOUBT, &[NO_BADGE_IN_PICTURE]),
        of(
            "in the namespace of the context",
            baked.replace("imsglobal.org/ob/", "imsglobal.org/spec/ob/"),
            DOUBT,
            &[NO_BADGE_IN_PICTURE],
        ),
        of(
            "under another element",
            baked.replace("openbadges:credential", "openbadges:badge"),
            DOUBT,
            &[NO_BADGE_IN_PICTURE],
        ),
        of("in a comment", within(&format!("<!-- {} -->", good().replace("--", "- -"))), DOUBT, &[NO_BADGE_IN_PICTURE]),
        of("with a document type", entity, DOUBT, &[CARRIER_BROKEN]),
        of(
            "with a file of ours",
            format!("<!DOCTYPE svg SYSTEM \"file:///etc/passwd\">{baked}"),
            DOUBT,
            &[CARRIER_BROKEN],
        ),
        of(
            "with an entity in the badge",
            within(&format!("<o:credential xmlns:o=\"{NAMESPACE}\">&badge;</o:credential>")),
            DOUBT,
            &[CARRIER_BROKEN],
        ),
        of("with an entity in the attribute", in_attribute("&badge;"), DOUBT, &[CARRIER_BROKEN]),
        of(
            "with an element in the badge",
            within(&format!("<o:credential xmlns:o=\"{NAMESPACE}\"><g/></o:credential>")),
            DOUBT,
            &[CARRIER_BROKEN],
        ),
        of("of a badge cut short", element("", &cut_short()), Verdict::Altered, &[JSON_SYNTAX]),
        of("whose badge is empty", element("", ""), DOUBT, &[CARRIER_BROKEN]),
        of("that is cut", baked[..baked.len() - 3].to_owned(), DOUBT, &[CARRIER_BROKEN]),
        of("that goes on", format!("{baked}<svg/>"), DOUBT, &[CARRIER_BROKEN]),
        of("nested without end", format!("<svg>{}", "<g>".repeat(300)), DOUBT, &[CARRIER_BROKEN]),
        of(
            "that is larger than is read",
            baked.replace("<path", &format!("{}<path", " ".repeat(svg::MAX_BYTES))),
            DOUBT,
            &[CARRIER_BROKEN],
        ),
    ]
}

fn pdfs() -> Vec<Mutant> {
    let of = |name: &str, bytes: Vec<u8>, verdict: Verdict, codes: &[&'static str]| {
        Mutant::file(format!("a PDF {name}"), bytes, verdict, codes)
    };
    let attached = |files: &[&str]| {
        let mut pdf = b"%PDF-1.4\n".to_vec();
        for (number, file) in files.iter().enumerate() {
            let head = format!("{} 0 obj<</Type/EmbeddedFile/Length {}>>stream\n", number + 1, file.len());
            pdf.extend([head.as_bytes(), file.as_bytes(), b"\nendstream endobj\n"].concat());
        }
        pdf
    };
    let deflated = |content: &[u8]| {
        let bytes = zlib(content);
        let head = format!("%PDF-1.7\n1 0 obj<</Type/EmbeddedFile/Filter/FlateDecode/Length {}>>stream\n", bytes.len());
        [head.as_bytes(), &bytes, b"\nendstream endobj\n"].concat()
    };
    let (good, forged) = (good(), forged());
    let mut encrypted = attached(&[&good]);
    encrypted.extend(b"trailer <</Encrypt 5 0 R>>");
    vec![
        of("to which the badge is attached (a control)", attached(&[&good]), Verdict::Authentic, &[]),
        of(
            "to which the badge is attached, compressed (a control)",
            deflated(good.as_bytes()),
            Verdict::Authentic,
            &[],
        ),
        of("to which a forged badge is attached", attached(&[&forged]), Verdict::Altered, &[SIGNATURE_MISMATCH]),
        of(
            "to which two badges are attached, the first forged",
            attached(&[&forged, &good]),
            Verdict::Altered,
            &[SIGNATURE_MISMATCH],
        ),
        of("to which nothing is attached", attached(&[]), DOUBT, &[NO_BADGE_IN_PDF]),
        of("to which words are attached", attached(&["Bravo !"]), DOUBT, &[NO_BADGE_IN_PDF]),
        of("to which an address is attached", attached(&["https://livret.example/b/1"]), DOUBT, &[NO_BADGE_IN_PDF]),
        of("to which a badge cut short is attached", attached(&[&cut_short()]), Verdict::Altered, &[JSON_SYNTAX]),
        of(
            "to which a badge cut short is attached before the whole one",
            attached(&[&cut_short(), &good]),
            Verdict::Authentic,
            &[],
        ),
        of("that is encrypted", encrypted, DOUBT, &[CARRIER_BROKEN]),
        of("whose file unfolds without end", deflated(&vec![b' '; 14 << 20]), DOUBT, &[CARRIER_BROKEN]),
    ]
}

fn others() -> Vec<Mutant> {
    let of = |name: &str, bytes: &[u8], code: &'static str| Mutant::file(name, bytes, DOUBT, [code]);
    vec![
        of("a JPEG", b"\xff\xd8\xff\xe0 a photograph", PICTURE_FORMAT),
        of("a GIF", b"GIF89a a film", PICTURE_FORMAT),
        of("a WebP", b"RIFF\x10\0\0\0WEBPVP8 ", PICTURE_FORMAT),
        of("a web page", b"<!DOCTYPE html><html><body>Badge</body></html>", WEB_PAGE),
        of("bytes", b"\0\x01\x02\xff\xfe", NOT_TEXT),
        of("nothing", b" \n", EMPTY),
        of("words", "Travail en équipe".as_bytes(), NOT_JSON),
    ]
}
