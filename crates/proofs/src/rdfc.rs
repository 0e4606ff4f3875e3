//! RDF Dataset Canonicalization (RDFC-1.0, W3C Recommendation), with SHA-256 and a work budget.
//!
//! Where the Recommendation's prose can be read in two ways we do what rdf-canonize does: the blank nodes related
//! through one hash are a **list**, not a set (a set gives other labels to nested signed endorsements, and the W3C
//! suite does not catch it).

mod hashes;
mod issuer;
mod statement;

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::rdf::Quad;
pub use hashes::{Budget, RdfcFault};
use hashes::{Canonicalizer, Hash};
use issuer::Issuer;
pub(crate) use statement::{Said, Statement, Thing};

/// The canonical N-Quads of a dataset: every line ended, lines sorted by code point (which is not the order of
/// UTF-16 units), blank nodes labelled `c14n0`, `c14n1`…
///
/// # Errors
/// [`RdfcFault`] when telling the blank nodes apart takes more work than `budget`: some small graphs ("poison", W3C
/// test074) would take for ever.
#[expect(clippy::needless_pass_by_value, reason = "a dataset is used up by its canonical text")]
pub fn canonicalize(quads: Vec<Quad>, budget: Budget) -> Result<String, RdfcFault> {
    let (statements, blanks) = statements(&quads);
    Ok(Canonical::of(&statements, blanks, budget)?.to_text())
}

/// The SHA-256 of what [`canonicalize`] answers.
///
/// # Errors
/// As [`canonicalize`].
pub fn canonical_hash(quads: &[Quad], budget: Budget) -> Result<[u8; 32], RdfcFault> {
    let (statements, blanks) = statements(quads);
    Ok(Canonical::of(&statements, blanks, budget)?.hash())
}

/// The quads as statements, their blank nodes numbered from zero, and how many those are.
fn statements(quads: &[Quad]) -> (Vec<Statement<'_>>, u32) {
    let mut numbers: HashMap<u32, u32> = HashMap::new();
    let mut blanks = 0;
    let mut number = |blank: u32| {
        *numbers.entry(blank).or_insert_with(|| {
            blanks += 1;
            blanks - 1
        })
    };
    let statements = quads.iter().map(|quad| Statement::of(quad, &mut number)).collect();
    (statements, blanks)
}

/// A dataset's canonical lines.
pub(crate) struct Canonical {
    text: String,
    /// Where each line begins and ends in `text`, in canonical order.
    lines: Vec<(usize, usize)>,
}

impl Canonical {
    /// Of `statements`, whose blank nodes have numbers below `blanks`.
    pub fn of(statements: &[Statement<'_>], blanks: u32, budget: Budget) -> Result<Self, RdfcFault> {
        let distinct = statement::distinct(statements);
        let labels = label_blank_nodes(statements, &distinct, blanks, budget)?;
        let mut text = String::with_capacity(distinct.len() * 192);
        let mut lines = Vec::with_capacity(distinct.len());
        for place in distinct {
            let begin = text.len();
            statements[place as usize].write(&mut text, &|blank, line| labels.write_label(blank, line));
            lines.push((begin, text.len()));
        }
        let bytes = text.as_bytes();
        lines.sort_unstable_by(|one, other| bytes[one.0..one.1].cmp(&bytes[other.0..other.1]));
        Ok(Self { text, lines })
    }

    pub fn to_text(&self) -> String {
        let mut sorted = String::with_capacity(self.text.len());
        for (begin, end) in &self.lines {
            sorted.push_str(&self.text[*begin..*end]);
        }
        sorted
    }

    pub fn hash(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        for (begin, end) in &self.lines {
            hash.update(&self.text.as_bytes()[*begin..*end]);
        }
        hash.finalize().into()
    }
}

/// §4.4.3, steps 2 to 5: every blank node gets its canonical label.
fn label_blank_nodes(
    statements: &[Statement<'_>],
    distinct: &[u32],
    blanks: u32,
    budget: Budget,
) -> Result<Issuer, RdfcFault> {
    let mut canonicalizer = Canonicalizer::new(statements, distinct, blanks, budget);
    let hashes = canonicalizer.first_degree_hashes();
    let alike = || hashes.chunk_by(|(one, _): &(Hash, u32), (other, _)| one == other);

    // Step 4: those that nobody resembles, in the order of their hashes.
    for group in alike() {
        if let [(_, only)] = group {
            canonicalizer.canonical.issue(*only);
        }
    }

    // Step 5: the others, by what surrounds them.
    for group in alike().filter(|group| group.len() > 1) {
        let mut paths = Vec::new();
        for (_, blank) in group {
            if canonicalizer.canonical.get(*blank).is_none() {
                let mut temporary = Issuer::new("b");
                temporary.issue(*blank);
                paths.push(canonicalizer.hash_n_degree(*blank, temporary, 0)?);
            }
        }
        paths.sort_by(|(one, _), (other, _)| one.cmp(other));
        for (_, issued) in paths {
            for blank in issued.in_order() {
                canonicalizer.canonical.issue(*blank);
            }
        }
    }
    Ok(canonicalizer.canonical)
}

#[cfg(test)]
mod tests;
