//! Baking and reading back, on pictures made here, and on hostile ones.

use std::io::Write;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde_json::json;

use super::*;

const JWS: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpZCI6InVybjphIn0.c2lnbmF0dXJl";
const PLAIN_SVG: &str =
    r#"<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox='0 0 1 1'><path d="M0 0"/></svg>"#;

fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let mut chunk = u32::try_from(data.len()).unwrap().to_be_bytes().to_vec();
    chunk.extend(kind);
    chunk.extend(data);
    let mut check = crc32fast::Hasher::new();
    check.update(&chunk[4..]);
    chunk.extend(check.finalize().to_be_bytes());
    chunk
}

fn picture(middle: &[Vec<u8>]) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    png.extend(chunk(*b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]));
    png.extend(middle.concat());
    png.extend(chunk(*b"IDAT", &zlib(&[0, 0])));
    png.extend(chunk(*b"IEND", &[]));
    png
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn text_of(found: Result<Option<Unbaked>, BakeFault>) -> String {
    found.unwrap().unwrap().text
}

/// Hostile input is refused, and before anybody gets tired.
fn refused<T: std::fmt::Debug>(read: impl Fn() -> Result<T, BakeFault>) -> BakeFault {
    let (fault, time) = quickest(|| read().unwrap_err());
    assert!(time < Duration::from_millis(if cfg!(debug_assertions) { 1000 } else { 100 }), "{fault}: {time:?}");
    fault
}

/// The answer, and the best of three times.
fn quickest<T>(work: impl Fn() -> T) -> (T, Duration) {
    let mut all = (0..3).map(|_| {
        let start = spent();
        (work(), spent().saturating_sub(start))
    });
    let first = all.next().unwrap();
    all.fold(first, |best, next| if next.1 < best.1 { next } else { best })
}

/// Time this thread has spent on a processor, where the system says so: the machine that tests is shared.
#[expect(clippy::disallowed_methods, reason = "what a refusal costs is what these tests measure")]
fn spent() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.as_deref().and_then(|t| t.split(' ').next()?.parse().ok()).filter(|n| *n > 0);
    nanoseconds.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

/// Badge Baking (2.0) and Open Badges 3.0 §5.3.1 (checklist 4.4, K1): `keyword\0`, two zeros, two empty texts, text.
#[test]
fn row_4_4_one_itxt_uncompressed_before_iend() {
    for keyword in Keyword::ALL {
        let plain = picture(&[]);
        let baked = png::bake(&plain, keyword, JWS).unwrap();
        let end = plain.len() - 12;
        let added = chunk(*b"iTXt", format!("{}\0\0\0\0\0{JWS}", keyword.png()).as_bytes());
        assert_eq!(baked, [&plain[..end], &added, &plain[end..]].concat());
        assert_eq!(png::unbake(&baked), Ok(Some(Unbaked { keyword, text: JWS.into() })));
    }
}

/// Checklist 4.1, 4.4, K2: one credential per document, whatever standard it follows.
#[test]
fn row_4_4_baking_twice_replaces() {
    let plain = picture(&[]);
    let once = png::bake(&plain, Keyword::OpenBadges3, r#"{"a":"é"}"#).unwrap();
    let first = png::bake(&plain, Keyword::OpenBadges2, JWS).unwrap();
    assert_eq!(png::bake(&first, Keyword::OpenBadges3, r#"{"a":"é"}"#).unwrap(), once);
    assert_eq!(png::bake(&once, Keyword::OpenBadges3, r#"{"a":"é"}"#).unwrap(), once);
}

/// Checklist 4.6, K3–K5: what others write, in the order they wrote it.
#[test]
fn row_4_6_pngs_of_others_are_read() {
    let read = |kind: &[u8; 4], data: Vec<u8>| png::unbake(&picture(&[chunk(*kind, &data)]));
    let url = "https://example.org/assertion";
    assert_eq!(text_of(read(b"tEXt", format!("openbadges\0{url}").into_bytes())), url);
    assert_eq!(text_of(read(b"iTXt", format!("openbadges\0\0\0\0\0{url}\n").into_bytes())), url);
    let tagged = "openbadgecredential\0\0\0fr-FR\0Badge numérique\0 {\"a\":1} ";
    assert_eq!(text_of(read(b"iTXt", tagged.into())), r#"{"a":1}"#);
    let deflated = |head: &[u8]| [head, &zlib(r#"{"name":"Équipe"}"#.as_bytes())].concat();
    assert_eq!(text_of(read(b"iTXt", deflated(b"openbadges\0\x01\0\0\0"))), r#"{"name":"Équipe"}"#);
    assert_eq!(text_of(read(b"zTXt", deflated(b"clrcredential\0\0"))), r#"{"name":"Équipe"}"#);
    assert_eq!(read(b"iTXt", b"openbadge\0\0\0\0\0{}".to_vec()), Ok(None));
    assert_eq!(read(b"eXIf", b"openbadges\0\0\0\0\0{}".to_vec()), Ok(None));

    let two =
        [chunk(*b"tEXt", b"openbadges\0https://example.org/1"), chunk(*b"iTXt", b"openbadgecredential\0\0\0\0\0{}")];
    assert_eq!(text_of(png::unbake(&picture(&two))), "https://example.org/1");
    // What stands after the end belongs to no picture.
    let after = [picture(&[]), chunk(*b"iTXt", b"openbadges\0\0\0\0\0{}")].concat();
    assert_eq!(png::unbake(&after), Ok(None));
}

#[test]
fn hostile_pngs_are_refused() {
    let read = |png: Vec<u8>| refused(|| png::unbake(&png));
    let with = |data: &[u8]| picture(&[chunk(*b"iTXt", data)]);
    assert_eq!(read(b"GIF89a".to_vec()), BakeFault::NotPng);
    assert_eq!(read(b"\x89PNG\r\n\x1a\n".to_vec()), BakeFault::PngTruncated);
    assert_eq!(read([&b"\x89PNG\r\n\x1a\n"[..], &chunk(*b"IDAT", &[])].concat()), BakeFault::NotPng);
    assert_eq!(read(picture(&[chunk(*b"IHDR", &[0; 13])])), BakeFault::PngChunk);
    assert_eq!(read(picture(&[chunk(*b"i0Xt", &[])])), BakeFault::PngChunk);
    let plain = picture(&[]);
    assert_eq!(read(plain[..plain.len() - 1].to_vec()), BakeFault::PngTruncated);
    assert_eq!(read(plain[..plain.len() - 12].to_vec()), BakeFault::PngTruncated);
    for (length, fault) in [([0x7f, 255, 255, 255], BakeFault::PngTruncated), ([255; 4], BakeFault::PngChunk)] {
        let mut long = plain.clone();
        long.splice(33..37, length);
        assert_eq!(read(long), fault);
    }
    let mut changed = with(b"openbadges\0\0\0\0\0{}");
    changed[57] ^= 1;
    assert_eq!(read(changed), BakeFault::PngCrc);
    assert_eq!(read(with(b"openbadges\0\0\0\0\0")), BakeFault::Empty);
    assert_eq!(read(with(b"openbadges\0\0\0\0")), BakeFault::PngChunk);
    assert_eq!(read(with(b"openbadges\0\x02\0\0\0{}")), BakeFault::PngChunk);
    assert_eq!(read(with(b"openbadges\0\x01\x01\0\0{}")), BakeFault::PngChunk);
    assert_eq!(read(with(b"openbadges\0\x01\0\0\0{}")), BakeFault::Inflate);
    assert_eq!(read(with(b"openbadges\0\0\0\0\0\xff\xfe")), BakeFault::NotUtf8);
    let bomb = [b"openbadges\0\x01\0\0\0", &zlib(&vec![b' '; 64 * 1024 * 1024])[..]].concat();
    assert_eq!(read(with(&bomb)), BakeFault::TextTooLarge);
    assert_eq!(read(picture(&vec![chunk(*b"tEXt", &[]); 70_000])), BakeFault::PngChunk);
    assert_eq!(read(vec![0; MAX_BYTES + 1]), BakeFault::TooLarge);
}

#[test]
fn only_badges_are_baked() {
    for text in ["", "hello", "[1]", "https://example.org/1", "{\"a\":1}x", "{\"\0\":1}", "a.b", "a..b"] {
        assert_eq!(png::bake(&picture(&[]), Keyword::OpenBadges3, text), Err(BakeFault::NotABadge), "{text}");
        assert_eq!(svg::bake(PLAIN_SVG.as_bytes(), Keyword::Clr2, text), Err(BakeFault::NotABadge), "{text}");
    }
    let large = format!("{{{}}}", " ".repeat(json::MAX_BYTES));
    assert_eq!(png::bake(&picture(&[]), Keyword::OpenBadges3, &large), Err(BakeFault::TextTooLarge));
    assert_eq!(png::bake(PLAIN_SVG.as_bytes(), Keyword::OpenBadges3, "{}"), Err(BakeFault::NotPng));
    assert_eq!(svg::bake(&picture(&[]), Keyword::OpenBadges3, "{}"), Err(BakeFault::SvgMalformed));
}

fn baked_svg(keyword: Keyword, text: &str) -> String {
    String::from_utf8(svg::bake(PLAIN_SVG.as_bytes(), keyword, text).unwrap()).unwrap()
}

/// Open Badges 3.0 §5.3.2, checklist 4.5 and K7.
#[test]
fn row_4_5_the_element_stands_directly_after_the_svg_tag() {
    let head =
        r#"<?xml version="1.0"?><svg xmlns:openbadges="NS" xmlns="http://www.w3.org/2000/svg" viewBox='0 0 1 1'>"#;
    let tail = r#"<path d="M0 0"/></svg>"#;
    let expected = |namespace: &str, element: &str| format!("{}{element}{tail}", head.replace("NS", namespace));
    assert_eq!(
        baked_svg(Keyword::OpenBadges3, JWS),
        expected("https://purl.imsglobal.org/ob/v3p0", &format!(r#"<openbadges:credential verify="{JWS}"/>"#))
    );
    assert_eq!(
        baked_svg(Keyword::Clr2, r#"{"a":"]]>"}"#),
        expected(
            "https://purl.imsglobal.org/clr/v2p0",
            r#"<openbadges:credential><![CDATA[{"a":"]]]]><![CDATA[>"}]]></openbadges:credential>"#
        )
    );
    assert_eq!(
        baked_svg(Keyword::OpenBadges2, r#"{"id":"https://example.org/1?a&b"}"#),
        expected(
            "http://openbadges.org",
            concat!(
                r#"<openbadges:assertion verify="https://example.org/1?a&amp;b">"#,
                r#"<![CDATA[{"id":"https://example.org/1?a&b"}]]></openbadges:assertion>"#
            )
        )
    );
    assert_eq!(
        svg::bake(PLAIN_SVG.as_bytes(), Keyword::OpenBadges2, r#"{"id":"urn:uuid:1"}"#),
        Err(BakeFault::NoAddress)
    );
    let one_x = r#"{"uid":"1","verify":{"type":"hosted","url":"https://example.org/1"}}"#;
    assert!(baked_svg(Keyword::OpenBadges2, one_x).contains(r#"verify="https://example.org/1""#));
}

/// Checklist 4.5, K8: one such element only.
#[test]
fn row_4_5_baking_twice_replaces() {
    let first = svg::bake(PLAIN_SVG.as_bytes(), Keyword::OpenBadges2, JWS).unwrap();
    let second = svg::bake(&first, Keyword::OpenBadges3, r#"{"a":1}"#).unwrap();
    assert_eq!(second, svg::bake(PLAIN_SVG.as_bytes(), Keyword::OpenBadges3, r#"{"a":1}"#).unwrap());
    let two = PLAIN_SVG.replace("<path", r#"<g><a:assertion xmlns:a="http://openbadges.org" verify="x"/></g><path"#);
    let baked = svg::bake(two.as_bytes(), Keyword::OpenBadges3, JWS).unwrap();
    assert!(String::from_utf8(baked).unwrap().ends_with(r#"<g></g><path d="M0 0"/></svg>"#));
    let empty = svg::bake(b"<s:svg xmlns:s='http://www.w3.org/2000/svg' />", Keyword::OpenBadges3, JWS).unwrap();
    assert_eq!(
        String::from_utf8(empty).unwrap(),
        format!(
            "<s:svg xmlns:openbadges=\"https://purl.imsglobal.org/ob/v3p0\" xmlns:s='http://www.w3.org/2000/svg' >\
             <openbadges:credential verify=\"{JWS}\"/></s:svg>"
        )
    );
}

/// The picture's own use of our prefix is not taken from it: its `credential` would become a second badge.
#[test]
fn a_picture_that_gives_our_prefix_to_something_else_is_not_baked() {
    let other = PLAIN_SVG.replace("<svg", r#"<svg xmlns:openbadges="https://example.org/other""#);
    let other = other.replace("<path", "<openbadges:credential/><path");
    assert_eq!(svg::unbake(other.as_bytes()), Ok(None));
    assert_eq!(svg::bake(other.as_bytes(), Keyword::OpenBadges3, JWS), Err(BakeFault::SvgPrefix));
    let undeclared = PLAIN_SVG.replace("<path", "<openbadges:credential/><path");
    assert_eq!(svg::bake(undeclared.as_bytes(), Keyword::OpenBadges3, JWS), Err(BakeFault::SvgPrefix));
}

/// Checklist 4.6, K9: by namespace, any prefix, CDATA or text.
#[test]
fn row_4_6_svgs_of_others_are_read() {
    let read = |element: &str| svg::unbake(PLAIN_SVG.replace("<path", &format!("{element}<path")).as_bytes());
    let ob = "xmlns:ob=\"https://purl.imsglobal.org/ob/v3p0\"";
    let json = r#"{"a":"<é&>"}"#;
    let text = "{\"a\":\"&lt;&#233;&amp;&#x3E;\"}";
    for element in [
        format!("<ob:credential {ob}><![CDATA[\n {json} ]]></ob:credential>"),
        format!("<ob:credential {ob}>\n{text}\n</ob:credential>"),
        format!("<ob:credential {ob}><!-- - --><![CDATA[{{\"a\":]]>\"&lt;é&amp;<![CDATA[>\"}}]]></ob:credential>"),
        format!("<g {ob}><ob:credential verify=''>{text}</ob:credential></g>"),
        format!("<credential xmlns='https://purl.imsglobal.org/ob/v3p0'>{text}</credential>"),
        format!("<ob:assertion {ob}/><ob:credential {ob} verify='x'>{text}</ob:credential><ob:credential {ob}/>"),
    ] {
        assert_eq!(read(&element), Ok(Some(Unbaked { keyword: Keyword::OpenBadges3, text: json.into() })), "{element}");
    }
    let old =
        "<b:assertion xmlns:b='http://openbadges.org' verify='https://example.org/?a&amp;b'><![CDATA[]]></b:assertion>";
    assert_eq!(text_of(read(old)), "https://example.org/?a&b");
    assert_eq!(read("<credential>{}</credential>"), Ok(None));
    assert_eq!(read("<ob:credential xmlns:ob='https://purl.imsglobal.org/spec/ob/v3p0'>{}</ob:credential>"), Ok(None));
    // A prefix counts where it is declared.
    assert_eq!(read(&format!("<g {ob}/><ob:credential>{{}}</ob:credential>")), Ok(None));
    assert_eq!(read(&format!("<ob:credential {ob}> </ob:credential>")), Err(BakeFault::Empty));
}

#[test]
fn hostile_svgs_are_refused() {
    let read = |svg: String| refused(|| svg::unbake(svg.as_bytes()));
    let within = |inner: &str| PLAIN_SVG.replace("<path", &format!("{inner}<path"));
    let doctype = "<!DOCTYPE svg [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>";
    assert_eq!(read(format!("{doctype}<svg>&b;</svg>")), BakeFault::SvgEntities);
    assert_eq!(read("<!DOCTYPE svg SYSTEM \"file:///etc/passwd\"><svg/>".into()), BakeFault::SvgEntities);
    assert_eq!(read(within("&xxe;")), BakeFault::SvgEntities);
    assert_eq!(read(within("<g xmlns:a='&xxe;'/>")), BakeFault::SvgEntities);
    assert_eq!(read("<html/>".into()), BakeFault::NotSvg);
    assert_eq!(read("<svg xmlns='urn:other'/>".into()), BakeFault::NotSvg);
    assert_eq!(read("hello".into()), BakeFault::NotSvg);
    assert_eq!(read(String::new()), BakeFault::NotSvg);
    for wrong in [
        "<svg>",
        "<svg></g>",
        "<svg/><svg/>",
        "<svg/>x",
        "<svg",
        "<svg a=1/>",
        "<svg a='1' a='2'/>",
        "<svg a='1'b='2'/>",
    ] {
        assert_eq!(read(wrong.into()), BakeFault::SvgMalformed, "{wrong}");
    }
    let nested = "<o:credential xmlns:o='https://purl.imsglobal.org/ob/v3p0'><g/></o:credential>";
    assert_eq!(read(within(nested)), BakeFault::SvgMalformed);
    assert_eq!(read("<svg>".repeat(300_000)), BakeFault::SvgTooComplex);
    assert_eq!(read(format!("<svg>{}", "<g>".repeat(300_000))), BakeFault::SvgTooComplex);
    let attributes = (0..300_000).map(|i| format!(" a{i}=''")).collect::<Vec<_>>().concat();
    assert_eq!(read(format!("<svg{attributes}/>")), BakeFault::SvgTooComplex);
    let namespaces = (0..30).map(|i| format!(" xmlns:a{i}='urn:{i}'")).collect::<Vec<_>>().concat();
    assert_eq!(read(format!("<svg{namespaces}><g{namespaces}/></svg>")), BakeFault::SvgTooComplex);
    let credentials = "<a0:credential/>".repeat(150_000);
    assert_eq!(read(format!("<svg{namespaces}>{credentials}")), BakeFault::SvgMalformed);
    assert_eq!(read(" ".repeat(svg::MAX_BYTES + 1)), BakeFault::TooLarge);
    assert_eq!(
        refused(|| svg::unbake(&"<svg/>".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>())),
        BakeFault::NotSvg
    );
}

/// A PDF as another program writes it: an attached file, named in the tree of names.
fn pdf_with(content: &[u8], compress: bool, modern: bool) -> Vec<u8> {
    use lopdf::{Document, Object, Stream, dictionary};
    let mut document = Document::with_version("1.7");
    let mut stream =
        Stream::new(dictionary! { "Type" => "EmbeddedFile", "Subtype" => "application#2Fjson" }, content.to_vec());
    if compress {
        // Not by lopdf, which leaves short streams as they are.
        stream.set_content(zlib(content));
        stream.dict.set("Filter", "FlateDecode");
    }
    let file = document.add_object(stream);
    let specification = document.add_object(dictionary! {
        "Type" => "Filespec", "F" => Object::string_literal("badge (1).json"), "EF" => dictionary! { "F" => file },
    });
    let pages = document.add_object(dictionary! { "Type" => "Pages", "Kids" => Vec::<Object>::new(), "Count" => 0 });
    let catalog = document.add_object(dictionary! {
        "Type" => "Catalog", "Pages" => pages, "AF" => vec![Object::Reference(specification)],
        "Names" => dictionary! { "EmbeddedFiles" => dictionary! {
            "Names" => vec![Object::string_literal("badge"), specification.into()],
        } },
    });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    if modern {
        document.save_modern(&mut bytes).unwrap();
    } else {
        document.save_to(&mut bytes).unwrap();
    }
    bytes
}

#[test]
fn files_attached_to_a_pdf_are_found() {
    let badge = format!("{{\"name\":\"endstream Équipe\",\"filler\":\"{}\"}}", "x".repeat(1000));
    for compress in [false, true] {
        for modern in [false, true] {
            let pdf = pdf_with(badge.as_bytes(), compress, modern);
            assert_eq!(pdf::attachments(&pdf), Ok(vec![badge.clone().into_bytes()]), "{compress} {modern}");
        }
    }
    let untyped = b"%PDF-1.4\n1 0 obj<</Length 2>>stream\n{}\nendstream endobj 2 0 obj<</F(a)/EF<</F 1 0 R>>>>endobj\n\
        3 0 obj<</Length 2>>stream\n{}\nendstream endobj";
    assert_eq!(pdf::attachments(untyped), Ok(vec![b"{}".to_vec()]));
    // A later version of the object counts.
    let updated = b"%PDF-1.4\n1 0 obj<</Type/EmbeddedFile/Length 2>>stream\n{}\nendstream endobj\n\
        1 0 obj<</Type/EmbeddedFile/Length 9 0 R>>stream\r\n{ }\nendstream endobj 2 0 obj<</Type/EmbeddedFile>>stream\n1";
    assert_eq!(pdf::attachments(updated), Ok(vec![b"{ }\n".to_vec()]));
    assert_eq!(pdf::attachments(b"%PDF-1.4\ntrailer<<>>"), Ok(vec![]));
}

#[test]
fn hostile_pdfs_are_refused() {
    let read = |pdf: Vec<u8>| refused(|| pdf::attachments(&pdf));
    assert_eq!(read(b"PDF".to_vec()), BakeFault::NotPdf);
    assert_eq!(read(b"%PDF-1.7 trailer <</Encrypt 5 0 R>>".to_vec()), BakeFault::PdfEncrypted);
    assert_eq!(read(vec![b' '; MAX_BYTES + 1]), BakeFault::TooLarge);
    let bomb = zlib(&vec![b' '; 64 * 1024 * 1024]);
    for kind in ["ObjStm", "EmbeddedFile"] {
        let mut pdf = b"%PDF-1.7\n".to_vec();
        for number in 0..100 {
            let head = format!("{number} 0 obj<</Type/{kind}/Filter/FlateDecode/Length {}>>stream\n", bomb.len());
            pdf.extend([head.as_bytes(), &bomb, b"\nendstream endobj\n"].concat());
        }
        assert_eq!(read(pdf), BakeFault::PdfTooComplex);
    }
    let unclosed = [b"%PDF-1.7\n".to_vec(), b"1 0 obj<</A(".repeat(400_000)].concat();
    assert_eq!(read(unclosed), BakeFault::PdfTooComplex);
    // Each length points at the same white space, as many times as there are objects.
    let object = |number: usize, length: usize| format!("{number:07} 0 obj<</Length {length:08}>>stream\nendstream\n");
    let (count, head) = (2_000, "%PDF-1.7\n");
    let (size, data) = (object(0, 0).len(), object(0, 0).find("endstream").unwrap());
    let spaces = head.len() + count * size;
    let objects = (0..count).map(|i| object(i, spaces - (head.len() + i * size + data))).collect::<String>();
    let pointed = format!("{head}{objects}{}x", " ".repeat(100_000));
    assert_eq!(read(pointed.into_bytes()), BakeFault::PdfTooComplex);
    // What is damaged at its very end was inflated all the same.
    let mut damaged = zlib(&vec![b' '; 8 * 1024 * 1024]);
    let sum = damaged.len() - 4;
    damaged[sum..].fill(0);
    let attached = |number: usize| {
        let head = format!("{number} 0 obj<</Type/EmbeddedFile/Filter/FlateDecode/Length {}>>stream\n", damaged.len());
        [head.as_bytes(), &damaged, b"\nendstream endobj\n"].concat()
    };
    let with = |count: usize| [b"%PDF-1.7\n".to_vec(), (0..count).flat_map(attached).collect()].concat();
    assert_eq!(pdf::attachments(&with(1)), Ok(vec![]));
    assert_eq!(read(with(2)), BakeFault::PdfTooComplex);
    // Not refused, but not slow either.
    for word in [
        "1 0 obj ",
        "1 0 obj<<>>stream ",
        "1 0 obj<<>>stream\nendstream ",
        "/EF<</F 1 0 R",
        "/EF",
        "/Encryptobj",
        "[[[[<<",
    ] {
        let pdf = [b"%PDF-1.7\n".to_vec(), word.as_bytes().repeat(MAX_BYTES / word.len() - 9)].concat();
        let (_, time) = quickest(|| pdf::attachments(&pdf));
        assert!(time < Duration::from_millis(if cfg!(debug_assertions) { 3000 } else { 200 }), "{word} {time:?}");
    }
}

fn badge() -> impl Strategy<Value = String> {
    let json = prop::collection::btree_map("[^\u{fffe}\u{ffff}]*", "[^\u{fffe}\u{ffff}]*", 0..6)
        .prop_map(|m| json!(m).to_string());
    prop_oneof![json, "eyJ[A-Za-z0-9_-]{1,40}\\.[A-Za-z0-9_-]{1,200}\\.[A-Za-z0-9_-]{1,90}"]
}

fn keyword() -> impl Strategy<Value = Keyword> {
    prop::sample::select(&Keyword::ALL[1..])
}

proptest! {
    #[test]
    fn a_png_gives_back_what_was_baked(
        text in badge(), other in badge(), keyword in keyword(),
        chunks in prop::collection::vec(("[a-zA-Z]{4}", prop::collection::vec(any::<u8>(), 0..50)), 0..6),
    ) {
        let structure = |k: &str| matches!(k, "IHDR" | "IEND");
        let middle: Vec<_> = chunks.iter().filter(|(k, _)| !structure(k))
            .map(|(k, d)| chunk(k.as_bytes().try_into().unwrap(), d)).collect();
        let plain = picture(&middle);
        let baked = png::bake(&plain, keyword, &text).unwrap();
        prop_assert_eq!(png::unbake(&baked).unwrap(), Some(Unbaked { keyword, text: text.clone() }));
        prop_assert_eq!(png::bake(&png::bake(&plain, keyword, &other).unwrap(), keyword, &text).unwrap(), baked.clone());
        // The picture's own chunks: everything but what was added.
        let added = baked.len() - plain.len();
        prop_assert_eq!(&baked[..plain.len() - 12], &plain[..plain.len() - 12]);
        prop_assert_eq!(&baked[plain.len() - 12 + added..], &plain[plain.len() - 12..]);
    }

    #[test]
    fn an_svg_gives_back_what_was_baked(text in badge(), other in badge(), keyword in keyword(), id in "[a-z]{1,9}",
        words in "[^<&\0]{0,40}", bom in any::<bool>()) {
        let bom = if bom { "\u{feff}" } else { "" };
        let plain = format!("{bom}<!-- {id} -->\n<svg\n id = '{id}>' xmlns=\"http://www.w3.org/2000/svg\"><g>{words}</g>\r\n</svg>\n");
        let baked = svg::bake(plain.as_bytes(), keyword, &text).unwrap();
        prop_assert_eq!(svg::unbake(&baked).unwrap(), Some(Unbaked { keyword, text: text.clone() }));
        let twice = svg::bake(&svg::bake(plain.as_bytes(), keyword, &other).unwrap(), keyword, &text).unwrap();
        prop_assert_eq!(&twice, &baked);
        let rest = &plain[plain.find("\"><g>").unwrap() + 2..];
        prop_assert!(baked.ends_with(rest.as_bytes()));
    }

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), head in 0..4_usize) {
        let heads: [&[u8]; 4] = [b"", b"\x89PNG\r\n\x1a\n", b"<svg ", b"%PDF-1.7\n1 0 obj<</Type/EmbeddedFile "];
        let bytes = [heads[head], &bytes].concat();
        let _ = (png::unbake(&bytes), svg::unbake(&bytes), pdf::attachments(&bytes));
    }

    #[test]
    fn mutated_files_never_panic(places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8), cut in any::<prop::sample::Index>()) {
        let json = r#"{"id":"https://example.org/1"}"#;
        let svg = svg::bake(PLAIN_SVG.as_bytes(), Keyword::OpenBadges2, json).unwrap();
        for mut file in [png::bake(&picture(&[]), Keyword::OpenBadges3, JWS).unwrap(), svg, pdf_with(json.as_bytes(), true, true)] {
            for (place, byte) in &places {
                let place = place.index(file.len());
                file[place] = *byte;
            }
            for bytes in [&file[..], &file[..cut.index(file.len())]] {
                let _ = (png::unbake(bytes), svg::unbake(bytes), pdf::attachments(bytes), crate::carrier::read(bytes));
            }
        }
    }
}
