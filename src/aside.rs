//! Long thinking, where nobody else waits for it.

use tokio::runtime::{Handle, RuntimeFlavor};

/// Thinks. Whatever else this thread of the runtime had to do is done by another one meanwhile.
pub(crate) fn aside<T>(think: impl FnOnce() -> T) -> T {
    let is_one_of_several =
        Handle::try_current().is_ok_and(|handle| handle.runtime_flavor() == RuntimeFlavor::MultiThread);
    if is_one_of_several { tokio::task::block_in_place(think) } else { think() }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn others_go_on_meanwhile() {
        let (sender, receiver) = mpsc::channel();
        let thinking = tokio::spawn(async move {
            // Only this thread could run it, were it not for another that takes over.
            tokio::spawn(async move { sender.send("done") });
            aside(|| receiver.recv_timeout(Duration::from_secs(10)))
        });
        assert_eq!(thinking.await.unwrap(), Ok("done"));
    }

    #[tokio::test]
    async fn one_thread_alone_thinks_by_itself() {
        assert_eq!(aside(|| 7), 7);
    }
}
