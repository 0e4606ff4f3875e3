//! Is it the same person? Pure: the file number if there is one, else the address with the folded name; the same name
//! without an address is a question for the trainer, never absorbed in silence (decisions §2).

use std::collections::HashMap;
use std::hash::Hash;

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
    by_name: HashMap<String, Vec<usize>>,
}

impl<I: Copy + Eq + Hash> Book<I> {
    /// Nobody known yet.
    pub fn new() -> Self {
        Self { known: Vec::new(), by_number: HashMap::new(), by_address: HashMap::new(), by_name: HashMap::new() }
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
        self.by_name.entry(keys.folded_name.clone()).or_default().push(place);
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
            return if known.folded_name == keys.folded_name { Match::Same(*id) } else { Match::NumberOf(*id) };
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
            !other_number(place) && (known.email_key.is_none() || keys.email_key.is_none())
        };
        match self.by_name.get(&keys.folded_name).and_then(|places| places.iter().find(perhaps)) {
            Some(place) => Match::Ask(self.known[*place].0),
            None => Match::New,
        }
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
}
