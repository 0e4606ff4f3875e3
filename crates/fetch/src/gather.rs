//! Brings an Inquiry what it asks for. Judges nothing: what does not come is answered with the reason.

use checks::{Answer, Inquiry, Need, Policy, Report, Unanswered};
use http::StatusCode;
use time::OffsetDateTime;

use crate::door::Door;

/// Answers every need of `inquiry` through `door`; the register of trust is at `register_url`.
pub async fn answer_all(inquiry: &mut Inquiry, door: &Door, register_url: &str) {
    while let Some(need) = inquiry.next_need() {
        let answer = bring(&need, door, register_url).await;
        inquiry.answer(&need, answer);
    }
}

/// Judges one text from beginning to end. Reading and proving cost milliseconds of work: they are done where blocking
/// is allowed.
///
/// # Panics
/// Only when judging itself panicked, which is a bug.
pub async fn judge(text: &str, now: OffsetDateTime, policy: Policy, door: &Door, register_url: &str) -> Report {
    let text = text.to_owned();
    let register = register_url.to_owned();
    let mut inquiry = working(move || Inquiry::open(&text, now, policy).with_register_at(&register)).await;
    loop {
        let Some(need) = inquiry.next_need() else { return inquiry.conclude() };
        let answer = bring(&need, door, register_url).await;
        inquiry = working(move || {
            inquiry.answer(&need, answer);
            inquiry
        })
        .await;
    }
}

async fn working<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

async fn bring(need: &Need, door: &Door, register_url: &str) -> Result<Answer, Unanswered> {
    let answer = try_to_bring(need, door, register_url).await;
    if let Err(reason) = &answer {
        tracing::info!(checks.need = need.name(), fetch.reason = reason.code(), "a document did not come");
    }
    answer
}

async fn try_to_bring(need: &Need, door: &Door, register_url: &str) -> Result<Answer, Unanswered> {
    let url = need.url(register_url).ok_or(Unanswered::Forbidden)?;
    let fetched = door.get(&url, need.accept()).await?;
    let gone = match fetched.status {
        StatusCode::OK => false,
        // A hosted 2.0 badge is taken back by this very answer.
        StatusCode::GONE if matches!(need, Need::Hosted { .. }) => true,
        StatusCode::NOT_FOUND | StatusCode::GONE => return Err(Unanswered::NotFound),
        _ => return Err(Unanswered::ServerError),
    };
    Ok(Answer { media_type: fetched.content_type, gone, ..Answer::new(&fetched.body[..]) })
}
