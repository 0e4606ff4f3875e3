//! Does the register of trust vouch for the issuer?

use time::OffsetDateTime;

use crate::ask::Ask;
use crate::codes;
use crate::credential::{Credential, Kind};
use crate::facts::IssuerFacts;
use crate::inquiry::Case;
use crate::proof::Proven;
use crate::register::{Signing, stamp, vouching};
use crate::report::{Check, Outcome};
use crate::sheet::Sheet;
use crate::trust;

pub(super) async fn examine(
    case: &Case,
    ask: &Ask,
    credential: &Credential,
    (proven, from): (&Proven, Option<OffsetDateTime>),
    named: Option<&mut IssuerFacts>,
    sheet: &mut Sheet,
) {
    let register = match trust::register(case, ask).await {
        Ok(register) => register,
        Err((code, detail)) => return sheet.unchecked(Check::Issuer, code, detail),
    };
    let Some(valid_from) = from else {
        // Without a day of signing there is nothing to vouch for.
        return sheet.unchecked(Check::Issuer, codes::DATE_UNREADABLE, None);
    };
    let value = credential.value();
    let signing = Signing {
        issuer: &credential.issuer,
        claimed_name: value["issuer"]["name"].as_str().unwrap_or(&credential.issuer),
        key: &proven.key,
        valid_from,
        created: proven.at,
        // The register says what an organisation may attest; a collection or a recommendation attests no skill.
        achievement: (credential.kind == Kind::Badge).then(|| &value["credentialSubject"]["achievement"]),
    };
    match vouching(&register.register, &signing) {
        Ok(entry) => {
            if let Some(issuer) = named {
                issuer.name.clone_from(&entry.name);
                issuer.short_name.clone_from(&entry.short_name);
                issuer.town.clone_from(&entry.town);
                issuer.vouched = true;
            }
            sheet.note(Check::Issuer, Outcome::Passed, codes::ISSUER_IN_REGISTER, stamp(register.register.at));
        }
        Err((code, detail)) => sheet.failed(Check::Issuer, code, detail),
    }
}
