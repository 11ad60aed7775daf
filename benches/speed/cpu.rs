//! What the threads of this process have used. Says more than the clock does on a machine that others use, too.

use std::time::Duration;

/// CPU time used so far by the threads whose name is `name`, where /proc tells.
pub(crate) fn used(name: &str) -> Option<Duration> {
    let mut used = Duration::ZERO;
    for task in std::fs::read_dir("/proc/self/task").ok()? {
        let task = task.ok()?.path();
        if std::fs::read_to_string(task.join("comm")).is_ok_and(|found| found.trim() == name) {
            let schedstat = std::fs::read_to_string(task.join("schedstat")).ok()?;
            used += Duration::from_nanos(schedstat.split_whitespace().next()?.parse().ok()?);
        }
    }
    Some(used)
}

/// The threads on which the pages are made, and the store's thread that writes.
pub(crate) const THREADS: [&str; 2] = ["tokio-rt-worker", "store-writer"];

/// Runs something, and tells what it used of each kind of thread.
pub(crate) fn measured<T>(work: impl FnOnce() -> T) -> (T, [Duration; 2]) {
    let used = || THREADS.map(|name| used(name).unwrap_or_default());
    let before = used();
    let done = work();
    let after = used();
    (done, [after[0].saturating_sub(before[0]), after[1].saturating_sub(before[1])])
}
