//! The targets of the pure rooms: each takes any bytes, must not panic, and holds what it asserts.

use badge_schemas::baking::{self, Keyword, pdf as pdf_files};
use badge_schemas::carrier;
use badge_schemas::json::parse_strict;
use data_encoding::BASE64URL_NOPAD;
use proofs::jsonld::Engine;
use proofs::jws::Jws;
use proofs::key::PublicKey;
use proofs::status::{Bits, LARGEST_BYTES};
use proofs::vc_jwt;

/// What is baked: JSON that XML could trip over, and a JWS.
const BADGES: [&str; 2] = [r#"{"id":"https://a.example/1","b":"]]>&<é"}"#, "eyJhbGciOiJSUzI1NiJ9.e30.AAAA"];

/// A PNG, as it is and with its check values mended (chance does not find those).
pub fn png(bytes: &[u8]) {
    one_png(bytes);
    one_png(&mended(bytes));
}

fn one_png(bytes: &[u8]) {
    let _any = carrier::read(bytes);
    let before = baking::png::unbake(bytes);
    for (keyword, badge) in [(Keyword::OpenBadges3, BADGES[0]), (Keyword::OpenBadges2, BADGES[1])] {
        let Ok(baked) = baking::png::bake(bytes, keyword, badge) else { continue };
        let read = baking::png::unbake(&baked).expect("what we baked").expect("a badge");
        assert_eq!((read.keyword, read.text.as_str()), (keyword, badge));
        assert_eq!(baking::png::bake(&baked, keyword, badge).as_deref(), Ok(baked.as_slice()), "baked twice");
        if matches!(before, Ok(None)) {
            assert!(baked.len() > bytes.len(), "nothing of the picture was lost");
        }
    }
}

/// The same chunks under a PNG's signature, each with its right check value.
fn mended(bytes: &[u8]) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut rest = bytes.strip_prefix(png.as_slice()).unwrap_or(bytes);
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        let Some(end) = length.checked_add(4).filter(|end| *end <= after.len()) else { break };
        png.extend_from_slice(&rest[..4]);
        png.extend_from_slice(&after[..end]);
        png.extend_from_slice(&crc32fast::hash(&after[..end]).to_be_bytes());
        rest = after.get(end + 4..).unwrap_or_default();
    }
    png.extend_from_slice(rest);
    png
}

/// An SVG.
pub fn svg(bytes: &[u8]) {
    let _any = carrier::read(bytes);
    for (keyword, badge) in
        [(Keyword::OpenBadges3, BADGES[0]), (Keyword::OpenBadges2, BADGES[0]), (Keyword::Clr2, BADGES[1])]
    {
        let Ok(baked) = baking::svg::bake(bytes, keyword, badge) else { continue };
        let read = baking::svg::unbake(&baked).expect("what we baked").expect("a badge");
        assert_eq!((read.keyword, read.text.as_str()), (keyword, badge));
        assert_eq!(baking::svg::bake(&baked, keyword, badge).as_deref(), Ok(baked.as_slice()), "baked twice");
    }
}

/// A PDF.
pub fn pdf(bytes: &[u8]) {
    for bytes in [bytes, &[b"%PDF-1.7\n", bytes].concat()] {
        let _any = carrier::read(bytes);
        if let Ok(files) = pdf_files::attachments(bytes) {
            assert!(files.len() <= pdf_files::MAX_FILES);
            assert!(files.iter().map(Vec::len).sum::<usize>() <= 13 * 1024 * 1024, "more than the budget");
        }
    }
}

/// A JSON-LD document: the quick way and the reference say the same, or both refuse.
pub fn json_ld(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(document) = parse_strict(text) else { return };
    let engine = Engine::bundled();
    let (quick, reference) = (engine.canonicalize(&document), engine.canonicalize_by_reference(&document));
    match (&quick, &reference) {
        (Ok(quick), Ok(reference)) => assert_eq!(quick, reference),
        (Err(_), Err(_)) => {}
        _ => panic!("{quick:?} is not {reference:?}"),
    }
    let _any = engine.expand_lenient(&document);
}

/// A compact JWS: read or not, there is one way to write it, and nobody else's key made it.
pub fn jws(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _any = vc_jwt::read(text);
    let _padded = Jws::read_padded(text);
    let Ok(jws) = Jws::read(text) else { return };
    let parts: Vec<&str> = text.trim().split('.').collect();
    assert_eq!(parts.len(), 3);
    assert_eq!(BASE64URL_NOPAD.encode(jws.payload()), parts[1]);
    let key = PublicKey::ed25519([
        0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e, 0xe1,
        0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
    ]);
    assert!(jws.verify(&key.expect("the key of RFC 8037")).is_err());
}

/// A status list, as text and as the packed bytes alone.
pub fn status(bytes: &[u8]) {
    let packed = format!("u{}", BASE64URL_NOPAD.encode(bytes));
    for text in [std::str::from_utf8(bytes).unwrap_or_default(), &packed] {
        let Ok(bits) = Bits::decode(text, LARGEST_BYTES) else { continue };
        assert!(bits.entries() <= LARGEST_BYTES * 8 && bits.count() <= bits.entries());
        assert!(bits.get(bits.entries()).is_err());
        assert_eq!(Bits::decode(&bits.encode(), LARGEST_BYTES), Ok(bits));
    }
}
