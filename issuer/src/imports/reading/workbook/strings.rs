//! The shared strings of a workbook, in one text: a million of them cost their letters and four bytes each.

use super::super::source::Flow;
use super::super::{MAX_CELL, Refusal};
use super::archive::Archive;
use super::xml::{Node, walk};

/// Most letters of all strings together, in bytes.
const MAX_TEXT: usize = 64 * 1024 * 1024;
/// Most strings.
const MAX_STRINGS: usize = 4_000_000;

/// The strings that cells name by number, without the spaces around them.
#[derive(Debug, Default)]
pub(super) struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    pub(super) fn read(archive: &Archive<'_>, part: Option<&str>) -> Result<Self, Refusal> {
        let mut strings = Self::default();
        let Some((bytes, size)) = part.map(|part| archive.file(part)).transpose()?.flatten() else {
            return Ok(strings);
        };
        let (mut one, mut text, mut phonetic) = (String::new(), false, false);
        walk(bytes, size, |node| {
            match node {
                Node::Start("si", _) => one.clear(),
                Node::End("si") => strings.push(one.trim())?,
                // How to pronounce what stands beside: not part of the text.
                Node::Start("rPh", _) => phonetic = true,
                Node::End("rPh") => phonetic = false,
                Node::Start("t", _) => text = !phonetic,
                Node::End("t") => text = false,
                Node::Text(some) if text => {
                    one.push_str(some);
                    if one.len() > MAX_CELL {
                        return Err(Refusal::WorkbookCell);
                    }
                }
                _ => {}
            }
            Ok(Flow::On)
        })?;
        Ok(strings)
    }

    /// The string of this number.
    pub(super) fn get(&self, nth: usize) -> Option<&str> {
        let end = *self.ends.get(nth)?;
        let start = nth.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)
    }

    fn push(&mut self, one: &str) -> Result<(), Refusal> {
        if self.ends.len() == MAX_STRINGS || self.text.len() + one.len() > MAX_TEXT {
            return Err(Refusal::WorkbookTooLarge);
        }
        self.text.push_str(one);
        self.ends.push(u32::try_from(self.text.len()).map_err(|_| Refusal::WorkbookTooLarge)?);
        Ok(())
    }
}
