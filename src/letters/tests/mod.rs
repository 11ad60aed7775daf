mod hostile;
mod links;
mod office;
mod snapshots;

use office::{Scene, person};
