//! Text that nobody can guess.

use data_encoding::BASE32_NOPAD;

use crate::store::StoreError;

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
