//! Every carrier, and everything that is none.

use super::*;

const JWS: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpZCI6InVybjphIn0.c2lnbmF0dXJl";

fn read_text(text: &str) -> (Carrier, String) {
    let carried = read(text.as_bytes()).unwrap();
    (carried.carrier, carried.text)
}

#[test]
fn texts_are_read_with_space_around_them() {
    for around in ["", " ", "\n", "\u{feff}", "\u{feff}\r\n ", "\u{a0}\u{feff}"] {
        let given = |text: &str| read_text(&format!("{around}{text}{}", around.trim_start_matches('\u{feff}')));
        assert_eq!(given(r#"{"a":"é"}"#), (Carrier::Json, r#"{"a":"é"}"#.into()));
        assert_eq!(given(JWS), (Carrier::Jws, JWS.into()));
        assert_eq!(given("HTTPS://livret.example/badges/1"), (Carrier::Url, "HTTPS://livret.example/badges/1".into()));
    }
}

#[test]
fn pictures_say_what_they_carry() {
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"/>"#;
    assert_eq!(read(svg), Err(CarrierFault::NoBadgeInPicture));
    let baked = svg::bake(svg, Keyword::Clr2, JWS).unwrap();
    let expected = Carried { carrier: Carrier::Svg, form: Form::Jws, keyword: Some(Keyword::Clr2), text: JWS.into() };
    assert_eq!(read(&baked), Ok(expected.clone()));
    // Attached to a PDF, as a picture.
    let mut pdf = format!("\n%PDF-1.7\n1 0 obj<</Type/EmbeddedFile/Length {}>>stream\n", baked.len()).into_bytes();
    pdf.extend([&baked[..], b"\nendstream endobj"].concat());
    assert_eq!(read(&pdf), Ok(Carried { carrier: Carrier::Pdf, ..expected }));
    assert_eq!(read(b"%PDF-1.7\n"), Err(CarrierFault::NoBadgeInPdf));
    assert_eq!(read(b"%PDF-1.7\n<</Encrypt 1 0 R>>"), Err(CarrierFault::Baked(BakeFault::PdfEncrypted)));
    let url = b"%PDF-1.7\n1 0 obj<</Type/EmbeddedFile>>stream\nhttps://example.org/1\nendstream endobj";
    assert_eq!(read(url), Err(CarrierFault::NoBadgeInPdf));
}

#[test]
fn what_is_no_badge_says_why() {
    for picture in [
        &b"\xff\xd8\xff\xe0\0\x10JFIF"[..],
        b"GIF89a",
        b"RIFF\0\0\0\0WEBPVP8 ",
        b"II*\0\x08\0\0\0",
        b"\0\0\0\x20ftypheic",
        b"BM\x36\0\0\0\0\0\0\0",
    ] {
        assert_eq!(read(picture), Err(CarrierFault::PictureFormat));
    }
    assert_eq!(read(b""), Err(CarrierFault::Empty));
    assert_eq!(read("\u{feff} \n".as_bytes()), Err(CarrierFault::Empty));
    assert_eq!(read(b"PK\x03\x04\xff"), Err(CarrierFault::NotText));
    assert_eq!(read(b"\xff\xfe{\0}\0"), Err(CarrierFault::NotText));
    assert_eq!(read(b" <!DOCTYPE html><html></html>"), Err(CarrierFault::WebPage));
    assert_eq!(read(b"<html lang=fr>"), Err(CarrierFault::WebPage));
    assert_eq!(read(b"<rss/>"), Err(CarrierFault::Baked(BakeFault::NotSvg)));
    for text in ["bonjour", "[{}]", "{", "ftp://example.org/1", "https://exa mple.org", "https://", "a.b.c.d", "a..c"] {
        assert_eq!(read(text.as_bytes()), Err(CarrierFault::NotABadge), "{text}");
    }
    assert_eq!(read(&vec![b'.'; MAX_BYTES]), Err(CarrierFault::NotABadge));
    assert_eq!(read(&vec![b'.'; MAX_BYTES + 1]), Err(CarrierFault::TooLarge));
}

/// A header may be written with white space before its first name, and a token without a signature is still a token.
#[test]
fn a_token_is_known_by_its_header() {
    let encoded = |header: &str| data_encoding::BASE64URL_NOPAD.encode(header.as_bytes());
    for header in ["{\"alg\":\"RS256\"}", "{\n  \"alg\": \"RS256\" }", " \n\t  {\"alg\":\"RS256\"}"] {
        for rest in [".e30.AAAA", ".e30=.AAA=", ".e30.", "..AAAA"] {
            let token = format!("{}{rest}", encoded(header));
            assert!(is_compact_jws(&token), "{token}");
            assert_eq!(read_text(&token), (Carrier::Jws, token.clone()));
        }
    }
    let array = format!("{}.e30.AAAA", encoded("[\"alg\"]"));
    for text in [
        "www.example.org",
        "eyJ.e30.AAAA",
        "eyJhIjox.e30",
        "eyJhIjox.e30.A.A",
        "eyJhIjox.e+0.A",
        ".e30.A",
        "..",
        &array,
    ] {
        assert!(!is_compact_jws(text), "{text}");
        assert_eq!(read(text.as_bytes()), Err(CarrierFault::NotABadge), "{text}");
    }
}

#[test]
fn codes_are_stable() {
    assert_eq!(CarrierFault::NoBadgeInPicture.code(), "no_badge_in_picture");
    assert_eq!(CarrierFault::PictureFormat.code(), "picture_format_without_badge");
    assert_eq!(CarrierFault::Baked(BakeFault::PngCrc).code(), "png_crc");
}
