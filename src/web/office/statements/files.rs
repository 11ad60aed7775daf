//! The month as files to keep: workbooks, and a table for payroll programs.

use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::{parse, parse_person};
use crate::aside::aside;
use crate::statement::{self, File, XLSX};
use crate::store::StoreError;
use crate::web::session::OfficeUser;
use crate::web::{PageError, Web};

/// One person's statement as a workbook.
pub(in crate::web) async fn person_file(
    State(web): State<Web>,
    _: OfficeUser,
    Path((month, crew_id)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let (month, crew_id) = (parse(&month)?, parse_person(&crew_id)?);
    let view = statement::month(&web.app, month).await?;
    Ok(attached(statement::statement_file(&web.app, &view, &crew_id)?, XLSX))
}

/// The owner's workbook.
pub(in crate::web) async fn owner_file(
    State(web): State<Web>,
    _: OfficeUser,
    Path(month): Path<String>,
) -> Result<Response, PageError> {
    let view = statement::month(&web.app, parse(&month)?).await?;
    Ok(attached(statement::owner_file(&web.app, &view)?, XLSX))
}

/// A row for each person, for payroll programs.
pub(in crate::web) async fn payroll(
    State(web): State<Web>,
    _: OfficeUser,
    Path(month): Path<String>,
) -> Result<Response, PageError> {
    let month = parse(&month)?;
    let view = statement::month(&web.app, month).await?;
    let bytes = aside(|| statement::csv(&view.draft, view.is_approved(), None));
    let bytes = bytes.map_err(|error| StoreError::unavailable("writing a month as CSV", error))?;
    Ok(attached(File { name: format!("payroll-{month}.csv"), bytes }, "text/csv; charset=utf-8"))
}

/// A file that a browser saves and does not show. Its name is made of a month and an id, which need no quoting.
fn attached(file: File, media_type: &str) -> Response {
    let headers = [
        (CONTENT_TYPE, media_type.to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", file.name)),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, file.bytes).into_response()
}
