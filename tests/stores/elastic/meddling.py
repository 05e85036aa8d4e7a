"""What a meddling proxy does to Elasticsearch's answers, most of all to those of bulk requests."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tests.servers.meddling_proxy import Answer, Asked, Forward, Meddle, MeddlingProxy

_HEADERS = {"Content-Type": "application/json", "X-Elastic-Product": "Elasticsearch"}


@dataclass(frozen=True)
class Action:
    """One action of a bulk request, and its lines."""

    kind: str
    id: str
    lines: bytes


def elastic(status: int, body: object) -> Answer:
    """An answer as Elasticsearch gives it."""
    return Answer(status, json.dumps(body).encode(), _HEADERS)


def failing(status: int, kind: str, reason: str = "because of the test") -> Answer:
    """A failure as Elasticsearch reports it."""
    cause = {"type": kind, "reason": reason}
    return elastic(status, {"error": {**cause, "root_cause": [cause]}, "status": status})


def is_bulk(asked: Asked) -> bool:
    """Whether this is a bulk request."""
    return asked.path.split("?")[0].endswith("/_bulk")


def actions_of(asked: Asked) -> list[Action]:
    """The actions of a bulk request."""
    return list(_actions(iter(asked.body.splitlines(keepends=True))))


def bulks(proxy: MeddlingProxy) -> list[list[str]]:
    """The ids in each bulk request so far."""
    return [[action.id for action in actions_of(asked)] for asked in list(proxy.asked) if is_bulk(asked)]


def instead(answer: Answer, *, of: Callable[[Asked], bool] = is_bulk, times: int = 1_000) -> Meddle:
    """Give ``answer`` to the first ``times`` requests of a kind; they do not reach the server."""
    left = [None] * times

    def meddle(asked: Asked, forward: Forward) -> Answer:
        if not of(asked) or not left:
            return forward(asked)
        left.pop()
        return answer

    return meddle


def refusing(chosen: Callable[[str], bool], status: int, error: Mapping[str, Any], times: int = 1_000) -> Meddle:
    """Refuse the items of the first ``times`` bulk requests whose ids are ``chosen``; they do not reach the server."""
    left = [None] * times

    def meddle(asked: Asked, forward: Forward) -> Answer:
        if not is_bulk(asked) or not left:
            return forward(asked)
        left.pop()
        actions = actions_of(asked)
        passed = b"".join(action.lines for action in actions if not chosen(action.id))
        answer = forward(replace(asked, body=passed)) if passed else elastic(200, {"items": []})
        done = iter(json.loads(answer.body)["items"])
        items = [_refused(action, status, error) if chosen(action.id) else next(done) for action in actions]
        return elastic(200, {"took": 1, "errors": True, "items": items})

    return meddle


def _refused(action: Action, status: int, error: Mapping[str, Any]) -> dict[str, Any]:
    return {action.kind: {"_id": action.id, "status": status, "error": dict(error)}}


def _actions(lines: Iterator[bytes]) -> Iterator[Action]:
    for line in lines:
        ((kind, about),) = json.loads(line).items()
        yield Action(kind, about["_id"], line if kind == "delete" else line + next(lines))
