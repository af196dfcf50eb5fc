"""Each destination against a local server that keeps the rules of its published reference."""

import base64
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pipelines.exporting.destination import (
    Destination,
    DestinationStoppedError,
    Opening,
    Operation,
    Outcome,
    Row,
)
from pipelines.exporting.destinations import (
    google_customer_match,
    mailchimp,
    meta_custom_audience,
    webhook,
)
from pipelines.exporting.identifiers.formats import META, identified
from pipelines.exporting.kinds import KINDS
from tests.exports.local_server import HOST, Asked, Local, Reply, serving
from tests.exports.marketing_servers import Google, Mailchimp, Meta

SECRETS = {
    "google_customer_match": {
        "client_id": "client",
        "client_secret": "secret",
        "refresh_token": "refresh",
    },
    "meta_custom_audience": {"access_token": "token"},
    "mailchimp": {"api_key": "key-us6"},
    "webhook": {"signing_secret": "whsec_" + base64.b64encode(b"k" * 24).decode()},
}
SETTINGS: dict[str, dict[str, Any]] = {
    "google_customer_match": {
        "operating_account_id": "1234567890",
        "user_list_id": "55",
        "ad_user_data": "CONSENT_GRANTED",
        "ad_personalization": "CONSENT_DENIED",
    },
    "meta_custom_audience": {"audience_id": "1"},
    "mailchimp": {"list_id": "a1b2c3d4e5", "status": "subscribed"},
    "webhook": {},
}
APIS: dict[str, Callable[[], Any]] = {
    "google_customer_match": Google,
    "meta_custom_audience": Meta,
    "mailchimp": Mailchimp,
    "webhook": lambda: lambda _: Reply(204),
}


def row(key: str, operation: Operation = "upsert", **fields: str | None) -> Row:
    return Row(key, operation, fields or {"email": f"{key}@example.com"})


def opened(kind: str, server: Local, **settings: Any) -> Destination:
    places = {"loopback_hosts": (HOST,)}
    places |= {"url": server.address} if kind == "webhook" else {"address": server.address}
    if kind == "google_customer_match":
        places["token_address"] = f"{server.address}/token"
    given = KINDS[kind].settings(**{**SETTINGS[kind], **places, **settings})
    return KINDS[kind].open(given, Opening("demo", "test", ("email",), SECRETS[kind], Path()))


@contextmanager
def against(kind: str, api: Any = None, **settings: Any) -> Iterator[tuple[Local, Destination]]:
    with serving(api or APIS[kind]()) as server:
        yield server, opened(kind, server, **settings)


def states(outcomes: Sequence[Outcome]) -> dict[str, str]:
    return {each.key: each.state for each in outcomes}


# What holds for each of them.


@pytest.mark.parametrize("kind", APIS)
def test_rows_are_confirmed_in_their_order(kind: str) -> None:
    rows = [row("a"), row("b", "remove"), row("c")]

    with against(kind) as (_, destination):
        outcomes = destination.send(rows, "run-1")

    assert [(each.key, each.state) for each in outcomes] == [
        (key, "confirmed") for key in ("a", "b", "c")
    ]


@pytest.mark.parametrize("kind", APIS)
@pytest.mark.parametrize("status", [429, 503])
def test_what_is_not_taken_waits_as_long_as_the_server_says(kind: str, status: int) -> None:
    with against(kind) as (server, destination):
        server.faults.append(Reply(status, None, {"Retry-After": "30"}))
        (outcome,) = destination.send([row("a")], "run-1")

    assert (outcome.state, outcome.retry_after_seconds) == ("retry", 30.0)


@pytest.mark.parametrize("kind", ["meta_custom_audience", "mailchimp", "webhook"])
@pytest.mark.parametrize("fault", ["lost_before", "lost_after", Reply(500), Reply(502)])
def test_without_an_answer_nobody_knows_what_became_of_the_rows(
    kind: str, fault: Reply | str
) -> None:
    with against(kind) as (server, destination):
        server.faults.append(fault)
        assert states(destination.send([row("a")], "run-1")) == {"a": "unknown"}


@pytest.mark.parametrize("kind", ["meta_custom_audience", "mailchimp", "webhook"])
@pytest.mark.parametrize("status", [301, 401, 403, 404, 410])
def test_what_would_refuse_every_row_stops_the_run(kind: str, status: int) -> None:
    with against(kind) as (server, destination):
        server.faults.append(Reply(status))
        with pytest.raises(DestinationStoppedError) as stopped:
            destination.send([row("a")], "run-1")

    for secret in SECRETS[kind].values():
        assert secret not in str(stopped.value)


@pytest.mark.parametrize("kind", ["google_customer_match", "meta_custom_audience", "mailchimp"])
def test_what_is_hashed_already_and_what_identifies_nobody_never_reaches_the_wire(
    kind: str,
) -> None:
    rows = [row("hashed", email="0" * 64), row("none", first_name="Ann"), row("ok")]

    with against(kind) as (server, destination):
        outcomes = destination.send(rows, "run-1")

    assert states(outcomes) == {"hashed": "refused", "none": "refused", "ok": "confirmed"}
    assert outcomes[0].reason == "already_hashed"
    assert not any(b"0" * 64 in each.body for each in server.asked)


@pytest.mark.parametrize("kind", ["google_customer_match", "meta_custom_audience"])
def test_no_address_leaves_unhashed(kind: str) -> None:
    with against(kind) as (server, destination):
        destination.send([row("a", email="ann.lee@example.com", phone="+49 171 9988776")], "r")

    sent = b"".join(each.body for each in server.asked)
    assert b"ann.lee" not in sent
    assert b"9988776" not in sent


# Google


def test_google_gets_consent_with_each_member_and_none_with_a_removal() -> None:
    api = Google()
    with against("google_customer_match", api) as (server, destination):
        destination.send([row("a"), row("b")], "run-1")
        assert len(api.members) == 2
        destination.send([row("a", "remove")], "run-2")

    ingested = server.asked[1].json()
    consent = {"adUserData": "CONSENT_GRANTED", "adPersonalization": "CONSENT_DENIED"}
    assert [each["consent"] for each in ingested["audienceMembers"]] == [consent, consent]
    assert len(api.members) == 1
    assert [each.path for each in server.asked].count("/token") == 1


def test_the_member_that_google_names_is_refused_and_the_others_are_sent() -> None:
    api = Google()
    with against("google_customer_match", api) as (server, destination):
        destination.send([row("warm")], "run-0")  # so that a token is there
        fields = [{"field": "audience_members[1].user_data", "description": "invalid"}]
        error = {"details": [{"fieldViolations": fields}]}
        server.faults.append(Reply(400, {"error": error}))
        outcomes = destination.send([row("a"), row("b"), row("c")], "run-1")

    assert states(outcomes) == {"a": "confirmed", "b": "refused", "c": "confirmed"}
    assert len(api.members) == 3


def test_google_that_only_validates_applies_nothing() -> None:
    api = Google()
    with against("google_customer_match", api, validate_only=True) as (_, destination):
        assert states(destination.send([row("a")], "run-1")) == {"a": "confirmed"}

    assert not api.members


def test_google_takes_ten_thousand_members_at_once_and_no_more() -> None:
    with against("google_customer_match") as (_, destination):
        most = destination.limits.rows_per_request
        assert most == 10_000
        taken = destination.send([row(str(at)) for at in range(most)], "run-1")
        too_many = destination.send([row(str(at)) for at in range(most + 1)], "run-2")

    assert {each.state for each in taken} == {"confirmed"}
    assert {each.state for each in too_many} == {"refused"}


def test_a_refresh_token_that_is_not_accepted_stops_the_run_and_nothing_was_sent() -> None:
    with against("google_customer_match") as (server, destination):
        server.faults.append(Reply(400, {"error": "invalid_grant"}))
        with pytest.raises(DestinationStoppedError, match="refresh token"):
            destination.send([row("a")], "run-1")
        server.faults.append("lost_after")
        assert states(destination.send([row("a")], "run-1")) == {"a": "retry"}

    assert {each.path for each in server.asked} == {"/token"}


def test_an_address_counts_for_google_with_all_of_its_parts_or_not_at_all() -> None:
    whole = {"first_name": "Ann", "last_name": "Lee", "country": "DE", "postal_code": "10115"}
    with against("google_customer_match") as (server, destination):
        outcomes = destination.send([row("whole", **whole), row("part", first_name="Ann")], "r")

    (person,) = server.asked[1].json()["audienceMembers"]
    assert list(person["userData"]["userIdentifiers"][0]) == ["address"]
    assert states(outcomes) == {"whole": "confirmed", "part": "refused"}


# Meta


def test_an_entry_that_meta_names_within_a_200_is_refused_and_the_rest_confirmed() -> None:
    broken = identified(META, {"email": "b@example.com"}).values["EMAIL"]
    api = Meta(broken={broken})
    with against("meta_custom_audience", api) as (_, destination):
        outcomes = destination.send([row("a"), row("b"), row("c")], "run-1")

    assert states(outcomes) == {"a": "confirmed", "b": "refused", "c": "confirmed"}


def test_while_meta_does_not_name_all_that_is_invalid_the_rest_is_unknown() -> None:
    broken = {identified(META, row(key).fields).values["EMAIL"] for key in "bc"}
    api = Meta(broken=broken, named=1)
    with against("meta_custom_audience", api) as (_, destination):
        outcomes = destination.send([row("a"), row("b"), row("c")], "run-1")

    assert states(outcomes) == {"a": "unknown", "b": "refused", "c": "unknown"}
    assert outcomes[0].reason == "2 of 3 invalid"


def test_meta_says_in_minutes_when_it_takes_calls_again() -> None:
    usage = '{"1": [{"type": "custom_audience", "estimated_time_to_regain_access": 5}]}'
    api = Meta(error={"code": 80003}, headers={"X-Business-Use-Case-Usage": usage})
    with against("meta_custom_audience", api) as (_, destination):
        (outcome,) = destination.send([row("a")], "run-1")

    assert (outcome.state, outcome.retry_after_seconds) == ("retry", 300.0)


@pytest.mark.parametrize("error", [{"code": 190}, {"code": 100, "error_subcode": 1713230}])
def test_a_token_that_ended_and_an_audience_that_is_flagged_stop_the_run(
    error: dict[str, int],
) -> None:
    with (
        against("meta_custom_audience", Meta(error=error)) as (_, destination),
        pytest.raises(DestinationStoppedError),
    ):
        destination.send([row("a")], "run-1")


def test_people_of_whom_different_things_are_known_share_one_schema_with_blanks() -> None:
    rows = [row("a"), row("b", phone="+1 650 555 1212"), row("c", external_id="7")]
    api = Meta()
    with against("meta_custom_audience", api) as (server, destination):
        assert set(states(destination.send(rows, "run-1")).values()) == {"confirmed"}

    payload = server.asked[0].json()["payload"]
    assert payload["schema"] == ["EMAIL", "PHONE", "EXTERN_ID"]
    assert payload["data"][2] == ["", "", "7"]


# Mailchimp


def test_who_failed_within_a_200_of_mailchimp_is_refused() -> None:
    api = Mailchimp(refuses={"b@example.com"})
    with against("mailchimp", api) as (_, destination):
        outcomes = destination.send([row("a"), row("b", email="B@Example.com")], "run-1")

    assert states(outcomes) == {"a": "confirmed", "b": "refused"}
    assert outcomes[1].reason == "error_generic"


def test_a_member_is_archived_by_the_key_of_its_address_and_being_gone_already_is_as_good() -> None:
    api = Mailchimp()
    with against("mailchimp", api) as (server, destination):
        destination.send([row("a", email="Urist.McVankab@freddiesjokes.com")], "run-1")
        removal = row("a", "remove", email="urist.mcvankab@freddiesjokes.com")
        for run in ("run-2", "run-3"):
            assert states(destination.send([removal], run)) == {"a": "confirmed"}

    assert not api.members
    # The key is the one of Mailchimp's guide.
    assert server.asked[-1].path.endswith("/members/62eeb292278cc15f5817cb78f7790b08")


def test_mailchimp_takes_five_hundred_at_once() -> None:
    with against("mailchimp") as (_, destination):
        most = destination.limits.rows_per_request
        assert most == 500
        taken = destination.send([row(str(at)) for at in range(most)], "run-1")
        too_many = destination.send([row(str(at)) for at in range(most + 1)], "run-2")

    assert {each.state for each in taken} == {"confirmed"}
    assert {each.state for each in too_many} == {"refused"}


def test_a_key_of_mailchimp_without_a_data_centre_is_refused_before_anything_is_sent() -> None:
    opening = Opening("demo", "test", ("email",), {"api_key": "key"}, Path())

    with pytest.raises(DestinationStoppedError, match="data centre") as stopped:
        mailchimp.KIND.open(mailchimp.Settings(**SETTINGS["mailchimp"]), opening)

    assert "key'" not in str(stopped.value)


# Webhook


def test_a_signature_is_the_one_of_the_specifications_test() -> None:
    # github.com/standard-webhooks/standard-webhooks, the vector that its libraries share
    keys = webhook.keys_in("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")

    headers = webhook.signed(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}', keys
    )

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_message_that_is_repeated_is_the_same_bytes_under_the_same_id() -> None:
    with against("webhook") as (server, destination):
        for _ in range(2):
            destination.send([row("a"), row("b", "remove")], "run-1")

    first, second = server.asked
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == "run-1"


def test_while_a_secret_is_replaced_both_sign() -> None:
    old, new = (base64.b64encode(each * 24).decode() for each in (b"o", b"n"))

    keys = webhook.keys_in(f"whsec_{new} whsec_{old}")
    signature = webhook.signed("id", 1, b"{}", keys)["webhook-signature"]

    assert [each[:3] for each in signature.split(" ")] == ["v1,", "v1,"]


@pytest.mark.parametrize("secret", ["", "hunter2", "whsec_c2hvcnQ=", "whsec_%%%", "a whsec_"])
def test_what_is_no_signing_secret_is_refused_without_being_shown(secret: str) -> None:
    with pytest.raises(DestinationStoppedError) as stopped:
        webhook.keys_in(secret)

    assert not secret or secret not in str(stopped.value)


def test_a_message_that_is_refused_is_refused_for_all_of_its_rows() -> None:
    def picky(_: Asked) -> Reply:
        return Reply(422)

    with against("webhook", picky) as (_, destination):
        outcomes = destination.send([row("a"), row("b")], "run-1")

    assert {each.state for each in outcomes} == {"refused"}
    assert {each.reason for each in outcomes} == {"status_422"}


def test_who_writes_googles_file_has_to_say_what_people_consented_to() -> None:
    with pytest.raises(ValueError, match="ad_user_data"):
        google_customer_match.Settings(operating_account_id="1234567890", user_list_id="5")


def test_each_kind_names_the_secrets_that_it_reads() -> None:
    assert {kind: set(KINDS[kind].secrets) for kind in APIS} == {
        kind: set(secrets) for kind, secrets in SECRETS.items()
    }
    assert meta_custom_audience.KIND is KINDS["meta_custom_audience"]
