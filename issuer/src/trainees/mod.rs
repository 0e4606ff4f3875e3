//! The people of one organisation, as it knows them: never shared with another (decisions §1, §2).

pub mod matching;
pub mod rows;

pub use matching::{Book, Keys, Match, words_of};
pub use rows::Trainee;

/// Somebody known, told apart from a namesake: « Inès Duval (ines@exemple.fr, dossier D-4711) ».
pub(crate) fn known_as(name: &str, email: Option<&str>, file_number: Option<&str>) -> String {
    let number = file_number.map(|number| format!(", dossier {number}")).unwrap_or_default();
    format!("{name} ({}{number})", email.unwrap_or("sans adresse"))
}
