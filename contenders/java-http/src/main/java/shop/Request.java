package shop;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** One request and its response. */
final class Request {
    private static final int BODY_MAX = 65_536;
    private static final int SKIP_MAX = 1_048_576; // of a body that is too large, so that the client sees the answer

    private final HttpExchange exchange;
    final Instant received = Instant.now();
    final long began = System.nanoTime();
    /** The user whom the token names, once it was checked. */
    String user;
    /** The values of the path's parameters. */
    Map<String, String> parameters = Map.of();
    private int status;

    Request(HttpExchange exchange) {
        this.exchange = exchange;
        header("X-Content-Type-Options", "nosniff");
        header("X-Frame-Options", "DENY");
        header("Referrer-Policy", "no-referrer");
    }

    String method() {
        return exchange.getRequestMethod();
    }

    /** The path as it was sent. */
    String path() {
        var path = exchange.getRequestURI().getRawPath();
        return path == null || path.isEmpty() ? "/" : path;
    }

    /** The status of the response; 0 while there is none. */
    int status() {
        return status;
    }

    /** The value of a request header; an empty text where it has none. */
    String requested(String name) {
        var value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    /** Every value of each parameter of the query. */
    Map<String, List<String>> query() {
        var values = new LinkedHashMap<String, List<String>>();
        var query = exchange.getRequestURI().getRawQuery();
        if (query == null || query.isEmpty()) return values;
        for (var pair : query.split("&")) {
            var at = pair.indexOf('=');
            var name = decode(at < 0 ? pair : pair.substring(0, at));
            values.computeIfAbsent(name, any -> new ArrayList<>(1)).add(at < 0 ? "" : decode(pair.substring(at + 1)));
        }
        return values;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** The body as it arrives. */
    InputStream body() {
        return exchange.getRequestBody();
    }

    /** The body as JSON. */
    JsonNode json() throws IOException {
        checkMedia();
        var bytes = body().readNBytes(BODY_MAX + 1);
        if (bytes.length > BODY_MAX) {
            skip();
            throw new Problem(413);
        }
        try {
            return Json.MAPPER.readTree(bytes);
        } catch (JacksonException error) {
            throw new Problem(400, "the body is not valid JSON");
        }
    }

    private void checkMedia() {
        var type = requested("Content-Type").split(";", 2)[0].strip();
        if (!type.equalsIgnoreCase("application/json")) {
            throw new Problem(415, "the body must be application/json");
        }
        var encoding = requested("Content-Encoding");
        if (!encoding.isEmpty() && !encoding.equalsIgnoreCase("identity")) {
            throw new Problem(415, "the body must not be compressed").with("Accept-Encoding", "identity");
        }
    }

    /** Reads and throws away what follows, up to a limit. */
    void skip() throws IOException {
        body().skip(SKIP_MAX);
    }

    /** Sets a header of the response. */
    void header(String name, String value) {
        exchange.getResponseHeaders().set(name, value);
    }

    void sendJson(int status, Object value) throws IOException {
        send(status, "application/json", Json.MAPPER.writeValueAsBytes(value));
    }

    void sendHtml(String html) throws IOException {
        send(200, "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8));
    }

    void sendProblem(Problem problem) throws IOException {
        problem.headers().forEach(this::header);
        send(problem.status(), "application/problem+json", Json.MAPPER.writeValueAsBytes(problem.document()));
    }

    void sendEmpty(int status) throws IOException {
        sendHeaders(status, -1);
    }

    private void send(int status, String type, byte[] body) throws IOException {
        header("Content-Type", type);
        if (method().equals("HEAD")) {
            header("Content-Length", Integer.toString(body.length));
            sendHeaders(status, -1);
        } else {
            sendHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** Begins a body of that many bytes; in chunks where there are 0. */
    OutputStream stream(String type, long bytes) throws IOException {
        header("Content-Type", type);
        if (method().equals("HEAD")) {
            if (bytes > 0) header("Content-Length", Long.toString(bytes));
            sendHeaders(200, -1);
            return OutputStream.nullOutputStream();
        }
        sendHeaders(200, bytes);
        return exchange.getResponseBody();
    }

    private void sendHeaders(int status, long bytes) throws IOException {
        this.status = status;
        exchange.sendResponseHeaders(status, bytes);
    }
}
