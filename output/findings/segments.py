"""What is wrong with a segment's rule, or with what became of it."""

from typing import Final

from output.messages import counted, message

SEGMENTS: Final = {
    "rule_at_line": message("line {line}, column {column}: {problem}"),
    "rule_no_yaml": message(
        "this is not valid YAML; check indentation, quotes and brackets, and write out what is"
        " meant instead of aliases, anchors and tags"
    ),
    "rule_no_condition": message(
        "a condition is a mapping with one of the words {words}; write it as such"
    ),
    "rule_mixed": message("{word} and {other} cannot stand in one condition; split it in two"),
    "rule_no_list": message("{word} takes a list of conditions, at least one; begin each with -"),
    "rule_too_large": message(
        "the rule has more than {most} conditions; make a segment of a part of it and name that"
    ),
    "rule_counts_too_much": message(
        "the rule, with the segments that it names, counts events in more than {most} different"
        " ways; leave some of them out"
    ),
    "rule_unknown_word": message("there is no word {name} here; {hint}"),
    "rule_unknown_attribute": message("there is no attribute {name}; {hint}"),
    "rule_unknown_event": message("there is no event {name}; {hint}"),
    "rule_unknown_field": message("{event} has no field {name}; {hint}"),
    "rule_unknown_segment": message("there is no segment {name}; {hint}"),
    "rule_similar": message("do you mean {name}?"),
    "rule_known": message("there are {names}"),
    "rule_none_known": message("there is none yet"),
    "rule_no_comparison": message("{name} is compared with nothing; add one of the words {words}"),
    "rule_not_number": message("{name} is compared with a number; write one without quotes"),
    "rule_not_text": message("{name} is compared with a text; put it in quotes"),
    "rule_not_day": message("{name} is compared with a day; write it as 2026-01-31"),
    "rule_not_yes_no": message("{name} is compared with yes or no; write true or false"),
    "rule_not_days": message("{word} takes a whole number of days from 1 to {most}"),
    "rule_not_times": message("{word} takes a whole number of times from 0 to {most}"),
    "rule_no_values": message("{word} takes a value, or a list of at most {most} values"),
    "rule_text_too_long": message("a text may have at most {most} characters; shorten it"),
    "rule_circle": message("the segment would ask for itself: {chain}; leave one of them out"),
    "segment_no_id": message(
        "a segment's name has small letters, digits and _, begins with a letter and has at most"
        " {most} characters"
    ),
    "segment_unknown_key": message("there is no key {name}; {hint}"),
    "segment_unknown_subject": message("there are no segments of {name}; {hint}"),
    "segment_holdout": message(
        "holdout is the share of its members to hold back, from 0 to {most}, with four decimals"
        " at most; write 0.1 for a tenth"
    ),
    "segment_key_lacking": message("{name} is missing; a segment has title and rule"),
    "segment_of_file": message(
        "a file defines a segment of this name; change it there, or choose another name"
    ),
    "segment_no_reason": message("say why, in a few words"),
    "segment_is_named": message("other segments ask for it: {names}; change those first"),
    "segment_changed": message(
        "somebody else saved it meanwhile; look at that version, and save yours again"
    ),
    "segment_is_gone": message("there is no such segment any more; it was retired"),
    "segment_names_gone": message(
        "it names the segment {name}, which is not there any more; change its rule"
    ),
    "segment_names_broken": message(
        "it names the segment {name}, whose own rule has a fault; correct that one"
    ),
    "segment_failed": message("its rule could not be evaluated; what stood before stands on"),
    "segment_evaluated": counted("{n} member", "{n} members"),
    "segment_reserved": message(
        "names that begin with {prefix} are those of Kontor's own segments; choose another"
    ),
}
