//! Where the time comes from. Nothing else in the program asks the machine for it.

use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};

/// A source of the time.
pub trait Clock: Send + Sync + 'static {
    /// The time, in whole milliseconds: what every store can keep.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        whole_milliseconds(Timestamp::now())
    }
}

/// A clock that can be moved on: the demo's runs on from where it was put, the tests' stands still.
#[derive(Debug)]
pub struct MovableClock {
    reading: Mutex<Reading>,
}

#[derive(Debug, Clone, Copy)]
enum Reading {
    Frozen(Timestamp),
    Ahead(SignedDuration),
}

impl MovableClock {
    /// A clock that stands at `at`.
    pub fn frozen(at: Timestamp) -> Self {
        Self { reading: Mutex::new(Reading::Frozen(whole_milliseconds(at))) }
    }

    /// A clock that runs, so far with the machine's.
    pub fn running() -> Self {
        Self { reading: Mutex::new(Reading::Ahead(SignedDuration::ZERO)) }
    }

    /// A clock that runs from `at` on.
    pub fn running_from(at: Timestamp) -> Self {
        Self { reading: Mutex::new(Reading::Ahead(at.duration_since(Timestamp::now()))) }
    }

    /// Moves the clock on to `to`; never back.
    pub fn move_to(&self, to: Timestamp) {
        let now = self.now();
        if to > now {
            let mut reading = self.lock();
            *reading = match *reading {
                Reading::Frozen(_) => Reading::Frozen(whole_milliseconds(to)),
                Reading::Ahead(ahead) => Reading::Ahead(ahead + to.duration_since(now)),
            };
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Reading> {
        // Nothing can panic while the lock is held; a poisoned reading is still a reading.
        self.reading.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Clock for MovableClock {
    fn now(&self) -> Timestamp {
        match *self.lock() {
            Reading::Frozen(at) => at,
            Reading::Ahead(ahead) => whole_milliseconds(Timestamp::now() + ahead),
        }
    }
}

fn whole_milliseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}
