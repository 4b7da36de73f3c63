"""A process that plays a share of the demo's stories. Imports nothing of Django before it is set up."""

from multiprocessing.queues import Queue


def play(indices: range, done: "Queue[int]") -> None:
    """Play the stories with these numbers; say each number when its story has come to the present."""
    import django

    django.setup()
    from bihuan.demo.build import play_stories

    play_stories(indices, done.put)
