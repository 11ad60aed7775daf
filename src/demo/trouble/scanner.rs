//! A mail scanner opens every link that was ever mailed.

use std::collections::BTreeSet;

use super::browser;
use crate::app::AppError;
use crate::demo::Desk;
use crate::demo::mailroom::links;
use crate::demo::news::{Mark, News};

/// Opens every link, follows redirects, and compares what stood before with what stands after.
pub(super) async fn scan(desk: &Desk) -> Result<News, AppError> {
    let (demo, app) = (&desk.demo, desk.demo.app());
    // Whatever changes meanwhile is the scanner's doing.
    let still = demo.time.still().await;
    let mails = demo.mailbox.list();
    let all = mails.iter().flat_map(|arrived| links(&arrived.mail, &app.operator.public_url));
    // What stands behind a # is not sent.
    let addresses: BTreeSet<String> =
        all.filter_map(|link| link.split('#').next().map(str::to_owned)).collect();
    if addresses.is_empty() {
        return Ok(News::new("No mail has a link yet. Start a call on the board, then press again.")
            .look("Board", "/"));
    }
    let (before, charters) = (Mark::of(app).await?, app.charters(None).await?);
    let (mut requests, mut refused) = (0, 0);
    for address in &addresses {
        let seen = browser::open(&desk.program, address).await;
        requests += seen.requests;
        refused += usize::from(!seen.status.is_success());
    }
    let (after, same) = (Mark::of(app).await?, charters == app.charters(None).await?);
    drop(still);
    let came_of_it = match same && before.events() == after.events() {
        true => "Nothing changed: nobody said yes or no",
        false => "Something changed, which must not be",
    };
    let mut words = format!(
        "A mail scanner opened {} links of {} mails, in {requests} requests. {came_of_it}. Audit events before: {}, after: {}.",
        addresses.len(),
        mails.len(),
        before.events(),
        after.events(),
    );
    if refused > 0 {
        words.push_str(&format!(" Links that showed no page: {refused}."));
    }
    Ok(News::new(words).look("Board", "/").look("Mailbox", "/demo/mail"))
}
