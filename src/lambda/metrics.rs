//! What a tick tells whoever watches, as a line that CloudWatch makes metrics of: the embedded metric format
//! (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>).

use std::io::Write;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::app::Pages;
use crate::tick::Pass;

/// Prints how late the oldest work was, in seconds, how many mails nobody took or whether none leaves, and whether the
/// pages are down.
pub(super) fn print(pass: &Pass, pages: Pages, now: Timestamp) {
    let function = std::env::var("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_default();
    let line = metrics(pass, pages, now, &function);
    if let Err(error) = writeln!(std::io::stdout(), "{line}") {
        tracing::error!(%error, "the metrics could not be written");
    }
}

fn metrics(pass: &Pass, pages: Pages, now: Timestamp, function: &str) -> Value {
    let oldest = pass.oldest_due.map_or(SignedDuration::ZERO, |due_at| now.duration_since(due_at));
    json!({
        "_aws": {
            "Timestamp": now.as_millisecond(),
            "CloudWatchMetrics": [{
                "Namespace": "crewcall",
                "Dimensions": [["Service"]],
                "Metrics": [
                    { "Name": "OldestDue", "Unit": "Seconds" },
                    { "Name": "MailDown", "Unit": "Count" },
                    { "Name": "PagesDown", "Unit": "Count" },
                ],
            }],
        },
        "Service": function,
        "OldestDue": oldest.as_secs().max(0),
        "MailDown": pass.not_taken.max(usize::from(pass.mail_stopped)),
        "PagesDown": u8::from(pages != Pages::Reached),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_is_down_where_mails_are_not_taken_or_none_is_tried() {
        let now: Timestamp = "2026-06-20T16:00:00Z".parse().unwrap();
        for (not_taken, mail_stopped, down) in [(0, false, 0), (3, false, 3), (0, true, 1), (2, true, 2)] {
            let pass = Pass { not_taken, mail_stopped, ..Pass::default() };
            let line = metrics(&pass, Pages::Reached, now, "crewcall-tick");
            assert_eq!(line["MailDown"], json!(down));
        }
    }

    #[test]
    fn the_oldest_work_has_an_age() {
        let now: Timestamp = "2026-06-20T16:00:00Z".parse().unwrap();
        for (due_at, age) in
            [(None, 0), (Some("2026-06-20T15:58:30Z"), 90), (Some("2026-06-20T16:00:01Z"), 0)]
        {
            let oldest_due = due_at.map(|at: &str| at.parse().unwrap());
            let pass = Pass { oldest_due, put_off: 3, not_taken: 1, ..Pass::default() };
            let line = metrics(&pass, Pages::Reached, now, "crewcall-tick");
            let figures = ["OldestDue", "MailDown", "PagesDown"].map(|name| &line[name]);
            assert_eq!(figures, [&json!(age), &json!(1), &json!(0)]);
            assert_eq!(line["_aws"]["Timestamp"], 1_781_971_200_000_i64);
        }
    }
}
