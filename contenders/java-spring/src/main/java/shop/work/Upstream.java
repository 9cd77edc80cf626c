package shop.work;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import shop.ShopProperties;

/** The other service that {@code /fan-out} calls. */
@Component
class Upstream {
    record Part(int part, int value) {}

    private final RestClient client;
    private final AsyncTaskExecutor threads;

    Upstream(RestClient.Builder client, AsyncTaskExecutor applicationTaskExecutor, ShopProperties properties) {
        this.client = client.baseUrl(properties.upstreamUrl()).build();
        this.threads = applicationTaskExecutor;
    }

    /** The parts 1 to {@code n}, asked for at once, in order. */
    List<Part> fetch(int n) {
        var asked = IntStream.rangeClosed(1, n)
                .mapToObj(part -> CompletableFuture.supplyAsync(() -> fetchOne(part), threads))
                .toList();
        return asked.stream().map(CompletableFuture::join).toList();
    }

    private Part fetchOne(int part) {
        return client.get().uri("/part/{part}", part).retrieve().body(Part.class);
    }
}
