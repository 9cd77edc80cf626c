package shop.sockets;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.ConcurrentWebSocketSessionDecorator;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The open WebSockets. One process holds them all, so a broadcast needs nothing between processes. */
@Component
class Sockets extends TextWebSocketHandler implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Sockets.class);
    private static final int SEND_MS = 10_000;
    private static final int BUFFER_BYTES = 1_048_576;

    private record Failure(String type, String detail) {
        static final Failure UNKNOWN =
                new Failure("error", "a message is a JSON object with `type` echo or broadcast and text as `data`");
    }

    private final Map<String, WebSocketSession> open = new ConcurrentHashMap<>();
    private final JsonMapper json;
    private volatile boolean running;

    Sockets(JsonMapper json) {
        this.json = json;
    }

    @Override
    public void afterConnectionEstablished(WebSocketSession session) {
        // Several threads may send at once; a client that does not read is closed when its buffer is full.
        open.put(session.getId(), new ConcurrentWebSocketSessionDecorator(session, SEND_MS, BUFFER_BYTES));
    }

    @Override
    public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
        open.remove(session.getId());
    }

    @Override
    protected void handleTextMessage(WebSocketSession session, TextMessage message) {
        var sender = open.get(session.getId());
        if (sender == null) return;
        var said = parse(message.getPayload());
        var type = said == null ? "" : said.path("type").asString("");
        var isText = said != null && said.path("data").isString();
        switch (isText ? type : "") {
            case "echo" -> send(sender, message);
            case "broadcast" -> open.values().forEach(socket -> send(socket, message));
            default -> send(sender, new TextMessage(json.writeValueAsString(Failure.UNKNOWN)));
        }
    }

    private JsonNode parse(String text) {
        try {
            return json.readTree(text);
        } catch (JacksonException error) {
            return null;
        }
    }

    private static void send(WebSocketSession socket, TextMessage message) {
        try {
            socket.sendMessage(message);
        } catch (IOException | IllegalStateException left) {
            LOG.debug("the client left", left);
        }
    }

    @Override
    public void start() {
        running = true;
    }

    /** Closes all sockets before the server waits for its requests to end. */
    @Override
    public void stop() {
        running = false;
        for (var socket : open.values()) {
            try {
                socket.close(CloseStatus.GOING_AWAY);
            } catch (IOException left) {
                LOG.debug("the client left", left);
            }
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
