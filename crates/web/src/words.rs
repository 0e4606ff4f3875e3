//! Numbers and counted words as French print writes them.

use std::fmt::Display;

/// A whole number with U+202F between thousands: `12 345`.
///
/// ```
/// assert_eq!(web::words::number(12_345), "12\u{202f}345");
/// assert_eq!(web::words::number(-1_000), "-1\u{202f}000");
/// ```
pub fn number<N: Display>(n: N) -> String {
    let digits = n.to_string();
    let (sign, digits) = digits.strip_prefix('-').map_or(("", &*digits), |rest| ("-", rest));
    let mut out = String::from(sign);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(c);
    }
    out
}

/// A counted word, U+00A0 between: `1 badge`, `2 badges`; French counts 0 and 1 as one.
///
/// ```
/// assert_eq!(web::words::count(0, "badge", "badges"), "0\u{a0}badge");
/// assert_eq!(web::words::count(1_200, "badge", "badges"), "1\u{202f}200\u{a0}badges");
/// ```
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{}\u{a0}{}", number(n), plural(n, one, many))
}

/// The right form alone: `one` for 0 and 1, else `many`.
pub fn plural<'a>(n: usize, one: &'a str, many: &'a str) -> &'a str {
    if n < 2 { one } else { many }
}

/// Names in a row: `Amina, Bastien et Chloé`.
///
/// ```
/// assert_eq!(web::words::list(&["a", "b", "c"]), "a, b et c");
/// ```
pub fn list<T: AsRef<str>>(items: &[T]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<_> = first.iter().map(AsRef::as_ref).collect();
            format!("{} et {}", first.join(", "), last.as_ref())
        }
    }
}
