//! Absolute IRIs (RFC 3987).

use iref::Iri;

/// Whether `text` is an absolute IRI: what [`Iri::new`] answers.
pub fn is_iri(text: &str) -> bool {
    is_plain(text) || Iri::new(text).is_ok()
}

/// An address, a URN or a DID of which one sees without reading its grammar that it is an IRI: nearly all are.
fn is_plain(text: &str) -> bool {
    let after_address = || {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
        let end = rest.bytes().position(|byte| byte == b'/').unwrap_or(rest.len());
        let (host, rest) = rest.split_at(end);
        let plain = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
        plain.then_some(rest)
    };
    // Two slashes would begin an authority.
    let after_name =
        || text.strip_prefix("urn:").or_else(|| text.strip_prefix("did:")).filter(|rest| !rest.starts_with('/'));
    let Some(rest) = after_name().or_else(after_address) else { return false };
    let mut fragments = 0;
    rest.bytes().all(|byte| {
        fragments += u32::from(byte == b'#');
        byte.is_ascii_alphanumeric()
            || matches!(
                byte,
                b'-' | b'.' | b'_' | b'~' | b':' | b'@' | b'!' | b'$' | b'&'..=b',' | b';' | b'=' | b'/' | b'?' | b'#'
            )
    }) && fragments <= 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_badges_name_is_seen_at_once() {
        for plain in [
            "https://livret.example/badges/5f0c2c1e-7d0b-4b83-9a1f-2f6a1c0e9d47/image.png",
            "https://livret.example/o/7h2k9qx4/status/1#94567",
            "urn:uuid:0b9f4a52-3c1d-4f0e-8e55-6a7d2b91c3aa",
            "did:web:livret.example:o:7h2k9qx4#z6Mk",
            "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Profile",
            "http://a?",
        ] {
            assert!(Iri::new(plain).is_ok(), "{plain}");
            assert_eq!(is_plain(plain), plain != "http://a?", "{plain}");
        }
    }

    proptest! {
        #[test]
        fn what_is_seen_at_once_is_an_iri(
            text in "(https?:/{0,3}|urn:|did:|[a-z:]{0,3})[a-z0-9.:@%/-]{0,8}(([/?#:]|//)[!-~]{0,6}){0,3}|\\PC{0,20}"
        ) {
            prop_assert!(!is_plain(&text) || Iri::new(&text).is_ok(), "{text}");
            prop_assert_eq!(is_iri(&text), Iri::new(&text).is_ok());
        }
    }
}
