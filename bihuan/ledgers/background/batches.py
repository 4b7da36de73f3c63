"""The job that goes through the items of a batch."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from bihuan.audit.running import fresh_connection
from bihuan.ledgers import actions
from bihuan.ledgers.actions.batching import CARRY_OUT
from bihuan.ledgers.models import ItemBatch


@app.task(name=CARRY_OUT, queue="exports", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def carry_out_batch(batch_id: int) -> None:
    with fresh_connection():
        batch = ItemBatch.objects.select_related("by", "campaign").get(pk=batch_id)
        actions.carry_out_item_batch(batch, by=batch.by)
