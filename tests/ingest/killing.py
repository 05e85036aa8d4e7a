"""Kills a server in the middle of a request, and keeps account of what it had said by then."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.servers.elasticsearch import Elasticsearch
from tests.servers.meddling_proxy import Answer, Asked, Forward, HangUp, MeddlingProxy, pass_on


@dataclass
class Killer:
    """``acknowledged`` are the ids of all records whose write the server has acknowledged."""

    server: Elasticsearch
    proxy: MeddlingProxy
    times: int = 0
    acknowledged: set[str] = field(default_factory=set)

    def wait_for(self, chosen: Callable[[Asked], bool], *, let_pass: int, share: float | None) -> None:
        """Kill the server in the chosen request that follows ``let_pass`` others of its kind.

        At that moment it has got this ``share`` of the request's body; None: it has answered, and nobody hears it.
        """
        passed = 0

        def meddle(asked: Asked, forward: Forward) -> Answer:
            nonlocal passed
            if not chosen(asked) or passed > let_pass:
                return forward(asked)
            passed += 1
            if passed <= let_pass:
                answer = forward(asked)
                self._note(answer)
                return answer
            if share is None:
                forward(asked)
                self._kill()
            else:
                with self.proxy.begun(asked, share):
                    self._kill()
            raise HangUp

        self.proxy.meddle = meddle

    def revive(self) -> None:
        """Start the server again and let everything pass."""
        self.proxy.meddle = pass_on
        self.server.start()

    def _kill(self) -> None:
        self.server.kill()
        self.times += 1

    def _note(self, answer: Answer) -> None:
        items = json.loads(answer.body).get("items", ())
        results = [result for item in items for result in item.values()]
        self.acknowledged |= {result["_id"] for result in results if result["status"] in (200, 201)}
