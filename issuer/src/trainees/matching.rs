//! Is it the same person? Pure: the file number if there is one, else the address with the folded name; the same name
//! without an address is a question for the trainer, never absorbed in silence (decisions §2). « DUVAL Inès » asks about
//! « Inès Duval »: files write the words of a name in one order or the other.

use std::collections::HashMap;
use std::hash::Hash;

/// A folded name whatever the order of its words.
pub fn words_of(folded_name: &str) -> String {
    let mut words: Vec<&str> = folded_name.split(' ').collect();
    words.sort_unstable();
    words.join(" ")
}

/// What identifies a person, in the forms that are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// [`badge_schemas::text::fold_name`] of the name.
    pub folded_name: String,
    /// The address without case.
    pub email_key: Option<String>,
    /// The organisation's own number.
    pub file_number: Option<String>,
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match<I> {
    /// Certainly this one.
    Same(I),
    /// Perhaps this one: the trainer says.
    Ask(I),
    /// The file number is this one's, and the name is not.
    NumberOf(I),
    /// Nobody known.
    New,
}

/// People already known, found by what identifies them. The first added wins among equals.
#[derive(Debug, Default)]
pub struct Book<I> {
    known: Vec<(I, Keys)>,
    by_number: HashMap<String, usize>,
    by_address: HashMap<(String, String), Vec<usize>>,
    /// By the words of the name, in any order.
    by_words: HashMap<String, Vec<usize>>,
}

impl<I: Copy + Eq + Hash> Book<I> {
    /// Nobody known yet.
    pub fn new() -> Self {
        Self { known: Vec::new(), by_number: HashMap::new(), by_address: HashMap::new(), by_words: HashMap::new() }
    }

    /// Adds somebody.
    pub fn add(&mut self, id: I, keys: Keys) {
        let place = self.known.len();
        if let Some(number) = &keys.file_number {
            self.by_number.entry(number.clone()).or_insert(place);
        }
        if let Some(email) = &keys.email_key {
            self.by_address.entry((email.clone(), keys.folded_name.clone())).or_default().push(place);
        }
        self.by_words.entry(words_of(&keys.folded_name)).or_default().push(place);
        self.known.push((id, keys));
    }

    /// Who this is.
    pub fn find(&self, keys: &Keys) -> Match<I> {
        let other_number = |place: &usize| match (&self.known[*place].1.file_number, &keys.file_number) {
            (Some(a), Some(b)) => a != b,
            _ => false,
        };
        if let Some(place) = keys.file_number.as_ref().and_then(|number| self.by_number.get(number)) {
            let (id, known) = &self.known[*place];
            let same = words_of(&known.folded_name) == words_of(&keys.folded_name);
            return if same { Match::Same(*id) } else { Match::NumberOf(*id) };
        }
        if let Some(email) = &keys.email_key {
            let key = (email.clone(), keys.folded_name.clone());
            let found = self.by_address.get(&key).and_then(|places| places.iter().find(|p| !other_number(p)));
            if let Some(place) = found {
                return Match::Same(self.known[*place].0);
            }
        }
        // Two different addresses, or two different numbers, are two people; anything less is a question.
        let perhaps = |place: &&usize| {
            let known = &self.known[**place].1;
            let two_addresses =
                known.email_key.is_some() && keys.email_key.is_some() && known.email_key != keys.email_key;
            !other_number(place) && !two_addresses
        };
        let namesakes = self.by_words.get(&words_of(&keys.folded_name)).map_or(&[][..], Vec::as_slice);
        // Who is written the same way is likelier than who is written the other way round.
        let likeliest =
            namesakes.iter().filter(perhaps).min_by_key(|p| self.known[**p].1.folded_name != keys.folded_name);
        likeliest.map_or(Match::New, |place| Match::Ask(self.known[*place].0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(name: &str, email: &str, number: &str) -> Keys {
        let some = |s: &str| (!s.is_empty()).then(|| s.to_owned());
        Keys { folded_name: name.into(), email_key: some(email), file_number: some(number) }
    }

    fn book(known: &[(&str, &str, &str)]) -> Book<usize> {
        let mut book = Book::new();
        for (id, (name, email, number)) in known.iter().enumerate() {
            book.add(id, keys(name, email, number));
        }
        book
    }

    #[test]
    fn the_file_number_decides_first() {
        let book = book(&[("jean martin", "a@x.fr", "12"), ("jean martin", "a@x.fr", "13")]);
        assert_eq!(book.find(&keys("jean martin", "", "13")), Match::Same(1));
        assert_eq!(book.find(&keys("jean martin", "b@x.fr", "12")), Match::Same(0));
        assert_eq!(book.find(&keys("jeanne roy", "", "12")), Match::NumberOf(0));
        // A third number is a third person, whatever the address.
        assert_eq!(book.find(&keys("jean martin", "a@x.fr", "14")), Match::New);
    }

    #[test]
    fn then_the_address_with_the_name() {
        let book = book(&[("jean martin", "famille@x.fr", ""), ("lise martin", "famille@x.fr", "")]);
        assert_eq!(book.find(&keys("lise martin", "famille@x.fr", "")), Match::Same(1));
        assert_eq!(book.find(&keys("lise martin", "famille@x.fr", "7")), Match::Same(1));
        assert_eq!(book.find(&keys("paul martin", "famille@x.fr", "")), Match::New);
        assert_eq!(book.find(&keys("jean martin", "autre@x.fr", "")), Match::New);
    }

    #[test]
    fn the_same_name_without_an_address_is_a_question() {
        let book = book(&[("jean martin", "", ""), ("lise roy", "lise@x.fr", "")]);
        assert_eq!(book.find(&keys("jean martin", "", "")), Match::Ask(0));
        assert_eq!(book.find(&keys("jean martin", "jean@x.fr", "")), Match::Ask(0));
        assert_eq!(book.find(&keys("lise roy", "", "")), Match::Ask(1));
        assert_eq!(book.find(&keys("marc roy", "", "")), Match::New);
    }

    #[test]
    fn the_order_of_the_words_never_makes_a_second_person() {
        let book = book(&[("inès duval", "ines@x.fr", "D-4711"), ("duval inès", "", ""), ("marie anne roy", "", "7")]);
        // Without number or address: the one written alike first, else the other.
        assert_eq!(book.find(&keys("duval inès", "", "")), Match::Ask(1));
        assert_eq!(book.find(&keys("inès duval", "", "")), Match::Ask(0));
        assert_eq!(book.find(&keys("roy marie anne", "", "")), Match::Ask(2));
        assert_eq!(book.find(&keys("roy marie anne", "m@x.fr", "")), Match::Ask(2));
        // The number decides, in either order; the address alone asks.
        assert_eq!(book.find(&keys("duval inès", "", "D-4711")), Match::Same(0));
        let known = super::Book::<usize>::new();
        assert_eq!(known.find(&keys("duval inès", "", "D-4711")), Match::New);
        let mut one = super::Book::new();
        one.add(0, keys("inès duval", "ines@x.fr", "D-4711"));
        assert_eq!(one.find(&keys("duval inès", "ines@x.fr", "")), Match::Ask(0));
        // Accents and words count; two numbers or two addresses are two people.
        for other in [keys("duval ines", "", ""), keys("duval inès inès", "", ""), keys("duval", "", "")] {
            assert_eq!(one.find(&other), Match::New, "{other:?}");
        }
        assert_eq!(one.find(&keys("duval inès", "autre@x.fr", "")), Match::New);
        assert_eq!(one.find(&keys("duval inès", "", "D-4712")), Match::New);
    }
}
