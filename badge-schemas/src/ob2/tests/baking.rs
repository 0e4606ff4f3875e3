//! Rows K1 to K12: a badge of 2.0 baked into a picture, and the pictures of others.
//!
//! K11 is about showing strangers' SVG inside a page, which no house does: a picture is shown as a picture, so what is
//! shown here is that baking takes nothing out of it and adds nothing to it but the badge.

use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};
use serde_json::json;

use crate::baking::{BakeFault, Keyword, Unbaked, png, svg};
use crate::carrier::{self, Carrier, Form};

const OURS: Keyword = Keyword::OpenBadges2;
const JWS: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpZCI6InVybjphIn0.c2lnbmF0dXJl";
const URL: &str = "https://example.org/assertions/1";
const SVG: &str = r#"<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>"#;

fn hosted() -> String {
    json!({ "@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": URL }).to_string()
}

fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [&kind[..], data].concat();
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [&length[..], &body, &crc32fast::hash(&body).to_be_bytes()].concat()
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
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn chunk_count(png: &[u8]) -> usize {
    png.windows(15).filter(|window| window == b"iTXtopenbadges\0").count()
}

fn text(found: Result<Option<Unbaked>, BakeFault>) -> String {
    found.unwrap().unwrap().text
}

fn baked(text: &str) -> String {
    String::from_utf8(svg::bake(SVG.as_bytes(), OURS, text).unwrap()).unwrap()
}

#[test]
fn row_k1_and_k6_one_uncompressed_itxt_stands_before_the_end_and_nothing_else_moves() {
    let plain = picture(&[chunk(*b"tEXt", b"Author\0Ines")]);
    for badge in [hosted(), JWS.to_owned()] {
        let end = plain.len() - 12;
        let added = chunk(*b"iTXt", &[b"openbadges\0\0\0\0\0", badge.as_bytes()].concat());
        assert_eq!(png::bake(&plain, OURS, &badge).unwrap(), [&plain[..end], &added, &plain[end..]].concat());
    }
}

#[test]
fn row_k2_and_k8_what_is_baked_twice_carries_one_badge() {
    let first = png::bake(&picture(&[]), OURS, JWS).unwrap();
    let second = png::bake(&first, OURS, &hosted()).unwrap();
    assert_eq!((chunk_count(&second), text(png::unbake(&second))), (1, hosted()));
    let second = svg::bake(baked(JWS).as_bytes(), OURS, &hosted()).unwrap();
    assert_eq!(text(svg::unbake(&second)), hosted());
    assert_eq!(String::from_utf8(second).unwrap().matches("<openbadges:assertion").count(), 1);
}

#[test]
fn row_k3_the_first_badge_is_read_as_json_as_a_signature_or_as_an_address() {
    let itxt = |badge: &str| chunk(*b"iTXt", &[b"openbadges\0\0\0\0\0", badge.as_bytes()].concat());
    for (badge, form) in [(hosted(), Form::Json), (JWS.to_owned(), Form::Jws), (URL.to_owned(), Form::Url)] {
        let carried = carrier::read(&picture(&[itxt(&badge), itxt("{}")])).unwrap();
        assert_eq!((carried.carrier, carried.form, carried.text), (Carrier::Png, form, badge));
    }
}

#[test]
fn row_k4_the_text_chunk_of_the_first_years_is_an_address() {
    let old = picture(&[chunk(*b"tEXt", format!("openbadges\0{URL}").as_bytes())]);
    let carried = carrier::read(&old).unwrap();
    assert_eq!((carried.form, carried.text.as_str(), carried.keyword), (Form::Url, URL, Some(OURS)));
}

#[test]
fn row_k5_languages_and_compression_are_tolerated() {
    let deflated = |head: &[u8]| [head, &zlib(hosted().as_bytes())].concat();
    for (kind, data) in [
        (*b"iTXt", [&b"openbadges\0\0\0fr-FR\0Badge num\xc3\xa9rique\0"[..], hosted().as_bytes()].concat()),
        (*b"iTXt", deflated(b"openbadges\0\x01\0\0\0")),
        (*b"zTXt", deflated(b"openbadges\0\0")),
    ] {
        assert_eq!(text(png::unbake(&picture(&[chunk(kind, &data)]))), hosted());
    }
}

#[test]
fn row_k7_the_element_stands_directly_behind_the_svg_tag() {
    let signed = format!(r#"<openbadges:assertion verify="{JWS}"/>"#);
    let of_json = format!(r#"<openbadges:assertion verify="{URL}"><![CDATA[{}]]></openbadges:assertion>"#, hosted());
    for (badge, element) in [(JWS.to_owned(), signed), (hosted(), of_json)] {
        let head = r#"<svg xmlns:openbadges="http://openbadges.org" xmlns="http://www.w3.org/2000/svg">"#;
        assert_eq!(baked(&badge), format!(r#"{head}{element}<path d="M0 0"/></svg>"#));
    }
}

#[test]
fn row_k9_and_pitfall_2_6_without_body_verify_is_the_signature_or_the_address() {
    let with = |element: &str| SVG.replace("<path", &format!("{element}<path"));
    let of = |verify: &str, body: &str| {
        with(&format!(r#"<o:assertion xmlns:o="http://openbadges.org" verify="{verify}">{body}</o:assertion>"#))
    };
    for (svg, badge) in [(of(JWS, ""), JWS), (of(URL, ""), URL), (of(URL, "<![CDATA[{\"a\":1}]]>"), "{\"a\":1}")] {
        assert_eq!(text(svg::unbake(svg.as_bytes())), badge);
    }
    let two = with(
        r#"<o:assertion xmlns:o="http://openbadges.org" verify="a.b.c"/><o:assertion xmlns:o="http://openbadges.org" verify="d.e.f"/>"#,
    );
    assert_eq!(text(svg::unbake(two.as_bytes())), "a.b.c");
}

#[test]
fn row_k10_the_end_of_a_cdata_section_may_stand_in_a_badge() {
    let mut value: serde_json::Value = serde_json::from_str(&hosted()).unwrap();
    value["narrative"] = json!("a ]]> b ]]]]> <c> & d");
    let svg = baked(&value.to_string());
    assert_eq!(text(svg::unbake(svg.as_bytes())), value.to_string());
}

#[test]
fn row_k11_baking_leaves_the_picture_as_it_is() {
    let risky = SVG.replace("<path", r#"<script>alert(1)</script><path onclick="x()""#);
    let svg = String::from_utf8(svg::bake(risky.as_bytes(), OURS, JWS).unwrap()).unwrap();
    let bare = svg.replace(&format!(r#"<openbadges:assertion verify="{JWS}"/>"#), "");
    assert_eq!(bare.replace(r#" xmlns:openbadges="http://openbadges.org""#, ""), risky);
}

#[test]
fn row_k12_no_entity_is_expanded_and_nothing_is_fetched() {
    let lol = (0..9).map(|i| format!("<!ENTITY l{} \"&l{i};&l{i};\">", i + 1)).collect::<Vec<_>>().concat();
    for head in
        [format!("<!DOCTYPE svg [<!ENTITY l0 \"lol\">{lol}]>"), "<!DOCTYPE svg SYSTEM \"file:///etc/passwd\">".into()]
    {
        let hostile = format!("{head}{}", SVG.replace("<path", "<text>&l9;</text><path"));
        assert_eq!(svg::unbake(hostile.as_bytes()), Err(BakeFault::SvgEntities));
        assert_eq!(svg::bake(hostile.as_bytes(), OURS, JWS), Err(BakeFault::SvgEntities));
    }
}

#[test]
fn pitfall_2_32_a_chunk_with_a_wrong_check_value_is_refused() {
    let mut png = png::bake(&picture(&[]), OURS, &hosted()).unwrap();
    let last = png.len() - 13;
    png[last] ^= 1;
    assert_eq!(png::unbake(&png), Err(BakeFault::PngCrc));
}
