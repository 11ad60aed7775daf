"""What google-auth makes of a sign-in of crewcall's, and crewcall of one of google-auth's.

Reads the file of a sign-in, has an access token by it, and writes the file anew as google-auth does. Prints what it found.
"""

import json
import sys

from google.auth.transport.requests import Request
from google.oauth2.credentials import Credentials

source, target, token_uri = sys.argv[1:]
credentials = Credentials.from_authorized_user_file(source)
assert credentials.refresh_token and not credentials.valid
# google-auth goes to Google's own address, whatever the file says.
credentials = Credentials(
    None,
    refresh_token=credentials.refresh_token,
    token_uri=token_uri,
    client_id=credentials.client_id,
    client_secret=credentials.client_secret,
    scopes=credentials.scopes,
    account=credentials.account,
)
credentials.refresh(Request())
assert credentials.valid
with open(target, "w") as file:
    file.write(credentials.to_json())
print(json.dumps({"account": credentials.account, "scopes": credentials.scopes}))
