//! An XLSX workbook (ECMA-376) read as a stream of rows: under caps, without formulas, links, macros or entities.
//!
//! Only the parts a list needs are inflated: the workbook and its relations, its styles (which say what a date is), its
//! shared strings, and the one sheet that is asked for. A cell that repeats a shared string costs a number, not a copy.

mod archive;
mod numbers;
mod sheet;
mod strings;
mod xml;

#[cfg(test)]
pub(crate) mod tests;

use super::Refusal;
use super::source::{Each, Flow};
use archive::Archive;
use numbers::Style;
use strings::Strings;
use xml::{Node, walk};

/// Largest workbook read, in bytes.
pub(crate) const MAX_BYTES: usize = 10 * 1024 * 1024;
/// Most sheets of a workbook.
const MAX_SHEETS: usize = 200;
/// Most cell styles: what a spreadsheet itself allows.
const MAX_STYLES: usize = 65_536;

/// A workbook whose sheets can be walked.
pub(super) struct Workbook<'a> {
    archive: Archive<'a>,
    sheets: Vec<Sheet>,
    strings: Strings,
    styles: Vec<Style>,
    since_1904: bool,
}

struct Sheet {
    name: String,
    part: String,
}

/// What a part is related to: `(id, kind, part)`.
type Relation = (String, String, String);

impl<'a> Workbook<'a> {
    /// Opens what begins as a ZIP.
    pub(super) fn open(file: &'a [u8]) -> Result<Self, Refusal> {
        if file.len() > MAX_BYTES {
            return Err(Refusal::WorkbookTooLarge);
        }
        let archive = Archive::open(file)?;
        if archive.has("content.xml") && archive.has("mimetype") {
            return Err(Refusal::OpenDocument);
        }
        let main = relations(&archive, "")?
            .into_iter()
            .find(|(_, kind, _)| kind.ends_with("/officeDocument"))
            .map_or_else(|| "xl/workbook.xml".to_owned(), |(_, _, part)| part);
        if main.rsplit('.').next() == Some("bin") {
            return Err(Refusal::OldWorkbook);
        }
        let related = relations(&archive, &main)?;
        let part = |ending: &str| related.iter().find(|(_, kind, _)| kind.ends_with(ending)).map(|(.., part)| &**part);
        let (sheets, since_1904) = sheets(&archive, &main, &related)?;
        let strings = Strings::read(&archive, part("/sharedStrings"))?;
        let styles = styles(&archive, part("/styles"))?;
        Ok(Self { archive, sheets, strings, styles, since_1904 })
    }

    /// The names of the sheets people see, in order; hidden ones only when there is no other.
    pub(super) fn sheets(&self) -> Vec<String> {
        self.sheets.iter().map(|sheet| sheet.name.clone()).collect()
    }

    /// Walks the rows of a sheet that hold something, with the number a spreadsheet shows beside each.
    pub(super) fn rows(&self, sheet: usize, each: Each<'_>) -> Result<(), Refusal> {
        let part = self.sheets.get(sheet).ok_or(Refusal::WorkbookDamaged)?;
        let (bytes, size) = self.archive.file(&part.part)?.ok_or(Refusal::WorkbookDamaged)?;
        let mut pass = sheet::Pass::new(&self.strings, &self.styles, self.since_1904);
        walk(bytes, size, |node| pass.node(&node, &mut *each))
    }
}

/// The relations of a part (ECMA-376 part 2, §9.3), `""` for the package's own. External targets are left out.
fn relations(archive: &Archive<'_>, of: &str) -> Result<Vec<Relation>, Refusal> {
    let (folder, name) = of.rsplit_once('/').unwrap_or(("", of));
    let place = if folder.is_empty() { format!("_rels/{name}.rels") } else { format!("{folder}/_rels/{name}.rels") };
    let Some((bytes, size)) = archive.file(&place)? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    walk(bytes, size, |node| {
        if let Node::Start("Relationship", attributes) = node {
            let get = |name| attributes.get(name).map(Option::unwrap_or_default);
            if get("TargetMode")? != "External" {
                found.push((get("Id")?, get("Type")?, resolved(folder, &get("Target")?)));
            }
        }
        Ok(if found.len() > archive::MAX_ENTRIES { Flow::Enough } else { Flow::On })
    })?;
    Ok(found)
}

/// A target beside the part that names it, or from the root.
fn resolved(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            ".." => drop(steps.pop()),
            "." | "" => {}
            step => steps.push(step),
        }
    }
    steps.join("/")
}

fn sheets(archive: &Archive<'_>, main: &str, related: &[Relation]) -> Result<(Vec<Sheet>, bool), Refusal> {
    // A ZIP of something else: a document, photographs, another ZIP.
    let (bytes, size) = archive.file(main)?.ok_or(Refusal::NotText)?;
    let (mut seen, mut hidden, mut since_1904, mut workbook) = (Vec::new(), Vec::new(), false, false);
    walk(bytes, size, |node| {
        let Node::Start(name, attributes) = node else { return Ok(Flow::On) };
        let get = |name| attributes.get(name).map(Option::unwrap_or_default);
        match name {
            "workbook" => workbook = true,
            "workbookPr" => since_1904 = matches!(get("date1904")?.as_str(), "1" | "true" | "on"),
            "sheet" => {
                let id = get("id")?;
                let kind = |kind: &str| kind.ends_with("/worksheet");
                let part = related.iter().find(|(i, k, _)| *i == id && kind(k)).map(|(.., part)| part.clone());
                // One part under many names would be inflated many times.
                let known = |part: &String| seen.iter().chain(&hidden).any(|sheet: &Sheet| sheet.part == *part);
                if let Some(part) = part.filter(|part| !known(part)) {
                    let sheet =
                        Sheet { name: get("name")?.chars().filter(|c| !c.is_control()).take(40).collect(), part };
                    let visible = matches!(get("state")?.as_str(), "" | "visible");
                    if visible { &mut seen } else { &mut hidden }.push(sheet);
                }
            }
            _ => {}
        }
        if seen.len() + hidden.len() > MAX_SHEETS { Err(Refusal::WorkbookTooLarge) } else { Ok(Flow::On) }
    })?;
    if !workbook {
        return Err(Refusal::NotText);
    }
    let sheets = if seen.is_empty() { hidden } else { seen };
    if sheets.is_empty() { Err(Refusal::Empty) } else { Ok((sheets, since_1904)) }
}

/// What each cell style does to a number, by its place in `cellXfs`.
fn styles(archive: &Archive<'_>, part: Option<&str>) -> Result<Vec<Style>, Refusal> {
    let Some((bytes, size)) = part.map(|part| archive.file(part)).transpose()?.flatten() else { return Ok(Vec::new()) };
    let (mut own, mut styles, mut inside) = (std::collections::HashMap::new(), Vec::new(), false);
    walk(bytes, size, |node| {
        match node {
            Node::Start("numFmt", attributes) => {
                let id = attributes.get("numFmtId")?.and_then(|id| id.parse::<u32>().ok());
                if let (Some(id), Some(code)) = (id, attributes.get("formatCode")?) {
                    own.insert(id, Style::of_code(&code));
                }
            }
            Node::Start("cellXfs", _) => inside = true,
            Node::End("cellXfs") => inside = false,
            Node::Start("xf", attributes) if inside => {
                let id = attributes.get("numFmtId")?.and_then(|id| id.parse::<u32>().ok()).unwrap_or_default();
                styles.push(own.get(&id).copied().unwrap_or_else(|| Style::built_in(id)));
            }
            _ => {}
        }
        if styles.len() > MAX_STYLES || own.len() > MAX_STYLES { Err(Refusal::WorkbookTooLarge) } else { Ok(Flow::On) }
    })?;
    Ok(styles)
}
