"""The WebSocket, and what its messages mean."""

import json
import logging

import asyncpg
from fastapi import APIRouter, HTTPException, WebSocket
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from ..problems import problem
from ..schemas import SocketMessage
from ..sockets import Sockets

log = logging.getLogger(__name__)
router = APIRouter(tags=["sockets"])


async def answer(sockets: Sockets, websocket: WebSocket, text: str) -> None:
    try:
        message = SocketMessage.model_validate_json(text)
    except ValidationError:
        detail = "a message is a JSON object with `type` echo or broadcast and text as `data`"
        return sockets.send(websocket, json.dumps({"type": "error", "detail": detail}))
    reply = json.dumps(message.model_dump())
    if message.type == "broadcast":
        await sockets.channel.say(reply)
    else:
        sockets.send(websocket, reply)


@router.websocket("/socket")
async def socket(websocket: WebSocket) -> None:
    sockets: Sockets = websocket.state.sockets
    try:
        await sockets.serve(websocket, answer)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, SQLAlchemyError) as error:
        log.error("database: %r", error)
        if websocket not in sockets.queues:
            await websocket.send_denial_response(problem(503))


@router.get("/socket", include_in_schema=False)
async def upgrade_required() -> None:
    raise HTTPException(426, headers={"Connection": "Upgrade", "Upgrade": "websocket"})
