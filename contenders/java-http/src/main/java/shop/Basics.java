package shop;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The routes without a table of their own. */
final class Basics {
    private record Merged(List<Upstream.Part> parts, int sum) {}

    private final Database database;
    private final Computing computing;
    private final Upstream upstream;

    Basics(Database database, Computing computing, Upstream upstream) {
        this.database = database;
        this.computing = computing;
        this.upstream = upstream;
    }

    void addTo(Router router) {
        router.add("GET", "/health", new Router.Route(this::health, true))
                .get("/json", request -> request.sendJson(200, Map.of("message", "Hello, World!")))
                .get("/wait", this::waiting)
                .get("/fan-out", this::fanOut)
                .post("/compute", this::compute);
    }

    private void health(Request request) throws IOException {
        if (!database.answers()) throw new Problem(503, "the database does not answer");
        request.sendJson(200, Map.of("status", "ok"));
    }

    private void waiting(Request request) throws InterruptedException, IOException {
        var query = Validation.of(request.query());
        int ms = query.whole("ms", 0, 10_000);
        query.done();
        Thread.sleep(ms);
        request.sendJson(200, Map.of("waited_ms", ms));
    }

    private void fanOut(Request request) throws IOException {
        var query = Validation.of(request.query());
        int n = query.whole("n", 1, 20);
        query.done();
        var parts = upstream.fetch(n);
        request.sendJson(200, new Merged(parts, parts.stream().mapToInt(Upstream.Part::value).sum()));
    }

    private void compute(Request request) throws Exception {
        var body = Validation.of(request.json());
        int n = body.whole("n", 1, 100_000);
        body.done();
        request.sendJson(200, computing.run(() -> Collatz.longestBelow(n)));
    }
}
