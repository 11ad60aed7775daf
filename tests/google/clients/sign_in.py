"""Signing in with google-auth: a file of an authorized user, a service account's key, and how both end.

    sign_in.py PROGRAM
"""

import datetime
import json
import tempfile
from unittest import mock

import google.auth.exceptions
import google.auth.transport.requests
import requests
from google.oauth2 import credentials, service_account

from peer import GMAIL_SEND, SPREADSHEETS, client, start


def file_with(content):
    file = tempfile.NamedTemporaryFile("w", suffix=".json")
    json.dump(content, file)
    file.flush()
    return file


def refused(refresh):
    """Why Google gives no token: what google-auth tells, and what Google answered."""
    try:
        refresh()
    except google.auth.exceptions.RefreshError as error:
        assert not error.retryable, error
        return error.args[1]
    raise AssertionError("it was not refused")


transport = google.auth.transport.requests.Request()

with start() as said:
    # An authorized user. The file has no address, and google-auth knows only Google's.
    with file_with(said["authorized_user"]) as file:
        user = credentials.Credentials.from_authorized_user_file(file.name).with_token_uri(said["token_uri"])
    assert not user.valid
    user.refresh(transport)
    assert user.valid and user.refresh_token == said["refresh_token"]

    # Only a part of what was allowed.
    part = credentials.Credentials(
        None, said["refresh_token"], None, said["token_uri"], client(said)["client_id"],
        client(said)["client_secret"], scopes=[GMAIL_SEND],
    )
    part.refresh(transport)
    assert part.granted_scopes == [GMAIL_SEND], part.granted_scopes
    session = google.auth.transport.requests.AuthorizedSession(part, refresh_status_codes=())
    sheet = f"{said['url']}/v4/spreadsheets/{said['spreadsheet_id']}"
    no_scope = session.get(sheet)
    assert no_scope.status_code == 403, no_scope.text
    assert no_scope.json()["error"]["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"

    # A service account, whose address has the spreadsheet shared with it.
    with file_with(said["service_account"]) as file:
        robot = service_account.Credentials.from_service_account_file(file.name, scopes=[SPREADSHEETS])
    title = google.auth.transport.requests.AuthorizedSession(robot).get(f"{sheet}?fields=properties.title")
    assert title.json() == {"properties": {"title": "Crew"}}, title.text

    # It may not act for somebody, and its clock has to be right.
    for_somebody = refused(lambda: robot.with_subject("dana@example.com").refresh(transport))
    assert for_somebody["error"] == "unauthorized_client", for_somebody
    two_hours_ago = google.auth._helpers.utcnow() - datetime.timedelta(hours=2)
    with mock.patch("google.auth._helpers.utcnow", lambda: two_hours_ago):
        late = refused(lambda: robot.refresh(transport))
    assert "short-lived token (60 minutes) and in a reasonable timeframe" in late["error_description"], late

    # An access token that does not hold is refreshed by itself, once.
    user.token = "ya29.old"
    again = google.auth.transport.requests.AuthorizedSession(user).get(f"{sheet}?fields=properties.title")
    assert again.status_code == 200 and user.token != "ya29.old", again.text

    # Revoked, it is over.
    assert requests.post(said["revoke_uri"], data={"token": said["refresh_token"]}).status_code == 200
    revoked = refused(lambda: user.refresh(transport))
    assert revoked == {
        "error": "invalid_grant", "error_description": "Token has been expired or revoked."
    }, revoked
    stranger = credentials.Credentials(
        None, said["refresh_token"], None, said["token_uri"], "nobody", client(said)["client_secret"]
    )
    unknown = refused(lambda: stranger.refresh(transport))
    assert unknown["error"] == "invalid_client", unknown

print(json.dumps({"revoked": revoked, "for_somebody": for_somebody, "late": late, "unknown_client": unknown}))
