//! How much of a stranger's document is read: processing contexts is what costs, and a document chooses how often.

/// Levels of objects and arrays.
pub const DEPTH: usize = 64;

/// Context documents loaded for one document, each counted every time it is named: a document with its signed
/// endorsements names each a few times.
pub const LOADS: u32 = 64;

/// Values in the contexts written inside one document.
pub const LOCAL_CONTEXT_LEAVES: usize = 1_000;

/// How large a document may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Values (strings, numbers, booleans).
    pub leaves: usize,
    /// Bytes of text (keys, strings).
    pub bytes: usize,
}

impl Bounds {
    /// A badge, whoever made it. The largest official sample has about 400 values; so many bytes are three pictures
    /// written into it, in base64.
    pub const BADGE: Self = Self { leaves: 10_000, bytes: 4 * 1024 * 1024 };

    /// A register of trust: four thousand organisations with three keys each, twice as many as the region has.
    pub const REGISTER: Self = Self { leaves: 120_000, bytes: badge_schemas::json::MAX_BYTES };
}
