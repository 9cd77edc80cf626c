package shop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The service by HTTP, with a database that has the contract's tables. */
class ServiceTest {
    private static final String MARK = "made by a test of java-http";
    private static Service service;

    @BeforeAll
    static void start() throws Exception {
        service = new Service();
    }

    /** Removes what the tests have written. */
    @AfterAll
    static void stop() throws Exception {
        service.database().transaction(connection -> {
            Database.run(connection, "DELETE FROM order_lines WHERE item_id IN (SELECT id FROM items WHERE name = ?)", MARK);
            Database.run(connection, "DELETE FROM orders WHERE id NOT IN (SELECT order_id FROM order_lines)");
            Database.run(connection, "DELETE FROM items WHERE name = ?", MARK);
            return null;
        });
        service.close();
    }

    private static JsonNode problem(HttpResponse<byte[]> response, int status, String... fields) {
        assertEquals(status, response.statusCode());
        assertEquals("application/problem+json", response.headers().firstValue("Content-Type").orElse(""));
        var problem = Service.json(response);
        assertEquals("about:blank", problem.path("type").asString());
        assertEquals(status, problem.path("status").asInt());
        var named = new TreeSet<String>();
        problem.path("errors").forEach(error -> named.add(error.path("field").asString()));
        assertEquals(new TreeSet<>(List.of(fields)), named);
        return problem;
    }

    private static JsonNode newItem(int stock) throws Exception {
        var wanted = Map.of("category", "tools", "name", MARK, "price_cents", 1999, "stock", stock);
        var response = service.ask("POST", "/items", wanted);
        assertEquals(201, response.statusCode());
        var item = Service.json(response);
        assertEquals("/items/" + item.path("id").asInt(), response.headers().firstValue("Location").orElse(""));
        return item;
    }

    private static String path(JsonNode item) {
        return "/items/" + item.path("id").asInt();
    }

    @Test
    void aTokenIsAskedForAndLoginGivesOne() throws Exception {
        problem(service.ask("GET", "/json", new byte[0], Map.of()), 401);
        problem(service.ask("GET", "/json", new byte[0], Map.of("Authorization", "Bearer abc")), 401);
        var body = "{\"username\": \"user-3\", \"password\": \"correct horse 3\"}".getBytes(StandardCharsets.UTF_8);
        var granted = Service.json(service.ask("POST", "/login", body, Map.of()));
        var bearer = Map.of("Authorization", "Bearer " + granted.path("token").asString());
        assertEquals(200, service.ask("GET", "/json", new byte[0], bearer).statusCode());
        problem(service.ask("POST", "/login", Map.of("username", "nobody", "password", "x")), 401);
        problem(service.ask("POST", "/login", Map.of("username", 3)), 422, "username", "password");
    }

    @Test
    void itemsAreCreatedReadListedAndChanged() throws Exception {
        var item = newItem(3);
        assertEquals(item, Service.json(service.get(path(item))));
        var list = Service.json(service.get("/items?category=tools&limit=1&after=" + (item.path("id").asInt() - 1)));
        assertEquals(item, list.path("items").path(0));
        var change = Map.of("version", 1, "stock", 7);
        var changed = Service.json(service.ask("PATCH", path(item), change));
        assertEquals(List.of(7, 2), List.of(changed.path("stock").asInt(), changed.path("version").asInt()));
        problem(service.ask("PATCH", path(item), change), 409);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "first", "1.0", "99999999999999999999"})
    void anIdIsAWholeNumber(String id) throws Exception {
        problem(service.get("/items/" + id), 404);
    }

    @Test
    void eachWrongFieldIsNamed() throws Exception {
        var wrong = Map.of("category", "nothing", "name", "", "price_cents", 12.5, "stock", "1");
        problem(service.ask("POST", "/items", wrong), 422, "category", "name", "price_cents", "stock");
        problem(service.ask("POST", "/items", List.of(1)), 422);
        problem(service.get("/items?limit=many&after=-1"), 422, "limit", "after");
        problem(service.get("/items?limit=1&limit=2"), 422, "limit");
        problem(service.ask("POST", "/items", "{".getBytes(StandardCharsets.UTF_8), service.bearer()), 400);
    }

    @Test
    void ordersAtTheSameTimeSellNoMoreThanThereIs() throws Exception {
        var item = newItem(3);
        var order = Map.of("item_id", item.path("id").asInt(), "quantity", 1);
        Callable<Integer> placed = () -> service.ask("POST", "/orders", order).statusCode();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = threads.invokeAll(IntStream.range(0, 5).mapToObj(any -> placed).toList());
            var statuses = asked.stream().map(one -> one.resultNow()).sorted().toList();
            assertEquals(List.of(201, 201, 201, 409, 409), statuses);
        }
        assertEquals(0, Service.json(service.get(path(item))).path("stock").asInt());
        problem(service.ask("POST", "/orders", Map.of("item_id", 2_147_483_647, "quantity", 1)), 422, "item_id");
    }

    @Test
    void thePageEscapes() throws Exception {
        var page = new String(service.get("/page?category=%3Cb%3E").body(), StandardCharsets.UTF_8);
        assertTrue(page.contains("<h1>Items in &lt;b&gt;</h1>"), page);
    }

    @Test
    void methodsBodiesAndMediaTypesAreHeldToTheRules() throws Exception {
        var refused = service.ask("DELETE", "/items", null);
        problem(refused, 405);
        assertEquals("GET, HEAD, POST", refused.headers().firstValue("Allow").orElse(""));
        assertEquals(204, service.ask("OPTIONS", "/items", new byte[0], Map.of()).statusCode());
        var head = service.ask("HEAD", "/json", null);
        assertEquals(List.of(200, 0), List.of(head.statusCode(), head.body().length));
        var xml = Map.of("Authorization", service.bearer().get("Authorization"), "Content-Type", "text/xml");
        problem(service.ask("POST", "/items", "{}".getBytes(StandardCharsets.UTF_8), xml), 415);
        problem(service.ask("POST", "/items", Map.of("name", "x".repeat(70_000))), 413);
        assertEquals("nosniff", service.get("/nowhere").headers().firstValue("X-Content-Type-Options").orElse(""));
    }

    @Test
    void streamsHaveTheirBytesAndEvents() throws Exception {
        var body = new byte[70_000];
        Arrays.fill(body, (byte) 'x');
        var sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        var uploaded = Service.json(service.ask("POST", "/upload", body, service.bearer()));
        assertEquals(sum, uploaded.path("sha256").asString());
        var pattern = new byte[70_001];
        for (var at = 0; at < pattern.length; at++) pattern[at] = (byte) (at % 251);
        assertArrayEquals(pattern, service.get("/download?bytes=70001").body());
        var events = new String(service.get("/events?count=2&every_ms=0").body(), StandardCharsets.UTF_8);
        assertEquals("id: 1\nevent: tick\ndata: {\"n\":1}\n\nid: 2\nevent: tick\ndata: {\"n\":2}\n\n", events);
    }

    @Test
    void whatIsComputedAndWaitedForIsRight() throws Exception {
        var chain = Service.json(service.ask("POST", "/compute", Map.of("n", 1_000)));
        assertEquals(List.of(871, 179), List.of(chain.path("start").asInt(), chain.path("length").asInt()));
        assertEquals(5, Service.json(service.get("/wait?ms=5")).path("waited_ms").asInt());
        problem(service.get("/wait?ms=1e2"), 422, "ms");
    }
}
