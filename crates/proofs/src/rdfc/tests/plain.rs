//! The plain RDFC-1.0 that the quick one is compared with: every line a `String`, every set a tree.

use std::collections::{BTreeMap, BTreeSet};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::rdf::{Position, Quad};
use crate::rdfc::issuer::Issuer;
use crate::rdfc::{Budget, RdfcFault};

/// The canonical N-Quads of a dataset: every line ended, lines sorted by code point (which is not the order of
/// UTF-16 units), blank nodes labelled `c14n0`, `c14n1`…
///
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

/// The canonicalization state (§4.2).
pub struct Canonicalizer<'q> {
    quads: &'q [Quad],
    /// For each blank node, the quads that name it.
    mentions: BTreeMap<u32, Mentions>,
    /// The labels given for good.
    pub canonical: Issuer,
    budget: Budget,
}

#[derive(Default)]
struct Mentions {
    quads: Vec<usize>,
    hash: String,
}

impl<'q> Canonicalizer<'q> {
    pub fn new(quads: &'q [Quad], budget: Budget) -> Self {
        let mut mentions: BTreeMap<u32, Mentions> = BTreeMap::new();
        for (index, quad) in quads.iter().enumerate() {
            for (_, blank) in quad.blanks() {
                let quads = &mut mentions.entry(blank).or_default().quads;
                if quads.last() != Some(&index) {
                    quads.push(index);
                }
            }
        }
        Self { quads, mentions, canonical: Issuer::new("c14n"), budget }
    }

    /// Every blank node with its first degree hash, in no meaningful order.
    pub fn first_degree_hashes(&mut self) -> Vec<(u32, String)> {
        let mut hashes = Vec::with_capacity(self.mentions.len());
        for (blank, mentions) in &mut self.mentions {
            let mut lines: Vec<String> = mentions
                .quads
                .iter()
                .map(|index| {
                    let mut line = String::new();
                    let label = |other: u32, line: &mut String| line.push(if other == *blank { 'a' } else { 'z' });
                    self.quads[*index].write(&mut line, &label);
                    line
                })
                .collect();
            lines.sort_unstable();
            mentions.hash = hex(lines.concat().as_bytes());
            hashes.push((*blank, mentions.hash.clone()));
        }
        hashes
    }

    /// The hash of everything reachable from `blank`, trying every order of what looks alike, and the labels that
    /// gave it.
    pub fn hash_n_degree(&mut self, blank: u32, issuer: Issuer, depth: u32) -> Result<(String, Issuer), RdfcFault> {
        if depth > self.budget.depth {
            return Err(RdfcFault);
        }
        let mut issuer = issuer;
        let mut data = String::new();
        for (hash, related) in self.related(blank, &issuer)? {
            data.push_str(&hash);
            let (path, chosen) = self.best_path(related, &issuer, depth)?;
            data.push_str(&path);
            issuer = chosen;
        }
        Ok((hex(data.as_bytes()), issuer))
    }

    /// §4.9.3 step 5.4: the least path over all orders of `related`, and its issuer.
    fn best_path(&mut self, mut related: Vec<u32>, issuer: &Issuer, depth: u32) -> Result<(String, Issuer), RdfcFault> {
        related.sort_unstable();
        let mut best: Option<(String, Issuer)> = None;
        let mut order: Vec<usize> = (0..related.len()).collect();
        loop {
            let permutation: Vec<u32> = order.iter().map(|place| related[*place]).collect();
            let least = best.as_ref().map(|(path, _)| path.as_str());
            if let Some(candidate) = self.path(&permutation, issuer, least, depth)?
                && least.is_none_or(|least| candidate.0.as_str() < least)
            {
                best = Some(candidate);
            }
            if !next_permutation(&mut order) {
                return best.ok_or(RdfcFault);
            }
        }
    }

    /// The path of one order, or `None` as soon as it is greater than the least known.
    fn path(
        &mut self,
        permutation: &[u32],
        issuer: &Issuer,
        least: Option<&str>,
        depth: u32,
    ) -> Result<Option<(String, Issuer)>, RdfcFault> {
        // Copying the issuer is what grows.
        self.spend(1 + (issuer.in_order().len() / 32) as u64)?;
        let mut copy = issuer.clone();
        let mut text = String::new();
        let mut recursion = Vec::new();
        for related in permutation {
            self.spend(1)?;
            if let Some(number) = self.canonical.get(*related) {
                self.canonical.append(number, &mut text);
            } else {
                if copy.get(*related).is_none() {
                    recursion.push(*related);
                }
                let number = copy.issue(*related);
                copy.append(number, &mut text);
            }
            if least.is_some_and(|least| text.as_str() > least) {
                return Ok(None);
            }
        }
        for related in recursion {
            let (hash, labelled) = self.hash_n_degree(related, copy.clone(), depth + 1)?;
            let number = copy.issue(related);
            copy.append(number, &mut text);
            text.push('<');
            text.push_str(&hash);
            text.push('>');
            copy = labelled;
            if least.is_some_and(|least| text.as_str() > least) {
                return Ok(None);
            }
        }
        Ok(Some((text, copy)))
    }

    /// §4.9.3 steps 1 to 3: the blank nodes beside `blank`, by the hash of how they stand to it. **A list**: one that
    /// stands twice in the same way is there twice.
    fn related(&mut self, blank: u32, issuer: &Issuer) -> Result<BTreeMap<String, Vec<u32>>, RdfcFault> {
        let indices = self.mentions.get(&blank).map(|mentions| mentions.quads.clone()).unwrap_or_default();
        let mut related: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for index in indices {
            self.spend(1)?;
            let quad = &self.quads[index];
            for (position, other) in quad.blanks().filter(|(_, other)| *other != blank) {
                let hash = self.hash_related(other, quad, issuer, position);
                related.entry(hash).or_default().push(other);
            }
        }
        Ok(related)
    }

    /// §4.8: how `related` stands in `quad`.
    fn hash_related(&self, related: u32, quad: &Quad, issuer: &Issuer, position: Position) -> String {
        let mut input = String::with_capacity(128);
        input.push(match position {
            Position::Subject => 's',
            Position::Object => 'o',
            Position::Graph => 'g',
        });
        if position != Position::Graph {
            input.push('<');
            input.push_str(&quad.predicate);
            input.push('>');
        }
        if let Some(number) = self.canonical.get(related) {
            self.canonical.append(number, &mut input);
        } else if let Some(number) = issuer.get(related) {
            issuer.append(number, &mut input);
        } else if let Some(mentions) = self.mentions.get(&related) {
            input.push_str(&mentions.hash);
        }
        hex(input.as_bytes())
    }

    fn spend(&mut self, steps: u64) -> Result<(), RdfcFault> {
        self.budget.steps = self.budget.steps.checked_sub(steps).ok_or(RdfcFault)?;
        Ok(())
    }
}

fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// The next order in lexicographic order; `false` after the last.
fn next_permutation(order: &mut [usize]) -> bool {
    let Some(pivot) = order.windows(2).rposition(|pair| pair[0] < pair[1]) else { return false };
    let Some(successor) = order.iter().rposition(|place| *place > order[pivot]) else { return false };
    order.swap(pivot, successor);
    order[pivot + 1..].reverse();
    true
}
