"""A browser may send any value for a widget; one that the widget cannot have counts for nothing.

Streamlit trusts the type of what it is sent. A list for a choice, or a text for a number, ends the
run of the page, and often that of every later one, for the value is kept. So each value is looked
at where it comes in, and once more where its widget is first met: a browser that connects again
sends the values of widgets that this session has not drawn yet. What does not fit is left out, and
the widget keeps the value that it had.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import streamlit as st
import structlog
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.state.common import RegisterWidgetResult, WidgetMetadata
from streamlit.runtime.state.session_state import Serialized, SessionState

from dashboards.words.messages import Message, message

_LOG = structlog.get_logger(__name__)

# What a session is to be told once, such as that something was left out.
_TOLD: Final = "kontor_told"
_LEFT_OUT: Final = message(
    "Your browser sent a choice that this page does not offer. It shows the choice that it had"
    " before."
)

# What a deserializer raises of a value that has the right type and makes no sense.
_SENSELESS = (TypeError, ValueError, LookupError, ArithmeticError, AttributeError)

_set_values = SessionState.set_widgets_from_proto
_register = SessionState.register_widget


def refuse_mistyped() -> None:
    """Makes every session of this process leave out values that do not fit their widgets."""
    SessionState.set_widgets_from_proto = _set_fitting_values  # type: ignore[method-assign]
    SessionState.register_widget = _register_guarded  # type: ignore[method-assign]


def tell(told: Message) -> None:
    """Have the page say something at its end, such as that a choice was left out."""
    earlier = st.session_state.get(_TOLD, ())
    st.session_state[_TOLD] = (*(each for each in earlier if each != told), told)


def take_told() -> tuple[Message, ...]:
    """Return what the page is to say, each once."""
    return tuple(st.session_state.pop(_TOLD, ()))


def _set_fitting_values(self: SessionState, widget_states: WidgetStates) -> None:
    fitting = WidgetStates()
    for state in widget_states.widgets:
        metadata = self._get_widget_metadata(state.id)
        if metadata is None or _fits(state, metadata):
            fitting.widgets.append(state)
        else:
            _leave_out(self, metadata)
    _set_values(self, fitting)


def _register_guarded(
    self: SessionState, metadata: WidgetMetadata[Any], user_key: str | None
) -> RegisterWidgetResult[Any]:
    held = self._new_widget_state.states.get(metadata.id)
    if isinstance(held, Serialized) and not _fits(held.value, metadata):
        del self._new_widget_state[metadata.id]
        _leave_out(self, metadata)
    guarded = replace(metadata, deserializer=_guarded(self, metadata))
    return _register(self, guarded, user_key)


def _fits(state: WidgetState, metadata: WidgetMetadata[Any]) -> bool:
    """Whether a value is of the widget's type, and a number that there is."""
    kind = state.WhichOneof("value")
    if kind is None:
        return True
    if kind != metadata.value_type:
        return False
    if kind == "double_value":
        return math.isfinite(state.double_value)
    if kind == "double_array_value":
        return all(map(math.isfinite, state.double_array_value.data))
    return True


def _guarded(self: SessionState, metadata: WidgetMetadata[Any]) -> Callable[[Any], Any]:
    def deserializer(value: Any) -> Any:
        try:
            return metadata.deserializer(value)
        except _SENSELESS:
            if value is None:
                raise  # the widget's own first value: a fault of the page
            _leave_out(self, metadata)
            return metadata.deserializer(None)

    return deserializer


def _leave_out(self: SessionState, metadata: WidgetMetadata[Any]) -> None:
    # The value may be what somebody searched for; the name of the widget is ours.
    _LOG.warning("widget value left out", widget=_name_of(metadata), wanted=metadata.value_type)
    earlier = self[_TOLD] if _TOLD in self else ()  # noqa: SIM401 - it is no mapping
    self._new_session_state[_TOLD] = (*(each for each in earlier if each != _LEFT_OUT), _LEFT_OUT)


def _name_of(metadata: WidgetMetadata[Any]) -> str:
    """The key that the page gave the widget; Streamlit appends it to an id of its own."""
    return metadata.id.split("-", 2)[-1]
