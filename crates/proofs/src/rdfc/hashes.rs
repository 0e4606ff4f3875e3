//! Hashes that tell blank nodes apart: first degree (§4.7), related (§4.8), n-degree (§4.9).

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::issuer::Issuer;
use super::statement::Statement;
use crate::rdf::Position;

/// How much work a canonicalisation may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Steps: one for each blank node of each quad looked at, each label tried. A step takes about a microsecond.
    pub steps: u64,
    /// How far from the blank node in question one may look; a step further costs stack.
    pub depth: u32,
}

impl Default for Budget {
    /// A tenth of a second or so on a slow core. Blank nodes that nothing resembles take no step at all.
    fn default() -> Self {
        Self { steps: 100_000, depth: 128 }
    }
}

/// A dataset whose blank nodes cannot be told apart within the budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the blank nodes cannot be told apart in reasonable work")]
pub struct RdfcFault;

impl RdfcFault {
    /// The stable machine code.
    pub const fn code(self) -> &'static str {
        "work_budget_exceeded"
    }
}

/// A SHA-256.
pub type Hash = [u8; 32];

/// The canonicalization state (§4.2).
pub struct Canonicalizer<'q, 'a> {
    statements: &'q [Statement<'a>],
    /// The statements that name each blank node, one node after the other…
    mentions: Vec<u32>,
    /// … and where those of each begin.
    begins: Vec<u32>,
    /// First degree hashes.
    hashes: Vec<Hash>,
    /// The labels given for good.
    pub canonical: Issuer,
    budget: Budget,
}

impl<'q, 'a> Canonicalizer<'q, 'a> {
    /// Of the `distinct` ones of `statements`, whose blank nodes have numbers below `blanks`.
    pub fn new(statements: &'q [Statement<'a>], distinct: &[u32], blanks: u32, budget: Budget) -> Self {
        let named = |place: u32| {
            let mut before = [None; 2];
            statements[place as usize].blanks().map(|(_, blank)| blank).filter(move |blank| {
                let first = !before.contains(&Some(*blank));
                before = [before[1], Some(*blank)];
                first
            })
        };
        let mut begins = vec![0_u32; blanks as usize + 1];
        for blank in distinct.iter().flat_map(|place| named(*place)) {
            begins[blank as usize + 1] += 1;
        }
        for blank in 1..begins.len() {
            begins[blank] += begins[blank - 1];
        }
        let mut next = begins.clone();
        let mut mentions = vec![0; begins.last().copied().unwrap_or_default() as usize];
        for place in distinct {
            for blank in named(*place) {
                mentions[next[blank as usize] as usize] = *place;
                next[blank as usize] += 1;
            }
        }
        let hashes = vec![[0; 32]; blanks as usize];
        Self { statements, mentions, begins, hashes, canonical: Issuer::new("c14n"), budget }
    }

    fn mentions(&self, blank: u32) -> &[u32] {
        let blank = blank as usize;
        &self.mentions[self.begins[blank] as usize..self.begins[blank + 1] as usize]
    }

    /// Every blank node that is named, after its first degree hash, sorted.
    pub fn first_degree_hashes(&mut self) -> Vec<(Hash, u32)> {
        let mut hashes = Vec::with_capacity(self.hashes.len());
        let mut text = String::new();
        let mut lines: Vec<(usize, usize)> = Vec::new();
        for blank in (0_u32..).take(self.hashes.len()) {
            text.clear();
            lines.clear();
            for place in self.mentions(blank) {
                let begin = text.len();
                let label = |other: u32, line: &mut String| line.push(if other == blank { 'a' } else { 'z' });
                self.statements[*place as usize].write(&mut text, &label);
                lines.push((begin, text.len()));
            }
            if lines.is_empty() {
                continue;
            }
            let bytes = text.as_bytes();
            lines.sort_unstable_by(|one, other| bytes[one.0..one.1].cmp(&bytes[other.0..other.1]));
            let mut hash = Sha256::new();
            for (begin, end) in &lines {
                hash.update(&bytes[*begin..*end]);
            }
            self.hashes[blank as usize] = hash.finalize().into();
            hashes.push((self.hashes[blank as usize], blank));
        }
        hashes.sort_unstable();
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
        self.spend(self.mentions(blank).len() as u64)?;
        let mut related: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for place in self.mentions(blank) {
            let quad = &self.statements[*place as usize];
            for (position, other) in quad.blanks().filter(|(_, other)| *other != blank) {
                let hash = self.hash_related(other, quad, issuer, position);
                related.entry(hash).or_default().push(other);
            }
        }
        Ok(related)
    }

    /// §4.8: how `related` stands in `quad`.
    fn hash_related(&self, related: u32, quad: &Statement<'_>, issuer: &Issuer, position: Position) -> String {
        let mut input = String::with_capacity(128);
        input.push(match position {
            Position::Subject => 's',
            Position::Object => 'o',
            Position::Graph => 'g',
        });
        if position != Position::Graph {
            input.push('<');
            input.push_str(quad.predicate);
            input.push('>');
        }
        if let Some(number) = self.canonical.get(related) {
            self.canonical.append(number, &mut input);
        } else if let Some(number) = issuer.get(related) {
            issuer.append(number, &mut input);
        } else {
            HEXLOWER.encode_append(&self.hashes[related as usize], &mut input);
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
