//! The words of a PDF: white space, names, and dictionaries read one level deep (ISO 32000-2 §7.2–7.3).

/// Deepest nesting of dictionaries and arrays in one object.
const MAX_DEPTH: usize = 32;
/// Longest dictionary read, in bytes.
const MAX_DICTIONARY: usize = 64 * 1024;

/// The members of a dictionary: name without its slash, value as it stands.
pub(super) struct Dictionary<'a>(Vec<(&'a [u8], &'a [u8])>);

impl<'a> Dictionary<'a> {
    /// The value of this member.
    pub(super) fn get(&self, name: &[u8]) -> Option<&'a [u8]> {
        self.0.iter().find(|(n, _)| *n == name).map(|(_, value)| *value)
    }
}

/// The dictionary at this place, if there is one, and how far was read.
pub(super) fn parse_dictionary(text: &[u8], at: usize) -> (Option<Dictionary<'_>>, usize) {
    let most = text.len().min(at.saturating_add(MAX_DICTIONARY));
    let text = &text[..most];
    if !text[at.min(most)..].starts_with(b"<<") {
        return (None, at);
    }
    let mut members: Vec<(&[u8], &[u8])> = Vec::new();
    let mut name: Option<&[u8]> = None;
    let mut value_from = at + 2;
    let mut depth = 0_usize;
    let mut place = at + 2;
    loop {
        let start = skip_space(text, place);
        let Some(end) = token_end(text, start) else { return (None, most.max(at)) };
        place = end;
        let token = &text[start..end];
        let closes = depth == 0 && token == b">>";
        if depth == 0 && (token.starts_with(b"/") || closes) {
            let value = text[value_from..start].trim_ascii();
            match name {
                // The value of a name may itself be a name.
                Some(_) if value.is_empty() && !closes => continue,
                Some(name) => members.push((name, value)),
                None => {}
            }
            if closes {
                return (Some(Dictionary(members)), end);
            }
            name = token.strip_prefix(b"/");
            value_from = end;
            continue;
        }
        match token {
            b"<<" | b"[" => depth += 1,
            b">>" | b"]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return (None, place);
        }
    }
}

/// Where the token at this place ends; `None` at the end of the text.
fn token_end(text: &[u8], at: usize) -> Option<usize> {
    let rest = &text[at.min(text.len())..];
    let length = match rest {
        [] => return None,
        [b'<', b'<', ..] | [b'>', b'>', ..] => 2,
        [b'<', ..] => rest.iter().position(|b| *b == b'>')? + 1,
        [b'(', ..] => string_length(rest)?,
        [b'%', ..] => rest.iter().position(|b| matches!(b, b'\n' | b'\r'))? + 1,
        [b'[' | b']' | b'{' | b'}' | b'>' | b')', ..] => 1,
        [_, more @ ..] => more.iter().position(|b| is_delimiter(*b)).unwrap_or(more.len()) + 1,
    };
    Some(at + length)
}

/// `(text (with pairs) and \) escapes)`.
fn string_length(text: &[u8]) -> Option<usize> {
    let (mut depth, mut place) = (0_usize, 0);
    while let Some(byte) = text.get(place) {
        match byte {
            b'\\' => place += 1,
            b'(' => depth += 1,
            b')' if depth == 1 => return Some(place + 1),
            b')' => depth -= 1,
            _ => {}
        }
        place += 1;
    }
    None
}

fn is_delimiter(byte: u8) -> bool {
    is_space(byte) || b"/<>[](){}%".contains(&byte)
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

/// The first place from here that is not white space.
pub(super) fn skip_space(text: &[u8], at: usize) -> usize {
    let rest = &text[at.min(text.len())..];
    at + rest.iter().position(|b| !is_space(*b)).unwrap_or(rest.len())
}

/// The name that this value is, without its slash.
pub(super) fn name_at(value: &[u8]) -> Option<&[u8]> {
    value.strip_prefix(b"/")
}

/// The first place from here where these bytes stand.
pub(super) fn find(text: &[u8], what: &[u8], from: usize) -> Option<usize> {
    let first = *what.first()?;
    let mut at = from;
    loop {
        at += text.get(at..)?.iter().position(|b| *b == first)?;
        if text[at..].starts_with(what) {
            return Some(at);
        }
        at += 1;
    }
}
