"""`kontor check FILE`: what a mapping makes of the first rows, before anything is loaded."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from output.findings.reasons import row_reason
from output.terminal import OUT
from pipelines.marketplaces import marketplace_named
from pipelines.settings import PipelineSettings

if TYPE_CHECKING:
    from pipelines.loading.trial import Trial

_EXIT_FOUND = 1
_LONGEST = 40


def check(
    file: Annotated[str, typer.Argument(help="The YAML file of a marketplace, or its name.")],
    rows: Annotated[int, typer.Option(min=1, max=20, help="Rows of each file to show.")] = 3,
) -> None:
    """Show what a mapping makes of each file's first rows, beside what stands there; loads nothing.

    Exits with 1 if a file or a row does not fit.
    """
    from pipelines.loading.trial import trials  # noqa: PLC0415 - imports duckdb
    from sources.parsing.client import Parser  # noqa: PLC0415

    marketplace = marketplace_named(file, PipelineSettings().home_folder)
    now = datetime.now(UTC)  # noqa: TID251 - the command line may ask
    found_fault = False
    with tempfile.TemporaryDirectory() as folder, Parser() as parser:
        tried = trials(
            *(marketplace, parser, Path(folder)), received_at=f"{now:%Y-%m-%d %H:%M:%S}", rows=rows
        )
        seen = set()
        for trial in tried:
            seen.add(trial.feed)
            found_fault |= _show(trial)
    for feed in marketplace.feeds:
        if feed not in seen and marketplace.file_feeds(feed):
            found_fault = True
            OUT.say(f"{feed}: no file matches", style="yellow")
    if found_fault:
        raise typer.Exit(_EXIT_FOUND)


def _show(trial: "Trial") -> bool:
    """Prints one file; returns whether something in it does not fit."""
    result = trial.result
    if result.status != "parsed":
        detail = result.reason_detail.english if result.reason_detail else result.lack_of_room
        OUT.say((f"{trial.feed}: {trial.file.name} is rejected: {detail}", "red"))
        return True
    counts = f"{result.valid:,} of {result.received:,} rows fit"
    for number, word in (
        *((result.dropped, "dropped by rule"), (result.repeated, "repeated")),
        (result.quarantined, "quarantined"),
    ):
        counts += f", {number:,} {word}" if number else ""
    head = " (first lines)" if trial.is_head else ""
    OUT.say((f"{trial.feed}: {trial.file.name}{head}: {counts}", "bold"))
    for fault in trial.faults:
        where = f" in {fault.column}" if fault.column else ""
        stands = f", where {_short(fault.stands)!r} stands" if fault.stands else ""
        place = f"first on line {fault.first_line}{stands}"
        OUT.say((f"  {fault.count:,} x {fault.code}{where}, {place}", "yellow"))
        OUT.say(f"    {row_reason(fault.code, fault.column).english}")
    for misfit in result.misfits:
        emptied = f"{misfit.count:,} x {misfit.code} in {misfit.column}, emptied"
        OUT.say((f"  {emptied}, first on line {misfit.first_line}", "yellow"))
    if trial.lines:
        OUT.table(["ours", "value", "theirs", "as it stands"], list(_lines(trial)))
    OUT.say("")
    return bool(trial.faults or result.misfits)


def _lines(trial: "Trial") -> Iterator[list[str]]:
    for number, line in enumerate(trial.lines):
        yield [f"line {line}", "", "", ""]
        for name, (origin, values) in trial.columns.items():
            texts = [trial.theirs[each][number] for each in origin if each in trial.theirs]
            stands = " | ".join(_short(text) for text in texts)
            if values[number] is not None or stands:
                yield [f"  {name}", _short(values[number]), ", ".join(origin), stands]


def _short(text: str | None) -> str:
    shown = text or ""
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
