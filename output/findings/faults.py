"""What stopped a run, by its kind; what a program says of it follows as a quotation."""

from typing import Final

from output.messages import message

FAULTS: Final = {
    "stopped_for_room": message(
        "the disk has no room left; free some space and run again. The program says: {words}"
    ),
    "stopped_by_source": message("a source could not be read. The program says: {words}"),
    "stopped_by_settings": message(
        "a setting or the marketplace's file is wrong. The program says: {words}"
    ),
    "stopped_by_others": message(
        "another program is using the files; wait for it to end and run again. The program says:"
        " {words}"
    ),
    "stopped_by_dbt": message("dbt could not build or test the models. It says: {words}"),
    "stopped_by_database": message("the database stopped. It says: {words}"),
    "stopped_by_machine": message("a file or the machine failed. The system says: {words}"),
    "stopped_by_check": message("the check failed. It says: {words}"),
    "stopped_by_step": message("the step ended with an error. The program says: {words}"),
    "stopped_by_kontor": message(
        "{error}, which is a fault of Kontor's ({place}); what it says may quote a row, and is not"
        " shown"
    ),
    "stopped_for_no_reason": message("the step ended without saying why; look at its log"),
    "writing_failed": message("the files could not be written. The program says: {words}"),
}
