//! What fuzzing kept (`fuzz/corpus`) replayed by the very functions it was found with.

#[path = "../../../fuzz/src/targets.rs"]
mod targets;

use std::fs;
use std::path::Path;

/// Replays one target's corpus.
fn replay(name: &str, target: impl Fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(name);
    let mut files = 0;
    for entry in fs::read_dir(&folder).expect("a corpus") {
        let path = entry.expect("a file").path();
        let bytes = fs::read(&path).expect("a file");
        // Named when the target panics.
        println!("{}", path.display());
        target(&bytes);
        files += 1;
    }
    assert!(files >= 3, "{} is nearly empty", folder.display());
}

#[test]
fn png() {
    replay("png", targets::png);
}

#[test]
fn svg() {
    replay("svg", targets::svg);
}

#[test]
fn pdf() {
    replay("pdf", targets::pdf);
}

#[test]
fn json_ld() {
    replay("json_ld", targets::json_ld);
}

#[test]
fn jws() {
    replay("jws", targets::jws);
}

#[test]
fn status() {
    replay("status", targets::status);
}
