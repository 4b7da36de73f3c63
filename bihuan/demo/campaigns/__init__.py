"""The demo's campaigns: each a chapter that real actions play under a moved clock, up to the present."""

from bihuan.demo.campaigns.playing import CHAPTERS, play_campaigns, shares
from bihuan.demo.campaigns.stage import spring

__all__ = ["CHAPTERS", "play_campaigns", "shares", "spring"]
