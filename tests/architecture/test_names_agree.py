"""Two programs that may not import each other agree on what they share."""

from pathlib import Path

import pytest

from dashboards.published import vendor_file
from pipelines.publishing.versions import vendor_file_name


@pytest.mark.parametrize("vendor", ["v1", "../x", "a/b", "%", "ü", "v" * 201, "ü" * 200, "'"])
def test_dashboards_look_for_a_vendors_file_where_the_publication_puts_it(vendor: str) -> None:
    assert vendor_file(Path(), "version", vendor).name == vendor_file_name(vendor)
