//! « MARTIN Lucie » is « Lucie MARTIN »: French offices write the surname first, in capitals.

/// Capitals that begin a surname and are none alone: « LE Goff Marie » does not say where the surname ends.
const PARTICLES: [&str; 26] = [
    "DE", "DU", "DES", "LE", "LA", "LES", "EL", "AL", "BEN", "VAN", "VON", "DER", "DEN", "DI", "DA", "DO", "DOS",
    "DEL", "MAC", "MC", "ST", "STE", "SAINT", "SAINTE", "AIT", "OULD",
];
const CIVILITIES: [&str; 7] = ["MME", "MLLE", "MELLE", "MR", "MRS", "DR", "PR"];

/// The name with its surname last, when capitals alone say which word that is; else as written. Spaces are single.
pub fn surname_last(name: &str) -> String {
    let words: Vec<&str> = name.split(' ').collect();
    let comma = words.iter().position(|word| word.ends_with(','));
    let surname = comma.map_or_else(|| words.iter().take_while(|w| in_capitals(w)).count(), |nth| nth + 1);
    let (surname, given) = words.split_at(surname);
    let surname = surname.join(" ");
    let surname = surname.strip_suffix(',').unwrap_or(&surname);
    if is_surname(surname) && are_given(given) { format!("{} {surname}", given.join(" ")) } else { name.to_owned() }
}

/// « MARTIN », « DE LA TOUR », « D’ALMEIDA », « LE GALL-MARTIN »; neither « LE », « JP » nor « MME MARTIN ».
fn is_surname(said: &str) -> bool {
    let mut words = said.split(' ');
    !words.clone().any(|word| CIVILITIES.contains(&word))
        && words.clone().all(in_capitals)
        && words.any(|word| !PARTICLES.contains(&word) && parts(word).any(is_a_name))
}

/// Two letters without a vowel are rather those of « Jean-Pierre ».
fn is_a_name(part: &str) -> bool {
    let vowel = |c: char| !c.is_ascii() || "AEIOUY".contains(c);
    match part.chars().count() {
        0 | 1 => false,
        2 => part.contains(vowel),
        _ => true,
    }
}

/// Capitals, hyphens and apostrophes, two letters at least; or « D’ » before a space.
fn in_capitals(word: &str) -> bool {
    let letters = parts(word).map(|part| part.chars().count()).sum::<usize>();
    parts(word).all(|part| part.chars().all(char::is_uppercase)) && (letters > 1 || matches!(word, "D’" | "D'"))
}

/// « Lucie », « Anne-Sophie », « N’Golo », « Jean J. »: at least one, each with its capital first and no other.
fn are_given(words: &[&str]) -> bool {
    let capital_first = |part: &str| {
        let mut signs = part.chars();
        signs.next().is_some_and(char::is_uppercase) && signs.all(char::is_lowercase)
    };
    let initial = |word: &str| word.strip_suffix('.').is_some_and(|w| w.chars().count() == 1 && capital_first(w));
    let full = |word: &str| word.contains(char::is_lowercase) && parts(word).all(capital_first);
    words.first().is_some_and(|first| full(first)) && words.iter().all(|word| full(word) || initial(word))
}

fn parts(word: &str) -> impl Iterator<Item = &str> + Clone {
    word.split(['-', '\u{2010}', '\u{2011}', '\'', '’', 'ʼ'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_say_which_word_is_the_surname() {
        for (written, read) in [
            ("MARTIN Lucie", "Lucie MARTIN"),
            ("LEFÈVRE Amina", "Amina LEFÈVRE"),
            ("ÉLOI Zoé", "Zoé ÉLOI"),
            ("DE LA TOUR Anne", "Anne DE LA TOUR"),
            ("D’ALMEIDA Rosa", "Rosa D’ALMEIDA"),
            ("D'ALMEIDA Rosa", "Rosa D'ALMEIDA"),
            ("D’ ALMEIDA Rosa", "Rosa D’ ALMEIDA"),
            ("LE GALL-MARTIN Anne-Sophie", "Anne-Sophie LE GALL-MARTIN"),
            ("O’BRIEN Sean", "Sean O’BRIEN"),
            ("EL AMRANI Karim", "Karim EL AMRANI"),
            ("BEN SALAH Inès", "Inès BEN SALAH"),
            ("SAINT-PIERRE Jean-Marc", "Jean-Marc SAINT-PIERRE"),
            ("DUPONT DURAND Marie Claire", "Marie Claire DUPONT DURAND"),
            ("KANTÉ N’Golo", "N’Golo KANTÉ"),
            ("DUBOIS Jean J.", "Jean J. DUBOIS"),
            ("XU Lin", "Lin XU"),
            ("LÊ Thi Hoa", "Thi Hoa LÊ"),
            ("MARTIN, Lucie", "Lucie MARTIN"),
            ("DE LA TOUR, Anne", "Anne DE LA TOUR"),
        ] {
            assert_eq!(surname_last(written), read);
            assert_eq!(surname_last(read), read, "read again");
        }
    }

    #[test]
    fn without_a_clear_sign_a_name_stays_as_written() {
        for written in [
            "Lucie MARTIN",
            "Lucie Martin",
            "Martin Lucie",
            "MARTIN LUCIE",
            "martin lucie",
            "MARTIN lucie",
            "MARTIN",
            "Lucie",
            "J. MARTIN",
            "J MARTIN",
            "MARTIN J.",
            "J. Martin",
            "JP Martin",
            "J-P Martin",
            "McDONALD Jean",
            "MacDONALD Jean",
            "MARTIN McDONALD Jean",
            "MARTIN de la TOUR Anne",
            "VAN der Berg Jan",
            "LE Goff Marie",
            "EL Amrani Karim",
            "DE LA Tour Anne",
            "MARTIN épouse DURAND Lucie",
            "MARTIN ép. Durand Lucie",
            "MARTIN Lucie épouse Durand",
            "MARTIN Lucie DURAND",
            "Mme MARTIN Lucie",
            "MME MARTIN Lucie",
            "M. MARTIN Lucie",
            "MARTIN Lucie (Mme)",
            "MARTIN/DURAND Lucie",
            "MARTIN-Durand Lucie",
            "Martin, Lucie",
            "MARTIN,",
            ", Lucie",
            "- Lucie",
            "MARTIN2 Lucie",
            "李 Wei",
            "",
        ] {
            assert_eq!(surname_last(written), written);
        }
    }
}
