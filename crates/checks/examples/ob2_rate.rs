//! How many hosted 2.0 badges one thread judges in a second when every document is at hand, beside the figure of the
//! machine in the same run: SHA-256 over one mebibyte.

use std::collections::HashMap;
use std::time::Instant;

use checks::{Answer, Inquiry, Policy, Unanswered, Verdict};
use sha2::{Digest, Sha256};
use time::macros::datetime;

#[expect(clippy::disallowed_methods, reason = "an example that measures needs a clock")]
fn main() {
    let answers: HashMap<&str, Answer> = [
        ("https://example.org/assertions/1", r#"{"@context":"https://w3id.org/openbadges/v2","type":"Assertion","id":"https://example.org/assertions/1","recipient":{"type":"email","hashed":true,"salt":"deadsea","identity":"sha256$ecf5409f3f4b91ab60cc5ef4c02aef7032354375e70cf4d8e43f6a1d29891942"},"issuedOn":"2026-01-31T23:59:59Z","badge":"https://example.org/classes/1","verification":{"type":"hosted"}}"#),
        ("https://example.org/classes/1", r#"{"@context":"https://w3id.org/openbadges/v2","type":"BadgeClass","id":"https://example.org/classes/1","name":"Robots","description":"Makes robots.","image":"https://example.org/classes/1.png","criteria":{"narrative":"Make a robot that moves, and say how."},"issuer":"https://example.org/issuer","tags":["robots","awesome"],"alignment":[{"targetName":"A","targetUrl":"https://example.org/a"},{"targetName":"B","targetUrl":"https://example.org/b"}]}"#),
        ("https://example.org/issuer", r#"{"@context":"https://w3id.org/openbadges/v2","type":"Issuer","id":"https://example.org/issuer","name":"An issuer","url":"https://example.org","email":"contact@example.org"}"#),
        ("https://example.org/classes/1.png", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ]
    .into_iter()
    .map(|(url, text)| (url, Answer::new(text.as_bytes())))
    .collect();
    let judge = || {
        let policy = Policy { trust: false, status: true };
        let mut inquiry =
            Inquiry::open_url("https://example.org/assertions/1", datetime!(2026-11-22 09:00 UTC), policy)
                .with_recipient("nobody@example.org");
        while let Some(need) = inquiry.next_need() {
            let answer = need.url("").and_then(|url| answers.get(url.as_str()).cloned());
            inquiry.answer(&need, answer.ok_or(Unanswered::NotFound));
        }
        inquiry.conclude().verdict
    };
    assert_eq!(judge(), Verdict::Authentic);
    let (rounds, begun) = (20_000_u32, Instant::now());
    for _ in 0..rounds {
        assert_eq!(judge(), Verdict::Authentic);
    }
    println!("hosted 2.0 badges: {:.0} per second", f64::from(rounds) / begun.elapsed().as_secs_f64());
    let (block, begun) = (vec![7_u8; 1 << 20], Instant::now());
    for _ in 0..200 {
        std::hint::black_box(Sha256::digest(&block));
    }
    println!("raw SHA-256: {:.0} MiB per second", 200.0 / begun.elapsed().as_secs_f64());
}
