use std::path::PathBuf;

use data_encoding::HEXLOWER;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::*;

#[test]
fn each_context_is_the_one_whose_hash_is_written() {
    for context in all().chain(EARLIER) {
        assert_eq!(HEXLOWER.encode(&Sha256::digest(context.text)), context.sha256, "{}", context.url);
        let value = crate::json::parse_strict(context.text).unwrap();
        assert!(value["@context"].is_object() || value["@context"].is_array(), "{}", context.url);
    }
}

#[test]
fn the_vc_2_context_is_the_static_one_of_the_standard() {
    let v2 = all().find(|c| c.url == "https://www.w3.org/ns/credentials/v2").unwrap();
    assert_eq!(v2.sha256, "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734");
}

#[test]
fn addresses_are_bundled_once() {
    for (i, context) in all().enumerate() {
        assert!(all().take(i).all(|c| c.url != context.url));
        assert_eq!(get(context.url), Some(context.text));
    }
    assert_eq!(get("https://www.w3.org/ns/credentials/v3"), None);
}

#[test]
fn provenance_names_every_context_with_its_hash() {
    let provenance = include_str!("../../contexts/PROVENANCE.md");
    for context in all().chain(EARLIER) {
        assert!(provenance.contains(context.url) && provenance.contains(context.sha256), "{}", context.url);
    }
}

/// The standards' own copies, where the shared folder stands beside the project.
#[test]
fn contexts_equal_the_copies_of_the_standards() {
    let Some(folder) = standards() else {
        eprintln!(
            "NOT COMPARED: no shared folder beside the project, contexts were not compared with the standards' copies"
        );
        return;
    };
    for (url, file, byte_for_byte) in COPIES {
        let theirs = std::fs::read_to_string(folder.join(file)).unwrap();
        let ours = get(url).unwrap();
        if byte_for_byte {
            assert_eq!(ours, theirs, "{url}");
        }
        let (ours, theirs): (Value, Value) =
            (serde_json::from_str(ours).unwrap(), serde_json::from_str(&theirs).unwrap());
        assert_eq!(ours, theirs, "{url}");
    }
}

/// Packages often lay the same terms out otherwise: those are compared as values.
const COPIES: [(&str, &str, bool); 13] = [
    ("https://www.w3.org/ns/credentials/v2", "credentials-v2.jsonld", true),
    ("https://www.w3.org/2018/credentials/v1", "2018-credentials-v1.jsonld", false),
    ("https://purl.imsglobal.org/spec/ob/v3p0/context.json", "ob-v3p0-context.json", false),
    ("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json", "ob-v3p0-context-3.0.1.json", false),
    ("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json", "ob-v3p0-context-3.0.2.json", true),
    ("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", "ob-v3p0-context-3.0.3.json", true),
    ("https://purl.imsglobal.org/spec/ob/v3p0/extensions.json", "ob-v3p0-extensions.json", false),
    ("https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json", "clr-v2p0-2.0.1.json", true),
    ("https://w3id.org/security/data-integrity/v1", "data-integrity-v1.jsonld", false),
    ("https://w3id.org/security/data-integrity/v2", "data-integrity-v2.jsonld", true),
    ("https://www.w3.org/ns/did/v1", "did-v1.jsonld", false),
    ("https://www.w3.org/ns/credentials/status/v1", "vc-bitstring-status-list-v1.jsonld", false),
    ("https://w3id.org/security/suites/ed25519-2020/v1", "security-suites-ed25519-2020-v1.jsonld", false),
];

fn standards() -> Option<PathBuf> {
    let shared = std::env::var_os("LIVRET_SHARED")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared")), PathBuf::from);
    let folder = shared.join("standards/ob3-data/contexts");
    folder.is_dir().then_some(folder)
}

#[test]
fn the_earlier_text_lacks_two_terms_and_nothing_else() {
    let url = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
    let mut today: Value = serde_json::from_str(get(url).unwrap()).unwrap();
    let terms = today["@context"].as_object_mut().unwrap();
    assert!(terms.shift_remove("endorsementJwt").is_some() && terms.shift_remove("jti").is_some());
    assert_eq!(serde_json::from_str::<Value>(earlier(url).unwrap()).unwrap(), today);
    assert_eq!(earlier("https://www.w3.org/ns/credentials/v2"), None);
}
