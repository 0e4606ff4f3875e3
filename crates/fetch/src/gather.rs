//! Brings an Inquiry what it asks for. Judges nothing: what does not come is answered with the reason.

use std::sync::Arc;
use std::time::Duration;

use checks::{Answer, Inquiry, Need, Policy, Report, Unanswered};
use http::StatusCode;
use time::OffsetDateTime;
use tokio::time::{Instant, timeout_at};

use crate::door::{Door, Fetched};

/// The largest badge, picture of a badge or linked resource that is brought, in bytes. The rest is documents of
/// issuers: what the door carries by itself.
const LARGEST_BADGE: usize = 10 * 1024 * 1024;

/// How long a judgement waits for documents, all of them together: whoever made the badge chose who is asked.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Judges one text from beginning to end, remembering what was proven for the door's other badges.
///
/// # Panics
/// Only when judging itself panicked, which is a bug.
pub async fn judge(text: &str, now: OffsetDateTime, policy: Policy, door: &Door, register_url: &str) -> Report {
    let inquiry = Inquiry::open(text, now, policy).with_register_at(register_url);
    finish(inquiry, door, register_url).await
}

/// As [`finish_by`], with the usual [`PATIENCE`].
///
/// # Panics
/// Only when judging itself panicked, which is a bug.
pub async fn finish(inquiry: Inquiry, door: &Door, register_url: &str) -> Report {
    finish_by(inquiry, door, register_url, Instant::now() + PATIENCE).await
}

/// Brings an Inquiry to its end; the register of trust is at `register_url`. What has not come at `until` took too long,
/// and so does whatever is asked for later, unless the door remembers it. Reading and proving cost some of
/// a millisecond, or many: they are done where blocking is allowed, and what the door remembers is answered there.
///
/// # Panics
/// Only when judging itself panicked, which is a bug.
pub async fn finish_by(inquiry: Inquiry, door: &Door, register_url: &str, until: Instant) -> Report {
    let mut inquiry = inquiry.with_memory(door.proven());
    loop {
        let need;
        let (known, register) = (door.clone(), register_url.to_owned());
        (need, inquiry) = working(move || (as_far_as_known(&mut inquiry, &known, &register), inquiry)).await;
        let Some(need) = need else { return inquiry.conclude() };
        let answer = bring(&need, door, register_url, inquiry.bytes_left(), until).await;
        inquiry.answer(&need, answer);
    }
}

/// Goes on until something is needed that the door does not remember.
fn as_far_as_known(inquiry: &mut Inquiry, door: &Door, register_url: &str) -> Option<Need> {
    loop {
        let need = inquiry.next_need()?;
        let Some(url) = need.url(register_url) else { return Some(need) };
        let ours = need == Need::Register;
        let Some((fetched, body)) = door.remembered(&url, need.accept(), largest(&need, door), ours) else {
            return Some(need);
        };
        // Only a 200 is remembered.
        inquiry.answer(&need, Ok(answer_of(fetched, body, false)));
    }
}

async fn working<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

async fn bring(
    need: &Need,
    door: &Door,
    register_url: &str,
    most: usize,
    until: Instant,
) -> Result<Answer, Unanswered> {
    let brought = timeout_at(until, try_to_bring(need, door, register_url, most)).await;
    let answer = brought.unwrap_or(Err(Unanswered::TimedOut));
    if let Err(reason) = &answer {
        tracing::info!(checks.need = need.name(), fetch.reason = reason.code(), "a document did not come");
    }
    answer
}

async fn try_to_bring(need: &Need, door: &Door, register_url: &str, most: usize) -> Result<Answer, Unanswered> {
    let url = need.url(register_url).ok_or(Unanswered::Forbidden)?;
    let most = largest(need, door).min(most);
    let fetched = match need {
        // Its address is ours to choose.
        Need::Register => door.get_up_to(&url, need.accept(), most).await?,
        _ => door.get_named(&url, need.accept(), most).await?,
    };
    let gone = match fetched.status {
        StatusCode::OK => false,
        // A hosted 2.0 badge is taken back by this very answer.
        StatusCode::GONE if matches!(need, Need::Hosted { .. }) => true,
        StatusCode::NOT_FOUND | StatusCode::GONE => return Err(Unanswered::NotFound),
        _ => return Err(Unanswered::ServerError),
    };
    let body = Arc::from(&fetched.body[..]);
    Ok(answer_of(fetched, body, gone))
}

/// How much of an answer is carried.
fn largest(need: &Need, door: &Door) -> usize {
    match need {
        Need::Document { .. } | Need::Hosted { .. } | Need::Refresh { .. } | Need::Resource { .. } => LARGEST_BADGE,
        _ => door.max_bytes(),
    }
}

fn answer_of(fetched: Fetched, body: Arc<[u8]>, gone: bool) -> Answer {
    Answer { url: Some(fetched.url), gone, ..Answer::new(body) }
}
