//! Numbers that look like a French social security number (NIR), refused at every door (decisions §10).

use unicode_normalization::UnicodeNormalization;

/// True if the text holds 13 characters shaped like a NIR, or 15 with its key, written together or in groups.
///
/// A NIR is sex (1–4, 7, 8), year, month (1–12, or 20–42 and 50–99 when unknown), *département* (2A and 2B for Corsica),
/// *commune*, order, then a key of two digits. The key is not computed: a mistyped NIR tells just as much.
/// A SIRET (14 digits), a telephone number or an ordinary quantity does not have this shape.
pub fn looks_like_nir(text: &str) -> bool {
    if lacks_digits(text) {
        return false;
    }
    // Compatibility forms (full width, superscript) and other scripts' digits read as ours.
    let folded: Vec<char> = text.nfkc().flat_map(char::to_uppercase).map(ascii_digit).collect();
    (0..folded.len()).any(|start| {
        folded[start].is_ascii_digit()
            && (start == 0 || !folded[start - 1].is_ascii_digit())
            && begins_nir(&folded[start..])
    })
}

/// Whether the text surely has fewer than the 12 digits of the shortest NIR: it is made of signs that do not become
/// digits under any form (ASCII, Latin letters, guillemets, French punctuation), and of fewer digits than that.
fn lacks_digits(text: &str) -> bool {
    let mut digits = 0;
    let plain = text.chars().all(|c| {
        digits += usize::from(c.is_ascii_digit());
        c.is_ascii() || matches!(c, '\u{a0}' | '«' | '»' | '°' | 'À'..='ɏ' | '\u{2010}'..='\u{201f}' | '…' | '\u{202f}')
    });
    plain && digits < 12
}

fn ascii_digit(c: char) -> char {
    let zero = match c {
        '\u{660}'..='\u{669}' => 0x660,
        '\u{6f0}'..='\u{6f9}' => 0x6f0,
        '\u{966}'..='\u{96f}' => 0x966,
        _ => return c,
    };
    char::from_digit(c as u32 - zero, 10).unwrap_or(c)
}

/// Reads signs from the start, across separators, and stops at the first text that is not part of the shape.
fn begins_nir(text: &[char]) -> bool {
    let mut signs = Vec::with_capacity(15);
    let mut parted = 0;
    for (i, &c) in text.iter().enumerate() {
        let corsica = signs.len() == 6 && matches!(c, 'A' | 'B') && signs[5] == '2';
        if c.is_ascii_digit() || corsica {
            signs.push(c);
            parted = 0;
            let ends = text.get(i + 1).is_none_or(|next| !next.is_ascii_digit());
            if ends && matches!(signs.len(), 13 | 15) && has_shape(&signs) {
                return true;
            }
            if signs.len() == 15 {
                return false;
            }
        } else if is_separator(c) && parted < 3 {
            parted += 1;
        } else {
            return false;
        }
    }
    false
}

fn has_shape(signs: &[char]) -> bool {
    let two = |i: usize| signs[i].to_digit(10).zip(signs[i + 1].to_digit(10)).map(|(a, b)| a * 10 + b);
    let sex = matches!(signs[0], '1'..='4' | '7' | '8');
    let month = matches!(two(3), Some(1..=12 | 20..=42 | 50..=99));
    let place = match two(5) {
        Some(department) => department != 0,
        None => true, // 2A or 2B
    };
    sex && month && place
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '.' | '-'
                | '‐'
                | '‑'
                | '–'
                | '_'
                | '/'
                | '('
                | ')'
                | '\''
                | '’'
                | '·'
                | '\u{200b}'
                | '\u{feff}'
                | '\u{ad}'
                | '\u{2060}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lacks_digits_becomes_none_under_any_form() {
        for sign in '\0'..=char::MAX {
            let text = sign.to_string();
            if !sign.is_ascii_digit() && lacks_digits(&text) {
                let folded = text.nfkc().flat_map(char::to_uppercase).map(ascii_digit).any(|c| c.is_ascii_digit());
                assert!(!folded, "{sign}");
            }
        }
        assert!(lacks_digits("« Numéro 12345678901 » – l’été") && !lacks_digits("123456789012") && !lacks_digits("①"));
    }
}
