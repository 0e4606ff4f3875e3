//! Patterns: the regular expressions of ECMA-262 (JSON Schema §6.4), as far as they can be matched in linear time.

use regex::{Regex, RegexBuilder};

use super::{Holds, Run, Unread};

/// Longest pattern read, in bytes, and the most memory of one that is compiled: what bounds the cost of each letter.
const LONGEST: usize = 1024;
const LARGEST_COMPILED: usize = 64 * 1024;
/// What compiling one costs, and each letter that is matched, in steps.
const COMPILING: usize = 4_000;
const LETTER: usize = 4;

impl<'s> Run<'s> {
    /// Whether the pattern is found anywhere in the text.
    pub(super) fn matches(&mut self, pattern: &'s str, text: &str) -> Holds {
        self.spend(1 + text.len() * LETTER)?;
        if let Some(known) = self.patterns.get(pattern) {
            return Ok(known.is_match(text));
        }
        self.spend(COMPILING)?;
        let compiled = compile(pattern)?;
        let matches = compiled.is_match(text);
        self.patterns.insert(pattern, compiled);
        Ok(matches)
    }
}

fn compile(pattern: &str) -> Result<Regex, Unread> {
    if pattern.len() > LONGEST {
        return Err(Unread::Pattern);
    }
    let written = translate(pattern).ok_or(Unread::Pattern)?;
    let mut builder = RegexBuilder::new(&written);
    builder.size_limit(LARGEST_COMPILED).nest_limit(32);
    builder.build().map_err(|_| Unread::Pattern)
}

/// What the two languages write differently: `\d` and `\w` are ASCII in ECMA-262, and inside brackets `[`, `&&`, `~~`
/// are plain letters. `--` and what only backtracking matches have no translation.
fn translate(pattern: &str) -> Option<String> {
    let mut written = String::with_capacity(pattern.len() + 16);
    let mut letters = pattern.chars().peekable();
    let mut inside = false;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next()? {
                'd' => written.push_str("[0-9]"),
                'D' => written.push_str("[^0-9]"),
                'w' => written.push_str("[A-Za-z0-9_]"),
                'W' => written.push_str("[^A-Za-z0-9_]"),
                '/' => written.push('/'),
                other => written.extend(['\\', other]),
            },
            '[' if !inside => {
                inside = true;
                written.push('[');
                if letters.next_if_eq(&'^').is_some() {
                    written.push('^');
                }
                // ECMA-262 has an empty set, which here would be a `]` in the set.
                if letters.peek() == Some(&']') {
                    return None;
                }
            }
            '[' | '&' | '~' if inside => written.extend(['\\', letter]),
            '-' if inside && letters.peek() == Some(&'-') => return None,
            ']' => {
                inside = false;
                written.push(']');
            }
            other => written.push(other),
        }
    }
    Some(written)
}
