//! A person's sails for their calendar program: the feed that it looks at again and again, and the file of one sail.

use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use crewcall_dispatch::cascade::OfferState;
use crewcall_dispatch::link::{Purpose, Token};
use data_encoding::HEXLOWER;
use jiff::SignedDuration;
use sha2::{Digest, Sha256};

use super::me::ended;
use super::{Link, find, unknown_link};
use crate::app::OwnLink;
use crate::calendar::{self, Entry, FILE_NAME, MEDIA_TYPE, Method};
use crate::web::Web;
use crate::web::base::at;
use crate::web::error::CrewPageError;

/// How long a sail stays in the feed after its departure.
const PAST: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The feed of whoever's link it is. It is the same bytes as long as nothing has changed, so that whoever asks
/// with the tag of what they have is told that in a line. The token is no part of the path, which gateways log.
pub(in crate::web) async fn feed(
    State(web): State<Web>,
    Query(link): Query<Link>,
    headers: HeaderMap,
) -> Result<Response, CrewPageError> {
    let Ok(token) = link.token.parse::<Token>() else { return Ok(unknown_link(&web)) };
    let member = match web.app.own_link(&token, Purpose::Calendar).await? {
        Some(OwnLink::Open(member)) => member,
        Some(OwnLink::Ended) => return Ok(ended(&web)),
        None => return Ok(unknown_link(&web)),
    };
    let charters = web.app.calendar_of(&member.crew_id, web.app.clock.now() - PAST).await?;
    let mut entries = Vec::with_capacity(charters.len());
    for state in &charters {
        let Some(offer) = state.bound(&member.crew_id) else { continue };
        entries.push(Entry { state, offer, stamp: web.app.calendar_stamp(state, &member.crew_id).await? });
    }
    let text = calendar::feed(&web.app.operator, &entries);
    let tag = format!("\"{}\"", &HEXLOWER.encode(&Sha256::digest(&text))[..32]);
    // It may be kept, and is asked for anew each time.
    let headers_of_both = [(ETAG, tag.clone()), (CACHE_CONTROL, "private, no-cache".to_owned())];
    if is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, headers_of_both).into_response());
    }
    Ok((headers_of_both, [(CONTENT_TYPE, MEDIA_TYPE)], text).into_response())
}

/// Whether whoever asks has what has this tag (RFC 9110, 13.1.2).
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let given = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut tags = given.flat_map(|tags| tags.split(',')).map(|known| known.trim().trim_start_matches("W/"));
    tags.any(|known| known == tag || known == "*")
}

/// The file of one sail, for whoever is aboard; others see how they stand.
pub(in crate::web) async fn file(
    State(web): State<Web>,
    Query(link): Query<Link>,
) -> Result<Response, CrewPageError> {
    let Some((token, record)) = find(&web, &link.token).await? else { return Ok(unknown_link(&web)) };
    let state = web.app.charter(&record.charter_id).await?;
    let aboard = state.bound(&record.crew_id).filter(|offer| offer.state == OfferState::Accepted);
    let Some(offer) = aboard else {
        let page = at(format_args!("/crew/accept?token={}", token.reveal()));
        return Ok(Redirect::to(&page).into_response());
    };
    let stamp = web.app.calendar_stamp(&state, &record.crew_id).await?;
    let text = calendar::file(&web.app.operator, &Entry { state: &state, offer, stamp }, Method::Publish);
    // Phones show what is not sent as a download in their calendar, with a button that adds it.
    let name = format!("inline; filename=\"{FILE_NAME}\"");
    Ok(([(CONTENT_TYPE, MEDIA_TYPE.to_owned()), (CONTENT_DISPOSITION, name)], text).into_response())
}
