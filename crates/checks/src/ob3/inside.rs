//! Whether a credential holds others, or names files by their digests. Texts of one class all do or all do not: neither
//! stands in a string that varies, so it is looked for once.

use super::{parts, resources};
use crate::credential::Credential;

/// What there is to be looked at beside the credential itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Inside {
    /// Files whose digest it carries.
    pub links: bool,
    /// Endorsements, badges of a collection.
    pub parts: bool,
}

pub(super) fn of(credential: &Credential) -> Inside {
    let look = || u32::from(resources::are_named(credential)) | u32::from(parts::are_there(credential)) << 1;
    let found = credential.known().map_or_else(look, |known| *known.notes().get_or_init(look));
    Inside { links: found & 1 != 0, parts: found & 2 != 0 }
}
