//! `crewcall backup` and `restore`.

use std::fs;

use super::Home;

#[test]
fn a_backup_is_put_back_as_it_was() {
    let home = Home::with_charter();
    home.run(&["call", "start", "charter_5678"]).done();
    let before = home.data();
    let told = home.run(&["backup", "monday.db"]).done();
    assert!(told.contains("monday.db") && told.contains("crewcall.db.key"), "{told}");
    home.run(&["charter", "cancel", "charter_5678"]).done();
    assert_ne!(home.data(), before);

    let refused = home.run(&["restore", "monday.db"]).failed(1);
    assert!(refused.contains("there is a store already") && refused.contains("crewcall.db;"), "{refused}");
    for name in ["crewcall.db", "crewcall.db-wal", "crewcall.db-shm"] {
        let _ = fs::remove_file(home.path().join(name));
    }
    let told = home.run(&["restore", "monday.db"]).done();
    assert!(told.contains("What happened after that backup is not in it"), "{told}");
    assert_eq!(home.data(), before);
    let names: Vec<_> = fs::read_dir(home.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert!(!names.iter().any(|name| name.to_string_lossy().contains("partial")), "{names:?}");
}

#[test]
fn a_backup_writes_over_nothing_and_is_for_this_user_only() {
    let home = Home::with_charter();
    home.write("taken.db", "mine");
    let refused = home.run(&["backup", "taken.db"]).failed(1);
    assert!(refused.contains("taken.db already, and it was not touched"), "{refused}");
    assert_eq!(fs::read(home.path().join("taken.db")).unwrap(), b"mine");
    // What an earlier one left when it was killed is no hindrance.
    home.write("free.db.partial", "half");
    home.run(&["backup", "free.db", "--json"]).json();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(home.path().join("free.db")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let nowhere = home.run(&["backup", "no/such/directory.db"]).failed(1);
    assert!(nowhere.contains("no/such/directory.db cannot be read or written"), "{nowhere}");
}

#[test]
fn what_is_no_backup_is_not_put_back() {
    let home = Home::with_charter();
    home.run(&["backup", "good.db"]).done();
    for name in ["crewcall.db", "crewcall.db-wal", "crewcall.db-shm"] {
        let _ = fs::remove_file(home.path().join(name));
    }
    home.write("text.db", "not a database, and long enough to be looked at as one ".repeat(40));
    let mut bytes = fs::read(home.path().join("good.db")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0xff);
    home.write("damaged.db", bytes);
    fs::copy(home.path().join("good.db"), home.path().join("open.db")).unwrap();
    home.write("open.db-wal", "the last commits");
    for (name, says) in [
        ("text.db", "is not a database"),
        ("damaged.db", "damaged"),
        ("gone.db", "gone.db"),
        ("open.db", "last commits beside it"),
    ] {
        let refused = home.run(&["restore", name]).failed(1);
        assert!(refused.contains(says), "{name}: {refused}");
        assert!(!home.path().join("crewcall.db").exists(), "{name}");
        assert!(!home.path().join("crewcall.db.partial").exists(), "{name}");
    }
}
