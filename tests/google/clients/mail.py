"""Sending mail with google-api-python-client: a mail, a thread, an attachment, an upload, and each refusal.

    mail.py PROGRAM
"""

import base64
import email.message
import io
import json
import pathlib

import googleapiclient.discovery_cache
import requests
from google.auth.transport.requests import Request
from google.oauth2 import credentials
from googleapiclient.discovery import build, build_from_document
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaIoBaseUpload

from peer import GMAIL_SEND, SPREADSHEETS, client, start


def mail(to="Dana <dana@example.com>", subject="Sail on Saturday", **headers):
    message = email.message.EmailMessage()
    message["From"] = "Crew <crew@example.com>"
    if to is not None:
        message["To"] = to
    message["Subject"] = subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("Can you take her out? Zoë can't.\n", cte="quoted-printable")
    return message


def body(message, **fields):
    return {"raw": base64.urlsafe_b64encode(bytes(message)).decode(), **fields}


def signed_in(said, scope):
    of = client(said)
    return credentials.Credentials(
        None, said["refresh_token"], None, said["token_uri"], of["client_id"], of["client_secret"], scopes=[scope]
    )


def gmail(said, scope=GMAIL_SEND):
    options = {"api_endpoint": said["url"]}
    service = build("gmail", "v1", credentials=signed_in(said, scope), client_options=options, static_discovery=True)
    return service.users().messages()


def refused(call):
    """What the client tells of a refusal: the status, the first reason, and the message."""
    try:
        call.execute()
    except HttpError as error:
        details = error.error_details
        first = details[0] if isinstance(details, list) else {}
        return [error.status_code, first.get("reason"), error.reason]
    raise AssertionError("it was not refused")


def uploads(said):
    """The client knows the address for uploads only from the document."""
    documents = pathlib.Path(googleapiclient.discovery_cache.__path__[0], "documents")
    document = json.loads((documents / "gmail.v1.json").read_text())
    document["rootUrl"] = document["baseUrl"] = said["url"] + "/"
    document.pop("mtlsRootUrl", None)
    return build_from_document(document, credentials=signed_in(said, GMAIL_SEND)).users().messages()


with start() as said:
    messages = gmail(said)
    first = messages.send(userId="me", body=body(mail())).execute()
    assert first["labelIds"] == ["SENT"] and first["id"] == first["threadId"], first

    # A thread is kept if the mail says that it answers something, and has the same subject.
    def thread_of(message):
        return messages.send(userId="me", body=body(message, threadId=first["threadId"])).execute()["threadId"]

    answer = {"In_Reply_To": "<1@example.com>", "References": "<1@example.com>"}
    assert thread_of(mail(subject="Re: Sail on Saturday", **answer)) == first["threadId"]
    assert thread_of(mail()) != first["threadId"]
    assert thread_of(mail(subject="Another", **answer)) != first["threadId"]

    with_attachment = mail()
    with_attachment.add_attachment(bytes(range(256)) * 1000, "application", "pdf", filename="Papers – Zoë.pdf")
    assert messages.send(userId="crew@example.com", body=body(with_attachment)).execute()["id"]

    upload = MediaIoBaseUpload(io.BytesIO(bytes(mail(**answer))), "message/rfc822")
    uploaded = uploads(said).send(userId="me", body={"threadId": first["threadId"]}, media_body=upload).execute()
    assert uploaded["threadId"] == first["threadId"], uploaded
    upload = MediaIoBaseUpload(io.BytesIO(bytes(mail())), "message/rfc822")
    alone = uploads(said).send(userId="me", media_body=upload).execute()
    assert alone["threadId"] == alone["id"], alone

    def send(message, user="me", **fields):
        return messages.send(userId=user, body=body(message, **fields))

    seen = {
        "no recipient": refused(send(mail(to=None))),
        "bad recipient": refused(send(mail(to="Dana"))),
        "unknown thread": refused(send(mail(), threadId="1badc0de")),
        "somebody else": refused(send(mail(), user="dana@example.com")),
        "no mail": refused(messages.send(userId="me", body={})),
        "unknown field": refused(messages.send(userId="me", body={"row": "aGVsbG8="})),
        "wrong type": refused(messages.send(userId="me", body=body(mail(), labelIds="SENT"))),
        "bad base64": refused(messages.send(userId="me", body={"raw": "Can you?"})),
        "missing scope": refused(gmail(said, SPREADSHEETS).send(userId="me", body=body(mail()))),
    }
    expected = {
        "no recipient": [400, "invalidArgument", "Recipient address required"],
        "bad recipient": [400, "invalidArgument", "Invalid To header"],
        "unknown thread": [404, "notFound", "Requested entity was not found."],
        "somebody else": [403, "forbidden", "Delegation denied for crew@example.com"],
        "missing scope": [403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "Request had insufficient authentication scopes."],
    }
    for name, refusal in expected.items():
        assert seen[name] == refusal, (name, seen[name])
    assert "'raw' RFC822 payload" in seen["no mail"][2], seen
    assert 'Unknown name "row" at \'message\': Cannot find field.' in seen["unknown field"][2], seen
    assert "Invalid value at 'message.label_ids'" in seen["wrong type"][2], seen
    assert "Base64 decoding failed" in seen["bad base64"][2], seen

    # By hand, what the client does not let through.
    user = signed_in(said, GMAIL_SEND)
    user.refresh(Request())
    headers = {"authorization": f"Bearer {user.token}"}
    path = f"{said['url']}/gmail/v1/users/me/messages/send"
    by_hand = {
        "unknown parameter": requests.post(f"{path}?colour=red", json=body(mail()), headers=headers),
        "a form": requests.post(path, data={"raw": "aGVsbG8="}, headers=headers),
        "no token": requests.post(path, json=body(mail())),
        "dead token": requests.post(path, json=body(mail()), headers={"authorization": "Bearer ya29.old"}),
    }
    for name, answer in by_hand.items():
        error = answer.json()["error"]
        seen[name] = [answer.status_code, error["errors"][0]["reason"], error["message"]]
    assert [seen[name][0] for name in by_hand] == [400, 400, 401, 401], seen
    assert seen["dead token"][1] == "authError", seen

print(json.dumps(seen))
