//! The published vectors of every Data Integrity suite, named after their files.
//!
//! The expected hashes and signatures stand here; the documents are read from the project's shared standards
//! (`../shared/standards` beside the workspace, or the folder in `LIVRET_SHARED`). In CI (`CI` set) they must be
//! there; elsewhere a test says that it could not look.

use std::path::PathBuf;
use std::sync::OnceLock;

use data_encoding::HEXLOWER;
use proofs::did::{DidDocument, without_fragment};
use proofs::jsonld::Engine;
use proofs::key::PublicKey;
use proofs::suite::{ProofFacts, ProofFault, SecuredDocument, Suite};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The file's text, or `None` (said on the output) when the standards are not here.
fn standard(path: &str) -> Option<String> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let shared = std::env::var_os("LIVRET_SHARED").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let text = std::fs::read_to_string(shared.join("standards/ob3-data").join(path)).ok();
    assert!(text.is_some() || std::env::var_os("CI").is_none(), "the official file {path} is missing, and this is CI");
    if text.is_none() {
        println!("NOT EXAMINED: the official file {path} is not here (set LIVRET_SHARED)");
    }
    text
}

fn document(path: &str) -> Option<Value> {
    standard(&format!("vectors/{path}")).map(|text| serde_json::from_str(&text).unwrap())
}

/// The bundled contexts, the examples', and our own table of the citizenship terms that the vectors use.
fn context(url: &str) -> Option<&'static str> {
    static EXAMPLES: OnceLock<Option<String>> = OnceLock::new();
    match url {
        "https://www.w3.org/ns/credentials/examples/v2" => {
            EXAMPLES.get_or_init(|| standard("contexts/credentials-examples-v2.jsonld")).as_deref()
        }
        "https://w3id.org/citizenship/v4rc1" => Some(include_str!("data/citizenship-terms.json")),
        _ => badge_schemas::contexts::get(url),
    }
}

fn engine() -> Engine {
    Engine::new(context)
}

/// The key of a proof whose verification method is a `did:key`.
fn key_of(facts: &ProofFacts) -> PublicKey {
    let document = DidDocument::of_did_key(without_fragment(&facts.verification_method)).unwrap();
    document.assertion_key(&facts.verification_method).unwrap().key
}

/// Every proof of the document, each judged alone with its own key.
fn all(signed: &Value) -> Result<Vec<ProofFacts>, ProofFault> {
    let engine = engine();
    let secured = SecuredDocument::read_with(&engine, signed)?;
    secured.proofs().into_iter().map(|facts| facts.and_then(|facts| secured.verify(&facts, &key_of(&facts)))).collect()
}

fn signature_of(signed: &Value) -> String {
    let value = signed["proof"]["proofValue"].as_str().unwrap();
    HEXLOWER.encode(&bs58::decode(&value[1..]).into_vec().unwrap())
}

fn changed(signed: &Value, change: impl Fn(&mut Value)) -> Value {
    let mut changed = signed.clone();
    change(&mut changed);
    changed
}

#[test]
fn w3c_eddsa_rdfc_2022_alumni() {
    let Some(signed) = document("vc-di-eddsa/eddsa-rdfc-2022/signedDataInt.json") else { return };
    let facts = all(&signed).unwrap();
    assert_eq!((facts.len(), facts[0].suite), (1, Suite::EddsaRdfc2022));
}

#[test]
fn w3c_eddsa_rdfc_2022_employ() {
    let folder = "vc-di-eddsa/eddsa-rdfc-2022/employ";
    let Some(signed) = document(&format!("{folder}/signedDataInt.json")) else { return };
    let engine = engine();
    let canonical = standard(&format!("vectors/{folder}/canonDocDataInt.txt")).unwrap();
    let secured = SecuredDocument::read_with(&engine, &signed).unwrap();
    assert_eq!(secured.canonical().unwrap(), canonical);
    assert_eq!(
        HEXLOWER.encode(&Sha256::digest(&canonical)),
        "03f59e5b04ab575b1172cb684f22eede72f0e9033e0b5c67d0e2506768d6ce11"
    );
    assert_eq!(
        signature_of(&signed),
        "20b1a944960b75ca69ba070af4820de6e6acae1afe827d8c566c0f7b932d1bd3\
         abde3222b3095088051439a8b4e7a5356c7ba6d246774f875ebb6ddee1577003"
    );
    assert_eq!(all(&signed).unwrap()[0].suite, Suite::EddsaRdfc2022);
}

#[test]
fn w3c_eddsa_jcs_2022() {
    let Some(signed) = document("vc-di-eddsa/eddsa-jcs-2022/signedJCS.json") else { return };
    let sha256 = |file: &str| {
        let text = standard(&format!("vectors/vc-di-eddsa/eddsa-jcs-2022/{file}")).unwrap();
        HEXLOWER.encode(&Sha256::digest(text.trim_end()))
    };
    assert_eq!(
        sha256("proofCanonJCS.txt") + &sha256("canonDocJCS.txt"),
        "66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db\
         59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19"
    );
    assert_eq!(
        signature_of(&signed),
        "407cd12654b33d718ecbb99179a1506daaa849450bf3fc523cce3e1c96f8b803\
         51da3f253d725c6f00b07c9e5448d50b3ef78012b9ab54255116d069c6dd2808"
    );
    assert_eq!(all(&signed).unwrap()[0].suite, Suite::EddsaJcs2022);

    // vc-di-eddsa §3.3.2: the proof's context must begin the document's, and is what was signed.
    let longer = changed(&signed, |d| d["@context"].as_array_mut().unwrap().push(json!("https://example.org/more")));
    assert!(all(&longer).is_ok(), "a context added after those of the proof");
    let other = changed(&signed, |d| d["@context"] = json!(["https://www.w3.org/ns/credentials/v2"]));
    assert_eq!(all(&other), Err(ProofFault::Context));
    let renamed = changed(&signed, |d| d["credentialSubject"]["alumniOf"] = json!("Another School"));
    assert_eq!(all(&renamed), Err(ProofFault::Signature));
}

#[test]
fn w3c_ed25519_signature_2020() {
    let Some(signed) = document("vc-di-eddsa/Ed25519Signature2020/signedEdSig.json") else { return };
    let engine = engine();
    let canonical = standard("vectors/vc-di-eddsa/Ed25519Signature2020/canonDocEdSig.txt").unwrap();
    assert_eq!(SecuredDocument::read_with(&engine, &signed).unwrap().canonical().unwrap(), canonical);
    assert_eq!(
        HEXLOWER.encode(&Sha256::digest(&canonical)),
        "517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017"
    );
    assert_eq!(
        signature_of(&signed),
        "cd8d023e8a9b462d563bbbd24c4499d8172738eb3f5235d74f65971e9be36dd7\
         f23a1e201791e9a6747e45b8fa877a984f51f591567365c4d8222ecad39be60c"
    );
    let facts = all(&signed).unwrap();
    assert_eq!((facts[0].suite, facts[0].cryptosuite.as_str()), (Suite::Ed25519Signature2020, "Ed25519Signature2020"));
    let bare = changed(&signed, |d| drop(d["@context"].as_array_mut().unwrap().pop()));
    assert_eq!(all(&bare), Err(ProofFault::SuiteContext));
}

#[test]
fn w3c_proof_sets() {
    for (file, count) in [("signedProofSet1", 1), ("signedProofSet2", 2)] {
        let Some(signed) = document(&format!("vc-di-eddsa/proof-set-chain/{file}.json")) else { return };
        assert_eq!(all(&signed).unwrap().len(), count, "{file}");
    }
}

#[test]
fn w3c_proof_chains() {
    let (first, second) =
        ("urn:uuid:26329423-bec9-4b2e-88cb-a7c7d9dc4544", "urn:uuid:8cc9022b-6b14-4cf3-8571-74972c5feb54");
    for (file, count) in [("signedProofChain1", 3), ("signedProofChain2", 4)] {
        let Some(signed) = document(&format!("vc-di-eddsa/proof-set-chain/{file}.json")) else { return };
        let facts = all(&signed).unwrap();
        assert_eq!(facts.len(), count, "{file}");
        assert_eq!((facts[2].index, &facts[2].previous_proof), (2, &vec![first.to_owned(), second.to_owned()]));
        assert_eq!(facts[2].id.as_deref(), Some("urn:uuid:d94f792a-c546-4d06-b38a-da070ab56c23"));
    }
    let Some(signed) = document("vc-di-eddsa/proof-set-chain/signedProofChain2.json") else { return };
    let engine = engine();
    let proofs = |signed: &Value| SecuredDocument::read_with(&engine, signed).unwrap().proofs();
    let kinds = |signed: &Value| proofs(signed).into_iter().map(|proof| proof.map(|_| ())).collect::<Vec<_>>();

    // A previous proof taken away, or there twice: the follower has its own reason, the others stand.
    let cut = changed(&signed, |d| drop(d["proof"].as_array_mut().unwrap().remove(0)));
    assert_eq!(kinds(&cut), [Ok(()), Err(ProofFault::PreviousProof), Ok(())]);
    let twice = changed(&signed, |d| d["proof"][1]["id"] = json!(first));
    assert_eq!(kinds(&twice)[2], Err(ProofFault::PreviousProofAmbiguous));
    // A previous proof changed: its follower covered it.
    let touched = changed(&signed, |d| d["proof"][0]["created"] = json!("2023-02-24T23:36:39Z"));
    let secured = SecuredDocument::read_with(&engine, &touched).unwrap();
    let facts = secured.proofs();
    let judge = |place: usize| {
        let facts = facts[place].clone().unwrap();
        secured.verify(&facts, &key_of(&facts)).map(|_| ())
    };
    assert_eq!((judge(0), judge(1)), (Err(ProofFault::Signature), Ok(())));
    assert_eq!((judge(2), judge(3)), (Err(ProofFault::Signature), Ok(())));
    // A proof that follows itself follows nothing.
    let own = changed(&signed, |d| d["proof"][3]["id"] = d["proof"][3]["previousProof"].clone());
    let own = changed(&own, |d| drop(d["proof"].as_array_mut().unwrap().remove(2)));
    assert_eq!(kinds(&own)[2], Err(ProofFault::PreviousProof));
}

/// The derived proof, its statements and hashes as published.
fn selective_disclosure(case: &str, mandatory_hash: &str, issuer: &str) {
    let folder = format!("vc-di-ecdsa/ecdsa-sd-2023/{case}");
    let Some(shown) = document(&format!("{folder}/derivedRevealDocument.json")) else { return };
    let engine = engine();
    let secured = SecuredDocument::read_with(&engine, &shown).unwrap();
    let facts = secured.proofs().remove(0).unwrap();
    assert_eq!(facts.suite, Suite::EcdsaSd2023);
    let key = key_of(&facts);
    assert_eq!(key.to_multibase(), "zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP");
    assert_eq!(secured.verify(&facts, &key), Ok(facts.clone()));

    // The hashes that the base signature covers.
    let options = standard(&format!("vectors/{folder}/addProofConfigCanon.txt")).unwrap();
    assert_eq!(
        HEXLOWER.encode(&Sha256::digest(options)),
        "9c5c9b189f06cfa9d9f21a838ccb9b04316f07ad1a517bfd4955ee28c6a8229c"
    );
    let statements: Vec<String> =
        serde_json::from_value(document(&format!("{folder}/verifyNQuads.json")).unwrap()).unwrap();
    let mandatory: String = [0, 4, 5, 7].map(|place| statements[place].as_str()).concat();
    assert_eq!(HEXLOWER.encode(&Sha256::digest(mandatory)), mandatory_hash);

    // What is shown is what was signed: nothing changed, added or left out.
    let judge = |shown: &Value| {
        let secured = SecuredDocument::read_with(&engine, shown)?;
        let facts = secured.proofs().remove(0)?;
        secured.verify(&facts, &key).map(|_| ())
    };
    assert_eq!(judge(&changed(&shown, |d| d["issuer"]["id"] = json!("did:key:another"))), Err(ProofFault::Signature));
    let country = changed(&shown, |d| d["credentialSubject"]["birthCountry"] = json!("Elsewhere"));
    assert_eq!(judge(&country), Err(ProofFault::Signature));
    let less = changed(&shown, |d| drop(d["credentialSubject"].as_object_mut().unwrap().remove("birthCountry")));
    assert_eq!(judge(&less), Err(ProofFault::Disclosure));
    let more = changed(&shown, |d| d["credentialSubject"]["gender"] = json!("X"));
    assert_eq!(judge(&more), Err(ProofFault::Disclosure));
    let later = changed(&shown, |d| d["proof"]["created"] = json!("2023-08-15T23:36:39Z"));
    assert_eq!(judge(&later), Err(ProofFault::Signature));
    let other = PublicKey::from_multibase(issuer).unwrap();
    assert_eq!(secured.verify(&facts, &other), Err(ProofFault::Signature));

    // The base proof is for the holder alone.
    let base = document(&format!("{folder}/addSignedSDBase.json")).unwrap();
    let proofs = SecuredDocument::read_with(&engine, &base).unwrap().proofs();
    assert_eq!(proofs, [Err(ProofFault::BaseProof)]);
}

#[test]
fn w3c_ecdsa_sd_2023_employ() {
    selective_disclosure(
        "employ",
        "a042dc047c236816f49fbe5282a79c5e77abe111e47f4c20203b5064c7f0f059",
        "zDnaegE6RR3atJtHKwTRTWHsJ3kNHqFwv7n9YjTgmU7TyfU76",
    );
}

#[test]
fn w3c_ecdsa_sd_2023_prc() {
    selective_disclosure(
        "prc",
        "b76d8d5bf67d27f51597519d19d95809c75e35212cc65291bd71bbe36007f979",
        "zDnaeTHxNEBZoKaEo6PdA83fq98ebiFvo3X273Ydu4YmV96rg",
    );
}

/// Our table of terms yields the published statements of the whole documents.
#[test]
fn the_citizenship_terms_are_the_published_ones() {
    for (credential, case) in [("employmentAuth", "employ"), ("prCredUnsigned", "prc")] {
        let Some(unsigned) = document(&format!("vc-di-ecdsa/{credential}.json")) else { return };
        let lines: Vec<String> = serde_json::from_value(
            document(&format!("vc-di-ecdsa/ecdsa-sd-2023/{case}/addBaseDocCanon.json")).unwrap(),
        )
        .unwrap();
        // The published text of one description was edited after the statements were.
        let different = |line: &&String| !line.contains("/description>");
        let canonical = engine().canonicalize(&unsigned).unwrap();
        let ours: Vec<String> = canonical.split_inclusive('\n').map(str::to_owned).collect();
        assert_eq!(
            ours.iter().filter(different).collect::<Vec<_>>(),
            lines.iter().filter(different).collect::<Vec<_>>()
        );
    }
}

/// W3C vc-di-ecdsa `TestVectors/ecdsa-rdfc-2019-p256` and `-p384`, `unsigned.json` being what both sign.
#[test]
fn w3c_ecdsa_rdfc_2019() {
    let p256 = "zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP";
    let p384 = "z82LkuBieyGShVBhvtE2zoiD6Kma4tJGFtkAhxR5pfkp5QPw4LutoYWhvQCnGjdVn14kujQ";
    let values = [
        (p256, "zaHXrr7AQdydBk3ahpCDpWbxfLokDqmCToYm2dyWvpcFVyWooC2he63w1f7UNQoAMKdhaRtcnaE2KTo5o5vTCcfw"),
        (
            p384,
            "z967Mvv5bxtmLNqTzPZ8KmJjFmFXaAKeQNzq7GWnQkMcLtaGSSmuozE5WtJ8PipMe178B1tE28K1vsJur9bGVJhz6jgSJsRHFSQeqgH8hhj\
             cg8gZDFJC1b9FsR5ggNmDBqHv",
        ),
    ];
    let Some(unsigned) = document("vc-di-ecdsa/unsigned.json") else { return };
    let engine = engine();
    for (key, value) in values {
        let method = format!("did:key:{key}#{key}");
        let signed = changed(&unsigned, |d| {
            d["proof"] = json!({
                "type": "DataIntegrityProof", "cryptosuite": "ecdsa-rdfc-2019", "created": "2023-02-24T23:36:38Z",
                "verificationMethod": method, "proofPurpose": "assertionMethod", "proofValue": value,
            });
        });
        assert_eq!(all(&signed).unwrap()[0].suite, Suite::EcdsaRdfc2019, "{key}");
        let renamed = changed(&signed, |d| d["name"] = json!("Alumnus Credential"));
        assert_eq!(all(&renamed), Err(ProofFault::Signature));
        // With the other curve the signature has another length, with Ed25519 another meaning.
        let secured = SecuredDocument::read_with(&engine, &signed).unwrap();
        let other = PublicKey::from_multibase(if key == p256 { p384 } else { p256 }).unwrap();
        assert_eq!(secured.verify_at(0, &other), Err(ProofFault::Signature));
        let ed25519 = PublicKey::from_multibase("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2").unwrap();
        assert_eq!(secured.verify_at(0, &ed25519), Err(ProofFault::KeyMismatch));
        if key == p256 {
            assert_eq!(
                HEXLOWER.encode(&Sha256::digest(secured.canonical().unwrap())),
                "517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017"
            );
        }
    }
}
