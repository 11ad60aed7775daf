//! The worlds.
use crate::bounds::Bounds;
use crate::check;
use crate::world::Left;

const LEFT: Left = Left { starts: 2, undos: 1, cancels: 1, refusals: 1 };
const BASE: Bounds = Bounds {
    name: "base",
    charters: 1,
    captains: 2,
    seats: 0,
    deckhands: 0,
    departs: 3,
    ticks: 4,
    held: 1,
    left: LEFT,
    ambiguous: false,
    all_rows: false,
    fault: None,
};

#[test]
fn tiny() {
    check(Bounds { name: "tiny", ..BASE });
}
#[test]
fn crew() {
    check(Bounds { name: "crew", seats: 2, deckhands: 2, captains: 2, ticks: 2, ..BASE });
}
#[test]
fn crew0() {
    check(Bounds {
        name: "crew0",
        seats: 2,
        deckhands: 2,
        captains: 3,
        ticks: 2,
        left: Left { cancels: 0, refusals: 0, starts: 1, undos: 1 },
        ..BASE
    });
}
#[test]
fn two() {
    check(Bounds { name: "two", charters: 2, ticks: 1, ..BASE });
}
#[test]
fn two0() {
    check(Bounds {
        name: "two0",
        charters: 2,
        captains: 3,
        ticks: 2,
        left: Left { cancels: 0, refusals: 0, starts: 2, undos: 0 },
        ..BASE
    });
}
