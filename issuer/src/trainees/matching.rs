//! Is it the same person? Pure: the file number if there is one, else the address with the folded name; the same name
//! without an address is a question for the trainer, never absorbed in silence (decisions §2). « DUVAL Inès » asks about
//! « Inès Duval »: files write the words of a name in one order or the other.

use std::collections::{HashMap, hash_map};
use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroU64;

use badge_schemas::text::fold_name;

use crate::imports::reading::surname_last;

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

impl Keys {
    /// Those of somebody whose name is written so. « MARTIN Lucie », as a program of before kept it, is « Lucie MARTIN ».
    pub fn new(name: &str, folded_name: &str, email_key: Option<&str>, file_number: Option<&str>) -> Self {
        let read = surname_last(name);
        let folded_name = if read == name { folded_name.to_owned() } else { fold_name(&read) };
        Self { folded_name, email_key: email_key.map(str::to_owned), file_number: file_number.map(str::to_owned) }
    }
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
///
/// It keeps marks of the texts, not the texts: a file of a hundred thousand lines costs some megabytes, whatever stands on
/// them. A mark is a hash of 64 bits under a key that nobody knows, so that nobody can make two collide; by chance, two
/// people become one in less than one file out of 10¹⁴.
#[derive(Debug)]
pub struct Book<I> {
    key: RandomState,
    known: Vec<Entry<I>>,
    by_number: HashMap<Mark, u32>,
    /// The first and the last of those whose names have these words, in any order.
    by_words: HashMap<Mark, (u32, u32)>,
}

type Mark = u64;

#[derive(Debug)]
struct Entry<I> {
    id: I,
    marks: Marks,
    /// The next whose name has the same words; itself when it is the last.
    next: u32,
}

#[derive(Debug, Clone, Copy)]
struct Marks {
    name: Mark,
    words: Mark,
    email: Option<NonZeroU64>,
    number: Option<NonZeroU64>,
}

impl Marks {
    /// Whether both have a number, and not the same.
    fn other_number(&self, other: &Self) -> bool {
        self.number.is_some() && other.number.is_some() && self.number != other.number
    }

    /// Whether both have an address, and not the same.
    fn other_address(&self, other: &Self) -> bool {
        self.email.is_some() && other.email.is_some() && self.email != other.email
    }
}

impl<I> Default for Book<I> {
    fn default() -> Self {
        let key = RandomState::new();
        Self { key, known: Vec::new(), by_number: HashMap::new(), by_words: HashMap::new() }
    }
}

impl<I: Copy> Book<I> {
    /// Nobody known yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds somebody. Beyond four thousand million people nobody is added.
    pub fn add(&mut self, id: I, keys: &Keys) {
        let Ok(place) = u32::try_from(self.known.len()) else { return };
        let marks = self.marks(keys);
        if let Some(number) = marks.number {
            self.by_number.entry(number.get()).or_insert(place);
        }
        match self.by_words.entry(marks.words) {
            hash_map::Entry::Vacant(first) => {
                first.insert((place, place));
            }
            hash_map::Entry::Occupied(mut namesakes) => {
                let last = &mut namesakes.get_mut().1;
                self.known[*last as usize].next = place;
                *last = place;
            }
        }
        self.known.push(Entry { id, marks, next: place });
    }

    /// Who this is.
    pub fn find(&self, keys: &Keys) -> Match<I> {
        let marks = self.marks(keys);
        if let Some(place) = marks.number.and_then(|number| self.by_number.get(&number.get())) {
            let known = &self.known[*place as usize];
            return if known.marks.words == marks.words { Match::Same(known.id) } else { Match::NumberOf(known.id) };
        }
        // Two different addresses, or two different numbers, are two people; anything less is a question. Who is written
        // the same way is likelier than who is written the other way round.
        let mut likeliest: Option<&Entry<I>> = None;
        for known in self.namesakes(marks.words).filter(|known| !known.marks.other_number(&marks)) {
            let written_alike = known.marks.name == marks.name;
            if written_alike && marks.email.is_some() && known.marks.email == marks.email {
                return Match::Same(known.id);
            }
            let better = likeliest.is_none_or(|so_far| written_alike && so_far.marks.name != marks.name);
            if better && !known.marks.other_address(&marks) {
                likeliest = Some(known);
            }
        }
        likeliest.map_or(Match::New, |known| Match::Ask(known.id))
    }

    /// Those whose names have these words, the first added first.
    fn namesakes(&self, words: Mark) -> impl Iterator<Item = &Entry<I>> {
        let place = |place: u32| (place, &self.known[place as usize]);
        let first = self.by_words.get(&words).map(|(first, _)| place(*first));
        std::iter::successors(first, move |(at, known)| (known.next != *at).then(|| place(known.next)))
            .map(|(_, known)| known)
    }

    fn marks(&self, keys: &Keys) -> Marks {
        let mark = |text: &str| self.key.hash_one(text);
        // Zero stands for nothing; the one text in 2⁶⁴ whose mark is zero shares that of another.
        let some =
            |text: &Option<String>| text.as_deref().map(|text| NonZeroU64::new(mark(text)).unwrap_or(NonZeroU64::MIN));
        Marks {
            name: mark(&keys.folded_name),
            words: mark(&words_of(&keys.folded_name)),
            email: some(&keys.email_key),
            number: some(&keys.file_number),
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
            book.add(id, &keys(name, email, number));
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
        one.add(0, &keys("inès duval", "ines@x.fr", "D-4711"));
        assert_eq!(one.find(&keys("duval inès", "ines@x.fr", "")), Match::Ask(0));
        // Accents and words count; two numbers or two addresses are two people.
        for other in [keys("duval ines", "", ""), keys("duval inès inès", "", ""), keys("duval", "", "")] {
            assert_eq!(one.find(&other), Match::New, "{other:?}");
        }
        assert_eq!(one.find(&keys("duval inès", "autre@x.fr", "")), Match::New);
        assert_eq!(one.find(&keys("duval inès", "", "D-4712")), Match::New);
    }
}
