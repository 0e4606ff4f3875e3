//! A workbook of one sheet (ECMA-376): numbers of lines, and texts that no spreadsheet takes for formulas.

use std::io::{self, BufWriter, Write};

use super::zip::Zip;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// Writes the sheet: titles in bold, kept in view; then rows of a number and texts.
pub(super) fn write<const N: usize>(
    sheet: &str,
    titles: &[&str],
    rows: impl Iterator<Item = (i64, [String; N])>,
) -> io::Result<Vec<u8>> {
    let mut zip = Zip::default();
    let content = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    zip.add("[Content_Types].xml", |out| {
        write!(
            out,
            "{XML}<Types xmlns=\"{PACKAGE}/content-types\">\
             <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
             <Override PartName=\"/xl/workbook.xml\" ContentType=\"{content}.sheet.main+xml\"/>\
             <Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"{content}.worksheet+xml\"/>\
             <Override PartName=\"/xl/styles.xml\" ContentType=\"{content}.styles+xml\"/></Types>"
        )
    })?;
    zip.add("_rels/.rels", |out| {
        write!(
            out,
            "{XML}<Relationships xmlns=\"{PACKAGE}/relationships\">\
             <Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
        )
    })?;
    zip.add("xl/workbook.xml", |out| {
        write!(out, "{XML}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"")?;
        escaped(out, sheet)?;
        write!(out, "\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>")
    })?;
    zip.add("xl/_rels/workbook.xml.rels", |out| {
        write!(
            out,
            "{XML}<Relationships xmlns=\"{PACKAGE}/relationships\">\
             <Relationship Id=\"rId1\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
             <Relationship Id=\"rId2\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/></Relationships>"
        )
    })?;
    zip.add("xl/styles.xml", |out| {
        // Style 0 is plain, 1 bold; 49 is « Texte »: a cell stays text when somebody edits it.
        write!(
            out,
            "{XML}<styleSheet xmlns=\"{MAIN}\"><fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font>\
             <font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts><fills count=\"2\"><fill><patternFill \
             patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\">\
             <border/></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"3\"><xf xfId=\"0\"/>\
             <xf fontId=\"1\" xfId=\"0\" applyFont=\"1\"/><xf numFmtId=\"49\" xfId=\"0\" applyNumberFormat=\"1\"/>\
             </cellXfs></styleSheet>"
        )
    })?;
    zip.add("xl/worksheets/sheet1.xml", |out| {
        let mut out = BufWriter::with_capacity(64 * 1024, out);
        write!(
            out,
            "{XML}<worksheet xmlns=\"{MAIN}\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" \
             topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>\
             <cols><col min=\"1\" max=\"1\" width=\"8\" customWidth=\"1\"/><col min=\"2\" max=\"{}\" width=\"28\" \
             customWidth=\"1\"/></cols><sheetData><row>",
            titles.len()
        )?;
        for title in titles {
            text(&mut out, 1, title)?;
        }
        write!(out, "</row>")?;
        for (number, cells) in rows {
            write!(out, "<row><c><v>{number}</v></c>")?;
            for cell in &cells {
                text(&mut out, 2, cell)?;
            }
            write!(out, "</row>")?;
        }
        write!(out, "</sheetData></worksheet>")?;
        out.flush()
    })?;
    zip.finish()
}

fn text(out: &mut dyn Write, style: u8, text: &str) -> io::Result<()> {
    if text.is_empty() {
        return write!(out, "<c/>");
    }
    write!(out, "<c s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">")?;
    escaped(out, text)?;
    write!(out, "</t></is></c>")
}

/// Text inside XML; what XML 1.0 cannot hold is left out.
fn escaped(out: &mut dyn Write, text: &str) -> io::Result<()> {
    for sign in text.chars() {
        match sign {
            '&' => out.write_all(b"&amp;")?,
            '<' => out.write_all(b"&lt;")?,
            '>' => out.write_all(b"&gt;")?,
            '"' => out.write_all(b"&quot;")?,
            '\t' | '\n' | '\r' => write!(out, "&#{};", u32::from(sign))?,
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            sign => out.write_all(sign.encode_utf8(&mut [0; 4]).as_bytes())?,
        }
    }
    Ok(())
}
