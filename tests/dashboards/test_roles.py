"""Roles are declared once; what is not declared is nobody's."""

from pathlib import Path

import pytest

from dashboards.pages import HOME, PAGES, pages_of
from dashboards.viewer import NotAllowed, Viewer, may_operate, require_operator, vendor_of
from operations.roles import OPERATE, ROLES, UnknownRoleError, may, role_of, roles_with

VERSION = "20260601T000000Z"


def test_each_page_is_granted_and_each_grant_is_a_page() -> None:
    granted = {name for role in ROLES.values() for name in role.pages}

    assert granted == {page.name for page in PAGES}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_has_one_first_page_and_addresses_that_differ(role: str) -> None:
    paths = [page.path for page in pages_of(role)]

    assert paths[0] == HOME
    assert len(set(paths)) == len(paths)


@pytest.mark.parametrize("role", ROLES)
def test_pages_and_lists_are_of_the_roles_own_audience(role: str) -> None:
    declared = role_of(role)
    own = {name.split("_", 1)[0] for name in declared.pages} & {"operator", "vendor"}

    assert own == {declared.audience}


@pytest.mark.parametrize("role", ["king", "", "operator", "vendor", "OPERATOR_ADMIN"])
def test_a_role_that_is_not_declared_has_nothing(role: str) -> None:
    viewer = Viewer("somebody", role, None, VERSION)
    owner = Viewer("somebody", role, "v-001", VERSION)

    assert pages_of(role) == ()
    assert not may(role, OPERATE)
    assert not may_operate(viewer)
    for asked in (require_operator, lambda who: who.audience):
        with pytest.raises(NotAllowed, match="the role must be one of"):
            asked(viewer)
    with pytest.raises(NotAllowed, match="the role must be one of"):
        vendor_of(owner)
    with pytest.raises(UnknownRoleError, match="operator_admin"):
        role_of(role)


def test_the_pipelines_are_for_administrators_alone() -> None:
    assert roles_with(OPERATE) == {"operator_admin"}


def test_nobody_asks_for_a_role_by_its_name() -> None:
    """A comparison with one role's name would decide for every other role in passing."""
    folders = (Path(__file__).parents[2] / name for name in ("dashboards", "pipelines"))
    compared = [
        f"{path.name}:{number}"
        for folder in folders
        for path in folder.rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "role ==" in line or "role !=" in line or "role in {" in line
    ]

    assert compared == []
