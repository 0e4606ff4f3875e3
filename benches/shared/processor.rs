//! Processor time, which does not depend on what else the machine does: Linux's own account, to 10 ms.

use std::collections::HashMap;
use std::time::Duration;

/// One tick of `/proc` (`USER_HZ`).
const TICK: Duration = Duration::from_millis(10);

/// What this process has used, its threads that ended included.
pub fn own() -> Duration {
    let own = account(std::process::id());
    own.map_or(Duration::ZERO, |own| own.itself)
}

/// What the processes that this one started have used, and those that they started: programs, database servers.
pub fn started() -> Duration {
    let all: HashMap<u32, Account> = std::fs::read_dir("/proc")
        .expect("Linux")
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(|pid| Some((pid, account(pid)?)))
        .collect();
    let me = std::process::id();
    let is_mine = |mut pid: u32| {
        while let Some(account) = all.get(&pid) {
            if account.parent == me {
                return true;
            }
            pid = account.parent;
        }
        false
    };
    // What ended was added to the account of whoever waited for it.
    let ended = all.get(&me).map_or(Duration::ZERO, |own| own.ended);
    all.iter().filter(|(pid, _)| is_mine(**pid)).map(|(_, one)| one.itself + one.ended).sum::<Duration>() + ended
}

/// What the calling thread has used, to the nanosecond.
pub fn this_thread() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(text.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or_default())
}

struct Account {
    parent: u32,
    itself: Duration,
    /// Of its children that ended.
    ended: Duration,
}

/// `proc_pid_stat(5)`: what follows the name in brackets begins with field 3.
fn account(pid: u32) -> Option<Account> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field - 3)?.parse::<u32>().ok();
    let time = |one: usize| Some(TICK * (ticks(one)? + ticks(one + 1)?));
    Some(Account { parent: ticks(4)?, itself: time(14)?, ended: time(16)? })
}
