//! Text that wants to be more than text: 20,000 strings, the same in every run.

/// How many there are.
pub(crate) const STRINGS: usize = 20_000;

/// What breaks out of elements, attributes, comments, scripts, styles, links, templates, headers and cells.
const PIECES: [&str; 44] = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)//",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=javascript:alert(1)>x</a>",
    "<base href=https://evil.example.com/>",
    "<form action=https://evil.example.com><button>",
    "<meta http-equiv=refresh content=0;url=https://evil.example.com>",
    "<style>*{display:none}</style>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?php ?>",
    "</title>",
    "</textarea>",
    "</option></select>",
    "</td></tr></table>",
    "</blockquote></body></html>",
    "<",
    ">",
    "\"",
    "'",
    "`",
    "&",
    "&lt;b&gt;",
    "&#60;b&#x3e;",
    "&quot onclick=alert(1) ",
    "\" onmouseover=\"alert(1)",
    "' autofocus onfocus='alert(1)",
    "\" style=\"position:fixed",
    "javascript:alert(1)",
    "data:text/html,<b>",
    "{{7*7}}${7*7}#{7*7}",
    "%3Cscript%3E",
    "\\u003cscript\\u003e",
    "\\\"; alert(1); //",
    "=HYPERLINK(\"https://evil.example.com\")",
    "https://evil.example.com/crew/accept?token=x",
    "Bcc: x@example.com",
    "⛵é\u{0301}日本語",
    "דנה",
    " x ",
];

/// The strings: one to four pieces each, with other characters between them.
pub(crate) fn strings() -> impl Iterator<Item = String> {
    let mut random = fastrand::Rng::with_seed(8);
    (0..STRINGS).map(move |n| {
        let mut text = String::new();
        for _ in 0..random.usize(1..=4) {
            text.push_str(PIECES[random.usize(..PIECES.len())]);
            for _ in 0..random.usize(..3) {
                text.push(random.char('!'..'\u{2000}'));
            }
        }
        // No two are alike, and none is too long for a name, nor as short as the words for a day.
        // What nobody sees is refused, or taken out, where it comes in.
        let seen = |c: &char| !c.is_control() && !matches!(c, '\u{AD}' | '\u{61C}');
        let start: String = text.chars().filter(seen).take(80).collect();
        format!("{n}{start:.<6}")
    })
}

/// The elements of a page with the names of their attributes, as a browser finds them; and its text.
pub(crate) fn parsed(html: &str) -> (Vec<String>, String) {
    let (mut elements, mut texts) = (Vec::new(), String::new());
    for token in html5gum::Tokenizer::new(html) {
        let Ok(token) = token;
        match token {
            html5gum::Token::StartTag(tag) => {
                let names = tag.attributes.keys().map(|name| String::from_utf8_lossy(name).into_owned());
                let names = names.collect::<Vec<_>>().join(" ");
                elements.push(format!("<{} {names}>", String::from_utf8_lossy(&tag.name)));
                // What stands in attributes is read out, or leads somewhere.
                for (name, value) in &tag.attributes {
                    let value = String::from_utf8_lossy(value);
                    let leads = matches!(&name[..], b"href" | b"src" | b"action" | b"formaction");
                    let here = ["/", "#", "https://", "http://", "mailto:", "tel:", "data:,", "?"];
                    assert!(
                        !leads || value.is_empty() || here.iter().any(|way| value.starts_with(way)),
                        "leads to {value}"
                    );
                    texts.push_str(&value);
                    texts.push('\n');
                }
            }
            html5gum::Token::EndTag(tag) => {
                elements.push(format!("</{}>", String::from_utf8_lossy(&tag.name)))
            }
            html5gum::Token::String(text) => texts.push_str(&String::from_utf8_lossy(&text)),
            html5gum::Token::Comment(_) => elements.push("a comment".into()),
            html5gum::Token::Doctype(_) => {}
            html5gum::Token::Error(error) => panic!("{error:?}: {html}"),
        }
    }
    (elements, texts)
}
