//! What pages load: the files of `assets/`, in the program itself, each at an address that changes with what it says,
//! so that browsers keep it for good.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::no_such_page;

/// The route under which all of them are.
pub(super) const ROUTE: &str = "/assets/{file}";
/// How much of a file's digest stands in its address, in hexadecimal digits.
const DIGITS: usize = 12;

/// A file that pages load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asset {
    /// The style of every page; the crew's need no other.
    Base,
    /// The style of the office's pages.
    Office,
    /// The style of what only a tryout has.
    Demo,
    /// What the office's pages do beyond what they do without a script.
    Script,
}

impl Asset {
    const ALL: [Self; 4] = [Self::Base, Self::Office, Self::Demo, Self::Script];

    fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Base => ("base", "css"),
            Self::Office => ("office", "css"),
            Self::Demo => ("demo", "css"),
            Self::Script => ("office", "js"),
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Base => include_str!("../../assets/base.css"),
            Self::Office => include_str!("../../assets/office.css"),
            Self::Demo => include_str!("../../assets/demo.css"),
            Self::Script => include_str!("../../assets/office.js"),
        }
    }

    pub(crate) fn is_script(self) -> bool {
        self == Self::Script
    }

    fn kind(self) -> &'static str {
        if self.is_script() { "text/javascript; charset=utf-8" } else { "text/css; charset=utf-8" }
    }

    /// The file in its address, as `base-0123456789ab.css`.
    fn file(self) -> &'static str {
        static FILES: LazyLock<[String; Asset::ALL.len()]> = LazyLock::new(|| {
            Asset::ALL.map(|asset| {
                let (name, kind) = asset.name();
                let digest = HEXLOWER.encode(&Sha256::digest(asset.text()));
                format!("{name}-{}.{kind}", &digest[..DIGITS])
            })
        });
        &FILES[self as usize]
    }

    /// Where it is.
    pub(crate) fn path(self) -> String {
        ROUTE.replace("{file}", self.file())
    }
}

/// One of the files.
pub(super) async fn show(Path(file): Path<String>) -> Response {
    let Some(asset) = Asset::ALL.into_iter().find(|asset| asset.file() == file) else {
        return no_such_page();
    };
    let headers = [(CONTENT_TYPE, asset.kind()), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, asset.text()).into_response()
}
