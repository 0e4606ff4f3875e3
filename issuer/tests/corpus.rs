//! What fuzzing kept of files of trainees (`fuzz/corpus/csv`), replayed by the very function it was found with.

#[path = "../../fuzz/src/rows.rs"]
mod rows;

use std::fs;
use std::path::Path;

use issuer::imports::reading;

#[test]
fn csv() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus/csv");
    let mut files = 0;
    for entry in fs::read_dir(&folder).expect("a corpus") {
        let path = entry.expect("a file").path();
        println!("{}", path.display());
        rows::csv(&fs::read(&path).expect("a file"));
        files += 1;
    }
    assert!(files >= 3, "{} is nearly empty", folder.display());
}
