"""Messages as the pages declare them; what other programs find is declared in `output.findings`."""

# ruff: noqa: PLC0414 - the alias is how a module passes a name on
from output.messages import Message as Message
from output.messages import counted as counted
from output.messages import message as message
from output.messages import message_in as message_in
