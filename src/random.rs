//! What nobody can guess.

use data_encoding::BASE32_NOPAD;

use crate::store::StoreError;

/// Any number from 0 to 1; the middle, if the machine has no randomness, where it only spreads things out in time.
pub(crate) fn fraction() -> f64 {
    let mut random = [0u8; 4];
    match getrandom::fill(&mut random) {
        Ok(()) => f64::from(u32::from_le_bytes(random)) / f64::from(u32::MAX),
        Err(_) => 0.5,
    }
}

/// A fresh text of letters and digits with so many random bytes in it.
///
/// # Errors
/// If the machine has no randomness.
pub(crate) fn token<const BYTES: usize>() -> Result<String, StoreError> {
    let mut random = [0u8; BYTES];
    getrandom::fill(&mut random)
        .map_err(|error| StoreError::unavailable("asking the machine for randomness", error))?;
    Ok(BASE32_NOPAD.encode(&random).to_ascii_lowercase())
}
