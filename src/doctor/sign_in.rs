//! Signing in elsewhere: whether the issuer is there.

use super::{Finding, Verdict};
use crate::app::App;
use crate::config::Config;
use crate::openid;

const ABOUT: &str = "sign-in";

pub(super) async fn examine(config: &Config, app: &App) -> Option<Finding> {
    let issuer = match config.openid(app) {
        Ok(issuer) => issuer?,
        Err(error) => return Some(Finding::new(ABOUT, Verdict::Failed, error.to_string())),
    };
    let back = openid::redirect(&config.public_url);
    Some(match issuer.look().await {
        Ok(()) => {
            let says =
                format!("{} answers, and has to know {back} as where to send people back", issuer.name());
            Finding::new(ABOUT, Verdict::Ok, says)
        }
        // The mailed link needs no issuer.
        Err(error) => {
            let says = format!(
                "nobody can sign in with {} ({error}); mailed links work all the same",
                issuer.name()
            );
            Finding::new(ABOUT, Verdict::Warning, says)
        }
    })
}
