//! The badges of a chunk differ in a few strings: what they share is composed and canonicalised once.

use std::sync::{LazyLock, OnceLock};

use badge_schemas::credential::{self, AwardFacts, Prepared, compose};
use badge_schemas::identity::HashedEmail;
use proofs::eddsa_rdfc_2022::{self as eddsa, Options};
use proofs::template::{IssuingTemplate, PreparedText};

/// A chunk of so many rows is worth preparing its forms for; each costs about three badges made the long way.
pub(super) const WORTH: usize = 12;

/// The forms of one chunk: with an e-mail address, and without. Each is prepared when first asked for.
pub(super) struct Forms<'a> {
    /// One badge of the chunk, without an address; `None` when there are too few.
    sample: Option<AwardFacts<'a>>,
    forms: [OnceLock<Option<Form<'a>>>; 2],
}

/// What stands in a form until an address does.
static SOMEBODY: LazyLock<HashedEmail> = LazyLock::new(|| HashedEmail::new("quelqu.un@example.org", "sel"));

/// All badges of one shape.
struct Form<'a> {
    prepared: Prepared<'a>,
    template: IssuingTemplate,
}

/// A badge ready to be signed: the same text and the same hashes either way.
pub(super) enum Ready<'t> {
    /// Written into its form.
    Formed(PreparedText<'t>),
    /// Composed, and canonicalised by the engine.
    Composed(Box<eddsa::Prepared>),
}

impl<'a> Forms<'a> {
    /// For a chunk of so many badges like `sample`.
    pub(super) fn of(sample: AwardFacts<'a>, badges: usize) -> Self {
        let sample = AwardFacts { email: None, ..sample };
        Self { sample: Some(sample).filter(|_| badges >= WORTH), forms: [const { OnceLock::new() }; 2] }
    }

    /// Prepares the badge of these facts, or says why it cannot be signed, in words without anybody's name.
    pub(super) fn prepare(&self, facts: &AwardFacts<'_>, options: &Options) -> Result<Ready<'_>, String> {
        if let Some(fault) = facts.faults().first() {
            return Err(fault.to_string());
        }
        let formed = self.form(facts.email.is_some()).and_then(|form| form.prepare(facts, options));
        formed.map_or_else(|| composed(facts, options), |text| Ok(Ready::Formed(text)))
    }

    fn form(&self, has_address: bool) -> Option<&Form<'a>> {
        let sample = self.sample?;
        let email = has_address.then(|| &*SOMEBODY);
        self.forms[usize::from(has_address)].get_or_init(|| Form::new(&AwardFacts { email, ..sample })).as_ref()
    }
}

impl<'a> Form<'a> {
    /// `None` when nothing can be prepared of these facts: then every badge goes the long way.
    fn new(facts: &AwardFacts<'a>) -> Option<Self> {
        let prepared = Prepared::new(facts).ok()?;
        credential::write(prepared.document()).ok()?;
        let template = IssuingTemplate::learn(prepared.document(), prepared.slots()).ok()?;
        Some(Self { prepared, template })
    }

    /// `None` when the facts are of another form, or hold a string that the template is unsure of.
    fn prepare(&self, facts: &AwardFacts<'_>, options: &Options) -> Option<PreparedText<'_>> {
        let values = self.prepared.values(facts).ok()?;
        self.template.prepare(&values, options).ok()
    }
}

/// The long way.
fn composed(facts: &AwardFacts<'_>, options: &Options) -> Result<Ready<'static>, String> {
    let unsigned = compose(facts);
    credential::write(&unsigned).map_err(|fault| fault.to_string())?;
    eddsa::prepare(&unsigned, options).map(Box::new).map(Ready::Composed).map_err(|fault| fault.to_string())
}

impl Ready<'_> {
    /// What Ed25519 signs.
    pub(super) fn hash_data(&self) -> &[u8; 64] {
        match self {
            Self::Formed(text) => &text.hash_data,
            Self::Composed(document) => &document.hash_data,
        }
    }

    /// SHA-256 of the canonical quads, without the proof.
    pub(super) fn document_hash(&self) -> [u8; 32] {
        match self {
            Self::Formed(text) => text.document_hash,
            Self::Composed(document) => document.document_hash,
        }
    }

    /// The signed text.
    pub(super) fn finish(self, signature: [u8; 64]) -> String {
        match self {
            Self::Formed(text) => text.finish(signature),
            Self::Composed(document) => document.finish(signature).to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use badge_schemas::credential::{IssuerFacts, StatusFacts};
    use badge_schemas::identity::HashedEmail;
    use badge_schemas::referentiel::{Level, referentiel};
    use proptest::prelude::*;
    use time::macros::{date, datetime};
    use uuid::Uuid;

    use super::*;

    /// What people are called, what they might type, and what breaks JSON, N-Quads or regular expressions.
    const NAMES: [&str; 20] = [
        "Inès Duval",
        "O’Neil-N'Guyen",
        "Zoë \"la rapide\" Roy",
        "back\\slash \\u0041 \\n",
        "</script><b>x</b> & co",
        "_:c14n0 <urn:x> \"y\"@fr .",
        "urn:livret:template:slot:0:",
        "e\u{301}lodie décomposée",
        "Élodie composée",
        "ﬁ ﬂ Ⅷ ½ K",
        "محمد بن علي",
        "Łukasz Żółć",
        "王小明",
        "👩\u{200d}🔬 Ada",
        "\u{1f1eb}\u{1f1f7} \u{10ffff}",
        "tab\tet fin",
        "deux\nlignes",
        "\u{7f}\u{80}\u{9f}",
        "{\"@context\":\"https://evil.example\"}",
        "DROP TABLE; -- $1 %s {} ${x}",
    ];

    fn facts<'a>(issuer: &'a IssuerFacts, region: &'a IssuerFacts) -> AwardFacts<'a> {
        AwardFacts {
            issuer_base: "https://livret.example",
            credential_id: Uuid::from_u128(0x5f0c_2c1e_7d0b_4b83_9a1f_2f6a_1c0e_9d47),
            subject_id: Uuid::from_u128(0x0b9f_4a52_3c1d_4f0e_8e55_6a7d_2b91_c3aa),
            achievement: referentiel().achievement("cpt-travail-en-equipe", Level::Pratique).expect("an achievement"),
            issuer,
            region,
            valid_from: datetime!(2026-11-20 14:05:09 UTC),
            awarded_on: date!(2026 - 11 - 20),
            name: "Inès Duval",
            email: None,
            observed: &[0, 2],
            evidence_type: &referentiel().evidence_types[0],
            sentence: "Service de midi : 40 couverts.",
            status: StatusFacts { list_url: "https://livret.example/o/7h2k9qx4/status/1", index: 94_567 },
        }
    }

    fn organisation(name: &str) -> IssuerFacts {
        IssuerFacts {
            did: "did:web:livret.example:o:7h2k9qx4".into(),
            name: name.into(),
            url: "https://livret.example/o/7h2k9qx4".into(),
        }
    }

    fn options() -> Options {
        Options::assertion(datetime!(2026-11-20 14:05:09 UTC), "did:web:livret.example:o:7h2k9qx4#z6Mk".to_owned())
    }

    /// Both ways refuse alike, or give the same hashes and the same text. Whether the form was sure enough to be used.
    fn alike(forms: &Forms<'_>, facts: &AwardFacts<'_>) -> bool {
        let alone = Forms::of(*facts, 1);
        let (quick, long) = (forms.prepare(facts, &options()), alone.prepare(facts, &options()));
        let (quick, long) = match (quick, long) {
            (Ok(quick), Ok(long)) => (quick, long),
            (quick, long) => {
                assert_eq!(quick.err(), long.err());
                return false;
            }
        };
        assert!(matches!(long, Ready::Composed(_)));
        let formed = matches!(quick, Ready::Formed(_));
        assert_eq!(quick.document_hash(), long.document_hash(), "{}", facts.name);
        assert_eq!(quick.hash_data(), long.hash_data(), "{}", facts.name);
        assert_eq!(quick.finish([7; 64]), long.finish([7; 64]), "{}", facts.name);
        formed
    }

    #[test]
    fn hostile_names_are_written_as_the_long_way_writes_them() {
        let (issuer, region) = (organisation("Estuaire \"Compétences\" & <fils>"), organisation("Région Normandie"));
        let email = HashedEmail::new("ines@example.org", "Q7N2V5T8");
        let forms = Forms::of(facts(&issuer, &region), WORTH);
        let mut formed = 0;
        for name in NAMES {
            for email in [None, Some(&email)] {
                let facts = AwardFacts { name, email, ..facts(&issuer, &region) };
                formed += usize::from(alike(&forms, &facts));
            }
        }
        // Not all may be signed, and the form may leave some to the engine; most go through it.
        assert!(formed >= 24, "{formed} of {} by their form", 2 * NAMES.len());
    }

    #[test]
    fn other_facts_than_the_chunk_began_with_go_the_long_way() {
        let (issuer, region, renamed) =
            (organisation("Estuaire"), organisation("Région Normandie"), organisation("Estuaire et Seine"));
        let forms = Forms::of(facts(&issuer, &region), WORTH);
        assert!(alike(&forms, &facts(&issuer, &region)));
        assert!(!alike(&forms, &facts(&renamed, &region)));
        assert!(!alike(&forms, &AwardFacts { sentence: "", ..facts(&issuer, &region) }));
        assert!(!alike(&forms, &AwardFacts { observed: &[], ..facts(&issuer, &region) }));
        assert!(alike(&forms, &facts(&issuer, &region)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn any_name_and_sentence_are_written_as_the_long_way_writes_them(
            name in any::<String>(), sentence in "\\PC{1,80}", index in any::<u32>(), has_address in any::<bool>(),
        ) {
            let (issuer, region) = (organisation("Estuaire"), organisation("Région Normandie"));
            let email = HashedEmail::new("ines@example.org", "Q7N2V5T8");
            let first = facts(&issuer, &region);
            let forms = Forms::of(first, WORTH);
            prop_assert!(alike(&forms, &first));
            let status = StatusFacts { index, ..first.status };
            let email = has_address.then_some(&email);
            alike(&forms, &AwardFacts { name: &name, sentence: &sentence, email, status, ..first });
        }
    }
}
