//! The state of giving out labels (RDFC-1.0 §4.6).

use std::collections::HashMap;
use std::fmt::Write;

/// Gives out `prefix0`, `prefix1`… and remembers in which order.
#[derive(Debug, Clone)]
pub struct Issuer {
    prefix: &'static str,
    numbers: HashMap<u32, usize>,
    order: Vec<u32>,
}

impl Issuer {
    pub fn new(prefix: &'static str) -> Self {
        Self { prefix, numbers: HashMap::new(), order: Vec::new() }
    }

    /// The number of `blank`, a new one unless it has one.
    pub fn issue(&mut self, blank: u32) -> usize {
        let next = self.order.len();
        let number = *self.numbers.entry(blank).or_insert(next);
        if number == next {
            self.order.push(blank);
        }
        number
    }

    pub fn get(&self, blank: u32) -> Option<usize> {
        self.numbers.get(&blank).copied()
    }

    /// The blank nodes, in the order in which they were given labels.
    pub fn in_order(&self) -> &[u32] {
        &self.order
    }

    /// `_:` and the label of this number.
    pub fn append(&self, number: usize, text: &mut String) {
        // Writing to a String does not fail.
        let _ = write!(text, "_:{}{number}", self.prefix);
    }

    /// The label of a blank node that has one, without `_:`.
    pub fn write_label(&self, blank: u32, text: &mut String) {
        if let Some(number) = self.get(blank) {
            let _ = write!(text, "{}{number}", self.prefix);
        }
    }
}
