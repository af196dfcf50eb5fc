"""Every code of a finding with its English sentence.

Marts and files carry codes with arguments; the command line says them in English, pages translate.
"""

from collections.abc import Mapping
from typing import Final

from output.findings.exports import EXPORTS
from output.findings.faults import FAULTS
from output.findings.files import FILE_REASONS, FILE_REFUSALS, FILES, ROW_REASONS
from output.findings.links import LINKS
from output.findings.models import MODELS
from output.findings.publication import PUBLICATION
from output.findings.rejections import REJECTIONS
from output.findings.results import RESULTS
from output.findings.rules import RULES
from output.findings.segments import SEGMENTS
from output.findings.thresholds import THRESHOLDS
from output.messages import Message

TEXTS: Final[Mapping[str, Message]] = {
    **RULES,
    **RESULTS,
    **MODELS,
    **FILES,
    **ROW_REASONS,
    **FILE_REASONS,
    **FILE_REFUSALS,
    **REJECTIONS,
    **FAULTS,
    **PUBLICATION,
    **SEGMENTS,
    **LINKS,
    **THRESHOLDS,
    **EXPORTS,
}
