"""An app on Authlib, as it comes.

It prints the page that its customer must open, reads from standard input where
that led, and then does all that an app does with its tokens. What it saw is
printed as one line of JSON.
"""

import json
import os
import sys

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session

gateway = os.environ["GATEWAY"]
metadata = requests.get(gateway + "/.well-known/oauth-authorization-server", timeout=30).json()
app = OAuth2Session(
    os.environ["CLIENT_ID"],
    os.environ["CLIENT_SECRET"],
    token_endpoint_auth_method=os.environ["AUTH_METHOD"],
    scope="read:profile read:repositories read:commits",
    redirect_uri=os.environ["REDIRECT_URI"],
    code_challenge_method="S256",
)
verifier = generate_token(48)
url, state = app.create_authorization_url(metadata["authorization_endpoint"], code_verifier=verifier)
print(url, flush=True)
place = sys.stdin.readline().strip()


def read():
    """The status of a read with the token that the session holds."""
    return app.get(gateway + "/v1/repositories", timeout=30).status_code


seen = {}
first = app.fetch_token(
    metadata["token_endpoint"], authorization_response=place, code_verifier=verifier, state=state
)
seen["first"] = {"type": first["token_type"], "expires_in": first["expires_in"], "read": read()}

second = app.refresh_token(metadata["token_endpoint"], refresh_token=first["refresh_token"])
seen["second"] = {"rotated": second["refresh_token"] != first["refresh_token"], "read": read()}

told = app.introspect_token(metadata["introspection_endpoint"], token=second["access_token"])
seen["introspection"] = {"status": told.status_code, **told.json()}

revoked = app.revoke_token(metadata["revocation_endpoint"], token=second["refresh_token"])
seen["revocation"] = {"status": revoked.status_code, "read": read()}

try:
    app.refresh_token(metadata["token_endpoint"], refresh_token=second["refresh_token"])
except OAuthError as refusal:
    seen["refusal"] = refusal.error
print(json.dumps(seen), flush=True)
