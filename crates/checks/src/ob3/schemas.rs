//! The schemas that a credential names beside the standard's own (OB 3.0 §9.1 step 1): does it have their shape?
//!
//! They are asked for once the proof held: a text that nobody signed must not send us anywhere. The standard's own
//! schemas are the walk of [`super::shape`], which refuses whatever they refuse.

use badge_schemas::json_schema::JsonSchema;
use serde_json::Value;

use crate::ask::Ask;
use crate::codes;
use crate::credential::{Credential, Kind, items, says};
use crate::need::Need;
use crate::report::Check;
use crate::sheet::Sheet;

/// The kind of schema that the standard defines (OB 3.0 B.1.21).
const VALIDATOR: &str = "1EdTechJsonSchemaValidator2019";
/// The most schemas of one credential that are evaluated.
const MOST_SCHEMAS: usize = 4;

/// The folders of the standard's own schemas.
const OB: &str = "https://purl.imsglobal.org/spec/ob/v3p0/schema/";
const CLR: &str = "https://purl.imsglobal.org/spec/clr/v2p0/schema/";

pub(super) async fn examine(ask: &Ask, credential: &Credential, sheet: &mut Sheet) {
    let value = credential.value();
    let others = items(&value["credentialSchema"]).iter().filter(|schema| !is_own(credential.kind, schema));
    let (mut held, mut seen) = (true, 0);
    for schema in others {
        seen += 1;
        if seen > MOST_SCHEMAS {
            return sheet.unchecked(Check::Schema, codes::NAMED_SCHEMAS_TOO_MANY, None);
        }
        if let Err((failed, code, detail)) = one(ask, schema, credential).await {
            held = false;
            if failed {
                sheet.failed(Check::Schema, code, detail);
            } else {
                sheet.unchecked(Check::Schema, code, detail);
            }
        }
    }
    if held && seen > 0 {
        sheet.passed(Check::Schema, codes::NAMED_SCHEMA_OK);
    }
}

/// Whether this is the standard's schema of this kind of credential, in any of its editions.
fn is_own(kind: Kind, schema: &Value) -> bool {
    let Some(id) = schema["id"].as_str() else { return false };
    let (folder, names): (_, &[&str]) = match kind {
        Kind::Clr => (CLR, &["clr_v2p0_clrcredential_schema.json", "clr_v2p0_anyclrcredential_schema.json"]),
        Kind::Endorsement => {
            (OB, &["ob_v3p0_endorsementcredential_schema.json", "ob_v3p0_anyendorsementcredential_schema.json"])
        }
        _ => (OB, &["ob_v3p0_achievementcredential_schema.json", "ob_v3p0_anyachievementcredential_schema.json"]),
    };
    let edition = id.strip_prefix(folder).and_then(|rest| rest.split_once('/'));
    says(&schema["type"], VALIDATOR)
        && edition.is_some_and(|(edition, name)| matches!(edition, "json" | "json-ld") && names.contains(&name))
}

/// `Err` is whether the credential has another shape, the code and the detail.
async fn one(ask: &Ask, schema: &Value, credential: &Credential) -> Result<(), (bool, &'static str, Option<String>)> {
    if !says(&schema["type"], VALIDATOR) {
        let kind = items(&schema["type"]).first().and_then(Value::as_str).map(str::to_owned);
        return Err((false, codes::SCHEMA_KIND_NOT_READ, kind));
    }
    let unreadable = |why: &str| (false, codes::NAMED_SCHEMA_UNREADABLE, Some(why.to_owned()));
    let Some(id) = schema["id"].as_str() else { return Err(unreadable("id")) };
    let answer = ask.need(Need::Resource { url: id.to_owned() }).await;
    let answer = answer.map_err(|why| (false, codes::NAMED_SCHEMA_UNANSWERED, Some(why.code().to_owned())))?;
    let text = answer.text().ok_or_else(|| unreadable("not_text"))?;
    let schema = JsonSchema::parse(text).map_err(|why| unreadable(why.code()))?;
    match schema.fault(credential.value()) {
        Ok(None) => Ok(()),
        Ok(Some(place)) => Err((true, codes::NAMED_SCHEMA_FAULT, Some(place))),
        Err(why) => Err(unreadable(why.code())),
    }
}
