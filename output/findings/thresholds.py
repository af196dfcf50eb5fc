"""Why a limit cannot be set or withdrawn."""

from typing import Final

from output.messages import message

THRESHOLDS: Final = {
    "limit_no_reason": message("say why, in a few words"),
    "limit_reason_too_long": message("a text may have at most {most} characters; shorten it"),
    "limit_out_of_range": message("the limit must be more than {least} and less than {most}"),
    "limit_of_the_past": message(
        "the limit must begin after {known_until}, the last day of the published data: what was"
        " judged stays as it is"
    ),
    "limit_begun": message("the limit has begun; set another one from a day to come"),
    "limit_unknown": message("no limit was set for this from that day"),
}
