//! Where a badge stands between « Attester » and a livret, in the words of the follow-up. Never by colour alone.

use store::outbox::{Known, State};
use time::OffsetDateTime;
use web::dates;

use super::follow::Followed;

/// What is known of a badge on its way. What its person does with it afterwards is theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Taken back.
    Withdrawn(OffsetDateTime),
    /// In a livret.
    Claimed(OffsetDateTime),
    /// Its slip was given in hand.
    Handed(OffsetDateTime),
    /// Its letter waits to leave.
    Queued,
    /// A letter has left for that address; another one waits to leave.
    QueuedAgain,
    /// The server took its letter.
    Sent(OffsetDateTime),
    /// The link of its letter has ended, unclaimed.
    LetterEnded,
    /// The server refused its letter at once.
    Refused,
    /// Its letter was given up: no server answered for days.
    GivenUp,
    /// Its slip waits to be given in hand.
    ToHandOver,
    /// The code of its slip has ended, unclaimed.
    SlipEnded,
}

/// What a follow-up shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Every badge, and people without one.
    All,
    /// Somebody must do something.
    ToDo,
    /// On its way to its person.
    OnTheWay,
    /// In a livret.
    Claimed,
    /// Taken back by the organisation.
    Withdrawn,
}

impl Standing {
    /// Where that badge stands; `letter` is what is known of its newest letter, `told` whether one before it has left for
    /// the same address.
    pub fn of(badge: &Followed, letter: Option<&Known>, told: bool, now: OffsetDateTime) -> Self {
        let ended = |until: Option<OffsetDateTime>| until.is_some_and(|until| until <= now);
        if let Some(at) = badge.withdrawn_at {
            return Self::Withdrawn(at);
        }
        if let Some(at) = badge.claimed_at {
            return Self::Claimed(at);
        }
        if let Some(at) = badge.handed_at.filter(|_| !ended(badge.slip_until)) {
            return Self::Handed(at);
        }
        match letter.map(|known| (known.state, known)) {
            Some((State::Queued, _)) if told => Self::QueuedAgain,
            Some((State::Queued, _)) => Self::Queued,
            Some((State::Sent, _)) if ended(badge.letter_until) => Self::LetterEnded,
            Some((State::Sent, known)) => Self::Sent(known.finished_at.unwrap_or(known.not_before)),
            Some((State::Refused, known)) if known.reason.as_deref() == Some("gave_up") => Self::GivenUp,
            Some((State::Refused, _)) => Self::Refused,
            Some((State::Cancelled, _)) | None if ended(badge.slip_until) => Self::SlipEnded,
            Some((State::Cancelled, _)) | None => Self::ToHandOver,
        }
    }

    /// Whether it reached its person, as far as one can know: « remis ».
    pub const fn is_given(self) -> bool {
        matches!(self, Self::Claimed(_) | Self::Handed(_) | Self::Sent(_) | Self::QueuedAgain | Self::LetterEnded)
    }

    /// Whether it is neither withdrawn nor in a livret: there is something to do for it.
    pub const fn waits(self) -> bool {
        !matches!(self, Self::Withdrawn(_) | Self::Claimed(_))
    }

    /// The view it belongs to beside [`View::All`].
    pub const fn view(self) -> View {
        match self {
            Self::Withdrawn(_) => View::Withdrawn,
            Self::Claimed(_) => View::Claimed,
            Self::Handed(_) | Self::Queued | Self::QueuedAgain | Self::Sent(_) => View::OnTheWay,
            Self::LetterEnded | Self::Refused | Self::GivenUp | Self::ToHandOver | Self::SlipEnded => View::ToDo,
        }
    }

    /// Tone, drawing and words of its tag.
    pub fn tag(self) -> (&'static str, &'static str, String) {
        let day = |at| dates::day_month(dates::day_in_paris(at));
        match self {
            Self::Withdrawn(at) => ("bad", "ban", format!("Retiré le {}", day(at))),
            Self::Claimed(at) => ("ok", "check", format!("Récupéré le {}", day(at))),
            Self::Handed(at) => ("info", "handshake", format!("Coupon remis le {}", day(at))),
            Self::Queued => ("info", "hourglass", "Courriel en attente".to_owned()),
            Self::QueuedAgain => ("info", "hourglass", "Nouveau courriel en attente".to_owned()),
            Self::Sent(at) => ("info", "mail", format!("Courriel envoyé le {}", day(at))),
            Self::LetterEnded => ("warn", "clock", "Courriel envoyé, lien terminé".to_owned()),
            Self::Refused => ("warn", "circle-alert", "Courriel refusé par le serveur".to_owned()),
            Self::GivenUp => ("warn", "circle-alert", "Courriel non parti".to_owned()),
            Self::ToHandOver => ("", "printer", "Coupon à remettre".to_owned()),
            Self::SlipEnded => ("warn", "clock", "Coupon terminé".to_owned()),
        }
    }

    /// What to do, when something is to be done; else empty.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::LetterEnded => "Le lien du courriel marchait 30 jours. Envoyez-le de nouveau, ou remettez un coupon.",
            Self::Refused => "L’adresse est peut-être fausse. Changez-la, ou remettez un coupon.",
            Self::GivenUp => "Le serveur de cette adresse ne répond pas. Changez l’adresse, ou remettez un coupon.",
            Self::SlipEnded => "Le code marchait 90 jours. Imprimez un nouveau coupon.",
            _ => "",
        }
    }
}

impl View {
    /// Every view, in the order they are offered, with its word in addresses and its words.
    pub const EVERY: [(Self, &'static str, &'static str); 5] = [
        (Self::All, "", "Tout"),
        (Self::ToDo, "a-faire", "À faire"),
        (Self::OnTheWay, "en-route", "En route"),
        (Self::Claimed, "recuperes", "Récupérés"),
        (Self::Withdrawn, "retires", "Retirés"),
    ];

    /// From an address; what is no view shows everything.
    pub fn parse(word: &str) -> Self {
        Self::EVERY.iter().find(|(_, known, _)| *known == word).map_or(Self::All, |(view, ..)| *view)
    }

    /// Its word in addresses.
    pub fn word(self) -> &'static str {
        Self::EVERY.iter().find(|(view, ..)| *view == self).map_or("", |(_, word, _)| word)
    }

    /// Whether it shows a badge that stands there.
    pub fn shows(self, standing: Standing) -> bool {
        self == Self::All || self == standing.view()
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::delivery::follow::sample;

    const NOW: OffsetDateTime = datetime!(2026-11-25 9:00 UTC);

    fn letter(state: State, reason: Option<&str>) -> Known {
        Known {
            message_id: "badge-1.1@livret.example".into(),
            state,
            reason: reason.map(str::to_owned),
            not_before: NOW,
            finished_at: Some(NOW),
        }
    }

    #[test]
    fn the_strongest_fact_is_said() {
        let badge = sample(Some("amina@exemple.fr"));
        let of = |badge: &Followed, letter: Option<&Known>| Standing::of(badge, letter, false, NOW);
        assert_eq!(of(&badge, Some(&letter(State::Queued, None))), Standing::Queued);
        let again = Standing::of(&badge, Some(&letter(State::Queued, None)), true, NOW);
        assert_eq!((again, again.is_given()), (Standing::QueuedAgain, true), "what was given stays given");
        let sent = letter(State::Sent, None);
        assert_eq!(of(&badge, Some(&sent)), Standing::Sent(NOW));
        let late = Followed { letter_until: Some(NOW), ..badge.clone() };
        assert_eq!(of(&late, Some(&sent)), Standing::LetterEnded);
        assert_eq!(of(&badge, Some(&letter(State::Refused, Some("smtp_550")))), Standing::Refused);
        assert_eq!(of(&badge, Some(&letter(State::Refused, Some("gave_up")))), Standing::GivenUp);
        let handed = Followed { handed_at: Some(NOW), ..badge.clone() };
        assert_eq!(of(&handed, Some(&letter(State::Refused, None))), Standing::Handed(NOW));
        let ended = Followed { slip_until: Some(NOW), ..handed.clone() };
        assert_eq!(of(&ended, None), Standing::SlipEnded, "a slip whose code has ended is no longer given");
        let claimed = Followed { claimed_at: Some(NOW), ..ended };
        assert_eq!(of(&claimed, Some(&sent)), Standing::Claimed(NOW));
        assert_eq!(of(&Followed { withdrawn_at: Some(NOW), ..claimed }, None), Standing::Withdrawn(NOW));
        assert_eq!(of(&sample(None), None), Standing::ToHandOver);
    }

    #[test]
    fn every_state_has_a_drawing_and_words_of_its_own() {
        let every = [
            Standing::Withdrawn(NOW),
            Standing::Claimed(NOW),
            Standing::Handed(NOW),
            Standing::Queued,
            Standing::QueuedAgain,
            Standing::Sent(NOW),
            Standing::LetterEnded,
            Standing::Refused,
            Standing::GivenUp,
            Standing::ToHandOver,
            Standing::SlipEnded,
        ];
        let mut words: Vec<String> = every.iter().map(|one| one.tag().2).collect();
        assert!(every.iter().all(|one| !web::icon(one.tag().1).is_empty()));
        assert!(every.iter().all(|one| one.waits() || one.advice().is_empty()));
        words.sort();
        words.dedup();
        assert_eq!(words.len(), every.len());
        for (view, word, _) in View::EVERY {
            assert_eq!((View::parse(word), view.word()), (view, word));
        }
        assert_eq!(View::parse("autre"), View::All);
    }
}
