#![expect(clippy::disallowed_methods, reason = "a refusal must also be quick: the test looks at the clock")]

mod plain;

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::rdf::{Kind, Node, Object, XSD_STRING};

fn edge(from: u32, to: u32) -> Quad {
    Quad { subject: Node::Blank(from), predicate: "urn:p".into(), object: Object::Node(Node::Blank(to)), graph: None }
}

fn says(from: u32, value: &str) -> Quad {
    let object = Object::Literal { value: value.into(), kind: Kind::Datatype(XSD_STRING.into()) };
    Quad { subject: Node::Blank(from), predicate: "urn:v".into(), object, graph: None }
}

fn canonical(quads: Vec<Quad>) -> String {
    canonicalize(quads, Budget::default()).unwrap()
}

/// W3C rdf-canon test074 ("poison – evil"): ten blank nodes, each a neighbour of every other.
fn clique(size: u32) -> Vec<Quad> {
    (0..size).flat_map(|from| (0..size).filter(move |to| *to != from).map(move |to| edge(from, to))).collect()
}

#[test]
fn a_poison_graph_is_refused_in_bounded_work() {
    for size in [10, 20, 50] {
        let started = Instant::now();
        assert_eq!(canonicalize(clique(size), Budget::default()), Err(RdfcFault));
        assert!(started.elapsed() < Duration::from_secs(2), "{size}: {:?}", started.elapsed());
    }
    assert_eq!(RdfcFault.code(), "work_budget_exceeded");
}

#[test]
fn a_long_ring_is_refused_before_the_stack_ends() {
    // Every node of a ring looks like every other: telling them apart walks all of it, one call deeper each step.
    let ring = |size: u32| (0..size).map(|from| edge(from, (from + 1) % size)).collect::<Vec<_>>();
    assert_eq!(canonicalize(ring(20_000), Budget::default()), Err(RdfcFault));
    assert!(canonicalize(ring(12), Budget::default()).is_ok());
}

#[test]
fn a_small_clique_is_within_the_budget() {
    assert_eq!(canonical(clique(4)).lines().count(), 12);
}

#[test]
fn equal_quads_count_once() {
    assert_eq!(canonical(vec![says(0, "a"), says(0, "a")]), canonical(vec![says(5, "a")]));
}

#[test]
fn labels_do_not_depend_on_numbers() {
    // W3C rdf-canon test020–023 in spirit: the same shape, other labels.
    let shape = |a: u32, b: u32, c: u32| vec![edge(a, b), edge(b, c), edge(c, a), says(a, "x")];
    assert_eq!(canonical(shape(0, 1, 2)), canonical(shape(7, 3, 5)));
}

#[test]
fn a_node_related_twice_through_one_hash_is_there_twice() {
    // Two blank graphs, each naming one node twice in one way: the related-hash lists have doubles. What is asserted
    // is that labels do not depend on numbers; no vector of rdf-canonize for such a dataset is at hand.
    let in_graph = |graph: u32, from: u32, value: &str| Quad { graph: Some(Node::Blank(graph)), ..says(from, value) };
    let shape = |g: u32, h: u32, a: u32, b: u32| {
        vec![in_graph(g, a, "1"), in_graph(g, a, "2"), in_graph(h, b, "1"), in_graph(h, b, "2"), edge(a, g), edge(b, h)]
    };
    let one = canonical(shape(0, 1, 2, 3));
    assert_eq!(one, canonical(shape(3, 2, 1, 0)));
    assert_eq!(one.lines().count(), 6);
}

#[test]
fn lines_are_sorted_by_code_point() {
    let of = |value: &str| Quad { subject: Node::Iri("urn:s".into()), ..says(0, value) };
    let text = canonical(vec![of("\u{1F600}"), of("\u{FFFD}")]);
    assert_eq!(text, "<urn:s> <urn:v> \"\u{FFFD}\" .\n<urn:s> <urn:v> \"\u{1F600}\" .\n");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// The point of canonicalisation: relabelling and shuffling change nothing.
    #[test]
    fn isomorphic_datasets_have_one_text(
        edges in proptest::collection::vec((0u32..6, 0u32..6), 1..10),
        words in proptest::collection::vec((0u32..6, "[ab]"), 0..4),
        labels in Just((0u32..6).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let make = |label: &dyn Fn(u32) -> u32| -> Vec<Quad> {
            let edges = edges.iter().map(|(from, to)| edge(label(*from), label(*to)));
            edges.chain(words.iter().map(|(from, word)| says(label(*from), word))).collect()
        };
        let one = canonicalize(make(&|n| n), Budget::default());
        prop_assert_eq!(&one, &plain::canonicalize(make(&|n| n), Budget::default()));
        let mut relabelled = make(&|n| labels[n as usize] + 10);
        relabelled.reverse();
        prop_assert_eq!(one, canonicalize(relabelled, Budget::default()));
    }

    /// Graphs, repeated quads, one blank node in two places, languages: as the plain algorithm does.
    #[test]
    fn the_quick_way_is_the_plain_one(
        quads in proptest::collection::vec((0u32..5, 0u32..9, 0u32..4, "[ab\"\n]{0,2}"), 0..14),
    ) {
        let node = |number: u32| match number {
            0..5 => Node::Blank(number * 7),
            _ => Node::Iri(format!("urn:{number}")),
        };
        let quads: Vec<Quad> = quads
            .into_iter()
            .map(|(subject, object, graph, word)| Quad {
                subject: node(subject),
                predicate: format!("urn:p{}", object % 2),
                object: match object {
                    0..6 => Object::Node(node(object)),
                    6 => Object::Literal { value: word, kind: Kind::Language("fr".into()) },
                    7 => Object::Literal { value: word, kind: Kind::Datatype("urn:t".into()) },
                    _ => Object::Literal { value: word, kind: Kind::Datatype(XSD_STRING.into()) },
                },
                graph: (graph < 2).then(|| node(graph * 5)),
            })
            .collect();
        let plain = plain::canonicalize(quads.clone(), Budget::default());
        prop_assert_eq!(&canonicalize(quads.clone(), Budget::default()), &plain);
        let hash = canonical_hash(&quads, Budget::default());
        prop_assert_eq!(hash, plain.map(|text| Sha256::digest(text).into()));
    }
}
