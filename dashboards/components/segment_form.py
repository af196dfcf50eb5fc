"""A rule as a form: its conditions as a tree, and what can be done with the one that is chosen."""

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from dashboards.components import condition_form, findings, html
from dashboards.context import Context
from dashboards.segmenting import conditions, tree, wording
from dashboards.segmenting.draft import Draft, text_of
from dashboards.segmenting.tree import Node, Part, Path
from dashboards.words.messages import message

# The one state of the editor; the form writes it, too.
TEXT: Final = "segment_yaml"
_PLACE: Final = "segment_place"
_PROBLEM: Final = "segment_form_problem"
_HOW: Final = {"all": message("All of these"), "any": message("Any of these")}


def show(context: Context, draft: Draft, others: Mapping[str, str]) -> None:
    """Show the conditions and the controls that change them; `others` are segments by name."""
    words = context.words
    if draft.problems:
        st.caption(words.text("The form follows as soon as the YAML is a rule."))
        return
    node = None
    if draft.rule is not None:
        st.markdown("\n".join(_line(context, each, others) for each in draft.nodes))
        node = _chosen(context, draft, others)
        _actions(context, draft.rule, node)
    with st.container(border=True):
        part = condition_form.show(context, others)
        _adding(context, draft, node, part)
        if refused := st.session_state.pop(_PROBLEM, None):
            st.error(html.markdown_safe(findings.said(words, refused)))


def problems(context: Context, draft: Draft) -> None:
    """Show what keeps the text from being a rule, with its place."""
    words = context.words
    if draft.problems:
        lines = [
            words.text(
                "Line {line}, column {column}: {problem}",
                line=each.line,
                column=each.column,
                problem=findings.said(words, each.finding),
            )
            for each in draft.problems
        ]
        html.show("notice.html", kind="act", title=words.text("This is no rule yet"), lines=lines)


def _line(context: Context, node: Node, others: Mapping[str, str]) -> str:
    """A condition in a list in a list."""
    return f"{'    ' * len(node.path)}- {html.markdown_safe(_said(context, node, others))}"


def _said(context: Context, node: Node, others: Mapping[str, str]) -> str:
    words = context.words
    if node.how is not None:
        return words.choice(_HOW, node.how)
    return words.text("Not") if node.is_contrary else wording.said(words, node.rule, others)


def _chosen(context: Context, draft: Draft, others: Mapping[str, str]) -> Node:
    """The condition that is to be changed, or the group to which one is added."""
    words = context.words
    places = {_name(node.path): node for node in draft.nodes}
    if st.session_state.get(_PLACE) not in places:
        st.session_state[_PLACE] = _name(())

    def titled(name: str) -> str:
        node = places.get(name, draft.nodes[0])
        return f"{' · ' * len(node.path)}{_said(context, node, others)}"

    chosen = st.selectbox(
        words.text("Change"),
        list(places),
        format_func=titled,
        key=_PLACE,
        on_change=_fill,
        args=(draft,),
    )
    return places[chosen]


def _name(path: Path) -> str:
    return "/".join(str(index) for index in path)


def _path(name: str) -> Path:
    return tuple(int(index) for index in name.split("/") if index)


def _fill(draft: Draft) -> None:
    if draft.rule is None:
        return
    part = tree.at(draft.rule, _path(str(st.session_state.get(_PLACE) or "")))
    held = conditions.held(part) if part is not None else None
    if held is not None:
        condition_form.fill(held)


def _actions(context: Context, rule: Part, node: Node) -> None:
    """Show what can be done with the chosen part as a whole."""
    words, path = context.words, node.path
    if node.how is not None:
        st.segmented_control(
            words.text("Customers meet"),
            list(_HOW),
            default=node.how,
            format_func=lambda how: words.choice(_HOW, how),
            key=f"segment_how_{_name(path)}_{node.how}",
            on_change=_join,
            args=(rule, node),
        )
    with st.container(horizontal=True):
        for key, label, changed in (
            ("remove", words.text("Remove"), tree.without(rule, path)),
            ("contrary", words.text("The contrary"), tree.with_contrary(rule, path)),
            ("group", words.text("Put in a group"), tree.with_group(rule, path)),
        ):
            st.button(label, key=f"segment_{key}", on_click=_write, args=(changed,))


def _adding(context: Context, draft: Draft, node: Node | None, part: Any) -> None:
    words = context.words
    is_one = node is not None and node.how is None and not node.is_contrary
    with st.container(horizontal=True):
        if node is not None and is_one:
            st.button(
                words.text("Change this condition"),
                key="segment_change",
                disabled=conditions.held(node.rule) is None,
                help=words.text("What this form cannot hold is changed as YAML."),
                on_click=_change,
                args=(draft.rule, node.path, part),
            )
        st.button(
            words.text("Add beside it") if is_one else words.text("Add"),
            key="segment_add",
            on_click=_add,
            args=(draft.rule, node.path if node else (), part),
            type="primary",
        )


def _change(rule: Part, path: Path, part: Any) -> None:
    if _fits(part):
        _write(tree.with_part(rule, path, part))


def _add(rule: Part | None, path: Path, part: Any) -> None:
    if _fits(part):
        _write(tree.with_added(rule, path, part))


def _fits(part: Any) -> bool:
    if conditions.is_refused(part):
        st.session_state[_PROBLEM] = part
        return False
    return True


def _join(rule: Part, node: Node) -> None:
    _write(tree.with_how(rule, node.path, "all" if node.how == "any" else "any"))


def _write(rule: Part | None) -> None:
    st.session_state[TEXT] = text_of(rule)
