//! The endorsements on a badge, its class and its issuer: each found, and judged by itself (row J3).

use badge_schemas::ob2::{Document, Link, values};

use super::{Carried, Court, judge};
use crate::codes;
use crate::form::Carrier;
use crate::ob3::{DEEPEST, Scope, tell};
use crate::report::{Check, Part, PartKind, Report};
use crate::sheet::Sheet;

/// An object that may be endorsed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Holder<'a> {
    /// Where its endorsements stand, from the badge or endorsement that is judged.
    pub at: &'static str,
    pub id: Option<&'a str>,
    pub links: &'a [Link],
}

/// The endorsements that led here, the nearest first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Above<'a> {
    pub id: &'a str,
    pub next: Option<&'a Above<'a>>,
}

impl Above<'_> {
    fn holds(&self, id: &str) -> bool {
        self.id == id || self.next.is_some_and(|next| next.holds(id))
    }
}

/// Judges each endorsement, as far as the text's allowance goes.
pub(super) async fn examine(
    court: &Court<'_>,
    holders: &[Holder<'_>],
    above: Option<&Above<'_>>,
    sheet: &mut Sheet,
) -> Vec<Part> {
    let (mut parts, mut left_out) = (Vec::new(), false);
    'all: for holder in holders {
        for (i, link) in holder.links.iter().enumerate() {
            // Two who endorse each other would otherwise do so until the allowance ends.
            if link.id.as_deref().is_some_and(|id| above.is_some_and(|above| above.holds(id))) {
                continue;
            }
            if court.scope.depth >= DEEPEST || !court.allowance.take() {
                left_out = true;
                break 'all;
            }
            // A single value is not counted, however it was written (row A7).
            let place = if holder.links.len() == 1 { holder.at.to_owned() } else { format!("{}/{i}", holder.at) };
            let report = one(court, link, holder.id.unwrap_or_default(), above).await;
            parts.push(Part { kind: PartKind::Endorsement, place, report });
        }
    }
    tell(sheet, Check::Endorsements, &parts, left_out);
    parts
}

async fn one(court: &Court<'_>, link: &Link, endorsed: &str, above: Option<&Above<'_>>) -> Report {
    let (carried, carrier) = match (link.token(), link.id.as_deref(), Document::embedded(link)) {
        (Some(token), ..) => (Carried::Jws(token.to_owned()), Carrier::Jws),
        (_, _, Some(embedded)) => (Carried::Document(embedded), Carrier::Json),
        (_, Some(url), _) if values::is_url(url) => (Carried::Url(url.to_owned()), Carrier::Url),
        (_, id, _) => {
            let mut sheet = Sheet::default();
            sheet.unchecked(Check::Format, codes::OB2_NOT_FETCHABLE, id.map(str::to_owned));
            return sheet.report(court.case, None);
        }
    };
    let scope = Scope { carrier, depth: court.scope.depth + 1, endorsed: Some(endorsed), refreshed: false };
    judge(court.case, court.ask, carried, scope, court.allowance, above).await
}
