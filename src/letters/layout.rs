//! A letter, and its two settings: plain text, and HTML that any mail program shows.

use maud::{DOCTYPE, Markup, html};

use crate::plain::clean_line;

/// What a mail says, part by part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The first line: what it is about, as a whole sentence.
    pub title: String,
    /// The rest.
    pub blocks: Vec<Block>,
}

/// One part of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Text(String),
    /// Facts with their names.
    Facts(Vec<(&'static str, String)>),
    /// One line each.
    List(Vec<String>),
    /// Something to press.
    Button {
        /// What it says.
        label: &'static str,
        /// Where it leads.
        url: String,
    },
    /// A remark in small print.
    Small(String),
    /// What somebody wrote, line by line.
    Quote(String),
}

impl Letter {
    /// A letter that so far has only its first line.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), blocks: Vec::new() }
    }

    /// The letter with one more part.
    #[must_use]
    pub fn with(mut self, block: Block) -> Self {
        self.blocks.push(block);
        self
    }

    /// The letter with one more paragraph.
    #[must_use]
    pub fn say(self, text: impl Into<String>) -> Self {
        self.with(Block::Text(text.into()))
    }

    /// As plain text. What people wrote stays on its line, or behind a mark on each of its lines, so that no name can pass for a line of ours.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n", clean_line(&self.title));
        for block in &self.blocks {
            text.push('\n');
            match block {
                Block::Text(words) | Block::Small(words) => {
                    text.push_str(&format!("{}\n", clean_line(words)));
                }
                Block::Facts(facts) => {
                    for (name, value) in facts {
                        text.push_str(&format!("{:<13} {}\n", format!("{name}:"), clean_line(value)));
                    }
                }
                Block::List(lines) => {
                    for line in lines {
                        text.push_str(&format!("- {}\n", clean_line(line)));
                    }
                }
                Block::Button { label, url } => text.push_str(&format!("{label}:\n{url}\n")),
                Block::Quote(words) => {
                    for line in words.lines() {
                        text.push_str(format!("> {}", clean_line(line)).trim_end());
                        text.push('\n');
                    }
                }
            }
        }
        text
    }

    /// As an HTML page. Styles stand on the elements, because many mail programs drop style sheets.
    pub fn html(&self, operator: &str) -> String {
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (self.title) }
                }
                body style="margin:0;background:#f2f5f7;color:#14212b;font-family:system-ui,sans-serif;font-size:16px;line-height:1.5" {
                    div style="max-width:34em;margin:0 auto;padding:24px 16px" {
                        p style="margin:0 0 8px;color:#4b5b66" { (operator) }
                        div style="background:#ffffff;border:1px solid #d5dde3;border-radius:10px;padding:20px;overflow-wrap:anywhere" {
                            h1 style="font-size:20px;line-height:1.3;margin:0 0 12px" { (self.title) }
                            @for block in &self.blocks { (block.html()) }
                        }
                    }
                }
            }
        }
        .into_string()
    }
}

impl Block {
    fn html(&self) -> Markup {
        html! {
            @match self {
                Block::Text(words) => p style="margin:12px 0" { (words) },
                Block::Facts(facts) => table role="presentation" style="border-collapse:collapse;margin:12px 0" {
                    @for (name, value) in facts {
                        tr {
                            td style="padding:3px 14px 3px 0;color:#4b5b66;vertical-align:top;white-space:nowrap" { (name) }
                            td style="padding:3px 0;vertical-align:top" { (value) }
                        }
                    }
                },
                Block::List(lines) => ul style="margin:12px 0;padding-left:20px" {
                    @for line in lines { li { (line) } }
                },
                Block::Button { label, url } => p style="margin:20px 0" {
                    a href=(url) style="display:inline-block;background:#0b5a7d;color:#ffffff;text-decoration:none;font-weight:600;padding:14px 28px;border-radius:8px" { (label) }
                },
                Block::Quote(words) => blockquote style="margin:12px 0;padding:4px 0 4px 14px;border-left:4px solid #0b5a7d;white-space:pre-line" { (words) },
                Block::Small(words) => p style="margin:12px 0;color:#4b5b66;font-size:14px" { (words) },
            }
        }
    }
}
