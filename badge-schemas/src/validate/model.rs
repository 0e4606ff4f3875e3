//! The classes of Open Badges 3.0 (§B.1), member by member.

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
    Language,
    Jwt,
    Number,
    Boolean,
    /// One of these terms, or `ext:…` when the vocabulary is extensible.
    Term(&'static [&'static str], bool),
    Object(&'static Class),
    IriOrObject(&'static Class),
}

use Kind::{Boolean, DateTimeZ, Iri, IriOrObject, Jwt, Language, Number, Object, Term, Text};

const fn must(name: &'static str, kind: Kind) -> Member {
    Member { name, need: Need::Required, count: Count::One, kind }
}

const fn may(name: &'static str, kind: Kind) -> Member {
    Member { name, need: Need::Optional, count: Count::One, kind }
}

const fn many(name: &'static str, kind: Kind) -> Member {
    Member { name, need: Need::Optional, count: Count::Many, kind }
}

const fn bare(name: &'static str, kind: Kind) -> Member {
    Member { name, need: Need::Optional, count: Count::ManyOrBare, kind }
}

const fn class(types: &'static [&'static [&'static str]], members: &'static [Member]) -> Class {
    Class { types, typed: true, single_type: false, closed: false, members }
}

const fn closed(types: &'static [&'static [&'static str]], members: &'static [Member]) -> Class {
    Class { types, typed: true, single_type: true, closed: true, members }
}

/// `AchievementCredential` (§B.1.2). `@context` is among the rules.
pub(super) static CREDENTIAL: Class = class(
    &[&["VerifiableCredential"], &["OpenBadgeCredential", "AchievementCredential"]],
    &[
        must("id", Iri),
        must("issuer", IriOrObject(&PROFILE)),
        must("validFrom", DateTimeZ),
        must("credentialSubject", Object(&SUBJECT)),
        may("name", Text),
        may("description", Text),
        may("image", Object(&IMAGE)),
        may("awardedDate", DateTimeZ),
        may("validUntil", DateTimeZ),
        many("evidence", Object(&EVIDENCE)),
        many("endorsement", Object(&ENDORSEMENT)),
        many("endorsementJwt", Jwt),
        may("credentialStatus", Object(&TYPED)),
        bare("credentialSchema", Object(&IDENTIFIED)),
        bare("proof", Object(&TYPED)),
        bare("termsOfUse", Object(&TYPED)),
        may("refreshService", Object(&IDENTIFIED)),
    ],
);

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
);

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
        many("endorsement", Object(&ENDORSEMENT)),
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
        many("endorsement", Object(&ENDORSEMENT)),
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
        may("dateOfBirth", Text),
    ],
);

/// `Criteria` (§B.1.6).
static CRITERIA: Class = Class {
    types: &[],
    typed: false,
    single_type: false,
    closed: false,
    members: &[may("id", Iri), may("narrative", Text)],
};

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
);

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
static GEO: Class = class(&[&["GeoCoordinates"]], &[must("latitude", Number), must("longitude", Number)]);

/// `EndorsementCredential` (§B.1.7). Its own `@context` is judged when it is verified.
static ENDORSEMENT: Class = class(
    &[&["VerifiableCredential"], &["EndorsementCredential"]],
    &[
        must("id", Iri),
        must("name", Text),
        must("issuer", IriOrObject(&PROFILE)),
        must("validFrom", DateTimeZ),
        must("credentialSubject", Object(&ENDORSEMENT_SUBJECT)),
        may("description", Text),
        may("awardedDate", DateTimeZ),
        may("validUntil", DateTimeZ),
        may("credentialStatus", Object(&TYPED)),
        bare("credentialSchema", Object(&IDENTIFIED)),
        bare("proof", Object(&TYPED)),
        bare("termsOfUse", Object(&TYPED)),
        may("refreshService", Object(&IDENTIFIED)),
        many("evidence", Object(&EVIDENCE)),
    ],
);

/// `EndorsementSubject` (§B.1.8).
static ENDORSEMENT_SUBJECT: Class =
    class(&[&["EndorsementSubject"]], &[must("id", Iri), may("endorsementComment", Text)]);

/// `Proof`, `TermsOfUse` and `CredentialStatus` (§B.1.22–26): any type, but a type.
static TYPED: Class = class(&[], &[may("id", Iri)]);

/// `CredentialSchema` and `RefreshService` (§B.1.21, §B.1.25): any type, and an id.
static IDENTIFIED: Class = class(&[], &[must("id", Iri)]);

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
