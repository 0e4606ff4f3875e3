//! RDF Dataset Canonicalization (RDFC-1.0, W3C Recommendation), with SHA-256 and a work budget.
//!
//! Where the Recommendation's prose can be read in two ways we do what rdf-canonize does: the blank nodes related
//! through one hash are a **list**, not a set (a set gives other labels to nested signed endorsements, and the W3C
//! suite does not catch it).

mod hashes;
mod issuer;

use std::collections::{BTreeMap, BTreeSet};

use crate::rdf::Quad;
use hashes::Canonicalizer;
pub use hashes::{Budget, RdfcFault};
use issuer::Issuer;

/// The canonical N-Quads of a dataset: every line ended, lines sorted by code point (which is not the order of
/// UTF-16 units), blank nodes labelled `c14n0`, `c14n1`…
///
/// # Errors
/// [`RdfcFault`] when telling the blank nodes apart takes more work than `budget`: some small graphs ("poison", W3C
/// test074) would take for ever.
pub fn canonicalize(quads: Vec<Quad>, budget: Budget) -> Result<String, RdfcFault> {
    let quads: Vec<Quad> = quads.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    let labels = label_blank_nodes(&quads, budget)?;
    let mut lines: Vec<String> = quads
        .iter()
        .map(|quad| {
            let mut line = String::new();
            quad.write(&mut line, &|blank, line| labels.write_label(blank, line));
            line
        })
        .collect();
    lines.sort_unstable();
    Ok(lines.concat())
}

/// §4.4.3, steps 2 to 5: every blank node gets its canonical label.
fn label_blank_nodes(quads: &[Quad], budget: Budget) -> Result<Issuer, RdfcFault> {
    let mut canonicalizer = Canonicalizer::new(quads, budget);
    let mut by_hash: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for (blank, hash) in canonicalizer.first_degree_hashes() {
        by_hash.entry(hash).or_default().push(blank);
    }

    // Step 4: those that nobody resembles, in the order of their hashes.
    by_hash.retain(|_, blanks| match blanks.as_slice() {
        [only] => {
            canonicalizer.canonical.issue(*only);
            false
        }
        _ => true,
    });

    // Step 5: the others, by what surrounds them.
    for blanks in by_hash.into_values() {
        let mut paths = Vec::new();
        for blank in blanks {
            if canonicalizer.canonical.get(blank).is_none() {
                let mut temporary = Issuer::new("b");
                temporary.issue(blank);
                paths.push(canonicalizer.hash_n_degree(blank, temporary, 0)?);
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
