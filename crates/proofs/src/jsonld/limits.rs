//! How much of a stranger's document is read: processing contexts is what costs, and a document chooses how often.

/// Values (strings, numbers, booleans) in one document. The largest official sample has about 400.
pub const LEAVES: usize = 10_000;

/// Levels of objects and arrays.
pub const DEPTH: usize = 64;

/// Context documents loaded for one document, each counted every time it is named: a document with its signed
/// endorsements names each a few times.
pub const LOADS: u32 = 64;

/// Values in the contexts written inside one document.
pub const LOCAL_CONTEXT_LEAVES: usize = 1_000;

/// Bytes of text (keys, strings) in one document: three pictures written into it, in base64.
pub const BYTES: usize = 4 * 1024 * 1024;
