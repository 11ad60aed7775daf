//! An office that is only tried out: nobody signs in, and every page says on top what it is.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use maud::Markup;

tokio::task_local! {
    /// The tryout whose pages answer at present. All of them have its bar, those of errors among them, to which nothing
    /// else of the program is at hand.
    static TRYOUT: Arc<dyn Tryout>;
}

/// What is different from an office that is for real.
pub trait Tryout: Send + Sync {
    /// The name under which whoever opens a page acts.
    fn user(&self) -> &str;

    /// What stands on top of every page.
    fn bar(&self) -> Markup;
}

/// What stands on top of the page that is made at present; nothing where it is for real.
pub(super) fn bar() -> Option<Markup> {
    TRYOUT.try_with(|tryout| tryout.bar()).ok()
}

/// Pages of a tryout, if they are.
pub(super) fn of(tryout: Option<Arc<dyn Tryout>>, pages: Router) -> Router {
    let Some(tryout) = tryout else { return pages };
    pages.layer(from_fn(move |request: Request, next: Next| TRYOUT.scope(tryout.clone(), next.run(request))))
}
