//! The pictures and texts that the standards and their first implementations published, read as anybody's.
//!
//! The files are read from the project's shared standards; what they carry stands here.

use std::path::PathBuf;

use badge_schemas::baking::{BakeFault, Keyword, png, svg};
use badge_schemas::carrier::{Carrier, CarrierFault, Form, read};

fn standard(path: &str) -> Option<Vec<u8>> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared");
    let shared = std::env::var_os("LIVRET_SHARED").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let bytes = std::fs::read(shared.join("standards").join(path)).ok();
    assert!(bytes.is_some() || std::env::var_os("CI").is_none(), "the official file {path} is missing, and this is CI");
    if bytes.is_none() {
        println!("NOT EXAMINED: the official file {path} is not here (set LIVRET_SHARED)");
    }
    bytes
}

/// mozilla/openbadges-backpack: `tEXt`, an address (checklist of 2.0, K4).
#[test]
fn k4_the_legacy_chunk_of_mozillas_backpack() {
    for (file, url) in [("valid-baked", "https://example.org/assertion"), ("404", "https://example.org/404")] {
        let Some(bytes) = standard(&format!("ob2-data/mozilla-backpack/{file}.png")) else { return };
        let carried = read(&bytes).unwrap();
        assert_eq!((carried.carrier, carried.form, carried.text.as_str()), (Carrier::Png, Form::Url, url));
        assert_eq!(carried.keyword, Some(Keyword::OpenBadges2));
    }
    let plain = standard("ob2-data/mozilla-backpack/unbaked.png").unwrap();
    assert_eq!(read(&plain), Err(CarrierFault::NoBadgeInPicture));
    let baked = png::bake(&plain, Keyword::OpenBadges3, "{\"a\":1}").unwrap();
    assert_eq!(read(&baked).unwrap().text, "{\"a\":1}");
}

/// mozilla/openbadges-bakery (checklist of 2.0, K7–K9).
#[test]
fn k9_the_svgs_of_mozillas_bakery() {
    let Some(baked) = standard("ob2-data/mozilla-bakery/baked.svg") else { return };
    let carried = read(&baked).unwrap();
    assert_eq!(carried.text, r#"{"verify":{"url":"http://example.org"}}"#);
    assert_eq!((carried.carrier, carried.form), (Carrier::Svg, Form::Json));
    let carried = read(&standard("ob2-data/mozilla-bakery/no-json.svg").unwrap()).unwrap();
    assert_eq!((carried.form, carried.text.as_str()), (Form::Url, "http://example.org"));
    // Found as it stands; whether it is JSON is for the reader of JSON to say.
    let carried = read(&standard("ob2-data/mozilla-bakery/bad-json.svg").unwrap()).unwrap();
    assert_eq!(carried.text, r#"{verify:{"url":"http://example.org"}}"#);
    let plain = standard("ob2-data/mozilla-bakery/unbaked.svg").unwrap();
    assert_eq!(read(&plain), Err(CarrierFault::NoBadgeInPicture));
    let twice = svg::bake(&baked, Keyword::OpenBadges2, r#"{"id":"https://example.org/1"}"#).unwrap();
    assert_eq!(read(&twice).unwrap().text, r#"{"id":"https://example.org/1"}"#);
}

/// IMS Open Badges 2.0, Badge Baking: the example, its last line put right.
#[test]
fn k7_the_example_of_the_standard() {
    let Some(bytes) = standard("ob2-data/spec-examples/baked_svg_hosted.svg") else { return };
    assert_eq!(read(&bytes), Err(CarrierFault::Baked(BakeFault::SvgMalformed)));
    let text = String::from_utf8(bytes).unwrap().replace("<rest-of-document...>", "");
    let carried = read(text.as_bytes()).unwrap();
    let badge = badge_schemas::json::parse_strict(&carried.text).unwrap();
    assert_eq!(badge["id"], "https://example.org/assertions/123");
}

/// Signed texts as the standards publish them.
#[test]
fn texts_of_the_standards_are_read() {
    let Some(jws) = standard("ob2-data/spec-examples/signed_example_unverifiable.jws") else { return };
    assert_eq!(read(&jws).unwrap().carrier, Carrier::Jws);
    let json = standard("ob3-data/vectors/ob-clr-official/ob3-signed.json").unwrap();
    let carried = read(&json).unwrap();
    assert_eq!((carried.carrier, carried.text.as_bytes()), (Carrier::Json, json.trim_ascii()));
}
