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

/// « d’Estuaire Compétences », « de Bocage Métiers »: elided before a vowel; not before an h, which an organisation's
/// name may well aspirate (« de Havre Formation »).
///
/// ```
/// assert_eq!(web::words::of("Estuaire Compétences"), "d’Estuaire Compétences");
/// assert_eq!(web::words::of("Havre Formation"), "de Havre Formation");
/// ```
pub fn of(name: &str) -> String {
    elided(name, begins_with_vowel(name))
}

/// The same of a person: « d’Inès Duval », « d’Hugo », « de Yann ». The h of a given name is mute, but for those that come
/// from languages which say it.
///
/// ```
/// assert_eq!(web::words::of_person("Hugo Vasseur"), "d’Hugo Vasseur");
/// assert_eq!(web::words::of_person("Hassan Diallo"), "de Hassan Diallo");
/// ```
pub fn of_person(name: &str) -> String {
    elided(name, begins_with_vowel(name) || begins_with_mute_h(name))
}

/// « aucun badge », « 1 badge », « 2 badges »: no sentence counts what is not there.
///
/// ```
/// assert_eq!(web::words::count_or(0, "aucun badge", "badge", "badges"), "aucun badge");
/// assert_eq!(web::words::count_or(2, "aucun badge", "badge", "badges"), "2\u{a0}badges");
/// ```
pub fn count_or(n: usize, none: &str, one: &str, many: &str) -> String {
    if n == 0 { none.to_owned() } else { count(n, one, many) }
}

fn elided(name: &str, elided: bool) -> String {
    if elided { format!("d’{name}") } else { format!("de {name}") }
}

/// A vowel as it is heard: the y of Yves and Yvetot is one, that of Yann and Yoann is not.
fn begins_with_vowel(name: &str) -> bool {
    let mut letters = name.chars();
    match letters.next() {
        Some('y' | 'Y') => letters.next().is_some_and(|next| next.is_alphabetic() && !is_vowel(next)),
        first => first.is_some_and(is_vowel),
    }
}

fn begins_with_mute_h(name: &str) -> bool {
    /// Given names whose h is heard, or that do not elide in use.
    const HEARD: [&str; 24] = [
        "hafid", "hafsa", "hakim", "hakima", "halima", "hamid", "hamza", "hanane", "hans", "harold", "harry", "hasna",
        "hassan", "hassane", "hawa", "hicham", "hind", "hocine", "houda", "houria", "houssem", "hussein", "hussain",
        "hamed",
    ];
    let mut letters = name.chars();
    let mute = matches!(letters.next(), Some('h' | 'H')) && letters.next().is_some_and(is_vowel);
    let first = name.split([' ', '-', '\u{a0}']).next().unwrap_or_default().to_lowercase();
    mute && !HEARD.contains(&first.as_str())
}

fn is_vowel(letter: char) -> bool {
    "aeiouyàâäáãåéèêëíîïìóôöòõøúùûüÿœæ".contains(letter.to_lowercase().next().unwrap_or(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_elided_as_they_are_said() {
        for (name, said) in [
            ("Inès Duval", "d’Inès Duval"),
            ("Élodie", "d’Élodie"),
            ("ÉLODIE", "d’ÉLODIE"),
            ("Œdipe", "d’Œdipe"),
            ("Hugo", "d’Hugo"),
            ("Hélène Roy", "d’Hélène Roy"),
            ("HENRI", "d’HENRI"),
            ("Hyacinthe", "d’Hyacinthe"),
            ("Hadrien", "d’Hadrien"),
            ("Yves", "d’Yves"),
            ("Yann", "de Yann"),
            ("Yoann", "de Yoann"),
            ("Yasmine", "de Yasmine"),
            ("Hamza", "de Hamza"),
            ("hicham b.", "de hicham b."),
            ("Amina", "d’Amina"),
            ("Sofia", "de Sofia"),
            ("Wassim", "de Wassim"),
            ("", "de "),
        ] {
            assert_eq!(of_person(name), said);
        }
        for (name, said) in [
            ("École du Port", "d’École du Port"),
            ("Bocage Métiers", "de Bocage Métiers"),
            ("Hugo Formation", "de Hugo Formation"),
            ("Yvetot Avenir", "d’Yvetot Avenir"),
        ] {
            assert_eq!(of(name), said);
        }
    }
}
