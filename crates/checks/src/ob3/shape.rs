//! Format and schema: is it written as the standard asks?

use badge_schemas::credential::SchemaFault;
use proofs::template::KnownText;
use proofs::vc_jwt::{ClaimTrouble, VcJwt};

use super::Scope;
use crate::codes;
use crate::credential::{Credential, Kind};
use crate::form::DataModel;
use crate::report::{Check, Outcome};
use crate::sheet::Sheet;

/// The most faults that a finding tells.
const MOST_TOLD: usize = 3;

pub(super) fn examine(credential: &Credential, scope: Scope<'_>, sheet: &mut Sheet) {
    format(credential, scope, sheet);
    let mut told: Vec<String> = schema_faults(credential).iter().map(|f| format!("{} {}", f.code, f.path)).collect();
    told.extend(claims(credential, false));
    if told.is_empty() {
        sheet.passed(Check::Schema, codes::SCHEMA_OK);
    } else {
        told.truncate(MOST_TOLD);
        sheet.failed(Check::Schema, codes::SCHEMA_FAULT, Some(told.join(", ")));
    }
}

fn format(credential: &Credential, scope: Scope<'_>, sheet: &mut Sheet) {
    let contradictory = claims(credential, true);
    if !contradictory.is_empty() {
        return sheet.failed(Check::Format, codes::JWT_CLAIMS_DIFFER, Some(contradictory.join(", ")));
    }
    if let Some(on) = scope.endorsed {
        let endorses = credential.kind == Kind::Endorsement && credential.value()["credentialSubject"]["id"] == on;
        if !endorses {
            return sheet.failed(Check::Format, codes::ENDORSED_OTHER, None);
        }
    }
    if let Some(misfit) = &credential.misfit {
        return sheet.note(misfit.check, misfit.outcome, misfit.code, misfit.detail.clone());
    }
    let code = match (credential.kind, credential.model) {
        (Kind::Clr, _) => codes::CLR_2,
        (Kind::Endorsement, _) => codes::ENDORSEMENT_3,
        (_, DataModel::Vc1) => codes::OPEN_BADGES_3_VC_1,
        _ => codes::OPEN_BADGES_3,
    };
    sheet.note(Check::Format, Outcome::Passed, code, None);
}

/// The claims of a token that say otherwise than its credential, or that are missing (OB 3.0 §8.2.4).
fn claims(credential: &Credential, contradictory: bool) -> Vec<String> {
    let faults = credential.token().map(VcJwt::claim_faults).unwrap_or_default();
    let wanted = |trouble: ClaimTrouble| (trouble != ClaimTrouble::Missing) == contradictory;
    faults.into_iter().filter(|fault| wanted(fault.trouble)).map(|fault| fault.code().to_owned()).collect()
}

fn schema_faults(credential: &Credential) -> Vec<SchemaFault> {
    if credential.known().is_some_and(KnownText::is_of_valid_class) {
        badge_schemas::credential::validate_again(credential.value())
    } else {
        badge_schemas::credential::validate(credential.value())
    }
}
