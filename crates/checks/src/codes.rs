//! The stable machine codes of findings, one meaning each. A code is never renamed; a new meaning is a new code.

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)*) => {
        $($(#[$doc])* pub const $name: &str = $code;)*
        /// Every code, for whoever must have a word for each.
        pub const ALL: &[&str] = &[$($code),*];
    };
}

codes! {
    /// Format: an Open Badges 3.0 credential with an embedded proof.
    OPEN_BADGES_3 = "open_badges_3";
    /// Format: an Open Badges 3.0 credential in its older form (VC Data Model 1.1).
    OPEN_BADGES_3_VC_1 = "open_badges_3_vc_1";
    /// Format: a Comprehensive Learner Record 2.0, a collection that holds badges.
    CLR_2 = "clr_2";
    /// Format: an endorsement (OB 3.0 B.1.7).
    ENDORSEMENT_3 = "endorsement_3";
    /// Format: a presentation; each badge in it is judged in its own part.
    PRESENTATION = "presentation";
    /// Format: nothing came from the address that was given (detail: why).
    DOCUMENT_UNANSWERED = "document_unanswered";
    /// Format: nothing at all.
    EMPTY = "empty";
    /// Format: a picture in which no badge is baked.
    NO_BADGE_IN_PICTURE = "no_badge_in_picture";
    /// Format: a PDF to which no badge is attached.
    NO_BADGE_IN_PDF = "no_badge_in_pdf";
    /// Format: a picture of a kind that cannot carry a badge.
    PICTURE_FORMAT = "picture_format";
    /// Format: a web page, not the badge that it shows.
    WEB_PAGE = "web_page";
    /// Format: neither text nor a carrier that is known.
    NOT_TEXT = "not_text";
    /// Format: the picture or document that should carry a badge is damaged (detail: how).
    CARRIER_BROKEN = "carrier_broken";
    /// Format: an address where another address stands.
    ADDRESS_OF_ADDRESS = "address_of_address";
    /// Format: not a JSON object.
    NOT_JSON = "not_json";
    /// Format: JSON that cannot be read (detail: line and column).
    JSON_SYNTAX = "json_syntax";
    /// Format: a member twice in one object; two readers could see two badges.
    JSON_DUPLICATE_MEMBER = "json_duplicate_member";
    /// Format: more than is read.
    JSON_TOO_LARGE = "json_too_large";
    /// Format: nested deeper than is read.
    JSON_TOO_DEEP = "json_too_deep";
    /// Format: JSON that does not say it is a badge.
    NOT_A_BADGE = "not_a_badge";
    /// Format: contexts missing or out of order (OB 3.0 B.1.2).
    CONTEXT_ORDER = "context_order";
    /// Format: its types do not say what its contexts say.
    TYPE_MISSING = "type_missing";
    /// Format: no issuer with an id.
    ISSUER_MISSING = "issuer_missing";
    /// Format: members of VC 1.1 and of VC 2.0 in one credential; two readers could see two badges (detail: which).
    VC_MIXTURE = "vc_mixture";
    /// Format: the claims of a signed token say otherwise than the credential in it (detail: which claim).
    JWT_CLAIMS_DIFFER = "jwt_claims_differ";
    /// Format: an endorsement that stands on something else than what it endorses.
    ENDORSED_OTHER = "endorsed_other";
    /// Format: a part without a text that can be read.
    PART_UNREADABLE = "part_unreadable";

    /// Schema: the standard's shape.
    SCHEMA_OK = "schema_ok";
    /// Schema: not the standard's shape (detail: code and pointer of the first faults).
    SCHEMA_FAULT = "schema_fault";
    /// Schema: the shape that the issuer's own schemas ask (`1EdTechJsonSchemaValidator2019`).
    NAMED_SCHEMA_OK = "named_schema_ok";
    /// Schema: not the shape that one of the issuer's own schemas asks (detail: the first place).
    NAMED_SCHEMA_FAULT = "named_schema_fault";
    /// Schema: one of the issuer's own schemas did not come (detail: why).
    NAMED_SCHEMA_UNANSWERED = "named_schema_unanswered";
    /// Schema: one of the issuer's own schemas cannot be evaluated (detail: why).
    NAMED_SCHEMA_UNREADABLE = "named_schema_unreadable";
    /// Schema: a schema of a kind that is not read (detail: which).
    SCHEMA_KIND_NOT_READ = "schema_kind_not_read";
    /// Schema: the badge names more schemas than are examined.
    NAMED_SCHEMAS_TOO_MANY = "named_schemas_too_many";

    /// Safe JSON-LD: every member means something.
    JSON_LD_OK = "json_ld_ok";
    /// Safe JSON-LD: a member means nothing, so nothing vouches for it (detail: which fault).
    JSON_LD_FAULT = "json_ld_fault";
    /// Safe JSON-LD: a context that is not kept here (detail: which).
    CONTEXT_NOT_KEPT = "context_not_kept";
    /// Safe JSON-LD: written otherwise than by the names of its contexts, so that a reader could miss what was signed
    /// (detail: the first such name).
    NOT_COMPACTED = "not_compacted";
    /// Safe JSON-LD: more work than is spent on one badge.
    TOO_COMPLEX = "too_complex";

    /// Signature: holds.
    SIGNATURE_OK = "signature_ok";
    /// Signature: does not match the content.
    SIGNATURE_MISMATCH = "signature_mismatch";
    /// Signature: none.
    PROOF_MISSING = "proof_missing";
    /// Signature: not made as the suite says (detail: which fault).
    PROOF_MALFORMED = "proof_malformed";
    /// Signature: made for something else than attesting.
    PROOF_PURPOSE = "proof_purpose";
    /// Signature: a suite that is not read yet (detail: which).
    SUITE_NOT_READ = "suite_not_read";
    /// Signature: follows another proof that is not there.
    PROOF_CHAIN_BROKEN = "proof_chain_broken";
    /// Signature: made for one reader or one moment (domain, challenge), not for whoever reads.
    PROOF_FOR_AUDIENCE = "proof_for_audience";
    /// Signature: a selective disclosure proof that is for the holder alone, not to be shown.
    PROOF_NOT_DERIVED = "proof_not_derived";
    /// Signature: the key is not of the kind that the proof's suite or the token's algorithm signs with.
    PROOF_KEY_KIND = "proof_key_kind";
    /// Signature: a token that is not signed, or signed with a shared secret (`none`, `HS…`; detail: which).
    JWT_ALG_FORBIDDEN = "jwt_alg_forbidden";
    /// Signature: a token signed with an algorithm that is not read (detail: which).
    JWT_ALG_NOT_READ = "jwt_alg_not_read";
    /// Signature: the token's header is not what it should be (detail: how).
    JWT_HEADER = "jwt_header";
    /// Signature or format: the token is not written in base64url as it should be (no padding, no spare bits).
    JWT_ENCODING = "jwt_encoding";
    /// Signature: the token names no key.
    JWT_KEY_MISSING = "jwt_key_missing";
    /// Signature: a presentation's own signature holds; it says who shows (detail: whom) and not what is attested.
    PRESENTATION_PROOF = "presentation_proof";
    /// Signature: a presentation without a signature of its own.
    PRESENTATION_UNSIGNED = "presentation_unsigned";
    /// Signature: a presentation's own signature was made for something else than showing.
    PRESENTATION_PURPOSE = "presentation_purpose";
    /// Signature: nobody said for whom or for which question a presentation should be signed.
    PRESENTATION_NOT_ASKED = "presentation_not_asked";
    /// Signature: a presentation was signed for the reader and the question that were asked about.
    PRESENTATION_FOR_ASKED = "presentation_for_asked";
    /// Signature: a presentation was signed for another reader or another question (detail: which), or not at all.
    PRESENTATION_FOR_OTHER = "presentation_for_other";

    /// Key: listed for attesting by the issuer it names.
    KEY_OK = "key_ok";
    /// Key: belongs to someone else than the issuer.
    CONTROLLER_NOT_ISSUER = "controller_not_issuer";
    /// Key: the issuer does not list it.
    KEY_NOT_LISTED = "key_not_listed";
    /// Key: listed, but not for attesting.
    KEY_NOT_FOR_ASSERTION = "key_not_for_assertion";
    /// Key: used outside its dates.
    KEY_OUT_OF_DATES = "key_out_of_dates";
    /// Key: listed in a form that cannot be used.
    KEY_UNUSABLE = "key_unusable";
    /// Key: an issuer of a kind that is not followed yet (detail: the kind).
    ISSUER_KIND_NOT_READ = "issuer_kind_not_read";
    /// Key: the issuer's document did not come (detail: why).
    DID_UNANSWERED = "did_unanswered";
    /// Key: the issuer's document is not a DID document.
    DID_UNREADABLE = "did_unreadable";
    /// Key: the document speaks of another DID.
    DID_MISMATCH = "did_mismatch";
    /// Key: the issuer's key document did not come (detail: why).
    KEY_UNANSWERED = "key_unanswered";
    /// Key: what came is not a key document (detail: why).
    KEY_UNREADABLE = "key_unreadable";
    /// Key: the key document speaks of something else than its address.
    KEY_DOCUMENT_MISMATCH = "key_document_mismatch";
    /// Key: the issuer's key set did not come (detail: why).
    JWK_SET_UNANSWERED = "jwk_set_unanswered";
    /// Key: the issuer's key set cannot be read.
    JWK_SET_UNREADABLE = "jwk_set_unreadable";
    /// Key: nobody vouches that the key which the text brings or names is the issuer's.
    KEY_NOT_VOUCHED = "key_not_vouched";
    /// Key: the issuer's key set gives this key to another issuer.
    KEY_OF_ANOTHER = "key_of_another";
    /// Key: not public, so it is burnt: a private key stands in the open.
    KEY_PRIVATE = "key_private";
    /// Key: listed for showing by the holder that a presentation names.
    HOLDER_KEY_OK = "holder_key_ok";
    /// Key: a presentation names nobody who could have signed it.
    HOLDER_MISSING = "holder_missing";
    /// Key: the holder that a presentation names does not list the key that signed it (detail: how one sees it).
    KEY_NOT_HOLDERS = "key_not_holders";
    /// Key: listed by the holder, but not for showing (`authentication`).
    KEY_NOT_FOR_SHOWING = "key_not_for_showing";
    /// Key: the holder's document did not come (detail: why).
    HOLDER_UNANSWERED = "holder_unanswered";
    /// Key: the holder's document cannot be read, or is of a kind that is not followed (detail: why).
    HOLDER_UNREADABLE = "holder_unreadable";

    /// Issuer: the register vouches.
    ISSUER_IN_REGISTER = "issuer_in_register";
    /// Issuer: not in the register (detail: the name the badge gives).
    ISSUER_NOT_IN_REGISTER = "issuer_not_in_register";
    /// Issuer: signed before the habilitation (detail: its start).
    BEFORE_HABILITATION = "before_habilitation";
    /// Issuer: signed after the habilitation ended (detail: its end).
    HABILITATION_ENDED = "habilitation_ended";
    /// Issuer: the register does not list this key for that day.
    KEY_NOT_IN_REGISTER = "key_not_in_register";
    /// Issuer: habilitated for other badges than this one.
    OUTSIDE_HABILITATION = "outside_habilitation";
    /// Issuer: the register did not come (detail: why).
    REGISTER_UNANSWERED = "register_unanswered";
    /// Issuer: the register cannot be read (detail: where).
    REGISTER_UNREADABLE = "register_unreadable";
    /// Issuer: the register's own signature could not be verified (detail: why).
    REGISTER_NOT_PROVEN = "register_not_proven";
    /// The register is not signed by an issuer of the origin it is read from.
    REGISTER_ELSEWHERE = "register_elsewhere";
    /// The register was signed too long ago.
    REGISTER_TOO_OLD = "register_too_old";

    /// Start: already in force.
    STARTED = "started";
    /// Start: lies ahead (detail: when).
    NOT_STARTED = "not_started";
    /// Start or end: a date that cannot be read.
    DATE_UNREADABLE = "date_unreadable";
    /// End: still in force (detail: until when).
    NOT_ENDED = "not_ended";
    /// End: none.
    NO_END = "no_end";
    /// End: has passed (detail: when).
    ENDED = "ended";

    /// Revocation or suspension: the list does not name the badge.
    STATUS_CLEAR = "status_clear";
    /// Revocation or suspension: the list names the badge.
    STATUS_SET = "status_set";
    /// Revocation: the badge names no list; it cannot be withdrawn.
    STATUS_NONE = "status_none";
    /// Revocation or suspension: a kind of status that is not read yet (detail: which).
    STATUS_KIND_NOT_READ = "status_kind_not_read";
    /// Revocation or suspension: the badge's entry makes no sense.
    STATUS_ENTRY_MALFORMED = "status_entry_malformed";
    /// Revocation or suspension: the list did not come (detail: why).
    STATUS_UNANSWERED = "status_unanswered";
    /// Revocation or suspension: what came is not a status list.
    STATUS_UNREADABLE = "status_unreadable";
    /// Revocation or suspension: the list is someone else's, or another list.
    STATUS_NOT_ISSUERS = "status_not_issuers";
    /// Revocation or suspension: the list's own signature could not be verified (detail: why).
    STATUS_NOT_PROVEN = "status_not_proven";
    /// Revocation or suspension: the list is about something else.
    STATUS_PURPOSE = "status_purpose";
    /// Revocation or suspension: the list is not in force at this instant.
    STATUS_OUT_OF_DATE = "status_out_of_date";
    /// Revocation or suspension: the list is shorter than the standard's least length.
    STATUS_LENGTH = "status_length";
    /// Revocation or suspension: the list has no such place.
    STATUS_RANGE = "status_range";
    /// Revocation: more status entries than are read.
    STATUS_TOO_MANY = "status_too_many";
    /// Revocation: the issuer's list of withdrawn badges is someone else's.
    REVOCATION_LIST_NOT_ISSUERS = "revocation_list_not_issuers";
    /// Revocation: what came is not a list of withdrawn badges.
    REVOCATION_LIST_UNREADABLE = "revocation_list_unreadable";
    /// Revocation: an unsigned list of the issuer's (`1EdTechRevocationList`) does not name the badge.
    REVOCATION_LIST_CLEAR = "revocation_list_clear";
    /// Revocation: an unsigned list of the issuer's names the badge (detail: its reason).
    REVOCATION_LIST_NAMES = "revocation_list_names";

    /// Recipient: a name is signed in clear.
    RECIPIENT_NAMED = "recipient_named";
    /// Recipient: only hashes or an id.
    RECIPIENT_HASHED = "recipient_hashed";
    /// Recipient: it is the one asked about.
    RECIPIENT_MATCHES = "recipient_matches";
    /// Recipient: the badge names someone else than the one asked about.
    RECIPIENT_OTHER = "recipient_other";
    /// Recipient: the badge names nobody that could be compared.
    RECIPIENT_NOT_COMPARABLE = "recipient_not_comparable";

    /// Endorsements: each of them holds.
    ENDORSEMENTS_HOLD = "endorsements_hold";
    /// Endorsements: not all of them hold (detail: places).
    ENDORSEMENTS_AMISS = "endorsements_amiss";
    /// Endorsements: some could not be checked (detail: places).
    ENDORSEMENTS_UNCHECKED = "endorsements_unchecked";
    /// Embedded badges: each of them holds.
    EMBEDDED_HOLD = "embedded_hold";
    /// Embedded badges: not all of them hold (detail: places).
    EMBEDDED_AMISS = "embedded_amiss";
    /// Embedded badges: some could not be checked (detail: places).
    EMBEDDED_UNCHECKED = "embedded_unchecked";
    /// Embedded badges: some name another person than the collection does (detail: places).
    EMBEDDED_OTHER_PERSON = "embedded_other_person";
    /// Endorsements or embedded badges: more, or deeper, than are examined.
    PARTS_TOO_MANY = "parts_too_many";

    /// Refresh: a newer version came, and is what this report speaks of.
    REFRESH_NEWER = "refresh_newer";
    /// Refresh: this is the newest version.
    REFRESH_SAME = "refresh_same";
    /// Refresh: the newest version did not come (detail: why).
    REFRESH_UNANSWERED = "refresh_unanswered";
    /// Refresh: what came is no credential.
    REFRESH_UNREADABLE = "refresh_unreadable";
    /// Refresh: what came is another credential.
    REFRESH_OTHER = "refresh_other";
    /// Refresh: what came does not hold (detail: its verdict).
    REFRESH_NOT_PROVEN = "refresh_not_proven";
    /// Refresh: a refresh service of a kind that is not read (detail: which).
    REFRESH_KIND_NOT_READ = "refresh_kind_not_read";

    /// Linked files: each has the digest that the credential signed.
    RESOURCES_MATCH = "resources_match";
    /// Linked files: one is not what was signed (detail: its address).
    RESOURCE_CHANGED = "resource_changed";
    /// Linked files: one did not come (detail: why).
    RESOURCE_UNANSWERED = "resource_unanswered";
    /// Linked files: a digest of a kind that is not read.
    RESOURCE_DIGEST_NOT_READ = "resource_digest_not_read";
    /// Linked files: more than are examined.
    RESOURCES_TOO_MANY = "resources_too_many";

    /// Not examined: nobody asked for it.
    NOT_ASKED = "not_asked";
    /// Not examined: the text holds nothing of the kind.
    NOT_THERE = "not_there";
    /// Not examined: an earlier finding made it pointless.
    POINTLESS = "pointless";

    /// Format: Open Badges 2.0 or older (detail: the version).
    OPEN_BADGES_2 = "open_badges_2";
    /// Format: the hosted document is not JSON (detail: why).
    OB2_NOT_JSON = "ob2_not_json";
    /// Format: the badge's address redirects to another host (detail: where to).
    OB2_REDIRECTED = "ob2_redirected";
    /// Format: an address answers a picture alone, and a picture is nobody's word (detail: the address).
    OB2_ONLY_A_PICTURE = "ob2_only_a_picture";
    /// Format: an endorsement of Open Badges 2.0 (detail: the version).
    ENDORSEMENT_2 = "endorsement_2";
    /// Format: a copy that names no address where its original stands.
    OB2_NO_ADDRESS = "ob2_no_address";
    /// Format: the document declares another id, which was read instead (detail: that id).
    OB2_ID_ELSEWHERE = "ob2_id_elsewhere";
    /// Format, schema or key: the document read at a declared id declares another one again (detail: which).
    OB2_IDS_DIFFER = "ob2_ids_differ";
    /// Format: the copy is not what its address says; the hosted value counts.
    OB2_COPY_DIFFERS = "ob2_copy_differs";
    /// Format: the signed payload is not the JSON of an assertion.
    OB2_PAYLOAD_NOT_JSON = "ob2_payload_not_json";
    /// Schema: something the standard advises against (detail: code and pointer).
    OB2_ADVICE = "ob2_advice";
    /// Schema: the badge class did not come (detail: why).
    OB2_CLASS_UNANSWERED = "ob2_class_unanswered";
    /// Schema: the picture of the class is not there (detail: why).
    OB2_IMAGE_MISSING = "ob2_image_missing";
    /// Schema: the picture of the class did not come (detail: why).
    OB2_IMAGE_UNANSWERED = "ob2_image_unanswered";
    /// Schema: the picture of the class is neither PNG nor SVG.
    OB2_IMAGE_NOT_PNG_OR_SVG = "ob2_image_not_png_or_svg";
    /// Schema: the assertion shows the picture of its class instead of a baked one.
    OB2_IMAGE_OF_CLASS = "ob2_image_of_class";
    /// Signature: none is needed, the badge is what its own address says (detail: the address).
    OB2_HOSTED = "ob2_hosted";
    /// Signature: the assertion did not come from its address (detail: why).
    OB2_ASSERTION_UNANSWERED = "ob2_assertion_unanswered";
    /// Signature: a badge that says it is signed came without its signature.
    OB2_SIGNED_WITHOUT_JWS = "ob2_signed_without_jws";
    /// Signature: neither hosted nor signed.
    OB2_VERIFICATION_UNKNOWN = "ob2_verification_unknown";
    /// Signature: not a compact JWS (detail: which fault).
    OB2_JWS_MALFORMED = "ob2_jws_malformed";
    /// Signature: an algorithm that is not RSA's (detail: which fault).
    OB2_ALG_REFUSED = "ob2_alg_refused";
    /// Key: the badge stands where its issuer lets badges stand (detail: the issuer's host).
    OB2_ORIGIN_ALLOWED = "ob2_origin_allowed";
    /// Key: the badge stands on an origin that is not its issuer's (detail: its id).
    OB2_ORIGIN_NOT_ALLOWED = "ob2_origin_not_allowed";
    /// Key: the badge's id starts with nothing that its issuer allows (detail: its id).
    OB2_START_NOT_ALLOWED = "ob2_start_not_allowed";
    /// Key: the issuer's verification policy cannot be followed.
    OB2_POLICY_UNUSABLE = "ob2_policy_unusable";
    /// Key: the class stands on another origin than its issuer (detail: its host).
    OB2_CLASS_ELSEWHERE = "ob2_class_elsewhere";
    /// Key: the issuer has no address of its own, so nothing can be its word.
    OB2_ISSUER_NOT_VERIFIABLE = "ob2_issuer_not_verifiable";
    /// Key: the issuer's profile did not come (detail: why).
    OB2_ISSUER_UNANSWERED = "ob2_issuer_unanswered";
    /// Key: a link that is neither an address nor an embedded object (detail: the id).
    OB2_NOT_FETCHABLE = "ob2_not_fetchable";
    /// Key: listed by the issuer's hosted profile.
    OB2_KEY_LISTED = "ob2_key_listed";
    /// Key: the issuer's hosted profile does not list it (detail: which).
    OB2_KEY_NOT_LISTED = "ob2_key_not_listed";
    /// Key: it names another owner than the issuer (detail: whom).
    OB2_KEY_OWNER = "ob2_key_owner";
    /// Key: it cannot be used (detail: which fault).
    OB2_KEY_UNUSABLE = "ob2_key_unusable";
    /// Key: not RSA.
    OB2_KEY_NOT_RSA = "ob2_key_not_rsa";
    /// Key: it did not come (detail: why).
    OB2_KEY_UNANSWERED = "ob2_key_unanswered";
    /// Revocation: neither its address nor its issuer's list says so.
    OB2_NOT_REVOKED = "ob2_not_revoked";
    /// Revocation: the address answers 410 Gone (detail: the reason given).
    OB2_GONE = "ob2_gone";
    /// Revocation: the assertion says so itself (detail: the reason given).
    OB2_REVOKED = "ob2_revoked";
    /// Revocation: the issuer's list names it (detail: the reason given).
    OB2_IN_LIST = "ob2_in_list";
    /// Revocation: the issuer keeps no list; the signed badge cannot be withdrawn.
    OB2_NO_LIST = "ob2_no_list";
    /// Revocation: the list did not come (detail: why).
    OB2_LIST_UNANSWERED = "ob2_list_unanswered";
    /// Revocation: what came is not a revocation list (detail: code and pointer).
    OB2_LIST_UNREADABLE = "ob2_list_unreadable";
    /// Revocation: the list says it is someone else's (detail: whose).
    OB2_LIST_NOT_ISSUERS = "ob2_list_not_issuers";
    /// Recipient: nobody said whom to compare with.
    OB2_RECIPIENT_NOT_COMPARED = "ob2_recipient_not_compared";
    /// Recipient: the one asked about (detail: by which property).
    OB2_RECIPIENT_MATCHES = "ob2_recipient_matches";
    /// Recipient: someone else than the one asked about.
    OB2_RECIPIENT_DIFFERS = "ob2_recipient_differs";
}
