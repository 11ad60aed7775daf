//! Statements as programs that others wrote open them: openpyxl looks at types, formats and formulas; LibreOffice works all
//! formulas out anew, and prints.

mod month;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::python;
use month::Month;

/// What a script in `tests/peers` prints of a workbook.
fn look(script: &str, words: &[&str]) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers").join(script);
    let output = Command::new(python()).arg(script).args(words).output().expect("scripts/peers installs it");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// LibreOffice makes another file of one, beside it.
fn convert(file: &Path, to: &str, into: &Path) -> PathBuf {
    // Each run has a profile of its own: two at once would wait for each other.
    let profile = tempfile::tempdir().unwrap();
    let output = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", profile.path().display()))
        .args(["--headless", "--convert-to", to, "--outdir"])
        .arg(into)
        .arg(file)
        .output()
        .expect("scripts/peers installs it");
    assert!(output.status.success(), "{output:?}");
    let extension = to.split(':').next().unwrap();
    into.join(file.file_stem().unwrap()).with_extension(extension)
}

fn write(home: &TempDir, name: &str, bytes: &[u8]) -> String {
    let path = home.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Values by tab and cell.
fn values(file: &str) -> BTreeMap<String, Value> {
    let tabs = look("statements.py", &["values", file]);
    let tabs = tabs.as_object().unwrap().iter();
    tabs.flat_map(|(tab, cells)| {
        let cells = cells.as_object().unwrap().iter();
        cells.map(|(cell, value)| (format!("{tab}!{cell}"), value.clone())).collect::<Vec<_>>()
    })
    .collect()
}

#[tokio::test]
async fn openpyxl_finds_types_formats_and_formulas() {
    let home = tempfile::tempdir().unwrap();
    let month = Month::sailed().await;
    let file = write(&home, "dana.xlsx", &month.statement("dana-reyes"));
    let tabs = look("workbook.py", &[&file]);
    let [tab] = tabs.as_array().unwrap().as_slice() else { panic!("{tabs}") };
    assert_eq!(
        (&tab["title"], &tab["frozen"], &tab["landscape"]),
        (&"Statement".into(), &"A5".into(), &true.into())
    );
    assert_eq!((&tab["fits"][0], &tab["fits"][2]), (&true.into(), &0.into()));
    assert_eq!(tab["on_every_page"][0], json!("$4:$4"));
    let cells = &tab["cells"];
    assert_eq!(cells["A5"], json!(["d", "2026-06-06T00:00:00", "yyyy-mm-dd"]));
    assert_eq!((&cells["B5"][0], &cells["B5"][1]), (&"s".into(), &"charter_1".into()));
    let money = "#,##0.00;-#,##0.00";
    assert_eq!(cells["I5"], json!(["n", 100, money]));
    assert_eq!(cells["K5"], json!(["n", 0.05, "0.00##%"]));
    assert_eq!(cells["L5"], json!(["f", "=ROUND(ROUND(J5*100,0)*ROUND(K5*1000000,0)/1000000,0)/100", money]));
    assert_eq!(cells["N5"], json!(["f", "=ROUND(H5+I5+L5+M5,2)", money]));
    let file = write(&home, "lee.xlsx", &month.statement("lee-park"));
    let tabs = look("workbook.py", &[&file]);
    let cells = &tabs[0]["cells"];
    assert_eq!(cells["E5"][2], json!("[h]:mm"));
    assert_eq!(cells["H5"], json!(["f", "=ROUND(ROUND(F5*1440,0)*ROUND(G5*100,0)/60,0)/100", money]));
    // The remark begins like a formula, and stays text.
    let texts = cells.as_object().unwrap().values().filter(|cell| cell[0] == "s");
    assert!(texts.into_iter().any(|cell| cell[1] == "=1+1, a lost winch handle"), "{cells}");
    let file = write(&home, "owner.xlsx", &month.owner());
    let tabs = look("workbook.py", &[&file]);
    let titles: Vec<&str> =
        tabs.as_array().unwrap().iter().map(|tab| tab["title"].as_str().unwrap()).collect();
    assert_eq!(titles[..4], ["People", "Charters", "Exceptions", "06-06 America"]);
    for tab in tabs.as_array().unwrap() {
        assert!(tab["on_every_page"][0].is_string() && tab["frozen"].is_string(), "{}", tab["title"]);
    }
    assert_eq!(tabs[1]["cells"]["H5"][1], json!("='06-06 America'!K13"));
    // What needs a look is read in a line or two.
    let exceptions = &tabs[2];
    assert_eq!(exceptions["cells"]["D4"][1], json!("What needs a look"));
    assert!(exceptions["widths"]["D"].as_f64().unwrap() > 80.0, "{}", exceptions["widths"]);
}

/// From files whose results were taken out, so that what is compared with ours is its own.
#[tokio::test]
async fn libreoffice_works_out_the_same_cents() {
    let home = tempfile::tempdir().unwrap();
    let into = tempfile::tempdir().unwrap();
    let month = Month::sailed().await;
    let (mut computed, mut books) = (0, vec![("owner".to_owned(), month.owner())]);
    books.extend(month.people().into_iter().map(|id| (id.clone(), month.statement(&id))));
    books.push(("every-rounding".to_owned(), month::every_rounding()));
    for (name, bytes) in books {
        let file = write(&home, &format!("{name}.xlsx"), &bytes);
        let bare = home.path().join(format!("{name}-bare.xlsx"));
        let formulas = look("statements.py", &["bare", &file, bare.to_str().unwrap()]);
        let ours = values(&file);
        let theirs = values(convert(&bare, "xlsx:Calc MS Excel 2007 XML", into.path()).to_str().unwrap());
        for formula in formulas.as_array().unwrap() {
            let formula = formula.as_str().unwrap();
            let (ours, theirs) = (ours[formula].as_f64().unwrap(), theirs[formula].as_f64().unwrap());
            // To the cent, and beyond: what is left is what binary numbers cannot say.
            assert!((ours - theirs).abs() < 1e-9, "{name} {formula}: {ours} {theirs}");
            computed += 1;
        }
    }
    assert!(computed > 3_000, "{computed}");
}

#[tokio::test]
async fn libreoffice_prints_it_with_all_columns_on_a_page() {
    let home = tempfile::tempdir().unwrap();
    let month = Month::sailed().await;
    for (name, bytes, total) in [
        ("statement", month.statement("dana-reyes"), month.total("dana-reyes")),
        ("crew-pay", month.owner(), month.paid()),
    ] {
        let file = home.path().join(format!("{name}.xlsx"));
        std::fs::write(&file, bytes).unwrap();
        let pdf = convert(&file, "pdf", home.path());
        let text = Command::new("pdftotext").arg("-layout").arg(&pdf).arg("-").output().unwrap().stdout;
        let text = String::from_utf8(text).unwrap();
        let first = text.split('\u{c}').next().unwrap();
        for heading in ["Gratuity", "Total"] {
            assert!(first.contains(heading), "{heading} is not on the first page of {name}: {first}");
        }
        assert!(first.contains(&total), "{total} is not on the first page of {name}: {first}");
        let pages = text.matches('\u{c}').count();
        assert!(pages <= if name == "statement" { 1 } else { 20 }, "{name} has {pages} pages");
        // `CREWCALL_PICTURES=docs` leaves them where docs/statements.md shows them.
        if let Some(directory) = std::env::var_os("CREWCALL_PICTURES") {
            let picture = Path::new(&directory).join(name);
            let made = Command::new("pdftoppm")
                .args(["-png", "-r", "130", "-f", "1", "-l", "1", "-singlefile"])
                // The part of the page on which there is something.
                .args(["-x", "70", "-y", "80", "-W", "1290", "-H", "420"])
                .args([&pdf, &picture])
                .status()
                .unwrap();
            assert!(made.success());
        }
    }
}
