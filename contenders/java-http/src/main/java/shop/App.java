package shop;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the route of a request, asks for its token, and turns what it throws into a problem document. */
final class App implements HttpHandler, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(App.class);

    private final Router router = new Router();
    private final Tokens tokens = new Tokens(Settings.required("TOKEN_KEY"));
    private final Computing computing = new Computing();
    private final Upstream upstream = new Upstream(Settings.text("UPSTREAM_URL", "http://127.0.0.1:1"));

    App(Database database) {
        var items = new Items(database);
        new Basics(database, computing, upstream).addTo(router);
        new Login(database, computing, tokens).addTo(router);
        new ItemRoutes(items).addTo(router);
        new OrderRoutes(database).addTo(router);
        new Pages(items).addTo(router);
        new Streams().addTo(router);
        new ManyRoutes(Settings.number("BAKEOFF_ROUTES", 0)).addTo(router);
    }

    @Override
    public void handle(HttpExchange exchange) {
        var request = new Request(exchange);
        try {
            respond(request);
        } catch (Problem problem) {
            send(request, problem);
        } catch (IOException left) {
            // A client that leaves while it sends or receives is no error of ours.
            LOG.debug("the client left", left);
        } catch (Exception error) {
            LOG.error("{} {}", request.method(), request.path(), error);
            send(request, new Problem(500));
        } finally {
            exchange.close();
            AccessLog.write(request);
        }
    }

    private void respond(Request request) throws Exception {
        var found = router.find(request.path());
        if (found == null) throw new Problem(404);
        var route = found.routes().get(request.method());
        if (route == null) {
            refuseMethod(request, String.join(", ", found.routes().keySet()));
            return;
        }
        if (!route.open()) request.user = tokens.authenticate(request);
        request.parameters = found.parameters();
        route.handler().handle(request);
    }

    /** OPTIONS asks which methods there are; what else is not among them is refused. */
    private static void refuseMethod(Request request, String allow) throws IOException {
        if (!request.method().equals("OPTIONS")) throw new Problem(405).with("Allow", allow);
        request.header("Allow", allow);
        request.sendEmpty(204);
    }

    private static void send(Request request, Problem problem) {
        if (request.status() != 0) return; // too late: closing the exchange cuts the response off
        try {
            request.sendProblem(problem);
        } catch (IOException left) {
            LOG.debug("the client left", left);
        }
    }

    @Override
    public void close() {
        computing.close();
        upstream.close();
    }
}
