//! Whatever a person hands over, a file or a text they pasted: which carrier it is, and the badge's text inside.
//! The bytes decide, never a file's name.

use data_encoding::BASE64URL_NOPAD;

use crate::baking::{BakeFault, Keyword, MAX_BYTES, Unbaked, pdf, png, svg};

/// What the badge came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// JSON text (Open Badges 2.0 or 3.0, CLR 2.0).
    Json,
    /// Compact JWS (2.0 signed badge, VC-JWT).
    Jws,
    /// A baked PNG.
    Png,
    /// A baked SVG.
    Svg,
    /// A PDF with the badge attached.
    Pdf,
    /// An address where the badge is.
    Url,
}

/// The form of a badge's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A JSON object.
    Json,
    /// A compact JWS with its payload.
    Jws,
    /// An http(s) address.
    Url,
}

/// A badge's text and what it came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// What was handed over.
    pub carrier: Carrier,
    /// Form of the text inside.
    pub form: Form,
    /// Which standard the picture said its badge follows; only pictures say so.
    pub keyword: Option<Keyword>,
    /// The text, byte for byte, without white space or byte order mark around it. It is not judged yet.
    pub text: String,
}

/// Why no badge could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CarrierFault {
    /// Larger than [`MAX_BYTES`].
    #[error("larger than 10 MB")]
    TooLarge,
    /// Nothing but white space.
    #[error("nothing was given")]
    Empty,
    /// A PNG or SVG in which no badge is baked: a plain picture of one, perhaps.
    #[error("a picture without a badge inside")]
    NoBadgeInPicture,
    /// A PDF to which no badge is attached.
    #[error("a PDF without a badge attached")]
    NoBadgeInPdf,
    /// A picture in a format that cannot carry a badge: JPEG, GIF, WebP, BMP, TIFF, HEIC, AVIF.
    #[error("this picture format cannot carry a badge")]
    PictureFormat,
    /// A web page, not the badge that it shows.
    #[error("a web page, not a badge")]
    WebPage,
    /// Not UTF-8 text and no carrier we know.
    #[error("neither text nor a picture that carries a badge")]
    NotText,
    /// Text that is neither a JSON object, a compact JWS nor an address.
    #[error("text that is not a badge")]
    NotABadge,
    /// What the picture or the document carries cannot be read.
    #[error(transparent)]
    Baked(#[from] BakeFault),
}

impl CarrierFault {
    /// Stable machine code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "carrier_too_large",
            Self::Empty => "carrier_empty",
            Self::NoBadgeInPicture => "no_badge_in_picture",
            Self::NoBadgeInPdf => "no_badge_in_pdf",
            Self::PictureFormat => "picture_format_without_badge",
            Self::WebPage => "carrier_web_page",
            Self::NotText => "carrier_not_text",
            Self::NotABadge => "carrier_not_a_badge",
            Self::Baked(fault) => fault.code(),
        }
    }
}

/// The badge in these bytes: JSON, compact JWS, PNG, SVG, PDF or a bare address.
///
/// The text is found, not judged: JSON is read by [`crate::json::parse_strict`], signatures by `proofs`.
pub fn read(bytes: &[u8]) -> Result<Carried, CarrierFault> {
    if bytes.len() > MAX_BYTES {
        return Err(CarrierFault::TooLarge);
    }
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    if start.starts_with(b"%PDF-") {
        return attached(start);
    }
    read_simple(bytes)
}

/// Every carrier but those that carry carriers.
fn read_simple(bytes: &[u8]) -> Result<Carried, CarrierFault> {
    if png::is_png(bytes) {
        return baked(Carrier::Png, png::unbake(bytes)?);
    }
    if is_other_picture(bytes) {
        return Err(CarrierFault::PictureFormat);
    }
    let text = trim(std::str::from_utf8(bytes).map_err(|_| CarrierFault::NotText)?);
    if text.is_empty() {
        return Err(CarrierFault::Empty);
    }
    if is_web_page(text) {
        return Err(CarrierFault::WebPage);
    }
    if text.starts_with('<') {
        return baked(Carrier::Svg, svg::unbake(text.as_bytes())?);
    }
    let form = Form::of(text).ok_or(CarrierFault::NotABadge)?;
    let carrier = match form {
        Form::Json => Carrier::Json,
        Form::Jws => Carrier::Jws,
        Form::Url => Carrier::Url,
    };
    Ok(Carried { carrier, form, keyword: None, text: text.to_owned() })
}

fn baked(carrier: Carrier, found: Option<Unbaked>) -> Result<Carried, CarrierFault> {
    let Unbaked { keyword, text } = found.ok_or(CarrierFault::NoBadgeInPicture)?;
    let form = Form::begun(&text).ok_or(CarrierFault::NotABadge)?;
    Ok(Carried { carrier, form, keyword: Some(keyword), text })
}

/// The first attached file that is a badge, or a picture with one; else the first that begins as one. An address in an
/// attached file is not a badge.
fn attached(document: &[u8]) -> Result<Carried, CarrierFault> {
    let files = pdf::attachments(document)?;
    let badges = files.iter().filter_map(|file| read_simple(file).ok());
    let first = badges.into_iter().find(|carried| carried.carrier != Carrier::Url);
    let found = first.or_else(|| files.iter().find_map(|file| cut_short(file)));
    found.map(|carried| Carried { carrier: Carrier::Pdf, ..carried }).ok_or(CarrierFault::NoBadgeInPdf)
}

/// A file that begins as JSON, however it ends.
fn cut_short(file: &[u8]) -> Option<Carried> {
    let text = trim(std::str::from_utf8(file).ok()?);
    let form = Form::begun(text).filter(|form| *form == Form::Json)?;
    Some(Carried { carrier: Carrier::Json, form, keyword: None, text: text.to_owned() })
}

impl Form {
    /// The form of this text, judged by its outline alone; `None` when it is no badge.
    pub fn of(text: &str) -> Option<Self> {
        let text = trim(text);
        if text.starts_with('{') && text.ends_with('}') {
            Some(Self::Json)
        } else if is_address(text) {
            Some(Self::Url)
        } else if is_compact_jws(text) {
            Some(Self::Jws)
        } else {
            None
        }
    }

    /// The same of what something carries: JSON that is cut short was a badge, and is told to be broken, not to be none.
    pub fn begun(text: &str) -> Option<Self> {
        Self::of(text).or_else(|| trim(text).starts_with('{').then_some(Self::Json))
    }
}

/// Whether this is the outline of a compact JWS (RFC 7515 §7.1): three runs of base64url, padded or not, of which the
/// first is a JSON object. The others may be empty: what is not signed is judged, and told so.
pub fn is_compact_jws(text: &str) -> bool {
    let mut parts = 0;
    let outline = text.splitn(4, '.').all(|part| {
        parts += 1;
        parts <= 3 && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'='))
    });
    outline && parts == 3 && begins_an_object(text)
}

/// Whether base64url begins with a brace, white space before it left aside.
fn begins_an_object(encoded: &str) -> bool {
    let mut place = 0;
    while let Some(four) = encoded.get(place..place + 4) {
        let Ok(three) = BASE64URL_NOPAD.decode(four.as_bytes()) else { return false };
        match three.trim_ascii_start() {
            [] => place += 4,
            [first, ..] => return *first == b'{',
        }
    }
    false
}

/// Without white space and byte order mark around it.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}

fn is_address(text: &str) -> bool {
    let known = |scheme: &str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    (known("https://") || known("http://"))
        && text.len() <= 8192
        && !text.contains(char::is_whitespace)
        && url::Url::parse(text).is_ok_and(|url| url.has_host())
}

fn is_other_picture(bytes: &[u8]) -> bool {
    let brand = |at: usize, name: &[u8]| bytes.get(at..at + name.len()) == Some(name);
    brand(0, b"\xff\xd8\xff")
        || brand(0, b"GIF8")
        || (brand(0, b"RIFF") && brand(8, b"WEBP"))
        || brand(0, b"II*\0")
        || brand(0, b"MM\0*")
        // Bitmap: its four reserved bytes are zero.
        || (brand(0, b"BM") && brand(6, &[0; 4]))
        || [b"heic", b"heix", b"mif1", b"avif", b"hevc"].iter().any(|name| brand(4, b"ftyp") && brand(8, *name))
}

fn is_web_page(text: &str) -> bool {
    let starts = |with: &str| text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    starts("<!doctype html") || starts("<html")
}

#[cfg(test)]
mod tests;
