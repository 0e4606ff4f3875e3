//! From the strings of one badge to its signed text, without building it.

use badge_schemas::dates;
use badge_schemas::json::Form;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use time::UtcOffset;

use super::{Template, TemplateFault, Unsure};
use crate::eddsa_rdfc_2022::{CRYPTOSUITE, Options, Purpose};

/// The signed text of all badges that differ from one only in the strings of its slots, with a proof of
/// `eddsa-rdfc-2022`.
///
/// What it signs and what it writes come from the same values: the text is what `serde_json` writes of the document
/// that [`crate::eddsa_rdfc_2022::prepare`] and `finish` would make.
#[derive(Debug, Clone)]
pub struct IssuingTemplate {
    text: Form,
    document: Template,
    options: Template,
    proof: Form,
}

impl IssuingTemplate {
    /// Learns from one unsigned document, `slots` pointing at the strings that vary (JSON Pointers, RFC 6901).
    ///
    /// # Errors
    /// [`TemplateFault`]; [`TemplateFault::NotLearnable`] also when the document has a proof.
    pub fn learn(unsigned: &Value, slots: &[impl AsRef<str>]) -> Result<Self, TemplateFault> {
        let document = Template::learn(unsigned, slots)?;
        let context = unsigned.get("@context").filter(|_| unsigned.get("proof").is_none());
        let context = context.ok_or(TemplateFault::NotLearnable)?;
        let mut proof = json!({
            "type": "DataIntegrityProof",
            "created": "1970-01-01T00:00:00Z",
            "verificationMethod": "did:web:livret.example#key",
            "cryptosuite": CRYPTOSUITE,
            "proofPurpose": Purpose::AssertionMethod.as_str(),
        });
        let mut options = proof.clone();
        options["@context"] = context.clone();
        proof["proofValue"] = json!("z");
        Ok(Self {
            text: Form::new(unsigned, slots).ok_or(TemplateFault::Slot)?,
            document,
            options: Template::learn(&options, &["/created", "/verificationMethod"])?,
            proof: Form::new(&proof, &["/created", "/verificationMethod", "/proofValue"]).ok_or(TemplateFault::Slot)?,
        })
    }

    /// The badge with these strings in its slots, ready to be signed.
    ///
    /// # Errors
    /// [`Unsure`]: build the document, and use [`crate::eddsa_rdfc_2022::prepare`], which signs it or says why not.
    pub fn prepare(&self, values: &[impl AsRef<str>], options: &Options) -> Result<PreparedText<'_>, Unsure> {
        let created = options.created.to_offset(UtcOffset::UTC);
        // RFC 3339 writes no other year.
        if options.purpose != Purpose::AssertionMethod || !(0..=9999).contains(&created.year()) {
            return Err(Unsure);
        }
        let created = dates::instant(created);
        let method = options.verification_method.clone();
        let document_hash = self.document.hash(values)?;
        let proof_hash: [u8; 32] = Sha256::digest(self.options.fill(&[&created, &method])?).into();
        let mut hash_data = [0; 64];
        hash_data[..32].copy_from_slice(&proof_hash);
        hash_data[32..].copy_from_slice(&document_hash);
        let text = self.text.write(values).ok_or(Unsure)?;
        Ok(PreparedText { document_hash, proof_hash, hash_data, template: self, text, created, method })
    }
}

/// A badge ready to be signed, as text.
#[derive(Debug, Clone)]
pub struct PreparedText<'t> {
    /// SHA-256 of the canonical document.
    pub document_hash: [u8; 32],
    /// SHA-256 of the canonical proof options.
    pub proof_hash: [u8; 32],
    /// What Ed25519 signs: the proof's hash, then the document's.
    pub hash_data: [u8; 64],
    template: &'t IssuingTemplate,
    text: String,
    created: String,
    method: String,
}

impl PreparedText<'_> {
    /// The badge with its proof as its last member, compact JSON. The signature is taken at its word.
    pub fn finish(self, signature: [u8; 64]) -> String {
        let Self { template, mut text, created, method, .. } = self;
        let value = format!("z{}", bs58::encode(signature).into_string());
        // The form has three slots and is given three values.
        let proof = template.proof.write(&[&created, &method, &value]).unwrap_or_default();
        // Its closing brace; a document has a context, so something stands before the comma.
        text.pop();
        text.push_str(",\"proof\":");
        text.push_str(&proof);
        text.push('}');
        text
    }
}
