//! The classes of Open Badges 3.0 (§B.1) and CLR 2.0, member by member.

use serde_json::Value;

use super::{Judge, Path, Version, rules, values};

/// A class: what its `type` must hold and which members are constrained.
pub(super) struct Class {
    /// For each group, `type` holds one of its names.
    pub types: &'static [&'static [&'static str]],
    /// `type` must be there even when any name will do.
    pub typed: bool,
    /// `type` is one string, never an array.
    pub single_type: bool,
    /// No member beyond those listed.
    pub closed: bool,
    pub members: &'static [Member],
    /// The contexts of a credential, after that of its version of the data model; `None` when it has none of its own.
    pub contexts: Option<&'static [Context]>,
    /// What binds several members.
    pub rule: Option<Rule>,
}

/// Judges an object at its place (a JSON pointer).
pub(super) type Rule = fn(&mut Judge, &Value, Path<'_>);

/// A context at its place in `@context`: the code when another stands there, and which are right.
pub(super) struct Context {
    pub code: &'static str,
    pub right: fn(&str) -> bool,
}

pub(super) struct Member {
    pub name: &'static str,
    pub need: Need,
    pub count: Count,
    pub kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    Required,
    /// In credentials of this version of the data model.
    RequiredIn(Version),
    Optional,
}

#[derive(Clone, Copy)]
pub(super) enum Count {
    One,
    Many,
    /// A list that compaction may write bare even in canonical form (§A.2.1).
    ManyOrBare,
}

#[derive(Clone, Copy)]
pub(super) enum Kind {
    Text,
    Iri,
    DateTimeZ,
    Date,
    Language,
    Jwt,
    Number,
    Boolean,
    /// One of these terms, or `ext:…` when the vocabulary is extensible.
    Term(&'static [&'static str], bool),
    Object(&'static Class),
    IriOrObject(&'static Class),
    /// A credential of whatever class its `type` says.
    Credential,
}

use Kind::{Boolean, Credential, Date, DateTimeZ, Iri, IriOrObject, Jwt, Language, Number, Object, Term, Text};

impl Class {
    const fn with_contexts(self, contexts: &'static [Context]) -> Self {
        Self { contexts: Some(contexts), ..self }
    }

    const fn with_rule(self, rule: Rule) -> Self {
        Self { rule: Some(rule), ..self }
    }

    /// `type` is one string (the official schemas leave no choice), other members may be there.
    const fn with_single_type(self) -> Self {
        Self { single_type: true, ..self }
    }

    const fn with_any_type(self) -> Self {
        Self { typed: false, ..self }
    }
}

const fn must(name: &'static str, kind: Kind) -> Member {
    Member { name, need: Need::Required, count: Count::One, kind }
}

const fn may(name: &'static str, kind: Kind) -> Member {
    Member { name, need: Need::Optional, count: Count::One, kind }
}

const fn many(name: &'static str, kind: Kind) -> Member {
    Member { name, need: Need::Optional, count: Count::Many, kind }
}

const fn some(name: &'static str, kind: Kind) -> Member {
    Member { name, need: Need::Required, count: Count::Many, kind }
}

const fn must_in(version: Version, name: &'static str, kind: Kind) -> Member {
    Member { name, need: Need::RequiredIn(version), count: Count::One, kind }
}

const fn bare(name: &'static str, kind: Kind) -> Member {
    Member { name, need: Need::Optional, count: Count::ManyOrBare, kind }
}

const fn class(types: &'static [&'static [&'static str]], members: &'static [Member]) -> Class {
    Class { types, typed: true, single_type: false, closed: false, members, contexts: None, rule: None }
}

const fn closed(types: &'static [&'static [&'static str]], members: &'static [Member]) -> Class {
    Class { types, typed: true, single_type: true, closed: true, members, contexts: None, rule: None }
}

/// `AchievementCredential` (§B.1.2), and its form of VC 1.1, where `name` is required.
pub(super) static ACHIEVEMENT_CREDENTIAL: Class = class(
    &[&["VerifiableCredential"], &["OpenBadgeCredential", "AchievementCredential"]],
    &[
        must("id", Iri),
        must("issuer", IriOrObject(&PROFILE)),
        must_in(Version::Vc2, "validFrom", DateTimeZ),
        must_in(Version::Vc1, "issuanceDate", DateTimeZ),
        must("credentialSubject", Object(&SUBJECT)),
        must_in(Version::Vc1, "name", Text),
        may("description", Text),
        may("image", Object(&IMAGE)),
        may("awardedDate", DateTimeZ),
        may("validUntil", DateTimeZ),
        may("expirationDate", DateTimeZ),
        many("evidence", Object(&EVIDENCE)),
        many("endorsement", Object(&ENDORSEMENT_CREDENTIAL)),
        many("endorsementJwt", Jwt),
        may("credentialStatus", Object(&STATUS)),
        bare("credentialSchema", Object(&IDENTIFIED)),
        bare("proof", Object(&PROOF)),
        bare("termsOfUse", Object(&TYPED)),
        may("refreshService", Object(&IDENTIFIED)),
    ],
)
.with_contexts(&[OPEN_BADGES])
.with_rule(rules::credential);

/// `EndorsementCredential` (§B.1.7).
pub(super) static ENDORSEMENT_CREDENTIAL: Class = class(
    &[&["VerifiableCredential"], &["EndorsementCredential"]],
    &[
        must("id", Iri),
        must("name", Text),
        must("issuer", IriOrObject(&PROFILE)),
        must_in(Version::Vc2, "validFrom", DateTimeZ),
        must_in(Version::Vc1, "issuanceDate", DateTimeZ),
        must("credentialSubject", Object(&ENDORSEMENT_SUBJECT)),
        may("description", Text),
        may("awardedDate", DateTimeZ),
        may("validUntil", DateTimeZ),
        may("expirationDate", DateTimeZ),
        may("credentialStatus", Object(&STATUS)),
        bare("credentialSchema", Object(&IDENTIFIED)),
        bare("proof", Object(&PROOF)),
        bare("termsOfUse", Object(&TYPED)),
        may("refreshService", Object(&IDENTIFIED)),
        many("evidence", Object(&EVIDENCE)),
    ],
)
.with_contexts(&[OPEN_BADGES])
.with_rule(rules::credential);

/// `ClrCredential` (CLR 2.0).
pub(super) static CLR_CREDENTIAL: Class = class(
    &[&["VerifiableCredential"], &["ClrCredential"]],
    &[
        must("id", Iri),
        must("name", Text),
        must("issuer", IriOrObject(&PROFILE)),
        must_in(Version::Vc2, "validFrom", DateTimeZ),
        must_in(Version::Vc1, "issuanceDate", DateTimeZ),
        must("credentialSubject", Object(&CLR_SUBJECT)),
        may("partial", Boolean),
        may("description", Text),
        may("image", Object(&IMAGE)),
        may("awardedDate", DateTimeZ),
        may("validUntil", DateTimeZ),
        may("expirationDate", DateTimeZ),
        many("evidence", Object(&EVIDENCE)),
        many("endorsement", Object(&ENDORSEMENT_CREDENTIAL)),
        many("endorsementJwt", Jwt),
        may("credentialStatus", Object(&STATUS)),
        bare("credentialSchema", Object(&IDENTIFIED)),
        bare("proof", Object(&PROOF)),
        bare("termsOfUse", Object(&TYPED)),
        may("refreshService", Object(&IDENTIFIED)),
    ],
)
.with_contexts(&[CLR, OPEN_BADGES])
.with_rule(rules::credential);

/// Any other `VerifiableCredential`, as a CLR may hold it.
pub(super) static OTHER_CREDENTIAL: Class = class(
    &[&["VerifiableCredential"]],
    &[
        may("id", Iri),
        must("issuer", IriOrObject(&PROFILE)),
        must_in(Version::Vc2, "validFrom", DateTimeZ),
        must_in(Version::Vc1, "issuanceDate", DateTimeZ),
        must("credentialSubject", Object(&ANY_SUBJECT)),
        may("validUntil", DateTimeZ),
        may("expirationDate", DateTimeZ),
        may("credentialStatus", Object(&STATUS)),
        bare("credentialSchema", Object(&IDENTIFIED)),
        bare("proof", Object(&PROOF)),
        bare("termsOfUse", Object(&TYPED)),
        may("refreshService", Object(&IDENTIFIED)),
        many("evidence", Object(&EVIDENCE)),
    ],
)
.with_contexts(&[])
.with_rule(rules::period);

const OPEN_BADGES: Context = Context { code: "context_not_open_badges_3", right: values::is_ob_context };

const CLR: Context = Context { code: "context_not_clr_2", right: values::is_clr_context };

/// `ClrSubject` (CLR 2.0).
static CLR_SUBJECT: Class = class(
    &[&["ClrSubject"]],
    &[
        some("verifiableCredential", Credential),
        may("id", Iri),
        many("identifier", Object(&IDENTITY)),
        many("achievement", Object(&ACHIEVEMENT)),
        many("association", Object(&ASSOCIATION)),
    ],
)
.with_rule(rules::clr_subject);

/// `Association` (CLR 2.0).
static ASSOCIATION: Class = closed(
    &[&["Association"]],
    &[must("associationType", Term(ASSOCIATION_TYPES, false)), must("sourceId", Iri), must("targetId", Iri)],
);

static ANY_SUBJECT: Class = class(&[], &[may("id", Iri)]).with_any_type();

/// `AchievementSubject` (§B.1.3).
static SUBJECT: Class = class(
    &[&["AchievementSubject"]],
    &[
        must("achievement", Object(&ACHIEVEMENT)),
        may("id", Iri),
        many("identifier", Object(&IDENTITY)),
        may("activityStartDate", DateTimeZ),
        may("activityEndDate", DateTimeZ),
        may("creditsEarned", Number),
        may("image", Object(&IMAGE)),
        may("licenseNumber", Text),
        may("narrative", Text),
        many("result", Object(&RESULT)),
        may("role", Text),
        may("source", Object(&PROFILE)),
        may("term", Text),
    ],
)
.with_rule(rules::subject);

/// `Achievement` (§B.1.1).
static ACHIEVEMENT: Class = class(
    &[&["Achievement"]],
    &[
        must("id", Iri),
        must("name", Text),
        must("description", Text),
        must("criteria", Object(&CRITERIA)),
        may("achievementType", Term(ACHIEVEMENT_TYPES, true)),
        many("alignment", Object(&ALIGNMENT)),
        may("creator", Object(&PROFILE)),
        may("creditsAvailable", Number),
        many("endorsement", Object(&ENDORSEMENT_CREDENTIAL)),
        many("endorsementJwt", Jwt),
        may("fieldOfStudy", Text),
        may("humanCode", Text),
        may("image", Object(&IMAGE)),
        may("inLanguage", Language),
        many("otherIdentifier", Object(&IDENTIFIER_ENTRY)),
        many("related", Object(&RELATED)),
        many("resultDescription", Object(&RESULT_DESCRIPTION)),
        may("specialization", Text),
        many("tag", Text),
        may("version", Text),
    ],
);

/// `Profile` (§B.1.14).
static PROFILE: Class = class(
    &[&["Profile"]],
    &[
        must("id", Iri),
        may("name", Text),
        may("url", Iri),
        may("phone", Text),
        may("description", Text),
        many("endorsement", Object(&ENDORSEMENT_CREDENTIAL)),
        many("endorsementJwt", Jwt),
        may("image", Object(&IMAGE)),
        may("email", Text),
        may("address", Object(&ADDRESS)),
        many("otherIdentifier", Object(&IDENTIFIER_ENTRY)),
        may("official", Text),
        may("parentOrg", Object(&PROFILE)),
        may("familyName", Text),
        may("givenName", Text),
        may("additionalName", Text),
        may("patronymicName", Text),
        may("honorificPrefix", Text),
        may("honorificSuffix", Text),
        may("familyNamePrefix", Text),
        may("dateOfBirth", Date),
    ],
);

/// `Criteria` (§B.1.6): no `type`.
static CRITERIA: Class =
    class(&[], &[may("id", Iri), may("narrative", Text)]).with_any_type().with_rule(rules::criteria);

/// `Alignment` (§B.1.5).
static ALIGNMENT: Class = class(
    &[&["Alignment"]],
    &[
        must("targetName", Text),
        must("targetUrl", Iri),
        may("targetCode", Text),
        may("targetDescription", Text),
        may("targetFramework", Text),
        may("targetType", Term(ALIGNMENT_TARGETS, true)),
    ],
);

/// `IdentityObject` (§B.1.12).
static IDENTITY: Class = closed(
    &[&["IdentityObject"]],
    &[
        must("hashed", Boolean),
        must("identityHash", Text),
        must("identityType", Term(IDENTIFIER_TYPES, true)),
        may("salt", Text),
    ],
)
.with_rule(rules::identity);

/// `IdentifierEntry` (§B.1.11).
static IDENTIFIER_ENTRY: Class =
    closed(&[&["IdentifierEntry"]], &[must("identifier", Text), must("identifierType", Term(IDENTIFIER_TYPES, true))]);

/// `Image` (§B.1.13).
static IMAGE: Class = closed(&[&["Image"]], &[must("id", Iri), may("caption", Text)]);

/// `Evidence` (§B.1.9).
static EVIDENCE: Class = class(
    &[&["Evidence"]],
    &[
        may("id", Iri),
        may("narrative", Text),
        may("name", Text),
        may("description", Text),
        may("genre", Text),
        may("audience", Text),
    ],
);

/// `Result` (§B.1.16).
static RESULT: Class = class(
    &[&["Result"]],
    &[
        may("achievedLevel", Iri),
        many("alignment", Object(&ALIGNMENT)),
        may("resultDescription", Iri),
        may("status", Term(RESULT_STATUSES, false)),
        may("value", Text),
    ],
);

/// `ResultDescription` (§B.1.17).
static RESULT_DESCRIPTION: Class = class(
    &[&["ResultDescription"]],
    &[
        must("id", Iri),
        must("name", Text),
        must("resultType", Term(RESULT_TYPES, true)),
        many("alignment", Object(&ALIGNMENT)),
        many("allowedValue", Text),
        may("requiredLevel", Iri),
        may("requiredValue", Text),
        many("rubricCriterionLevel", Object(&RUBRIC_LEVEL)),
        may("valueMax", Text),
        may("valueMin", Text),
    ],
);

/// `RubricCriterionLevel` (§B.1.18).
static RUBRIC_LEVEL: Class = class(
    &[&["RubricCriterionLevel"]],
    &[
        must("id", Iri),
        must("name", Text),
        many("alignment", Object(&ALIGNMENT)),
        may("description", Text),
        may("level", Text),
        may("points", Text),
    ],
);

/// `Related` (§B.1.15).
static RELATED: Class = class(&[&["Related"]], &[must("id", Iri), may("inLanguage", Language), may("version", Text)]);

/// `Address` (§B.1.4).
static ADDRESS: Class = class(
    &[&["Address"]],
    &[
        may("addressCountry", Text),
        may("addressCountryCode", Text),
        may("addressRegion", Text),
        may("addressLocality", Text),
        may("streetAddress", Text),
        may("postOfficeBoxNumber", Text),
        may("postalCode", Text),
        may("geo", Object(&GEO)),
    ],
);

/// `GeoCoordinates` (§B.1.10).
static GEO: Class =
    class(&[&["GeoCoordinates"]], &[must("latitude", Number), must("longitude", Number)]).with_single_type();

/// `EndorsementSubject` (§B.1.8).
static ENDORSEMENT_SUBJECT: Class =
    class(&[&["EndorsementSubject"]], &[must("id", Iri), may("endorsementComment", Text)]);

/// `Proof` (§B.1.24): what each suite asks for is judged when it is verified.
static PROOF: Class = class(
    &[],
    &[
        may("created", DateTimeZ),
        may("cryptosuite", Text),
        may("challenge", Text),
        may("nonce", Text),
        may("proofPurpose", Text),
        may("proofValue", Text),
        may("verificationMethod", Text),
    ],
)
.with_single_type();

/// `CredentialStatus` (§B.1.22): any type, but a type.
static STATUS: Class = class(&[], &[may("id", Iri)]).with_single_type().with_rule(rules::status);

/// `TermsOfUse` (§B.1.26): any type, but a type.
static TYPED: Class = class(&[], &[may("id", Iri)]).with_single_type();

/// `CredentialSchema` and `RefreshService` (§B.1.21, §B.1.25): any type, and an id.
static IDENTIFIED: Class = class(&[], &[must("id", Iri)]).with_single_type();

const ASSOCIATION_TYPES: &[&str] =
    &["exactMatchOf", "isChildOf", "isParentOf", "isPartOf", "isPeerOf", "isRelatedTo", "precedes", "replacedBy"];

const ACHIEVEMENT_TYPES: &[&str] = &[
    "Achievement",
    "ApprenticeshipCertificate",
    "Assessment",
    "Assignment",
    "AssociateDegree",
    "Award",
    "Badge",
    "BachelorDegree",
    "Certificate",
    "CertificateOfCompletion",
    "Certification",
    "CommunityService",
    "Competency",
    "Course",
    "CoCurricular",
    "Degree",
    "Diploma",
    "DoctoralDegree",
    "Fieldwork",
    "GeneralEducationDevelopment",
    "JourneymanCertificate",
    "LearningProgram",
    "License",
    "Membership",
    "ProfessionalDoctorate",
    "QualityAssuranceCredential",
    "MasterCertificate",
    "MasterDegree",
    "MicroCredential",
    "ResearchDoctorate",
    "SecondarySchoolDiploma",
];

const ALIGNMENT_TARGETS: &[&str] = &[
    "ceasn:Competency",
    "ceterms:Credential",
    "CFItem",
    "CFRubric",
    "CFRubricCriterion",
    "CFRubricCriterionLevel",
    "CTDL",
];

const IDENTIFIER_TYPES: &[&str] = &[
    "name",
    "sourcedId",
    "systemId",
    "productId",
    "userName",
    "accountId",
    "emailAddress",
    "nationalIdentityNumber",
    "isbn",
    "issn",
    "lisSourcedId",
    "oneRosterSourcedId",
    "sisSourcedId",
    "ltiContextId",
    "ltiDeploymentId",
    "ltiToolId",
    "ltiPlatformId",
    "ltiUserId",
    "identifier",
];

const RESULT_STATUSES: &[&str] =
    &["Completed", "Enrolled", "Failed", "InProgress", "OnHold", "Provisional", "Withdrew"];

const RESULT_TYPES: &[&str] = &[
    "GradePointAverage",
    "LetterGrade",
    "Percent",
    "PerformanceLevel",
    "PredictedScore",
    "RawScore",
    "Result",
    "RubricCriterion",
    "RubricCriterionLevel",
    "RubricScore",
    "ScaledScore",
    "Status",
];
