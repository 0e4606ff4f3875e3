//! The codes and links of this house: derived, never stored (decisions §18). What the database holds is a keyed hash.

use store::Vault;
use uuid::Uuid;
use web::codes::{Code, Kind};
use web::tokens::LinkToken;

/// What each kind of secret opens; also keeps their hashes apart.
pub const LOGIN: &str = "wallet/login";
pub const LINK: &str = "wallet/link";
pub const CLAIM: &str = "wallet/claim";
pub const PRESENTER: &str = "wallet/presenter";
pub const EMAIL: &str = "wallet/email";
pub const VISITOR: &str = "wallet/visitor";
const CARD: &str = "wallet/card";
const SHOWING: &str = "wallet/showing";
const SHARE_CODE: &str = "wallet/share-code";
const SHARE_LINK: &str = "wallet/share-link";

/// The code printed on this generation of a livret's card.
pub fn card(vault: &Vault, livret: Uuid, generation: i64) -> Code {
    let generation = u32::try_from(generation).unwrap_or(u32::MAX);
    Code::derive(Kind::Card, &vault.derive(CARD, livret.as_bytes(), generation))
}

/// The 8 signs of a showing.
pub fn showing(vault: &Vault, showing: Uuid) -> Code {
    Code::derive(Kind::Showing, &vault.derive(SHOWING, showing.as_bytes(), 1))
}

/// The 12 signs of a share.
pub fn share_code(vault: &Vault, share: Uuid) -> Code {
    Code::derive(Kind::Share, &vault.derive(SHARE_CODE, share.as_bytes(), 1))
}

/// The link of a share.
pub fn share_link(vault: &Vault, share: Uuid) -> LinkToken {
    LinkToken::derive(&vault.derive(SHARE_LINK, share.as_bytes(), 1))
}

/// The one-time link of a letter.
pub fn letter_link(vault: &Vault, link: Uuid) -> LinkToken {
    LinkToken::derive(&vault.derive(LINK, link.as_bytes(), 1))
}

/// What the database holds of a code.
pub fn code_lookup(vault: &Vault, code: &Code) -> Vec<u8> {
    let purpose = match code.kind() {
        Kind::Card => CARD,
        Kind::Showing => SHOWING,
        Kind::Share => SHARE_CODE,
        Kind::Slip => CLAIM,
    };
    vault.lookup_hash(purpose, code.as_str())
}

/// What the database holds of a share's link.
pub fn share_link_lookup(vault: &Vault, token: &LinkToken) -> Vec<u8> {
    vault.lookup_hash(SHARE_LINK, token.as_str())
}
