package shop;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The access log: one JSON line for each response, which Logback writes from a thread of its own. */
final class AccessLog {
    private static final Logger LOG = LoggerFactory.getLogger("access");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private record Line(String time, String method, String path, int status, double durationMs, String user) {}

    private AccessLog() {}

    static void write(Request request) {
        if (request.status() == 0) return; // the client left before there was a response
        var duration = Math.round((System.nanoTime() - request.began) / 10_000.0) / 100.0;
        var line = new Line(
                TIME.format(request.received), request.method(), request.path(), request.status(), duration,
                request.user);
        LOG.info("{}", Json.MAPPER.writeValueAsString(line));
    }
}
