"""The rules of Google, Meta and Mailchimp, written from their references, over a set of members.

What none of their pages says is marked `unverified`.
"""

import base64
import hashlib
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import orjson

from tests.exports.local_server import Asked, Reply

SHA256 = re.compile("[0-9a-fA-F]{64}")


@dataclass
class Google:
    """developers.google.com/data-manager/api/reference/rest/v1/audienceMembers, and its limits."""

    members: set[str] = field(default_factory=set)
    tokens: int = 0

    def __call__(self, asked: Asked) -> Reply:
        if asked.path == "/token":
            return self._token(parse_qs(asked.body.decode()))
        if asked.headers.get("authorization") != f"Bearer token-{self.tokens}":
            return _google_error(401, "UNAUTHENTICATED")
        method = asked.path.removeprefix("/v1/audienceMembers:")
        request = asked.json()
        members = request["audienceMembers"]
        if not _fits(method, request):
            return _google_error(400, "INVALID_ARGUMENT")
        # How a violation names its member is google.rpc.BadRequest's path; unverified for lists.
        if wrong := [at for at, each in enumerate(members) if not _is_google_member(each)]:
            fields = [f"audience_members[{at}].user_data.user_identifiers[0]" for at in wrong]
            return _google_error(400, "INVALID_ARGUMENT", fields)
        if not request["validateOnly"]:
            keys = {orjson.dumps(each["userData"]).decode() for each in members}
            self.members = self.members | keys if method == "ingest" else self.members - keys
        return Reply(200, {"requestId": f"request-{len(members)}"})

    def _token(self, form: dict[str, list[str]]) -> Reply:
        # RFC 6749, 6 and 5.2
        wanted = {
            "grant_type": ["refresh_token"],
            "client_id": ["client"],
            "client_secret": ["secret"],
            "refresh_token": ["refresh"],
        }
        if form != wanted:
            return Reply(400, {"error": "invalid_grant"})
        self.tokens += 1
        return Reply(200, {"access_token": f"token-{self.tokens}", "expires_in": 3599})


def _fits(method: str, request: dict[str, Any]) -> bool:
    members = request["audienceMembers"]
    terms = request.get("termsOfService", {}).get("customerMatchTermsOfServiceStatus")
    return (
        0 < len(members) <= 10_000
        and 0 < len(request["destinations"]) <= 10
        and request["encoding"] == "HEX"
        and (
            terms == "ACCEPTED"
            if method == "ingest"
            else "termsOfService" not in request and "consent" not in request
        )
    )


def _is_google_member(member: dict[str, Any]) -> bool:
    identifiers = member["userData"]["userIdentifiers"]
    hashed = [
        text
        for each in identifiers
        for name, text in {**each, **each.get("address", {})}.items()
        if name in {"emailAddress", "phoneNumber", "givenName", "familyName"}
    ]
    regions = [each["address"]["regionCode"] for each in identifiers if "address" in each]
    return (
        0 < len(identifiers) <= 10
        and all(SHA256.fullmatch(text) for text in hashed)
        and all(re.fullmatch("[A-Z]{2}", region) for region in regions)
    )


def _google_error(status: int, name: str, fields: list[str] | None = None) -> Reply:
    violations = [{"field": each, "description": "invalid"} for each in fields or []]
    kind = "type.googleapis.com/google.rpc.BadRequest"
    details = [{"@type": kind, "fieldViolations": violations}] if violations else []
    return Reply(status, {"error": {"code": status, "status": name, "details": details}})


@dataclass
class Meta:
    """developers.facebook.com/docs/marketing-api/reference/custom-audience/users.

    `broken` are values that it takes for invalid; it names at most `named` of them (unverified).
    """

    people: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    named: int = 5
    error: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def __call__(self, asked: Asked) -> Reply:
        if asked.headers.get("authorization") != "Bearer token":
            return Reply(400, {"error": {"code": 190, "type": "OAuthException"}})
        if self.error:
            return Reply(400, {"error": self.error}, self.headers)
        request = asked.json()
        schema, data = request["payload"]["schema"], request["payload"]["data"]
        session = request["session"]
        if len(data) > 10_000 or session["batch_seq"] != 1 or session["session_id"] < 1:
            return Reply(400, {"error": {"code": 100}})
        plain = {"MADID", "EXTERN_ID"}
        invalid, valid = [], set()
        for values in data:
            # An unknown value is left blank.
            known = {name: text for name, text in zip(schema, values, strict=True) if text}
            is_valid = known and all(
                name in plain or (SHA256.fullmatch(text) and text not in self.broken)
                for name, text in known.items()
            )
            if is_valid:
                valid.add(known.get("EMAIL") or orjson.dumps(known).decode())
            else:
                invalid.append(values)
        self.people = self.people | valid if asked.method == "POST" else self.people - valid
        samples = {str(at): ",".join(values) for at, values in enumerate(invalid[: self.named])}
        return Reply(
            200,
            {
                "audience_id": "1",
                "session_id": str(session["session_id"]),
                "num_received": len(data),
                "num_invalid_entries": len(invalid),
                "invalid_entry_samples": samples,
            },
        )


@dataclass
class Mailchimp:
    """mailchimp.com/developer/marketing/api: batches of 500, failures within a 200, 204 and 404.

    `refuses` are addresses that it takes for none or that unsubscribed themselves.
    """

    members: dict[str, dict[str, Any]] = field(default_factory=dict)
    refuses: set[str] = field(default_factory=set)

    def __call__(self, asked: Asked) -> Reply:
        wanted = base64.b64encode(b"kontor:key-us6").decode()
        if asked.headers.get("authorization") != f"Basic {wanted}":
            return Reply(401, {"title": "API Key Invalid", "status": 401})
        path = asked.path.removeprefix("/3.0/lists/a1b2c3d4e5")
        if asked.method == "DELETE":
            found = self.members.pop(path.removeprefix("/members/"), None)
            return Reply(204) if found else Reply(404, {"title": "Resource Not Found"})
        members = asked.json()["members"]
        if len(members) > 500:
            return Reply(400, {"title": "Bad Request", "status": 400})
        errors, new = [], []
        for each in members:
            if each["email_address"] in self.refuses:
                error = {"error": "…", "error_code": "ERROR_GENERIC"}
                errors.append({"email_address": each["email_address"], **error})
                continue
            self.members[_md5(each["email_address"])] = each
            new.append(each)
        body = {"new_members": new, "updated_members": [], "errors": errors}
        return Reply(200, {**body, "total_created": len(new), "error_count": len(errors)})


def _md5(text: str) -> str:
    return hashlib.md5(text.lower().encode(), usedforsecurity=False).hexdigest()
