"""Rules as one SQL query over the published marts, in the dialect that DuckDB and Spark share.

Names come from the vocabulary; whatever somebody wrote is bound. Each mart of events is read once,
however many conditions ask for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from operations.segments.references import in_order, rule_named
from operations.segments.rules import Comparison, Did, In, Is, Not, Rule, parts_of
from operations.segments.values import NEVER, ONCE
from operations.segments.vocabulary import CUSTOMER, Subject

_SCHEMA: Final = "marts"
_OPERATORS: Final = {
    "more_than": ">",
    "at_least": ">=",
    "at_most": "<=",
    "less_than": "<",
    "from": ">=",
    "until": "<=",
}


@dataclass(frozen=True, slots=True)
class Query:
    """A query and the values of its parameters, which stand in it as $name."""

    sql: str
    values: Mapping[str, Any]


def query_of(
    rules: Mapping[str, Rule],
    segments: Mapping[str, Rule],
    as_of: date,
    subject: Subject = CUSTOMER,
) -> Query:
    """The query that answers rules for every subject: its key, and a column for each rule.

    A column is true, false, or null where the answer is unknown. `segments` are the rules of those
    that may be named in a rule, beside those of the models; windows end with `as_of`.

    Raises:
        CircleError: a segment asks for itself.
        LookupError: a rule names a segment that is not among them.
    """
    named = {name: rule_named(name, segments) for name in in_order(rules.values(), segments)}
    composed = _Composed(as_of, subject)
    # In this order each finds the columns of those that it names.
    answers = {}
    for number, (name, rule) in enumerate(named.items()):
        answers[f"in_{number}"] = composed.expression(rule)
        composed.memberships[name] = f"in_{number}"
    columns = {name: composed.expression(rule) for name, rule in rules.items()}
    attributes = sorted(
        part.attribute
        for rule in (*rules.values(), *named.values())
        for part in parts_of(rule)
        if isinstance(part, Is)
    )
    steps = [f"facts as (\n{composed.facts(tuple(dict.fromkeys(attributes)))}\n)"]
    source = "facts"
    for column, text in answers.items():
        # Whoever is not known to be in a segment is not in it.
        in_it = f"coalesce({text}, false) as {column}"
        steps.append(f"with_{column} as (\nselect *, {in_it}\nfrom {source}\n)")
        source = f"with_{column}"
    listed = "".join(f",\n{text} as {name}" for name, text in columns.items())
    body = f"select\n{subject.key}{listed}\nfrom {source}"
    return Query(f"with {', '.join(steps)}\n{body}", composed.values)


@dataclass(slots=True)
class _Composed:
    """Expressions made so far, the values they take, and what they count of each event."""

    as_of: date
    subject: Subject
    values: dict[str, Any] = field(default_factory=dict)
    memberships: dict[str, str] = field(default_factory=dict)
    _counts: dict[str, dict[str, str]] = field(default_factory=dict)
    _told_apart: set[str] = field(default_factory=set)

    def expression(self, rule: Rule) -> str:
        """The SQL of a rule over the facts: true, false or null."""
        if isinstance(rule, Is):
            return self._all(self._compared(rule.attribute, each) for each in rule.comparisons)
        if isinstance(rule, Did):
            times = self._times(rule)
            return self._all(self._compared(times, each) for each in rule.times)
        if isinstance(rule, In):
            return self.memberships[rule.segment]
        if isinstance(rule, Not):
            return f"not ({self.expression(rule.part)})"
        join = " and " if rule.how == "all" else " or "
        return join.join(f"({self.expression(part)})" for part in rule.parts)

    def facts(self, attributes: tuple[str, ...]) -> str:
        """The query of all that the expressions ask for, one row per subject."""
        columns = [f"subjects.{self.subject.key}"]
        columns += [f"subjects.{name}" for name in attributes if name in self.subject.attributes]
        joins = [f"from {_SCHEMA}.{self.subject.mart} as subjects"]
        for name, counts in self._counts.items():
            for count in counts.values():
                # An event that is recorded of nobody is not known to have been left undone.
                columns.append(
                    f"case when {name}_rows.is_recorded then coalesce({name}_counts.{count}, 0) end"
                    f" as {count}"
                )
            joins += self._joins(name, counts)
        return "select\n{}\n{}".format(",\n".join(columns), "\n".join(joins))

    def _joins(self, name: str, counts: Mapping[str, str]) -> list[str]:
        event, key = self.subject.events[name], self.subject.key
        source = f"from {_SCHEMA}.{event.mart}\nwhere {event.which}"
        # Rows that count for nothing are left out before they are grouped, which is what costs.
        counting = "\nor ".join(f"({which})" for which in counts)
        rows = f"{source}\nand {key} is not null\nand (\n{counting}\n)"
        if name in self._told_apart:
            # Distinct values of each count would cost twice what grouping by them once does.
            marks = ",\n".join(
                f"max(case when {which} then 1 end) as {count}" for which, count in counts.items()
            )
            rows = (
                f"from (\nselect\n{key},\n{marks}\n{rows}\n"
                f"group by {key}, {event.counts}\n) as {name}_marks"
            )
            counted = ",\n".join(f"count({count}) as {count}" for count in counts.values())
        else:
            counted = ",\n".join(
                f"count(case when {which} then 1 end) as {count}" for which, count in counts.items()
            )
        by_subject = f"select\n{key},\n{counted}\n{rows}\ngroup by {key}"
        return [
            f"cross join (\nselect count(*) > 0 as is_recorded\n{source}\n) as {name}_rows",
            f"left join (\n{by_subject}\n) as {name}_counts",
            f"on subjects.{key} = {name}_counts.{key}",
        ]

    def _times(self, rule: Did) -> str:
        """The column that says how often it was done; the same question is one column."""
        event = self.subject.events[rule.event]
        conditions = [
            self._compared(name, comparison)
            for name, comparisons in rule.where
            for comparison in comparisons
        ]
        if rule.within_days is not None:
            conditions.append(self._in_last_days(event.day, rule.within_days))
        # Whether it was done at all needs no telling apart, which is what costs.
        if event.counts and not set(rule.times) <= {ONCE, NEVER}:
            self._told_apart.add(rule.event)
        counts = self._counts.setdefault(rule.event, {})
        which = " and ".join(conditions) or "true"
        return counts.setdefault(which, f"{rule.event}_count_{len(counts)}")

    def _compared(self, name: str, comparison: Comparison) -> str:
        sign, values = comparison.sign, comparison.values
        if sign == "known":
            return f"{name} is not null" if values[0] else f"{name} is null"
        if sign in {"is", "is_not"}:
            listed = ", ".join(self._bound(value) for value in values)
            return f"{name} {'not ' if sign == 'is_not' else ''}in ({listed})"
        if sign == "in_last_days":
            return self._in_last_days(name, int(str(values[0])))
        if sign == "not_in_last_days":
            return f"not ({self._in_last_days(name, int(str(values[0])))})"
        if sign == "in_next_days":
            until = self._bound(self.as_of + timedelta(days=int(str(values[0]))))
            return f"{name} > {self._bound(self.as_of)} and {name} <= {until}"
        return f"{name} {_OPERATORS[sign]} {self._bound(values[0])}"

    def _in_last_days(self, name: str, days: int) -> str:
        before = self._bound(self.as_of - timedelta(days=days))
        return f"{name} > {before} and {name} <= {self._bound(self.as_of)}"

    def _all(self, expressions: Any) -> str:
        return " and ".join(f"({each})" for each in expressions)

    def _bound(self, value: object) -> str:
        for name, known in self.values.items():
            if type(known) is type(value) and known == value:
                return f"${name}"
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f"${name}"
