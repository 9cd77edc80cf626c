package shop;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.test.web.servlet.client.RestTestClient.ResponseSpec;

/** The service by HTTP, with a database that has the contract's tables. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureRestTestClient
class ServiceTest {
    private static final String MARK = "made by a test of java-spring";

    @Autowired
    private RestTestClient anonymous;

    @Autowired
    private JdbcClient jdbc;

    private RestTestClient client;

    record Item(int id, String category, String name, int priceCents, int stock, int version) {}

    record Wrong(String field, String message) {}

    record Problem(String type, int status, List<Wrong> errors) {}

    record Granted(String username, String token) {}

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) {
        var address = URI.create(System.getenv("DATABASE_URL"));
        var user = address.getUserInfo().split(":", 2);
        registry.add("spring.datasource.url",
                () -> "jdbc:postgresql://%s:%d%s".formatted(address.getHost(), address.getPort(), address.getPath()));
        registry.add("spring.datasource.username", () -> user[0]);
        registry.add("spring.datasource.password", () -> user.length > 1 ? user[1] : "");
        registry.add("server.port", () -> "0");
    }

    @BeforeEach
    void logIn() {
        var credentials = Map.of("username", "user-3", "password", "correct horse 3");
        var granted = send(anonymous, HttpMethod.POST, "/login", credentials)
                .expectStatus().isOk().expectBody(Granted.class).returnResult().getResponseBody();
        client = anonymous.mutate().defaultHeader("Authorization", "Bearer " + granted.token()).build();
    }

    /** Removes what a test has written. */
    @AfterEach
    void remove() {
        jdbc.sql("DELETE FROM order_lines WHERE item_id IN (SELECT id FROM items WHERE name = ?)").param(MARK).update();
        jdbc.sql("DELETE FROM orders WHERE id NOT IN (SELECT order_id FROM order_lines)").update();
        jdbc.sql("DELETE FROM items WHERE name = ?").param(MARK).update();
    }

    private static ResponseSpec send(RestTestClient client, HttpMethod method, String path, Object json) {
        return client.method(method).uri(URI.create(path)).contentType(MediaType.APPLICATION_JSON).body(json).exchange();
    }

    private ResponseSpec get(String path) {
        return client.get().uri(URI.create(path)).exchange();
    }

    private static void problem(ResponseSpec response, int status, String... fields) {
        var problem = response.expectStatus().isEqualTo(status)
                .expectHeader().contentTypeCompatibleWith(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody(Problem.class).returnResult().getResponseBody();
        assertThat(problem.type()).isEqualTo("about:blank");
        assertThat(problem.status()).isEqualTo(status);
        var named = problem.errors() == null ? List.<Wrong>of() : problem.errors();
        assertThat(named.stream().map(Wrong::field).distinct()).containsExactlyInAnyOrder(fields);
    }

    private Item newItem(int stock) {
        var wanted = Map.of("category", "tools", "name", MARK, "price_cents", 1999, "stock", stock);
        return send(client, HttpMethod.POST, "/items", wanted)
                .expectStatus().isCreated().expectBody(Item.class).returnResult().getResponseBody();
    }

    @Test
    void aTokenIsAskedFor() throws Exception {
        problem(anonymous.get().uri("/json").exchange(), 401);
        problem(anonymous.get().uri("/json").header("Authorization", "Bearer abc").exchange(), 401);
        problem(send(anonymous, HttpMethod.POST, "/login", Map.of("username", "nobody", "password", "x")), 401);
        problem(send(anonymous, HttpMethod.POST, "/login", Map.of("username", 3)), 422, "username", "password");
        var credentials = Map.of("username", "user-1", "password", "correct horse 1");
        var granted = send(anonymous, HttpMethod.POST, "/login", credentials)
                .expectBody(Granted.class).returnResult().getResponseBody();
        var end = SignedJWT.parse(granted.token()).getJWTClaimsSet().getExpirationTime().toInstant();
        assertThat(Duration.between(Instant.now(), end)).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61));
    }

    @Test
    void itemsAreCreatedReadListedAndChanged() {
        var item = newItem(3);
        get("/items/" + item.id()).expectStatus().isOk().expectBody(Item.class).isEqualTo(item);
        get("/items?category=tools&limit=1&after=" + (item.id() - 1)).expectBody()
                .jsonPath("$.items[0].id").isEqualTo(item.id());
        var change = Map.of("version", 1, "stock", 7);
        send(client, HttpMethod.PATCH, "/items/" + item.id(), change).expectStatus().isOk()
                .expectBody().jsonPath("$.stock").isEqualTo(7).jsonPath("$.version").isEqualTo(2);
        problem(send(client, HttpMethod.PATCH, "/items/" + item.id(), change), 409);
    }

    @Test
    void anIdIsAWholeNumber() {
        for (var id : List.of("0", "-1", "first", "1.0", "4294967297")) problem(get("/items/" + id), 404);
    }

    @Test
    void eachWrongFieldIsNamed() {
        var wrong = Map.of("category", "nothing", "name", "", "price_cents", 12.5, "stock", "1");
        problem(send(client, HttpMethod.POST, "/items", wrong), 422, "category", "name", "price_cents", "stock");
        problem(send(client, HttpMethod.POST, "/items", "{\"category\": \"toys\", \"name\": \"a\\u0000\", \"price_cents\": 1}"),
                422, "name");
        problem(send(client, HttpMethod.POST, "/items", List.of(1)), 422);
        problem(send(client, HttpMethod.POST, "/items", "{"), 400);
        problem(get("/items?limit=many&after=-1"), 422, "limit", "after");
    }

    @Test
    void ordersAtTheSameTimeSellNoMoreThanThereIs() throws Exception {
        var item = newItem(3);
        var order = Map.of("item_id", item.id(), "quantity", 1);
        Callable<Integer> placed = () -> send(client, HttpMethod.POST, "/orders", order)
                .returnResult(String.class).getStatus().value();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = threads.invokeAll(IntStream.range(0, 5).mapToObj(any -> placed).toList());
            assertThat(asked.stream().map(one -> one.resultNow()).sorted()).containsExactly(201, 201, 201, 409, 409);
        }
        get("/items/" + item.id()).expectBody().jsonPath("$.stock").isEqualTo(0);
        problem(send(client, HttpMethod.POST, "/orders", Map.of("item_id", 2_147_483_647, "quantity", 1)), 422, "item_id");
    }

    @Test
    void thePageEscapes() {
        get("/page?category=%3Cb%3E").expectBody(String.class)
                .value(page -> assertThat(page).contains("<h1>Items in &lt;b&gt;</h1>"));
    }

    @Test
    void methodsBodiesAndMediaTypesAreHeldToTheRules() {
        var refused = client.delete().uri("/items").exchange();
        assertThat(refused.returnResult(String.class).getResponseHeaders().getAllow())
                .contains(HttpMethod.GET, HttpMethod.POST);
        anonymous.options().uri("/items").exchange().expectStatus().isOk();
        client.head().uri("/json").exchange().expectStatus().isOk().expectBody().isEmpty();
        problem(client.post().uri("/items").contentType(MediaType.TEXT_XML).body("<a/>").exchange(), 415);
        problem(send(client, HttpMethod.POST, "/items", Map.of("name", "x".repeat(70_000))), 413);
        get("/nowhere").expectStatus().isNotFound().expectHeader().valueEquals("X-Content-Type-Options", "nosniff");
    }

    @Test
    void streamsHaveTheirBytesAndEvents() {
        client.post().uri("/upload").contentType(MediaType.APPLICATION_OCTET_STREAM).body(new byte[70_000]).exchange()
                .expectBody().jsonPath("$.bytes").isEqualTo(70_000);
        var download = get("/download?bytes=70001").expectBody(byte[].class).returnResult().getResponseBody();
        assertThat(download).hasSize(70_001);
        assertThat(download[252]).isEqualTo((byte) 1);
        var events = get("/events?count=2&every_ms=0").expectBody(byte[].class).returnResult().getResponseBody();
        assertThat(new String(events, StandardCharsets.UTF_8)).contains("event:tick", "{\"n\":2}");
        problem(get("/events"), 422, "count", "every_ms");
    }

    @Test
    void everyResponseIsLogged() throws Exception {
        get("/wait?ms=7").expectBody().jsonPath("$.waited_ms").isEqualTo(7);
        var log = Path.of(System.getenv("ACCESS_LOG"));
        // A line may be written after its response has been sent.
        for (var tries = 0; tries < 100 && Files.readAllLines(log).stream().noneMatch(ServiceTest::isTheWait); tries++) {
            Thread.sleep(100);
        }
        assertThat(Files.readAllLines(log)).anyMatch(ServiceTest::isTheWait);
    }

    private static boolean isTheWait(String line) {
        return line.contains("\"path\":\"/wait\",\"status\":200") && line.contains("user-3");
    }
}
