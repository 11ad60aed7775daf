//! What a sign-in is asked for: no more than is switched on.

/// One thing that a sign-in allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// To send mail, and nothing else: not to read or search it.
    SendMail,
    /// To read and write the spreadsheets of the account.
    Spreadsheets,
}

/// Which account it is. Asked for along with the others at a sign-in by a person, so that a wrong account is noticed at once; not
/// needed later.
pub(super) const IDENTITY: [&str; 2] = ["openid", "https://www.googleapis.com/auth/userinfo.email"];

impl Scope {
    /// As Google writes it (developers.google.com/identity/protocols/oauth2/scopes).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SendMail => "https://www.googleapis.com/auth/gmail.send",
            Self::Spreadsheets => "https://www.googleapis.com/auth/spreadsheets",
        }
    }

    /// What it is for, for a sentence.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::SendMail => "to send mail",
            Self::Spreadsheets => "to read and write the spreadsheet",
        }
    }

    /// Whether one of these covers it: the wider ones allow what the narrow one does.
    pub fn is_within(self, granted: &[String]) -> bool {
        let wider: &[&str] = match self {
            Self::SendMail => &[
                "https://mail.google.com/",
                "https://www.googleapis.com/auth/gmail.modify",
                "https://www.googleapis.com/auth/gmail.compose",
            ],
            Self::Spreadsheets => &["https://www.googleapis.com/auth/drive"],
        };
        granted.iter().any(|scope| scope == self.as_str() || wider.contains(&scope.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wider_scope_covers_and_a_neighbour_does_not() {
        let granted = |scopes: &[&str]| scopes.iter().map(|scope| (*scope).to_owned()).collect::<Vec<_>>();
        let mail = granted(&["openid", Scope::SendMail.as_str()]);
        assert!(Scope::SendMail.is_within(&mail) && !Scope::Spreadsheets.is_within(&mail));
        assert!(Scope::SendMail.is_within(&granted(&["https://mail.google.com/"])));
        assert!(!Scope::SendMail.is_within(&granted(&["https://www.googleapis.com/auth/gmail.readonly"])));
        assert!(!Scope::Spreadsheets.is_within(&[]));
        // It opens only what the program made itself.
        assert!(!Scope::Spreadsheets.is_within(&granted(&["https://www.googleapis.com/auth/drive.file"])));
    }
}
