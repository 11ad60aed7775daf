//! The links of a mail.

use std::str::FromStr;

use crewcall_dispatch::link::Token;

use crate::mail::Mail;

/// Where the links of a mail lead on this server, each once: those of its text, then those of its HTML.
pub(in crate::demo) fn links(mail: &Mail, public_url: &str) -> Vec<String> {
    let of_text = mail.text.split_whitespace().map(str::to_owned);
    let of_html = mail.html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let all = of_text.chain(of_html.map(|link| link.replace("&amp;", "&")));
    let mut ours: Vec<String> = Vec::new();
    for link in all {
        if let Some(path) = link.strip_prefix(public_url).filter(|path| path.starts_with('/'))
            && !ours.iter().any(|known| known == path)
        {
            ours.push(path.to_owned());
        }
    }
    ours
}

/// Whether a path is that of somebody's own page.
pub(super) fn is_own_page(path: &str) -> bool {
    path.starts_with("/crew/me?")
}

/// The token of a link that answers an offer.
pub(super) fn token(path: &str) -> Option<Token> {
    let (_, rest) = path.strip_prefix("/crew/accept")?.split_once("token=")?;
    Token::from_str(rest.split(['&', '#']).next()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::mime::sample;

    #[test]
    fn links_are_found_once_in_either_part_and_only_ours() {
        let mail = Mail {
            text: "Answer:\nhttp://localhost:1/crew/accept?token=a.b&expires=x\nhttp://localhost:10/no\n".into(),
            html: "<a href=\"http://localhost:1/crew/accept?token=a.b&amp;expires=x\">yes</a> <a href=\"tel:1\">1</a>\
                   <a href=\"http://localhost:1/charters/ch\">see</a> <a href=\"https://example.com/\">no</a>"
                .into(),
            ..sample()
        };
        let found = links(&mail, "http://localhost:1");
        assert_eq!(found, ["/crew/accept?token=a.b&expires=x", "/charters/ch"]);
        assert_eq!(token(&found[0]).unwrap().id.as_str(), "a");
        assert!(token(&found[1]).is_none() && token("/crew/me?token=a.b").is_none());
        assert!(is_own_page("/crew/me?token=a.b") && !is_own_page(&found[0]));
    }
}
