//! Files that would take more than there is.

use std::io::Write;

use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

use super::*;
use crate::workbook::read;

const NS: &str = "http://schemas.openxmlformats.org";

/// A workbook of these parts; what every workbook has is there already, for as many tabs.
fn workbook(tabs: &[&str], others: &[(&str, &str)]) -> Vec<u8> {
    let (mut named, mut links) = (String::new(), String::new());
    for (place, tab) in tabs.iter().enumerate() {
        named += &format!("<sheet name=\"T{place}\" sheetId=\"{}\" r:id=\"r{place}\"/>", place + 1);
        links += &format!(
            "<Relationship Id=\"r{place}\" Type=\"{NS}/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/{}.xml\"/>",
            tab
        );
    }
    let mut parts = vec![
        (
            "_rels/.rels",
            format!(
                "<Relationships><Relationship Id=\"r\" Type=\"{NS}/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        ("xl/workbook.xml", format!("<workbook><sheets>{named}</sheets></workbook>")),
        ("xl/_rels/workbook.xml.rels", format!("<Relationships>{links}</Relationships>")),
    ];
    parts.extend(others.iter().map(|(name, text)| (*name, (*text).to_owned())));
    zipped(parts.iter().map(|(name, text)| (*name, text.as_bytes())))
}

fn zipped<'a>(parts: impl Iterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(1));
    for (name, text) in parts {
        zip.start_file(name, options).unwrap();
        zip.write_all(text).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn tab(cells: &str) -> String {
    format!("<worksheet><sheetData>{cells}</sheetData></worksheet>")
}

/// A tab with cells in these rows, in this column.
fn far_away(rows: usize, column: &str) -> String {
    tab(&(1..=rows)
        .map(|row| format!("<row r=\"{row}\"><c r=\"{column}{row}\"><v>1</v></c></row>"))
        .collect::<String>())
}

fn refused(file: &[u8]) -> String {
    read(file).unwrap_err().to_string()
}

#[test]
fn a_cell_at_the_end_of_every_row_is_not_read() {
    let file = workbook(&["a"], &[("xl/worksheets/a.xml", &far_away(20_000, "ALL"))]);
    assert!(file.len() < 250_000, "{}", file.len());
    let said = refused(&file);
    assert!(said.contains("more than 500000 cells") && said.contains("take out tabs"), "{said}");
    // Each tab alone is not too much.
    let half = far_away(300, "ALL");
    assert_eq!(read(&workbook(&["a"], &[("xl/worksheets/a.xml", &half)])).unwrap().tabs[0].rows.len(), 300);
    let file = workbook(&["a", "b"], &[("xl/worksheets/a.xml", &half), ("xl/worksheets/b.xml", &half)]);
    assert!(refused(&file).contains("more than 500000 cells"));
}

/// XML of at least so many bytes, in which nothing is kept.
fn padding(bytes: u64) -> String {
    let piece = format!("<a b=\"{}\"/>", "x".repeat(900_000));
    piece.repeat(usize::try_from(bytes / 900_000).unwrap() + 1)
}

#[test]
fn a_part_that_unpacks_to_more_than_is_read_is_refused_whatever_its_header_says() {
    let sheet = tab("<row><c><v>1</v></c></row>");
    let long = padding(limits::BOOK_PART_BYTES);
    let mut file = workbook(&["a"], &[("xl/worksheets/a.xml", &sheet), ("xl/b.xml", &long)]);
    assert!(file.len() < 500_000, "{}", file.len());
    let said = refused(&file);
    assert!(said.contains("unpacks to more than is read (48 MB in one tab, 64 MB in all)"), "{said}");
    // With a header that says ten bytes, no more than that is unpacked, here and wherever it is read.
    let size = u32::try_from(long.len()).unwrap().to_le_bytes();
    let places: Vec<usize> = (0..file.len() - 4).filter(|at| file[*at..at + 4] == size).collect();
    assert!(!places.is_empty());
    for at in places {
        file[at..at + 4].copy_from_slice(&10u32.to_le_bytes());
    }
    assert_eq!(read(&file).unwrap().tabs[0].rows.len(), 1);
    let text = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(2_000_000));
    assert!(refused(&workbook(&["a"], &[("xl/sharedStrings.xml", &text)])).contains("MB of text"));
}

#[test]
fn all_parts_together_are_bounded() {
    let one = padding(limits::BOOK_BYTES / 3);
    let parts = [("xl/1.xml", &*one), ("xl/2.xml", &*one), ("xl/3.xml", &*one)];
    assert!(refused(&workbook(&["a"], &parts)).contains("64 MB in all"));
    // What nobody reads is not unpacked: a picture is no tab's.
    let parts = [("xl/1.png", &*one), ("xl/2.png", &*one), ("docProps/3.xml", &*one)];
    let sheet = tab("<row><c><v>1</v></c></row>");
    let file = workbook(&["a"], &[&parts[..], &[("xl/worksheets/a.xml", &sheet)]].concat());
    assert_eq!(read(&file).unwrap().tabs[0].rows.len(), 1);
}

#[test]
fn what_is_kept_for_a_few_bytes_each_is_counted() {
    let sheet = tab("<row><c><v>1</v></c></row>");
    let with = |name: &str, text: &str| workbook(&["a"], &[("xl/worksheets/a.xml", &sheet), (name, text)]);
    let strings = "xl/sharedStrings.xml";
    let formats = |text: &str| with("xl/styles.xml", &format!("<styleSheet>{text}</styleSheet>"));
    let xf = "<xf numFmtId=\"9\"/>";
    let font = format!("<fonts><font><name val=\"{}\"/></font></fonts>", "x".repeat(2_000));
    let cell_formats = |count: usize| format!("<cellXfs>{}</cellXfs>", xf.repeat(count));
    for (file, words) in [
        // These two would end the process, or take what the machine has, before a single string is read.
        (with(strings, "<sst uniqueCount=\"99999999999999\"/>"), "500000 cells"),
        (with(strings, "<sst uniqueCount='0000009999999999'></sst>"), "500000 cells"),
        (with(strings, &format!("<sst>{}</sst>", "<si/>".repeat(limits::BOOK_CELLS + 1))), "500000 cells"),
        (with("xl/x.xml", &"<mergeCell ref=\"A1\"/>".repeat(limits::BOOK_JOINS + 1)), "2000 joined cells"),
        (with("xl/x.xml", &"<x:mergeCell ref=\"A1\"/>".repeat(limits::BOOK_JOINS + 1)), "2000 joined cells"),
        (with("xl/x.xml", &"<sheet name=\"x\"/>".repeat(limits::BOOK_TABS + 1)), "more than 100 tabs"),
        (formats(&cell_formats(limits::BOOK_FORMATS + 1)), "values only"),
        (formats(&format!("{font}{}", cell_formats(5_000))), "values only"),
        (with("xl/x.xml", &format!("<a b=\"{}\"/>", "x".repeat(2_000_000))), "MB of text"),
    ] {
        let said = refused(&file);
        assert!(said.contains(words), "{words} is missing in {said}");
    }
    for file in [
        with(strings, "<sst count=\"400000\" uniqueCount=\"3\"><si><t>x</t></si></sst>"),
        formats(&format!("{font}{}", cell_formats(2_000))),
        formats(&cell_formats(60_000)),
    ] {
        assert_eq!(read(&file).unwrap().tabs[0].rows[0][0].text, "1");
    }
}

#[test]
fn a_text_or_a_formula_that_stands_in_many_cells_is_counted_in_each() {
    let cells = |cell: &str| tab(&format!("<row>{}</row>", cell.repeat(900)));
    let strings = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(32_000));
    let sheet = cells("<c t=\"s\"><v>0</v></c>");
    let file = workbook(&["a"], &[("xl/worksheets/a.xml", &sheet), ("xl/sharedStrings.xml", &strings)]);
    assert!(refused(&file).contains("MB of text"));
    // Room for formulas is made as far as their number says.
    let sheet = cells(
        "<c><f t=\"shared\" si=\"99999999999999\" ref=\"A1:B2\">A1</f></c><c><f t=\"shared\" si=\"99999999999999\"/></c>",
    );
    let sheet = sheet.replacen("<c>", "<c><v>7</v>", 1);
    let file = workbook(
        &["a"],
        &[(
            "xl/worksheets/a.xml",
            &sheet.replace("</row>", "").replacen("</sheetData>", "</row></sheetData>", 1),
        )],
    );
    assert!(refused(&file).contains("1000 columns"), "{}", refused(&file));
    let sheet = tab(
        "<row><c><f t=\"shared\" si=\"99999999999999\" ref=\"A1:B1\">C1</f></c><c><f t=\"shared\" si=\"99999999999999\"/></c></row>",
    );
    let book = read(&workbook(&["a"], &[("xl/worksheets/a.xml", &sheet)])).unwrap();
    let seen: Vec<(&str, bool)> =
        book.tabs[0].rows[0].iter().map(|cell| (cell.text.as_str(), cell.formula)).collect();
    assert_eq!(seen, [("=C1", true), ("=", true)]);
}

#[test]
fn tabs_that_are_the_same_part_are_read_a_few_times_only() {
    let blank = tab(&"<row/>".repeat(50_000));
    let file = workbook(&["a"; 50], &[("xl/worksheets/a.xml", &blank)]);
    assert!(refused(&file).contains("the same part"), "{}", refused(&file));
    let book = read(&workbook(&["a"], &[("xl/worksheets/a.xml", &blank)])).unwrap();
    assert_eq!(book.tabs.len(), 1);
}

#[test]
fn a_part_that_reaches_into_the_next_one_is_not_read() {
    let sheet = tab("<row><c><v>1</v></c></row>");
    let mut file = workbook(&["a"], &[("xl/worksheets/a.xml", &sheet)]);
    let central = (0..file.len()).rfind(|at| file[*at..].starts_with(b"PK\x01\x02")).unwrap();
    file[central + 20..central + 24].copy_from_slice(&5_000_000u32.to_le_bytes());
    assert!(refused(&file).contains("is no workbook that can be read"), "{}", refused(&file));
}

#[test]
fn what_is_no_zip_is_said_to_be_what_it_is() {
    let said = refused(&[COMPOUND, &[0; 600]].concat());
    assert!(said.contains("(.xls), or one with a password"), "{said}");
    for file in [&b""[..], b"PK", b"PK\x03\x04", b"Name,Rank\n", &[0; 2_000]] {
        assert!(refused(file).contains("is no workbook that can be read"), "{}", refused(file));
    }
}

/// A thousand people and four hundred days, all of them said, with strings in the cells as in their own table.
#[test]
fn an_ordinary_roster_of_the_largest_size_is_read() {
    let mut sheet = String::new();
    for row in 0..=1_000 {
        sheet += "<row>";
        for column in 0..=400 {
            let said = ["available", "unavailable", "after 5 pm"][(row + column) % 3];
            sheet += &format!("<c s=\"1\" t=\"inlineStr\"><is><t>{said}</t></is></c>");
        }
        sheet += "</row>";
    }
    let book = read(&workbook(&["a"], &[("xl/worksheets/a.xml", &tab(&sheet))])).unwrap();
    assert_eq!(book.tabs[0].size, (1_001, 401));
    assert_eq!(book.tabs[0].rows[1_000][400].text, "after 5 pm");
}
