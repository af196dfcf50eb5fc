"""The segments that are current: those of files beside the marketplace's, and those saved."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from operations.kernel import State
from operations.segments.definitions import Definition, definition_in, subject_in
from operations.segments.reading import RuleError, rule_of
from operations.segments.saved import STREAM, holdout_share_in
from operations.segments.vocabulary import CUSTOMER
from output.findings.finding import Finding
from pipelines.segmentation.files import files_in


@dataclass(frozen=True, slots=True)
class Broken:
    """A segment that cannot be evaluated, and why."""

    segment_id: str
    version: str
    origin: str
    why: Finding


@dataclass(frozen=True, slots=True)
class Found:
    """What segments there are, by their names."""

    usable: Mapping[str, Definition]
    broken: Mapping[str, Broken]


def current(connection: duckdb.DuckDBPyConnection, marketplace: str, folder: Path) -> Found:
    """The segments of files and, where none of these has the name, those saved and not retired."""
    texts = files_in(folder)
    saved = {
        name: state for name, state in _saved(connection, marketplace).items() if name not in texts
    }
    subjects = {name: subject_in(text, folder / f"{name}.yml") for name, text in texts.items()}
    subjects |= dict.fromkeys(saved, CUSTOMER)
    usable: dict[str, Definition] = {}
    broken: dict[str, Broken] = {}
    for name, text in texts.items():
        names = {other for other, subject in subjects.items() if subject == subjects[name]}
        try:
            usable[name] = definition_in(text, folder / f"{name}.yml", names)
        except RuleError as error:
            broken[name] = Broken(name, "", "file", _told(error))
    names = {name for name, subject in subjects.items() if subject == CUSTOMER}
    for name, (version, state) in saved.items():
        try:
            rule, share = rule_of(state["rule"], names), holdout_share_in(state)
            usable[name] = Definition(name, "", rule, version, "editor", share)
        except RuleError as error:
            broken[name] = Broken(name, version, "editor", _told(error))
    return Found(usable, broken)


def _told(error: RuleError) -> Finding:
    """The first problem, with its place."""
    first = error.problems[0]
    return Finding.of("rule_at_line", line=first.line, column=first.column, problem=first.finding)


def _saved(connection: duckdb.DuckDBPyConnection, marketplace: str) -> dict[str, tuple[str, State]]:
    """Version and state of the segments that were saved, as the last copy of the store has them."""
    rows = connection.execute(
        "select version, state from raw.operation_states_current where stream = ? "
        "order by stream_id",
        [STREAM.name],
    ).fetchall()
    states = [(str(version), json.loads(state)) for version, state in rows]
    return {
        state["segment_id"]: (version, state)
        for version, state in states
        if state["marketplace"] == marketplace and not state["is_retired"]
    }
