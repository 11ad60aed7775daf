//! The program against peers that others wrote. `scripts/peers` installs them.

mod smtp;
mod support;
