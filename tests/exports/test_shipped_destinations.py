"""The destinations that come with the demo are ones that an export can name."""

from pathlib import Path

import pytest

from pipelines.exporting.files import export_named
from pipelines.exporting.identifiers.formats import GOOGLE, MAILCHIMP, META
from pipelines.settings import PROJECT_ROOT

SHIPPED = PROJECT_ROOT / "marketplaces" / "exports" / "demo"
EXPORT = """
title: Try
segment: high_value
destination: {name}
purpose: {purpose}
channel: {channel}
fields: {{email: email}}
"""


@pytest.mark.parametrize(
    ("name", "purpose", "channel", "wanted"),
    [
        ("google_ads", "third_party_ads", "ads", GOOGLE),
        ("meta_ads", "third_party_ads", "ads", META),
        ("mailchimp", "marketing", "email", MAILCHIMP),
        ("lists_bucket", "marketing", "email", None),
    ],
)
def test_a_destination_of_others_is_whole_cited_and_switched_off(
    tmp_path: Path, name: str, purpose: str, channel: str, wanted: object
) -> None:
    (tmp_path / "destinations").symlink_to(SHIPPED / "destinations")
    text = EXPORT.format(name=name, purpose=purpose, channel=channel)
    (tmp_path / "try.yml").write_text(text)

    named = export_named(tmp_path, "try")

    assert named.sink.kind.wanted is wanted
    assert not named.is_enabled
    said = (SHIPPED / "destinations" / f"{name}.yml").read_text()
    assert "Rules: " in said
    assert "unverified: " in said
