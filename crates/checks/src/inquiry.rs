//! The Inquiry: a judgement that stops whenever it needs a document, and goes on when it is answered.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use time::{Duration, OffsetDateTime};

use crate::ask::Ask;
use crate::judge::{Handed, judge};
use crate::memory::Memory;
use crate::need::{Answer, Need, Unanswered};
use crate::report::Report;

/// How far two honest clocks may differ: a badge signed a moment ago elsewhere is not « pas encore valable ».
pub(crate) const TOLERANCE: Duration = Duration::MINUTE;

/// What is to be examined beyond the text and its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Whether the register of trust must vouch for the issuer.
    pub trust: bool,
    /// Whether the issuer's status lists are read.
    pub status: bool,
}

impl Policy {
    /// Everything: what an employer is shown.
    pub const FULL: Self = Self { trust: true, status: true };
}

/// What is being judged, at what instant, how far.
#[derive(Debug)]
pub(crate) struct Case {
    pub input: Input,
    /// The instant the judgement speaks of.
    pub now: OffsetDateTime,
    /// The instant that lists and registers, which only ever speak of their own day, must be fresh at.
    pub today: OffsetDateTime,
    pub policy: Policy,
    pub register_url: Option<String>,
    /// An e-mail address, a URL, a phone number or an id that the badge must name.
    pub recipient: Option<String>,
    /// What a presentation must have been signed for.
    pub asked: Asked,
    pub memory: Arc<Memory>,
}

/// What whoever shows was asked to sign for.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    pub challenge: Option<String>,
    pub domain: Option<String>,
}

/// What came in.
#[derive(Debug)]
pub(crate) enum Input {
    Bytes(Arc<[u8]>),
    Text(Box<str>),
    Handed(Handed),
    Url(String),
}

/// One badge being judged at one instant. See the crate's README for the order and the reasons.
pub struct Inquiry {
    ask: Ask,
    stage: Stage,
}

enum Stage {
    /// Not begun: may still be told more.
    Open(Case),
    /// Waiting for answers.
    Running(Pin<Box<dyn Future<Output = Report> + Send>>),
    Done(Box<Report>),
    /// Only inside [`Inquiry::run`].
    Between,
}

impl Inquiry {
    /// Will judge `text` as it stands at `now`. Never fails: what is wrong with the text becomes findings.
    pub fn open(text: &str, now: OffsetDateTime, policy: Policy) -> Self {
        Self::of(Input::Text(text.into()), now, policy)
    }

    /// As [`Self::open`], of a file: JSON, compact JWS, PNG, SVG, PDF, or the text of an address.
    pub fn open_bytes(bytes: impl Into<Arc<[u8]>>, now: OffsetDateTime, policy: Policy) -> Self {
        Self::of(Input::Bytes(bytes.into()), now, policy)
    }

    /// As [`Self::open_bytes`], of a file whose badge was looked for before.
    pub fn open_handed(handed: Handed, now: OffsetDateTime, policy: Policy) -> Self {
        Self::of(Input::Handed(handed), now, policy)
    }

    /// As [`Self::open`], of whatever stands at `url`.
    pub fn open_url(url: &str, now: OffsetDateTime, policy: Policy) -> Self {
        Self::of(Input::Url(url.to_owned()), now, policy)
    }

    fn of(input: Input, now: OffsetDateTime, policy: Policy) -> Self {
        let memory = Arc::new(Memory::default());
        let case = Case {
            input,
            now,
            today: now,
            policy,
            register_url: None,
            recipient: None,
            asked: Asked::default(),
            memory,
        };
        Self { ask: Ask::default(), stage: Stage::Open(case) }
    }

    /// Names the one address the register of trust may come from (`{issuer}/registre.json`): its signer must be a
    /// `did:web` of that origin. Without it, the origin the register itself claims must be its signer's.
    #[must_use]
    pub fn with_register_at(self, url: &str) -> Self {
        self.with(|case| case.register_url = Some(url.to_owned()))
    }

    /// Asks whether the badge names this recipient: an e-mail address, or an id, URL or phone number (OB 3.0 §9.3).
    #[must_use]
    pub fn with_recipient(self, recipient: &str) -> Self {
        self.with(|case| case.recipient = Some(recipient.to_owned()))
    }

    /// Asks that a presentation be signed for this question (`challenge` of its proof, `nonce` of its token): one that was
    /// made for another moment is being shown again by somebody who once saw it.
    #[must_use]
    pub fn with_challenge(self, challenge: &str) -> Self {
        self.with(|case| case.asked.challenge = Some(challenge.to_owned()))
    }

    /// Asks that a presentation be signed for this reader (`domain` of its proof, `aud` of its token), usually an origin.
    #[must_use]
    pub fn with_domain(self, domain: &str) -> Self {
        self.with(|case| case.asked.domain = Some(domain.to_owned()))
    }

    /// Judges a past moment with the documents of `today`: the dates of the badge are compared with the instant given to
    /// [`Self::open`], while a status list or a register, which can only speak of the day it is read, must be fresh today.
    #[must_use]
    pub fn with_documents_of(self, today: OffsetDateTime) -> Self {
        self.with(|case| case.today = today)
    }

    /// Uses what other Inquiries of this process have read and proven.
    #[must_use]
    pub fn with_memory(self, memory: &Arc<Memory>) -> Self {
        self.with(|case| case.memory = Arc::clone(memory))
    }

    /// Tells more before the first need. Afterwards it is too late, and nothing changes.
    fn with(mut self, tell: impl FnOnce(&mut Case)) -> Self {
        if let Stage::Open(case) = &mut self.stage {
            tell(case);
        }
        self
    }

    /// The document needed to go on, or `None` when everything is judged. Asks the same until it is answered.
    pub fn next_need(&mut self) -> Option<Need> {
        self.run();
        self.ask.open()
    }

    /// Answers the need that [`Self::next_need`] gave with the document, or why there is none. An answer to anything
    /// else is ignored.
    pub fn answer<A: Into<Answer>>(&mut self, need: &Need, answer: Result<A, Unanswered>) {
        self.ask.answer(need, answer.map(Into::into));
    }

    /// How many more bytes this Inquiry takes, all its documents together: a small text could name many large ones. What
    /// is larger is as if it had not come ([`Unanswered::TooLarge`]).
    pub fn bytes_left(&self) -> usize {
        self.ask.bytes_left()
    }

    /// The judgement. Needs that nobody answered could not be checked.
    pub fn conclude(mut self) -> Report {
        while let Some(need) = self.next_need() {
            self.answer::<Answer>(&need, Err(Unanswered::NotAsked));
        }
        match self.stage {
            Stage::Done(report) => *report,
            // A judgement waits for needs alone: without an open one it is done.
            _ => unreachable!("a judgement that waits for nothing"),
        }
    }

    fn run(&mut self) {
        let mut running = match std::mem::replace(&mut self.stage, Stage::Between) {
            Stage::Open(case) => Box::pin(judge(case, self.ask.clone())),
            Stage::Running(running) => running,
            done => {
                self.stage = done;
                return;
            }
        };
        self.stage = match running.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(report) => Stage::Done(Box::new(report)),
            Poll::Pending => Stage::Running(running),
        };
    }
}

impl fmt::Debug for Inquiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never the text: it is a person's.
        f.debug_struct("Inquiry").field("open", &self.ask.open()).finish_non_exhaustive()
    }
}
