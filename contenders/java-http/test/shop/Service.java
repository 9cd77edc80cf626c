package shop;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The service on a port of its own, and the JDK's client. */
final class Service implements AutoCloseable {
    static final String USER = "user-3";

    private final Database database = new Database(Settings.required("DATABASE_URL"), 5);
    private final App app = new App(database);
    private final Server server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final String token;

    Service() throws Exception {
        server = new Server("127.0.0.1", 0, app);
        server.start();
        token = new Tokens(Settings.required("TOKEN_KEY")).issue(USER);
    }

    Database database() {
        return database;
    }

    Map<String, String> bearer() {
        return Map.of("Authorization", "Bearer " + token);
    }

    HttpResponse<byte[]> ask(String method, String path, Object json) throws IOException, InterruptedException {
        return ask(method, path, json == null ? new byte[0] : Json.MAPPER.writeValueAsBytes(json), bearer());
    }

    HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return ask("GET", path, null);
    }

    HttpResponse<byte[]> ask(String method, String path, byte[] body, Map<String, String> headers)
            throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + server.port() + path);
        var publisher = body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
        var request = HttpRequest.newBuilder(uri).method(method, publisher).header("Content-Type", "application/json");
        headers.forEach(request::setHeader);
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    static JsonNode json(HttpResponse<byte[]> response) {
        return Json.MAPPER.readTree(response.body());
    }

    @Override
    public void close() {
        client.close();
        server.stop();
        app.close();
        database.close();
    }
}
