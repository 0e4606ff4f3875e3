//! The statements of canonical N-Quads, their blank nodes given other labels (vc-di-ecdsa §3.4.13, label replacement).

use std::collections::BTreeMap;
use std::fmt::Write;

/// The lines of `canonical` with each `_:c14nN` replaced by `_:{labels[N]}`, sorted by code point; `None` when a node
/// has no label there, or a line is not a canonical quad.
pub fn relabelled(canonical: &str, labels: &BTreeMap<usize, String>) -> Option<Vec<String>> {
    let mut lines: Vec<String> =
        canonical.split_inclusive('\n').map(|line| relabel(line, labels)).collect::<Option<_>>()?;
    lines.sort_unstable();
    Some(lines)
}

fn relabel(line: &str, labels: &BTreeMap<usize, String>) -> Option<String> {
    let mut written = String::with_capacity(line.len() + 64);
    let mut rest = line;
    while !rest.is_empty() {
        let (term, after) = rest.split_at(term_end(rest)?);
        match term.strip_prefix("_:") {
            // Writing to a String does not fail.
            Some(blank) => write!(written, "_:{}", labels.get(&blank.strip_prefix("c14n")?.parse().ok()?)?).ok()?,
            None => written.push_str(term),
        }
        let separator = after.chars().next()?;
        written.push(separator);
        rest = &after[separator.len_utf8()..];
    }
    Some(written)
}

/// Where the first term ends: at a space or the end of the line, but a literal holds both; canonical IRIs, datatypes
/// and languages hold neither.
fn term_end(text: &str) -> Option<usize> {
    let mut from = 0;
    if let Some(literal) = text.strip_prefix('"') {
        let mut escaped = false;
        from = 1 + literal.find(|sign| {
            let closes = sign == '"' && !escaped;
            escaped = sign == '\\' && !escaped;
            closes
        })?;
    }
    text[from..].find([' ', '\n']).map(|end| from + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_replaced_and_texts_that_look_like_them_are_not() {
        let labels = BTreeMap::from([(0, "uB".to_owned()), (1, "uA".to_owned()), (10, "uC".to_owned())]);
        let canonical = "_:c14n0 <urn:p> \"_:c14n1 \\\" _:c14n1 \\\\\"@fr _:c14n10 .\n\
                         _:c14n1 <urn:p> _:c14n0 .\n<urn:s> <urn:p> \"x\"^^<urn:_:c14n0> .\n";
        let expected = [
            "<urn:s> <urn:p> \"x\"^^<urn:_:c14n0> .\n",
            "_:uA <urn:p> _:uB .\n",
            "_:uB <urn:p> \"_:c14n1 \\\" _:c14n1 \\\\\"@fr _:uC .\n",
        ];
        assert_eq!(relabelled(canonical, &labels).unwrap(), expected);
    }

    #[test]
    fn a_node_without_label_has_no_text() {
        assert_eq!(relabelled("_:c14n2 <urn:p> <urn:o> .\n", &BTreeMap::new()), None);
        assert_eq!(relabelled("\"never closed", &BTreeMap::new()), None);
        assert_eq!(relabelled("", &BTreeMap::new()), Some(vec![]));
    }
}
