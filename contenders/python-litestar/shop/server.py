"""uvicorn's WebSocket protocol with one other word: `--ws shop.server:WebSocketProtocol`."""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

GOING_AWAY = 1001


class WebSocketProtocol(WebSocketsSansIOProtocol):
    def shutdown(self) -> None:
        """The server stops, and its sockets close with 1001 where uvicorn would say 1012, the service restarts."""
        if self.handshake_complete and not self.close_sent and not self.transport.is_closing():
            self.queue.put_nowait({"type": "websocket.disconnect", "code": GOING_AWAY})
            self.conn.send_close(GOING_AWAY)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
        super().shutdown()
