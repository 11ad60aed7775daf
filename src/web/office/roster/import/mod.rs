//! People from a file: it is chosen, what it would change is looked at, and just that is taken over.

mod page;
mod upload;

use axum::Form;
use axum::extract::{Multipart, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::app::AppError;
use crate::aside::aside;
use crate::web::base::at;
use crate::web::office::frame;
use crate::web::security::Large;
use crate::web::session::OfficeUser;
use crate::web::{PageError, Web};
use upload::{Previewed, Refused, Upload, too_large};

const TITLE: &str = "Import people";

/// What was taken over last.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Done {
    added: String,
    changed: String,
}

/// Where a file is chosen.
pub(in crate::web) async fn show(
    State(web): State<Web>,
    user: OfficeUser,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    let counts = done.added.parse::<usize>().ok().zip(done.changed.parse::<usize>().ok());
    let done = counts.map(|(added, changed)| format!("Taken over: {added} added, {changed} changed."));
    Ok(frame(&web, &user, TITLE, page::choose(None, done.as_deref())))
}

/// Shows what a file would change. Nothing is written, and nothing is kept.
pub(in crate::web) async fn preview(
    State(web): State<Web>,
    user: OfficeUser,
    sent: Result<Large<Multipart>, Response>,
) -> Result<Response, PageError> {
    let upload = match sent {
        Ok(Large(form)) => Upload::of(form).await,
        Err(refused) if refused.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(too_large()),
        Err(refused) => return Ok(refused),
    };
    match upload {
        Ok(upload) => view(&web, &user, &upload, StatusCode::OK).await,
        Err(refused) => Ok(again(&web, &user, &refused)),
    }
}

/// Takes over what a preview showed; if the file would change something else by now, that is shown.
pub(in crate::web) async fn take(
    State(web): State<Web>,
    user: OfficeUser,
    Large(Form(previewed)): Large<Form<Previewed>>,
) -> Result<Response, PageError> {
    let digest = previewed.digest.clone();
    let Some(upload) = previewed.upload() else {
        return Err(PageError::BadRequest("The form was not whole. Choose the file anew.".into()));
    };
    let preview = match upload.preview(&web.app).await? {
        Ok(preview) => preview,
        Err(refused) => return Ok(again(&web, &user, &refused)),
    };
    if preview.is_empty() {
        return view(&web, &user, &upload, StatusCode::OK).await;
    }
    if aside(|| preview.digest()) != digest {
        return view(&web, &user, &upload, StatusCode::CONFLICT).await;
    }
    tracing::info!(by = user.name, file = upload.name, "people are imported");
    match web.app.write_roster(&preview.changes).await {
        Ok(()) => {}
        // Somebody changed one of them between the look and the write.
        Err(AppError::Superseded(_)) => return view(&web, &user, &upload, StatusCode::CONFLICT).await,
        Err(error) => return Err(error.into()),
    }
    let (added, changed) = (preview.changes.added.len(), preview.changes.changed.len());
    Ok(Redirect::to(&at(format_args!("/roster/import?added={added}&changed={changed}"))).into_response())
}

async fn view(
    web: &Web,
    user: &OfficeUser,
    upload: &Upload,
    status: StatusCode,
) -> Result<Response, PageError> {
    Ok(match upload.preview(&web.app).await? {
        Ok(preview) => {
            let body = aside(|| page::preview(upload, &preview, status == StatusCode::CONFLICT));
            (status, frame(web, user, TITLE, body)).into_response()
        }
        Err(refused) => again(web, user, &refused),
    })
}

fn again(web: &Web, user: &OfficeUser, refused: &Refused) -> Response {
    let page = frame(web, user, TITLE, page::choose(Some(refused), None));
    (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
}
