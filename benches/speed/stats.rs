//! Medians, percentiles, and how they are written.

use std::time::Duration;

/// What a crowd of clients or writers saw.
pub(crate) struct Crowd {
    /// Answers per second.
    pub(crate) rate: f64,
    /// Half of the answers came within this time.
    pub(crate) p50: Duration,
    /// 99 % of the answers came within this time.
    pub(crate) p99: Duration,
}

impl Crowd {
    /// From the time that everything took and the time that each answer took.
    pub(crate) fn new(lasting: Duration, mut each: Vec<Duration>) -> Self {
        each.sort_unstable();
        let rate = each.len() as f64 / lasting.as_secs_f64();
        Self { rate, p50: percentile(&each, 50), p99: percentile(&each, 99) }
    }

    pub(crate) fn percentiles(&self) -> String {
        format!("p50 {}, p99 {}", time(self.p50), time(self.p99))
    }
}

/// The median run, by rate.
pub(crate) fn median_run(mut runs: Vec<Crowd>) -> Crowd {
    runs.sort_by(|a, b| a.rate.total_cmp(&b.rate));
    let middle = runs.len() / 2;
    runs.swap_remove(middle)
}

/// The value that `percent` of the sorted values do not exceed.
pub(crate) fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    sorted[(sorted.len() - 1) * percent / 100]
}

pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    percentile(&times, 50)
}

/// As "1.5 ms".
pub(crate) fn time(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    match micros {
        ..100.0 => format!("{micros:.1} µs"),
        100.0..1_000.0 => format!("{micros:.0} µs"),
        1_000.0..1_000_000.0 => format!("{:.1} ms", micros / 1e3),
        _ => format!("{:.2} s", micros / 1e6),
    }
}

/// As "7,300/s".
pub(crate) fn rate(rate: f64) -> String {
    let whole = format!("{rate:.0}");
    let mut text = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + "/s"
}
