"""A question to a table as SQL: names are the published file's own, values are bound."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dashboards import resources
from dashboards.exploring.question import DISTINCT, Field, Filter, Question
from dashboards.queries.paging import Part
from dashboards.queries.reader import Rows
from dashboards.viewer import Viewer

# More than that no chart shows apart.
_MOST_POINTS, _MOST_BARS = 1000, 25


def answer(viewer: Viewer, question: Question, part: Part) -> Rows:
    """Return a part of the answer's rows by the names of its fields, and `total_count`, of all.

    Raises:
        NotAllowed: the viewer is no operator.
        QueryTimeout: it took too long, or too much memory.
    """
    values: dict[str, Any] = {"row_limit": part.row_limit, "row_offset": part.row_offset}
    where = [found for each in question.filters if (found := _condition(viewer, each, values))]
    fields = question.answer
    # A column of the table may be called total_count, too; in here it is a number.
    names = {field.name: f"c{number}" for number, field in enumerate(fields)}
    selected = ", ".join(f"{_expression(field)} as {names[field.name]}" for field in fields)
    text = f"select {selected}, count(*) over () as total_count"
    text += f" from marts.{_quoted(question.table.name)}"
    text += f" where {' and '.join(where)}" if where else ""
    if question.groups:
        text += f" group by {', '.join(_expression(field) for field in question.groups)}"
    text += f" order by {_order(question, names)} limit $row_limit offset $row_offset"
    return tuple(
        {field.name: row[names[field.name]] for field in fields}
        | {"total_count": row["total_count"]}
        for row in resources.current().reader.composed(viewer, text, **values)
    )


def drawn(viewer: Viewer, question: Question) -> Rows:
    """Return the rows of a chart: the first bars of the answer, or the line's days in their order.

    Raises:
        NotAllowed: the viewer is no operator.
        QueryTimeout: it took too long, or too much memory.
    """
    if question.chart == "line":
        in_time = replace(question, sort=question.groups[0].name, is_descending=False)
        return answer(viewer, in_time, Part(_MOST_POINTS))
    return answer(viewer, question, Part(_MOST_BARS))


def _order(question: Question, names: dict[str, str]) -> str:
    """Return an order that leaves no two rows equal, so that pages do not overlap."""
    chosen = []
    if question.sort:
        direction = "desc" if question.is_descending else "asc"
        chosen.append(f"{names[question.sort]} {direction} nulls last")
    if question.is_grouped:
        # By day in order of time, else the largest first, as long as nothing else is asked.
        if not chosen and question.groups and question.groups[0].kind != "day":
            chosen.append(f"{names[question.measures[0].name]} desc nulls last")
        chosen += [f"{names[field.name]} asc nulls last" for field in question.groups]
        return ", ".join(chosen) or "1"
    return ", ".join([*chosen, "rowid"])


def _expression(field: Field) -> str:
    if field.column is None:
        return "count(*)"
    name = _quoted(field.column.name)
    if field.step:
        return f"cast(date_trunc('{field.step}', {name}) as date)"
    if field.function == DISTINCT:
        return f"count(distinct {name})"
    return f"{field.function}({name})" if field.function else name


def _condition(viewer: Viewer, each: Filter, values: dict[str, Any]) -> str:
    """Return a condition, whose values join the others; "" where it takes all rows."""
    name = _quoted(each.column.name)
    fixed = {
        "empty": f"{name} is null",
        "filled": f"{name} is not null",
        "yes": name,
        "no": f"not {name}",
    }
    if each.condition in fixed:
        return fixed[each.condition]
    if each.condition in {"is", "has"} and not each.text:
        return ""
    if each.condition == "is":
        return f"{name} = {_bound(values, each.text)}"
    if each.condition == "has":
        return f"contains(lower({name}), lower({_bound(values, each.text)}))"
    lower, upper, below = each.lower, each.upper, "<="
    if each.column.kind == "moment":
        lower, upper, below = _midnight(viewer, lower), _midnight(viewer, upper, days=1), "<"
    return " and ".join(
        f"{name} {sign} {_bound(values, bound)}"
        for sign, bound in ((">=", lower), (below, upper))
        if bound is not None
    )


def _bound(values: dict[str, Any], value: object) -> str:
    name = f"v{len(values)}"
    values[name] = value
    return f"${name}"


def _midnight(viewer: Viewer, day: Any, *, days: int = 0) -> datetime | None:
    """Return when a day of the marketplace begins, as published moments are written."""
    if not isinstance(day, date):
        return None
    manifest = resources.current().manifest(viewer.version)
    begins = datetime.combine(day + timedelta(days=days), time(), ZoneInfo(manifest.time_zone))
    return begins.astimezone(ZoneInfo(manifest.storage_time_zone)).replace(tzinfo=None)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
