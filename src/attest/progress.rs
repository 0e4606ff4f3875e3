//! How far it is: a bar on a terminal, a plain line at each tenth elsewhere.

use std::io::{self, IsTerminal, Write};

/// Width of the bar, in signs.
const WIDTH: usize = 30;

/// What was shown last, on standard error.
pub(super) struct Progress {
    terminal: bool,
    tenth: Option<i64>,
}

impl Progress {
    pub(super) fn new() -> Self {
        Self { terminal: io::stderr().is_terminal(), tenth: None }
    }

    /// Shows that `done` of `total` are done, if that is worth a line.
    pub(super) fn at(&mut self, done: i64, total: i64) {
        let mut out = io::stderr().lock();
        let tenth = done * 10 / total.max(1);
        // Nobody looks when standard error is closed: the work goes on.
        if self.terminal {
            let _ = write!(out, "\r{} {done} sur {total}", bar(done, total));
            let _ = out.flush();
        } else if self.tenth != Some(tenth) {
            let _ = writeln!(out, "{done} sur {total}");
        }
        self.tenth = Some(tenth);
    }

    /// Leaves the bar where it is.
    pub(super) fn ends(&self) {
        if self.terminal {
            let _ = writeln!(io::stderr().lock());
        }
    }
}

fn bar(done: i64, total: i64) -> String {
    let share = usize::try_from(done.max(0)).unwrap_or_default() * WIDTH / usize::try_from(total.max(1)).unwrap_or(1);
    let full = share.min(WIDTH);
    format!("[{}{}]", "█".repeat(full), "·".repeat(WIDTH - full))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_full_at_the_end_and_never_longer() {
        assert_eq!(bar(0, 300).matches('█').count(), 0);
        assert_eq!(bar(150, 300).matches('█').count(), WIDTH / 2);
        assert_eq!(bar(300, 300).matches('█').count(), WIDTH);
        assert_eq!(bar(400, 300).matches('█').count(), WIDTH);
        assert_eq!(bar(0, 0).matches('█').count(), 0);
    }
}
