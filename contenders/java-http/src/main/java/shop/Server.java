package shop;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The JDK's server with a virtual thread for each request. */
final class Server {
    private static final int BACKLOG = 1_024;
    private static final int GRACE_S = 8; // a response may take that long after the order to stop

    static {
        // The server reads its settings from system properties, as the module jdk.httpserver documents them.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.idleInterval", "65"); // s; longer than the 60 s of the usual load balancer
        System.setProperty("sun.net.httpserver.maxIdleConnections", "20000"); // its default closes all above 200
        System.setProperty("sun.net.httpserver.drainAmount", "1048576"); // of a body that no handler read
    }

    private final HttpServer server;
    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();

    Server(String host, int port, HttpHandler app) throws IOException {
        server = HttpServer.create(new InetSocketAddress(host, port), BACKLOG);
        server.setExecutor(requests);
        server.createContext("/", app);
    }

    void start() {
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Takes no more connections, and returns when the responses that run have ended. */
    void stop() {
        server.stop(GRACE_S);
        requests.close();
    }
}
