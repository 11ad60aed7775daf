//! Names that want to be more than names.

use crewcall_dispatch::cascade::{Command, Fact};
use mail_parser::MessageParser;

use super::super::*;
use super::{Scene, person};

#[path = "../../../tests/it/support/hostile_text.rs"]
mod hostile_text;
use crate::mail::mime;
use crate::plain::clean_line;

/// The roster and the booking refuse the worst of these; the letters hold without it.
fn names() -> Vec<String> {
    vec![
        "<script>alert(1)</script>".into(),
        "Dana\r\nBcc: x@example.com\r\n\r\nAnswer yes or no:\r\nhttps://evil.example.com".into(),
        "\" onmouseover=\"alert(1)\" 'x' & <b>".into(),
        "&lt;b&gt; </td></table></div>".into(),
        "x".repeat(100),
        "⛵".repeat(100),
        "דנה רייס".into(),
        "\u{202E}moc.elpmaxe@anad\u{202C}".into(),
        "= \\ {} {name} %s $(reboot)".into(),
    ]
}

#[test]
fn no_name_gets_out_of_its_place() {
    for name in names() {
        let mut scene = Scene::new(2).started().accepted(1);
        for member in &mut scene.people {
            member.name.clone_from(&name);
        }
        scene.operator.name.clone_from(&name);
        scene.state.charter.vessel.clone_from(&name);
        scene.state.charter.dock.clone_from(&name);
        let notices: Vec<Notice> = scene.postings.iter().map(|posting| posting.notice.clone()).collect();
        let more = [Notice::Exhausted, Notice::CrewListOffice, Notice::CancelledOffice];
        for notice in notices.into_iter().chain(more) {
            check(&scene, &notice, &name);
        }
    }
}

fn check(scene: &Scene, notice: &Notice, name: &str) {
    let mail = scene.write(notice);
    let plain = Scene::new(2).started().accepted(1).write(notice);

    // The same elements, the same attributes, the same lines as with plain names.
    assert_eq!(tags(&mail.html), tags(&plain.html), "{}", mail.html);
    assert_eq!(mail.text.lines().count(), plain.text.lines().count(), "{}", mail.text);
    let links =
        |text: &str| text.lines().filter(|line| line.starts_with("https://")).map(str::to_owned).collect();
    let (own, expected): (Vec<String>, Vec<String>) = (links(&mail.text), links(&plain.text));
    assert_eq!(own, expected);
    // The name itself can be read.
    let shown = clean_line(name);
    assert!(mail.text.contains(&shown), "{}", mail.text);

    let built = mime::build(&mail).unwrap();
    let parsed = MessageParser::default().parse(&built).unwrap();
    assert!(parsed.bcc().is_none() && parsed.header("Bcc").is_none());
    assert_eq!(parsed.to().unwrap().as_list().unwrap().len(), 1);
    assert_eq!(parsed.parts.len(), 3);
}

#[test]
fn what_somebody_writes_stays_a_quotation() {
    for text in [
        "</blockquote><a href=\"https://evil.example.com\">Answer</a>",
        "Hi\n\nAnswer yes or no:\nhttps://evil.example.com",
        "= \\ {} %s $(reboot)",
    ] {
        let mut scene = Scene::new(1).started().accepted(1).accepted(2);
        scene.run(Command::Post { text: "Hi".into() });
        let plain = scene.newest("message");
        scene.run(Command::Post { text: text.into() });
        let mail = scene.newest("message");
        assert_eq!(tags(&mail.html), tags(&plain.html), "{}", mail.html);
        // Each of its lines is marked, so none passes for a line of ours.
        let ours = |mail: &Mail| {
            mail.text.lines().filter(|line| !line.starts_with('>')).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(ours(&mail), ours(&plain), "{}", mail.text);
    }
}

/// Every notice of a sail that is written with one string in all of its fields.
#[test]
fn twenty_thousand_strings_stay_text_in_every_mail() {
    let mut scene = Scene::new(2).started().accepted(1);
    let mut notices: Vec<Notice> = scene.postings.iter().map(|posting| posting.notice.clone()).collect();
    notices.extend([Notice::Exhausted, Notice::CrewListOffice, Notice::CancelledOffice]);
    scene.run(Command::Post { text: "Hi".into() });
    let posted = scene.postings.iter().rev().find(|posting| posting.notice.quotes().is_some()).unwrap();
    notices.push(posted.notice.clone());
    let write = |scene: &Scene| notices.iter().map(|notice| scene.write(notice)).collect::<Vec<_>>();
    let plain: Vec<_> = write(&scene)
        .iter()
        .map(|mail| (hostile_text::parsed(&mail.html).0, mail.text.lines().count()))
        .collect();
    assert!(notices.len() > 8);
    let mut strings = 0;
    for text in hostile_text::strings() {
        for member in &mut scene.people {
            member.name.clone_from(&text);
        }
        scene.operator.name.clone_from(&text);
        scene.state.charter.vessel.clone_from(&text);
        scene.state.charter.dock.clone_from(&text);
        for event in &mut scene.events {
            if let Fact::MessagePosted { text: posted } = &mut event.fact {
                posted.clone_from(&text);
            }
        }
        let mails = write(&scene);
        for (mail, (elements, lines)) in mails.iter().zip(&plain) {
            let (found, words) = hostile_text::parsed(&mail.html);
            assert_eq!(&found, elements, "{}", mail.html);
            assert_eq!(mail.text.lines().count(), *lines, "{}", mail.text);
            assert!(
                clean_line(&words).contains(&clean_line(&text)) && mail.text.contains(&clean_line(&text)),
                "{}",
                mail.text
            );
        }
        // As bytes of a message each has its own headers and no more.
        let one = &mails[strings % mails.len()];
        let built = mime::build(one).unwrap();
        let parsed = MessageParser::default().parse(&built).unwrap();
        assert!(parsed.header("Bcc").is_none() && parsed.parts.len() == 3, "{}", one.subject);
        assert_eq!(parsed.to().unwrap().as_list().unwrap().len(), 1);
        strings += 1;
    }
    assert_eq!(strings, hostile_text::STRINGS);
}

/// Every tag of a page as it is written, without the texts between them.
fn tags(html: &str) -> Vec<&str> {
    html.split('<').skip(1).map(|tag| tag.split_once('>').map_or(tag, |(tag, _)| tag)).collect()
}

#[test]
fn a_name_that_turns_the_direction_of_text_is_refused_by_the_roster() {
    let mut record = person("captain", "Dana", 1).to_record();
    for name in ["\u{202E}anad", "Dana\u{2066}", "Dana\u{200F}", "Dana\r\nBcc: x@example.com"] {
        record.insert("name".into(), name.into());
        assert!(CrewMember::parse(&record).is_err(), "{name:?} was taken");
    }
    record.insert("name".into(), "דנה רייס".into());
    assert!(CrewMember::parse(&record).is_ok());
}
