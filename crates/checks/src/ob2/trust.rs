//! Whether the register of trust vouches for the issuer of a 2.0 badge.
//!
//! The register knows organisations by DID. A Profile of ours stands at the address that its `did:web` names
//! (`did:web:livret.example:o:x`, `https://livret.example/o/x`), and only who holds that address can host there. The
//! register lists no RSA keys; those are vouched for by the Profile.

use badge_schemas::register::Entry;
use serde_json::json;
use url::Url;

use super::{Court, Word};
use crate::codes;
use crate::facts::named_achievement;
use crate::register::stamp;
use crate::report::{Check, Outcome};
use crate::sheet::Sheet;

/// The register's names and town of the issuer when it vouches.
pub(super) struct Vouched {
    pub name: String,
    pub short_name: Option<String>,
    pub town: Option<String>,
}

/// Notes whether the register vouches for the issuer on the day of issue. `attested` is the id of the class that a badge
/// attests; an endorsement attests none.
pub(super) async fn examine(
    court: &Court<'_>,
    word: &Word,
    attested: Option<&str>,
    sheet: &mut Sheet,
) -> Option<Vouched> {
    if !court.case.policy.trust {
        return None;
    }
    let proven = match crate::trust::register(court.case, court.ask).await {
        Ok(proven) => proven,
        Err((code, detail)) => {
            sheet.unchecked(Check::Issuer, code, detail);
            return None;
        }
    };
    let Some(issued_on) = word.issued_on else {
        sheet.unchecked(Check::Issuer, codes::DATE_UNREADABLE, None);
        return None;
    };
    let register = &proven.register;
    let did = word.issuer.id.as_deref().and_then(did_of).unwrap_or_default();
    let entries: Vec<&Entry> = register.entries_of(&did).collect();
    let fault = match register.entry_at(&did, issued_on) {
        _ if entries.is_empty() => (codes::ISSUER_NOT_IN_REGISTER, word.issuer.name.clone()),
        None => match entries.iter().filter_map(|entry| entry.until).filter(|until| *until <= issued_on).max() {
            Some(until) => (codes::HABILITATION_ENDED, stamp(until)),
            None => (codes::BEFORE_HABILITATION, entries.iter().map(|entry| entry.from).min().and_then(stamp)),
        },
        Some(entry) => {
            let may = attested.is_none_or(|class| {
                named_achievement(&json!({ "id": class })).is_some_and(|(_, known)| entry.may_attest(known.family))
            });
            if may {
                sheet.note(Check::Issuer, Outcome::Passed, codes::ISSUER_IN_REGISTER, stamp(register.at));
                return Some(Vouched {
                    name: entry.name.clone(),
                    short_name: entry.short_name.clone(),
                    town: entry.town.clone(),
                });
            }
            (codes::OUTSIDE_HABILITATION, None)
        }
    };
    sheet.failed(Check::Issuer, fault.0, fault.1);
    None
}

/// The `did:web` that an https address is the place of (did:web §3.2).
fn did_of(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let loopback = matches!(url.host_str(), Some("localhost"));
    if !(url.scheme() == "https" || loopback) || url.query().is_some() || url.fragment().is_some() {
        return None;
    }
    let port = url.port().map(|port| format!("%3A{port}")).unwrap_or_default();
    let mut did = format!("did:web:{}{port}", url.host_str()?);
    let path = url.path();
    let path = path.strip_suffix('/').unwrap_or(path);
    for segment in path.split('/').skip(1) {
        // `/o:x` is another place than `/o/x`, and `//` than `/`.
        if segment.is_empty() || segment.contains(':') {
            return None;
        }
        did.push(':');
        did.push_str(segment);
    }
    Some(did)
}
