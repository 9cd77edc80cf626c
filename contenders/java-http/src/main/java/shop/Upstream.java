package shop;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** The other service that {@code /fan-out} calls. */
final class Upstream implements AutoCloseable {
    record Part(int part, int value) {}

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final String url;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client = HttpClient.newBuilder()
            .executor(threads)
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();

    Upstream(String url) {
        this.url = url;
    }

    /** The parts 1 to {@code n}, asked for at once, in order. */
    List<Part> fetch(int n) {
        var asked = IntStream.rangeClosed(1, n)
                .mapToObj(part -> CompletableFuture.supplyAsync(() -> fetchOne(part), threads))
                .toList();
        return asked.stream().map(CompletableFuture::join).toList();
    }

    private Part fetchOne(int part) {
        var request = HttpRequest.newBuilder(URI.create(url + "/part/" + part)).timeout(TIMEOUT).build();
        try {
            var response = client.send(request, BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new IllegalStateException("status %d for part %d".formatted(response.statusCode(), part));
            }
            return Json.MAPPER.readValue(response.body(), Part.class);
        } catch (IOException error) {
            throw new IllegalStateException("part " + part, error);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("part " + part, stopped);
        }
    }

    @Override
    public void close() {
        client.close();
        threads.close();
    }
}
