"""Experience 经验 as one file: what a campaign was, without things and people, for others to take over."""

from bihuan.reports.experience.model import Experience, Goal, Paper, Rates, TeamWords
from bihuan.reports.experience.packing import UnfitExperience, pack, unpack

__all__ = [
    "Experience",
    "Goal",
    "Paper",
    "Rates",
    "TeamWords",
    "UnfitExperience",
    "pack",
    "unpack",
]
