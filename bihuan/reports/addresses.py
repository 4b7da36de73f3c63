"""Where reports are found: one place for those who tell of them and those who show them."""

from bihuan.reports.models import Report


def report_address(report: Report) -> str:
    return f"/reports/{report.pk}/"
