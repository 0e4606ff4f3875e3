//! Badges inside pictures and documents: baking (Open Badges 2.0 "Badge Baking", Open Badges 3.0 §5, CLR 2.0)
//! and reading back. Pictures come from strangers: sizes, depths and work are bounded, and nothing is fetched.

pub mod pdf;
pub mod png;
pub mod svg;

use crate::carrier::Form;
use crate::json;
use crate::validate::values;

/// Largest picture or document read, in bytes.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;

/// Which standard's badge a picture carries: the keyword of the PNG chunk, the namespace of the SVG element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keyword {
    /// Open Badges 2.0 (and 1.x): an `Assertion`.
    OpenBadges2,
    /// Open Badges 3.0: an `OpenBadgeCredential`.
    OpenBadges3,
    /// CLR 2.0: a `ClrCredential`.
    Clr2,
}

impl Keyword {
    /// Every keyword.
    pub const ALL: [Self; 3] = [Self::OpenBadges2, Self::OpenBadges3, Self::Clr2];

    /// Keyword of the PNG text chunk.
    pub const fn png(self) -> &'static str {
        match self {
            Self::OpenBadges2 => "openbadges",
            Self::OpenBadges3 => "openbadgecredential",
            Self::Clr2 => "clrcredential",
        }
    }

    /// Namespace of the SVG element.
    pub const fn namespace(self) -> &'static str {
        match self {
            Self::OpenBadges2 => "http://openbadges.org",
            Self::OpenBadges3 => "https://purl.imsglobal.org/ob/v3p0",
            Self::Clr2 => "https://purl.imsglobal.org/clr/v2p0",
        }
    }

    /// Local name of the SVG element.
    pub const fn element(self) -> &'static str {
        match self {
            Self::OpenBadges2 => "assertion",
            Self::OpenBadges3 | Self::Clr2 => "credential",
        }
    }
}

/// What a picture carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unbaked {
    /// Under which keyword or namespace.
    pub keyword: Keyword,
    /// JSON, compact JWS or address, as it stood, white space around it removed. It is not judged here.
    pub text: String,
}

/// Why a picture cannot be baked or read. Never carries the text itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BakeFault {
    /// Larger than [`MAX_BYTES`] (an SVG: [`svg::MAX_BYTES`]).
    #[error("the picture is too large")]
    TooLarge,
    /// The text is larger than [`json::MAX_BYTES`], in the picture or once inflated.
    #[error("the badge in the picture is larger than 10 MB")]
    TextTooLarge,
    /// What was to be baked is neither a JSON object nor a compact JWS.
    #[error("only a JSON object or a compact JWS is baked")]
    NotABadge,
    /// The 2.0 badge to bake in an SVG names no address where it is hosted.
    #[error("a hosted badge needs its address")]
    NoAddress,
    /// The text in the picture is not UTF-8.
    #[error("the badge in the picture is not UTF-8")]
    NotUtf8,
    /// The compressed text in the picture is damaged.
    #[error("the badge in the picture cannot be inflated")]
    Inflate,
    /// The badge element or chunk is there, with nothing in it.
    #[error("the place of the badge is empty")]
    Empty,
    /// Not a PNG: no signature, or no `IHDR` first.
    #[error("not a PNG")]
    NotPng,
    /// A chunk is longer than the file, or there is no `IEND`.
    #[error("the PNG is cut short")]
    PngTruncated,
    /// A chunk's name, length or inner order is wrong, or there are too many chunks.
    #[error("a chunk of the PNG is malformed")]
    PngChunk,
    /// A chunk's check value is wrong.
    #[error("a chunk of the PNG does not match its check value")]
    PngCrc,
    /// Well-formed or not, the document's element is not `svg`.
    #[error("not an SVG")]
    NotSvg,
    /// Not well-formed XML 1.0 in UTF-8, as far as it was read.
    #[error("the SVG is not well-formed")]
    SvgMalformed,
    /// A document type or an entity: a way to make a small file huge, or to have a reader fetch another.
    #[error("document types and entities are refused")]
    SvgEntities,
    /// Nested deeper than [`svg::MAX_DEPTH`], or too many attributes or namespaces.
    #[error("the SVG is nested too deeply or declares too much")]
    SvgTooComplex,
    /// The picture gives the prefix of badges to something else: its own elements would become badges.
    #[error("the prefix of badges stands for something else in the SVG")]
    SvgPrefix,
    /// Not a PDF.
    #[error("not a PDF")]
    NotPdf,
    /// Encrypted: nothing can be read without its password.
    #[error("the PDF is encrypted")]
    PdfEncrypted,
    /// Built to cost more work than it is worth.
    #[error("the PDF asks for too much work")]
    PdfTooComplex,
}

impl BakeFault {
    /// Stable machine code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "picture_too_large",
            Self::TextTooLarge => "baked_text_too_large",
            Self::NotABadge => "baked_text_not_a_badge",
            Self::NoAddress => "baked_badge_without_address",
            Self::NotUtf8 => "baked_text_not_utf8",
            Self::Inflate => "baked_text_not_inflated",
            Self::Empty => "baked_text_empty",
            Self::NotPng => "not_a_png",
            Self::PngTruncated => "png_truncated",
            Self::PngChunk => "png_chunk",
            Self::PngCrc => "png_crc",
            Self::NotSvg => "not_an_svg",
            Self::SvgMalformed => "svg_malformed",
            Self::SvgEntities => "svg_entities",
            Self::SvgTooComplex => "svg_too_complex",
            Self::SvgPrefix => "svg_prefix",
            Self::NotPdf => "not_a_pdf",
            Self::PdfEncrypted => "pdf_encrypted",
            Self::PdfTooComplex => "pdf_too_complex",
        }
    }
}

/// What is baked is a signed text or a JSON object, whole: an address alone would say nothing about the picture.
fn bakeable(text: &str) -> Result<Form, BakeFault> {
    if text.len() > json::MAX_BYTES {
        return Err(BakeFault::TextTooLarge);
    }
    match Form::of(text) {
        Some(Form::Json) if !text.contains('\0') => Ok(Form::Json),
        // Signed, and not detached.
        Some(Form::Jws) if values::is_compact_jws(text) && !text.contains("..") => Ok(Form::Jws),
        _ => Err(BakeFault::NotABadge),
    }
}

fn inflate(deflated: &[u8], most: usize) -> Result<Vec<u8>, BakeFault> {
    inflate_counted(deflated, most).1
}

/// How many bytes came out, also of what is damaged further on, and what they are.
fn inflate_counted(deflated: &[u8], most: usize) -> (usize, Result<Vec<u8>, BakeFault>) {
    use std::io::Read;
    let mut inflated = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let mut decoder = flate2::read::ZlibDecoder::new(deflated).take(limit);
    let read = decoder.read_to_end(&mut inflated);
    // Not the length read: what a decoder had in hand when it met the damage is lost, and was work.
    let count = usize::try_from(decoder.get_ref().total_out()).unwrap_or(usize::MAX);
    let content = match read {
        _ if inflated.len() > most => Err(BakeFault::TextTooLarge),
        Ok(_) => Ok(inflated),
        Err(_) => Err(BakeFault::Inflate),
    };
    (count, content)
}

#[cfg(test)]
mod tests;
