"""Once a second the words so far of all growing replies are stored, so that a crash costs a second of them at most."""

import asyncio
import logging
from collections.abc import Sequence

from tutor.conversations import store
from tutor.database import in_database
from tutor.live import timing
from tutor.live.growing_reply import GrowingReply
from tutor.live.hub import Hub

log = logging.getLogger(__name__)


class Checkpoints:
    """What cannot be stored is said to be so, while it is so."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def keep(self) -> None:
        """For ever."""
        while True:
            await asyncio.sleep(timing.scaled(timing.CHECKPOINT_EVERY_S))
            try:
                await self.store()
            except Exception:
                log.exception("a checkpoint failed; the next one tries again")

    async def store(self) -> None:
        """Store the text of every reply that has grown since the last time, in one transaction."""
        grown = [growing for growing in self._hub.all_growing() if growing.seq > growing.saved_seq]
        if not grown:
            return
        rows = [(one.pk, one.epoch, one.seq, one.text, one.thinking) for one in grown]
        try:
            await in_database(store.checkpoint, rows)
        except Exception:
            self._note(grown, "not_saved")
            raise
        for growing, row in zip(grown, rows, strict=True):
            growing.saved_seq = row[2]
        self._note(grown, "")

    def _note(self, grown: Sequence[GrowingReply], error: str) -> None:
        """Say of replies that still grow whether what has come of them is stored, where that is new."""
        for growing in grown:
            if growing.error != error and not growing.over:
                growing.error = error
                self._hub.tell(growing.conversation, "state", growing.reply)
