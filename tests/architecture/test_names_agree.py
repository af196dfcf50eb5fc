"""Two programs that may not import each other agree on what they share."""

from pathlib import Path

import pytest

from dashboards.components.data_docs import ADDRESS as LINKED
from dashboards.gate.data_docs import ADDRESS, is_page
from dashboards.published import vendor_file
from data_quality.data_docs import INDEX
from data_quality.rules import file_stem
from pipelines.assets.quality import DATA_DOCS
from pipelines.publishing.versions import vendor_file_name
from sources.contract import all_contracts


@pytest.mark.parametrize("vendor", ["v1", "../x", "a/b", "%", "ü", "v" * 201, "ü" * 200, "'"])
def test_dashboards_look_for_a_vendors_file_where_the_publication_puts_it(vendor: str) -> None:
    assert vendor_file(Path(), "version", vendor).name == vendor_file_name(vendor)


def test_every_page_of_data_docs_can_be_opened_where_it_is_linked() -> None:
    suites = [*all_contracts(), "vendor/mart_vendor_metric_lines", "marketing/letters/contacts"]
    pages = [INDEX, *(f"{file_stem(suite)}.html" for suite in suites)]

    assert [page for page in pages if not is_page(page)] == []
    assert ADDRESS == LINKED == DATA_DOCS
