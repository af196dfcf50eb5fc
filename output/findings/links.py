"""Why a browser cannot be separated from a customer, or joined to it again."""

from typing import Final

from output.messages import message

LINKS: Final = {
    "link_no_reason": message("say why, in a few words"),
    "link_reason_too_long": message("a text may have at most {most} characters; shorten it"),
    "link_is_separated": message("somebody has separated this browser from the customer already"),
    "link_is_not_separated": message("nobody has separated this browser from the customer"),
}
