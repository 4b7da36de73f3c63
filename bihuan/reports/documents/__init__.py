"""What a report says, and the Word and Excel files that say it: templates are checked, filled, or ours."""

from bihuan.reports.documents.defaults import default_document, default_template
from bihuan.reports.documents.faults import FaultyTemplate, TemplateFault
from bihuan.reports.documents.names import Campaign, Names, names_in, names_of
from bihuan.reports.documents.storing import UnknownFormat, canonical, digest, from_json, to_json
from bihuan.reports.documents.summary import (
    Amount,
    Fewer,
    Figure,
    Part,
    Signature,
    Summary,
    Table,
    Text,
    Value,
    table_of,
)
from bihuan.reports.documents.templates import Template, check_template, fill
from bihuan.reports.documents.vocabulary import PERIODS, Column

__all__ = [
    "PERIODS",
    "Amount",
    "Campaign",
    "Column",
    "FaultyTemplate",
    "Fewer",
    "Figure",
    "Names",
    "Part",
    "Signature",
    "Summary",
    "Table",
    "Template",
    "TemplateFault",
    "Text",
    "UnknownFormat",
    "Value",
    "canonical",
    "check_template",
    "default_document",
    "default_template",
    "digest",
    "fill",
    "from_json",
    "names_in",
    "names_of",
    "table_of",
    "to_json",
]
