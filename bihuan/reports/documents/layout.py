"""What our own reports show, in which order, under which headings, for Word and Excel alike."""

from dataclasses import dataclass

from bihuan.ledgers.definition.model import DAILY, FINAL, MONTHLY, WEEKLY, Words
from bihuan.reports.documents.names import Campaign, Names
from bihuan.reports.documents.vocabulary import INDEX, KINDS, Column
from bihuan.reports.documents.wording import english, in_language

NUMERALS = "一二三四五六七八九十"

NONE = Words("无。", "None.")


@dataclass(frozen=True)
class Chapter:
    """One table with its heading, the columns to show, and how wide they are in parts of the page."""

    table: str
    heading: Words
    columns: tuple[tuple[str, int], ...]
    optional: bool = False  # nothing is said where it has no rows


PROGRESS = Words("进展", "Progress")
CHANGED = {
    DAILY: Words("今日办理", "Done today"),
    WEEKLY: Words("本周办理", "Done this week"),
    MONTHLY: Words("本月办理", "Done this month"),
    FINAL: Words("办理情况", "What was done"),
}
DUE = {
    DAILY: Words("明日到期", "Due on the next working day"),
    WEEKLY: Words("下周到期", "Due next week"),
    MONTHLY: Words("下月到期", "Due next month"),
    FINAL: Words("尚未办结", "Still open"),
}
SINCE = {
    DAILY: Words("较上日", "Since the last"),
    WEEKLY: Words("较上周", "Since last week"),
    MONTHLY: Words("较上月", "Since last month"),
    FINAL: Words("较上期", "Since the last"),
}
TEAMS = Words("各组进度", "By team")
AREAS = Words("各区域进度", "By area")
MOST_FIGURES = 6  # columns of the tables by team and area, that fit on the page


def span(period: str, language: str) -> str:
    """The day of a daily summary, else from when to when."""
    if period == DAILY:
        return "{{date}}" if english(language) else "{{日期}}"
    return "{{from}} to {{to}}" if english(language) else "{{起始日期}}至{{截止日期}}"


def chapters(period: str, names: Names) -> tuple[Chapter, ...]:
    """Those of which the report knows anything: one that is not asked for is not “none”."""
    return tuple(one for one in all_chapters(period) if names.has(one.table))


def all_chapters(period: str) -> tuple[Chapter, ...]:
    return (
        Chapter("changes", CHANGED[period], (("no", 8), ("number", 12), ("title", 25), ("step", 18), ("by", 21), ("at", 16))),
        Chapter("blocked", Words("受阻事项", "Blocked"),
                (("no", 8), ("title", 26), ("step", 15), ("responsible", 18), ("why", 33))),
        Chapter("overdue", Words("超期事项", "Overdue"),
                (("no", 8), ("title", 25), ("step", 15), ("responsible", 18), ("due", 20), ("late", 14))),
        Chapter("due", DUE[period], (("no", 8), ("title", 30), ("step", 18), ("responsible", 20), ("due", 24))),
        Chapter("corrections", Words("对以前报告的更正", "Corrections of earlier reports"),
                (("report", 18), ("day", 16), ("figure", 18), ("was", 10), ("now", 10), ("why", 28)), optional=True),
    )  # fmt: skip


def heading(number: int, words: Words, language: str) -> str:
    """一、进展 or 1. Progress."""
    if english(language):
        return f"{number}. {words.en}"
    return f"{NUMERALS[number - 1] if number <= len(NUMERALS) else number}、{words.zh}"


def term(table: str, column: str) -> Words:
    if column == INDEX.code:
        return INDEX.name
    return next(one.name for one in KINDS[table].columns if one.code == column)


def title(table: str, column: str, language: str) -> str:
    """The heading of a column."""
    text = in_language(term(table, column), language)
    return text[:1].upper() + text[1:]


def placeholder(prefix: str, table: str, column: str, language: str) -> str:
    """A name as its reader would write it."""
    kind = KINDS[table].term.zh if not english(language) else table
    name = (
        column
        if english(language)
        else term(table, column).zh
        if column in {INDEX.code, *(one.code for one in KINDS[table].columns)}
        else column
    )
    return f"{{{{{prefix}{kind}.{name}}}}}"


def prefix_of(campaigns: tuple[Campaign, ...], index: int) -> str:
    """What stands before the names of a campaign: nothing before those of the first."""
    return f"{campaigns[index].spellings[0]}." if index else ""


def figure_names(campaign: Campaign, language: str) -> list[tuple[str, Column]]:
    return [(in_language(one.name, language) or one.code, one) for one in campaign.figures]
