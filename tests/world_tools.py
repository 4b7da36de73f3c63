"""The desk's tools in the world of `tests.world`: a drawn case, a batch, a view, a text, an export."""

from typing import Any
from uuid import uuid4

from bihuan.cases import actions
from bihuan.cases.exporting import write_export


def put_tools(world: Any, make: Any) -> None:
    """One thing of each kind for the routes of exports, batches, saved views, replies and re-checks."""
    cast = world.cast
    drawn, taken = make("closed"), make("assigned")
    actions.draw_recheck(drawn, why="lot")
    batch = actions.start_batch(
        "acknowledge", by=cast.handler, token=uuid4(), cases=[make("assigned")], arguments={}
    )
    actions.carry_out_batch(batch, by=cast.handler)
    view = actions.save_view("待交办", by=cast.clerk, query="state=filed")
    reply = actions.write_reply("感谢", by=cast.dispatcher, text="感谢{reporter}。", area=cast.places.street)
    export = actions.ask_export("", by=cast.clerk, rows=1, filters=[], language="en")
    write_export(export.pk)
    world.arguments |= {
        "cases:recheck": [drawn.number],
        "cases:batch_result": [batch.pk],
        "cases:batch_go_on": [batch.pk],
        "cases:change_view": [view.pk],
        "cases:delete_view": [view.pk],
        "cases:move_view": [view.pk],
        "cases:change_reply": [reply.pk],
        "cases:delete_reply": [reply.pk],
        "cases:fetch_export": [export.pk],
        "cases:discard_export": [export.pk],
    }
    text = {"name": "答复", "text": "{today}", "area": cast.places.street.pk}
    world.forms |= {
        "cases:recheck": {"held": "yes"},
        "cases:batch": {"do": "acknowledge", "case": taken.number, "token": str(uuid4())},
        "cases:save_view": {"name": "新视图", "query": "state=filed"},
        "cases:change_view": {"name": "改名"},
        "cases:move_view": {"to": "up"},
        "cases:new_reply": text,
        "cases:change_reply": text,
        "cases:ask_export": {"query": "show=open"},
    }
