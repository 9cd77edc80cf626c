package shop.work;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** The routes without a table of their own. */
@RestController
class WorkController {
    record Status(String status) {}

    record Message(String message) {}

    record Wait(@NotNull @Min(0) @Max(10_000) Integer ms) {}

    record Waited(int waitedMs) {}

    record FanOut(@NotNull @Min(1) @Max(20) Integer n) {}

    record Merged(List<Upstream.Part> parts, int sum) {}

    record Compute(@NotNull @Min(1) @Max(100_000) Integer n) {}

    private final JdbcClient jdbc;
    private final Upstream upstream;
    private final Computing computing;

    WorkController(JdbcClient jdbc, Upstream upstream, Computing computing) {
        this.jdbc = jdbc;
        this.upstream = upstream;
        this.computing = computing;
    }

    @GetMapping("/health")
    Status health() {
        try {
            jdbc.sql("SELECT 1").query(Integer.class).single();
        } catch (DataAccessException error) {
            throw new ResponseStatusException(
                    HttpStatus.SERVICE_UNAVAILABLE, "the database does not answer", error);
        }
        return new Status("ok");
    }

    @GetMapping("/json")
    Message json() {
        return new Message("Hello, World!");
    }

    @GetMapping("/wait")
    Waited await(@Valid Wait query) throws InterruptedException {
        Thread.sleep(query.ms());
        return new Waited(query.ms());
    }

    @GetMapping("/fan-out")
    Merged fanOut(@Valid FanOut query) {
        var parts = upstream.fetch(query.n());
        return new Merged(parts, parts.stream().mapToInt(Upstream.Part::value).sum());
    }

    @PostMapping(path = "/compute", consumes = "application/json")
    Collatz.Chain compute(@Valid @RequestBody Compute body) throws InterruptedException, ExecutionException {
        return computing.run(() -> Collatz.longestBelow(body.n()));
    }
}
