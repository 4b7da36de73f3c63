"""A process that plays a share of the demo. Imports nothing of Django before it is set up."""

from multiprocessing.queues import Queue


def play(indices: range, chapters: list[int], done: "Queue[int]") -> None:
    """Play campaigns and stories with these numbers; say each number when it has come to the present."""
    import django

    django.setup()
    from bihuan.demo.build import play_stories
    from bihuan.demo.campaigns import play_campaigns

    play_campaigns(chapters, done.put)
    play_stories(indices, done.put)
