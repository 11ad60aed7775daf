//! What the disk does at best. Its mood is looked at before and after, for it changes.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A directory on the disk that is measured: `CREWCALL_BENCH_DIR`, or else beside the build, and not
/// in /tmp, which may be memory.
pub(crate) fn directory() -> TempDir {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("target");
    let wanted = std::env::var_os("CREWCALL_BENCH_DIR").map_or(beside, Into::into);
    std::fs::create_dir_all(&wanted).expect("the directory can be made");
    tempfile::tempdir_in(wanted).expect("the directory can be written")
}

/// 4 KiB pages, appended and synced one by one, a second.
pub(crate) fn syncs(directory: &Path) -> f64 {
    let mut file = File::create(directory.join("probe")).expect("a file");
    let (start, mut done) = (Instant::now(), 0);
    while start.elapsed() < Duration::from_secs(1) {
        file.write_all(&[7; 4096]).and_then(|()| file.sync_data()).expect("a synced write");
        done += 1;
    }
    f64::from(done) / start.elapsed().as_secs_f64()
}
