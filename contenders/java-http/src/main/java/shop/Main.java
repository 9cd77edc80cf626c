package shop;

import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/** The entry: one process serves on all its processors, and ends its responses before it exits. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws Exception {
        var database = new Database(Settings.required("DATABASE_URL"), Settings.number("DATABASE_POOL", 10));
        var app = new App(database);
        var server = new Server(Settings.text("HOST", "127.0.0.1"), Settings.number("PORT", 3000), app);
        // SIGTERM and SIGINT run the hook; the process exits when it has ended.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.stop();
            app.close();
            database.close();
            ((LoggerContext) LoggerFactory.getILoggerFactory()).stop(); // writes the lines that wait
        }));
        server.start();
    }
}
