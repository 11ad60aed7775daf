//! One table, and the same as JSON.

use comfy_table::{ContentArrangement, Table, presets};
use serde_json::{Value, json};

/// Everything that was measured.
pub(crate) struct Report {
    topic: &'static str,
    lines: Vec<Line>,
}

/// One figure.
pub(crate) struct Line {
    topic: &'static str,
    what: String,
    measured: String,
    beside: String,
    ratio: Option<f64>,
    aim: String,
    met: Option<bool>,
}

impl Report {
    pub(crate) fn new() -> Self {
        Self { topic: "", lines: Vec::new() }
    }

    pub(crate) fn begin(&mut self, topic: &'static str) {
        eprintln!("measuring: {topic} …");
        self.topic = topic;
    }

    /// Adds a figure, to be completed by the methods of [`Line`].
    pub(crate) fn line(&mut self, what: impl Into<String>, measured: impl Into<String>) -> &mut Line {
        self.lines.push(Line {
            topic: self.topic,
            what: what.into(),
            measured: measured.into(),
            beside: String::new(),
            ratio: None,
            aim: String::new(),
            met: None,
        });
        let last = self.lines.len() - 1;
        &mut self.lines[last]
    }

    /// Prints everything, and leaves it in `target/bench.json`.
    pub(crate) fn finish(&self, as_json: bool) {
        let figures: Vec<Value> = self.lines.iter().map(Line::json).collect();
        let json = format!("{:#}\n", json!({ "cores": cores(), "figures": figures }));
        if as_json {
            print!("{json}");
        } else {
            println!("{}", self.table());
        }
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/target/bench.json");
        if let Err(error) = std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/target"))
            .and_then(|()| std::fs::write(file, json))
        {
            eprintln!("the figures could not be left in target/bench.json: {error}");
        }
    }

    fn table(&self) -> Table {
        let mut table = Table::new();
        table.load_style(presets::UTF8_HORIZONTAL_ONLY);
        table.set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(["topic", "figure", "measured", "beside", "ratio", "aim", "met"]);
        let mut topic = "";
        for line in &self.lines {
            let name = if line.topic == topic { "" } else { line.topic };
            topic = line.topic;
            let ratio = line.ratio.map_or_else(String::new, ratio);
            let met = line.met.map_or("", |met| if met { "yes" } else { "no" });
            table.add_row([name, &line.what, &line.measured, &line.beside, &ratio, &line.aim, met]);
        }
        table
    }
}

impl Line {
    /// What it is to be seen beside.
    pub(crate) fn beside(&mut self, beside: impl Into<String>, ratio: f64) -> &mut Self {
        self.beside = beside.into();
        self.ratio = Some(ratio);
        self
    }

    /// What it should be, and whether it is.
    pub(crate) fn aim(&mut self, aim: &str, met: bool) -> &mut Self {
        self.aim = aim.to_owned();
        self.met = Some(met);
        self
    }

    fn json(&self) -> Value {
        json!({
            "topic": self.topic, "figure": self.what, "measured": self.measured, "beside": self.beside,
            "ratio": self.ratio, "aim": self.aim, "met": self.met,
        })
    }
}

/// As "62 %" below three, as "12.3 ×" above.
fn ratio(ratio: f64) -> String {
    if ratio < 3.0 { format!("{:.0} %", ratio * 100.0) } else { format!("{ratio:.1} ×") }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
