//! Reads an archive to its end, so that nothing is begun with one that is cut or altered.

use std::collections::BTreeMap;
use std::io::Read;

use data_encoding::HEXLOWER_PERMISSIVE;

use super::lines::{Line, Lines};
use super::{ArchiveError, Contents};

/// What the archive holds. Nothing is believed before the last line was reached and its checksum found right.
pub fn read(source: impl Read) -> Result<Contents, ArchiveError> {
    let (mut lines, header) = Lines::open(source)?;
    let mut rows: BTreeMap<String, u64> = BTreeMap::new();
    let mut table: Option<(String, Option<usize>)> = None;
    let mut key_check = None;
    loop {
        let number = lines.number() + 1;
        match lines.next()? {
            Line::Table(line) => {
                if rows.insert(line.table.clone(), 0).is_some() {
                    return Err(ArchiveError::Line(number));
                }
                let key = (line.table == "store_key_check")
                    .then(|| line.columns.iter().position(|column| column == "key_check"))
                    .flatten();
                table = Some((line.table, key));
            }
            Line::Row(row) => {
                let (name, key) = table.as_ref().ok_or(ArchiveError::Line(number))?;
                *rows.get_mut(name).ok_or(ArchiveError::Line(number))? += 1;
                if let Some(key) = *key {
                    key_check = Some(bytes_at(row, key).ok_or(ArchiveError::Line(number))?);
                }
            }
            Line::Last(last) => {
                if let Some((name, _)) = rows.iter().find(|(name, count)| last.rows.get(*name) != Some(count)) {
                    return Err(ArchiveError::Rows(name.clone()));
                }
                if last.rows.len() != rows.len() {
                    return Err(ArchiveError::Line(number));
                }
                return Ok(Contents { header, rows, sha256: last.sha256, key_check });
            }
        }
    }
}

fn bytes_at(row: &str, place: usize) -> Option<Vec<u8>> {
    let row: Vec<serde_json::Value> = serde_json::from_str(row).ok()?;
    HEXLOWER_PERMISSIVE.decode(row.get(place)?.as_str()?.as_bytes()).ok()
}
