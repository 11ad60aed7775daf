"""What Python's icalendar finds in calendars of crewcall's, and in those that came with mails (.eml).

Prints it as JSON: of each file the method, the longest line in octets, and each entry.
"""

import email
import email.policy
import json
import sys

from icalendar import Calendar


def calendars(path):
    """The bytes of every calendar in a file."""
    with open(path, "rb") as file:
        content = file.read()
    if not path.endswith(".eml"):
        return [content]
    mail = email.message_from_bytes(content, policy=email.policy.default)
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    for part in parts:
        # The header of the part says what the calendar says.
        method = Calendar.from_ical(part.get_content())["METHOD"]
        assert part.get_param("method") == method, (part["Content-Type"], method)
    return [part.get_payload(decode=True) for part in parts]


def entry(event):
    return {
        "uid": str(event["UID"]),
        "sequence": int(event["SEQUENCE"]),
        "begins": event.decoded("DTSTART").isoformat(),
        "ends": event.decoded("DTEND").isoformat(),
        "stamped": event.decoded("DTSTAMP").isoformat(),
        "summary": str(event["SUMMARY"]),
        "location": str(event["LOCATION"]),
        "description": str(event["DESCRIPTION"]),
        "status": str(event["STATUS"]),
        "organizer": [str(event["ORGANIZER"]), event["ORGANIZER"].params["CN"]],
        "errors": [str(error) for error in event.errors],
    }


found = []
for path in sys.argv[1:]:
    for content in calendars(path):
        calendar = Calendar.from_ical(content)
        found.append(
            {
                "method": str(calendar["METHOD"]),
                "name": str(calendar.get("NAME", "")),
                "longest": max(len(line) for line in content.split(b"\r\n")),
                "bare": content.replace(b"\r\n", b"").count(b"\n"),
                "entries": [entry(event) for event in calendar.walk("VEVENT")],
                "errors": [str(error) for error in calendar.errors],
            }
        )
print(json.dumps(found))
