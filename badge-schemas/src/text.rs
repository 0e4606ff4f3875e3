//! What text may be signed, and how French names are compared and sorted.

mod nir;
#[cfg(test)]
mod tests;

pub use nir::looks_like_nir;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Says why a person's text cannot be signed (decisions §10). Never carries the text itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextFault {
    /// Not in Unicode normal form C.
    #[error("text is not in normal form C")]
    NotNfc,
    /// A control character, line breaks included.
    #[error("text holds a control character")]
    Control,
    /// A character that changes the direction of what follows, or shows nothing.
    #[error("text holds an invisible or direction-changing character")]
    Invisible,
    /// A number that looks like a social security number.
    #[error("text holds a number that looks like a social security number")]
    LooksLikeNir,
}

impl TextFault {
    /// Stable machine code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotNfc => "not_nfc",
            Self::Control => "control_character",
            Self::Invisible => "invisible_character",
            Self::LooksLikeNir => "looks_like_nir",
        }
    }
}

/// Accepts text that may stand in a signed badge: one line, NFC, no control, bidirectional or invisible character,
/// nothing that looks like a NIR. [`tidy`] first mends what can be mended without changing a word.
pub fn check_signable(text: &str) -> Result<(), TextFault> {
    if text.chars().any(char::is_control) {
        return Err(TextFault::Control);
    }
    if text.chars().any(is_invisible) {
        return Err(TextFault::Invisible);
    }
    if !is_nfc(text) {
        return Err(TextFault::NotNfc);
    }
    if looks_like_nir(text) {
        return Err(TextFault::LooksLikeNir);
    }
    Ok(())
}

/// The text in normal form C.
pub fn nfc(text: &str) -> String {
    text.nfc().collect()
}

/// What a person typed or pasted, on one line: NFC, invisible leftovers of word processors removed,
/// runs of spaces and line breaks made one space. Non-breaking spaces inside are kept (French typography).
/// Direction-changing characters are not removed: they are refused by [`check_signable`], because they were put there.
pub fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.nfc().filter(|c| !is_leftover(*c)) {
        if c.is_whitespace() && !is_no_break_space(c) {
            gap = true;
            continue;
        }
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        out.push(c);
    }
    out.trim().to_owned()
}

/// A name folded to tell whether two rows speak of the same trainee (decisions §2): NFC, case and spaces;
/// a typographic apostrophe or hyphen counts as the typed one. Accents are kept: Chloé is not Chloe.
pub fn fold_name(name: &str) -> String {
    let lower = name.nfc().collect::<String>().to_lowercase();
    let words = lower.nfc().filter(|c| !is_leftover(*c)).map(plain_punctuation).collect::<String>();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text without case, accents, ligatures and punctuation, words parted by one space: for searching, never for identity.
pub fn search_key(text: &str) -> String {
    let letters: String = base_letters(text).chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A key whose byte order is the French order of names, the same in both database engines (decisions §27):
/// letters first, then accents, then capitals. Hyphens count as spaces, apostrophes as nothing.
pub fn sort_key(name: &str) -> String {
    let letters = base_letters(&name.replace(['\'', '’', 'ʼ', '.'], "")).replace(['-', '\u{2010}', '\u{2011}'], " ");
    let letters = letters.split_whitespace().collect::<Vec<_>>().join(" ");
    let accents = fold_name(name);
    let whole = tidy(name);
    // U+0001 is below every letter and space, so a name comes before those it begins.
    format!("{letters}\u{1}{accents}\u{1}{whole}")
}

/// Lower case, without accents, ligatures opened.
fn base_letters(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfkd().flat_map(char::to_lowercase).nfkd() {
        match c {
            'œ' => out.push_str("oe"),
            'æ' => out.push_str("ae"),
            'ß' => out.push_str("ss"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'þ' => out.push_str("th"),
            'ı' => out.push('i'),
            c if unicode_normalization::char::is_combining_mark(c) || is_leftover(c) => {}
            c => out.push(c),
        }
    }
    out
}

fn plain_punctuation(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{2bc}' => '\'',
        '\u{2010}' | '\u{2011}' => '-',
        c => c,
    }
}

const fn is_no_break_space(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{202f}' | '\u{2007}')
}

/// What word processors and spreadsheets leave behind: soft hyphen, zero-width space, byte order mark, word joiner.
const fn is_leftover(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{feff}' | '\u{2060}')
}

/// Characters that show nothing or turn the direction of reading. ZWJ and ZWNJ stay: some scripts write with them.
const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' // bidirectional
        | '\u{2028}' | '\u{2029}' // line and paragraph separators
        | '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}'
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' // private use
        | '\u{e0000}'..='\u{e0fff}' // tags
        | '\u{fdd0}'..='\u{fdef}' | '\u{fffe}' | '\u{ffff}') // not characters
}
