"""`kontor init FOLDER`: a mapping for a folder of exports, proposed, with questions."""

import re
from pathlib import Path
from typing import Annotated

import typer

from output.terminal import ERR, OUT

_EXIT_USAGE = 2


def init(
    folder: Annotated[Path, typer.Argument(help="A folder with exports of a shop or an ERP.")],
    out: Annotated[
        Path | None, typer.Option(help="Write the file here; printed if omitted.")
    ] = None,
) -> None:
    """Propose a marketplace's file for a folder of exports; its questions are comments."""
    from pipelines.proposing.proposal import proposal_of  # noqa: PLC0415 - imports duckdb
    from pipelines.proposing.samples import samples_of  # noqa: PLC0415
    from pipelines.proposing.writing import written  # noqa: PLC0415

    if not folder.is_dir():
        _refuse(f"{folder} is no folder; name the one with the exports")
    if out is not None and out.exists():
        _refuse(f"{out} is there already; name another file, or remove it")
    samples = samples_of(folder)
    if not samples:
        _refuse(f"{folder} has no CSV, TSV, JSON lines, Parquet or XLSX file with rows")
    name = re.sub(r"[^a-z0-9]+", "_", folder.resolve().name.lower()).strip("_")
    name = name[:40] if name[:1].isalpha() else f"shop_{name}"[:40]
    text = written(proposal_of(samples), name, str(folder.resolve()))
    if out is None:
        OUT.answer(text)
        return
    out.write_text(text, encoding="utf-8")
    count = text.count("# ?")
    ERR.say(f"Wrote {out} with {count} question{'' if count == 1 else 's'}.")
    ERR.say(f"Next: answer the questions, then kontor check {out}")


def _refuse(why: str) -> None:
    ERR.say(why, style="red")
    raise typer.Exit(_EXIT_USAGE)
