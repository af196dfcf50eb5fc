"""A file arrives whole in a bucket, and replaces only what the same export wrote there."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from moto.core import enable_iam_authentication
from moto.server import ThreadedMotoServer

from pipelines.exporting.destination import Destination, DestinationStoppedError, Opening, Row
from pipelines.exporting.destinations import s3
from pipelines.exporting.wire.http import Answer, Wire
from tests.exports.local_server import HOST, Reply, serving

ROWS = [
    Row("a", "upsert", {"email": "a@example.com"}),
    Row("b", "upsert", {"email": "b@example.com"}),
    Row("c", "remove", {"email": None}),
]
BUCKET = "marketing-lists"
REGION = "eu-central-1"
MAY = ("s3:ListBucket", "s3:GetObject", "s3:PutObject")


class Storage:
    """A server of moto's that checks signatures, and somebody who may use its bucket."""

    def __init__(self, address: str) -> None:
        given: dict[str, Any] = {
            "endpoint_url": address,
            "region_name": REGION,
            "aws_access_key_id": "setting-up",
            "aws_secret_access_key": "setting-up",
        }
        self.address = address
        self.client = boto3.client("s3", **given)
        self.client.create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        people = boto3.client("iam", **given)
        people.create_user(UserName="kontor")
        statement = {"Effect": "Allow", "Action": MAY, "Resource": "*"}
        people.put_user_policy(
            UserName="kontor",
            PolicyName="lists",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        )
        key = people.create_access_key(UserName="kontor")["AccessKey"]
        self.secrets = {
            "access_key_id": key["AccessKeyId"],
            "secret_access_key": key["SecretAccessKey"],
        }
        mine = given | {
            "aws_access_key_id": key["AccessKeyId"],
            "aws_secret_access_key": key["SecretAccessKey"],
        }
        self.client = boto3.client("s3", **mine)

    def opened(self, export: str = "mailing", **more: Any) -> Destination:
        given = {"bucket": BUCKET, "region": REGION, "address": self.address, "folder": "out"}
        secrets = more.pop("secrets", self.secrets)
        settings = s3.Settings.model_validate(given | {"loopback_hosts": [HOST]} | more)
        return s3.KIND.open(settings, Opening("shop", export, ("email",), secrets, Path()))

    def content(self, key: str) -> bytes:
        body: bytes = self.client.get_object(Bucket=BUCKET, Key=key)["Body"].read()
        return body


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address=HOST, port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def storage(server: str) -> Iterator[Storage]:
    httpx.post(f"{server}/moto-api/reset").raise_for_status()
    opened = Storage(server)
    with enable_iam_authentication():
        yield opened


def test_the_file_and_its_manifest_replace_those_of_the_run_before(storage: Storage) -> None:
    storage.opened().send(ROWS[:1], "run-1")

    outcomes = storage.opened().send(ROWS, "run-2")

    content = storage.content("out/mailing.csv")
    manifest = json.loads(storage.content("out/mailing.csv.manifest.json"))
    assert [outcome.state for outcome in outcomes] == ["confirmed"] * 3
    assert content == b'"email"\r\n"a@example.com"\r\n"b@example.com"\r\n'
    assert (manifest["rows"], manifest["removed"], manifest["request"]) == (2, 1, "run-2")
    assert manifest["sha256"] == hashlib.sha256(content).hexdigest()


def test_an_object_that_another_wrote_is_not_replaced(storage: Storage) -> None:
    storage.client.put_object(Bucket=BUCKET, Key="out/mailing.csv", Body=b"precious")

    with pytest.raises(DestinationStoppedError, match="shop/mailing did not write it"):
        storage.opened().send(ROWS, "run-1")

    assert storage.content("out/mailing.csv") == b"precious"


@pytest.mark.parametrize("is_first", [True, False])
def test_of_two_who_write_at_the_same_moment_one_is_told(
    storage: Storage, is_first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    destination = storage.opened()
    if not is_first:
        destination.send(ROWS, "run-1")
    ours = Wire.request

    def request(self: Wire, method: str, *more: Any) -> Answer:
        if method == "PUT":
            storage.client.put_object(Bucket=BUCKET, Key="out/mailing.csv", Body=b"theirs")
        return ours(self, method, *more)

    monkeypatch.setattr(Wire, "request", request)

    outcomes = destination.send(ROWS, "run-2")

    assert {(each.state, each.reason) for each in outcomes} == {("unknown", "written_by_another")}
    assert storage.content("out/mailing.csv") == b"theirs"


def test_what_has_no_right_signature_is_not_let_in(storage: Storage) -> None:
    wrong = storage.secrets | {"secret_access_key": "hunter2"}

    with pytest.raises(DestinationStoppedError, match="status 403") as stopped:
        storage.opened(secrets=wrong).send(ROWS, "run-1")

    assert "hunter2" not in str(stopped.value)


def test_a_bucket_that_is_not_there_stops_the_run(storage: Storage) -> None:
    with pytest.raises(DestinationStoppedError, match="there is no such bucket"):
        storage.opened(bucket="another-bucket").send(ROWS, "run-1")


def test_storage_within_a_network_of_its_own_is_refused(storage: Storage) -> None:
    with pytest.raises(DestinationStoppedError, match="within a network of its own"):
        storage.opened(address="https://10.0.0.7").send(ROWS, "run-1")


@pytest.mark.parametrize("fault", ["lost_before", Reply(503), Reply(429)])
def test_a_file_that_may_have_arrived_is_sent_again(fault: Reply | str) -> None:
    with serving(lambda _asked: Reply(404)) as server:
        server.faults.append(fault)
        given = {"bucket": BUCKET, "address": server.address, "loopback_hosts": [HOST]}
        secrets = {"access_key_id": "AKIA", "secret_access_key": "key"}
        opening = Opening("shop", "mailing", ("email",), secrets, Path())
        outcomes = s3.KIND.open(s3.Settings.model_validate(given), opening).send(ROWS, "run-1")

    assert {outcome.state for outcome in outcomes} == {"unknown"}


@pytest.mark.parametrize("folder", ["../other", "a//b", "a/./b", "a b"])
def test_a_folder_is_a_plain_one(folder: str) -> None:
    with pytest.raises(ValueError, match="name a folder in letters"):
        s3.Settings(bucket=BUCKET, folder=folder)


def test_amazons_own_address_is_known() -> None:
    settings = s3.Settings(bucket=BUCKET, region=REGION)

    assert settings.url == "https://s3.eu-central-1.amazonaws.com/marketing-lists"
