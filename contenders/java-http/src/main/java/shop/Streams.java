package shop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Routes that stream: each holds one piece in memory at a time, at any size of the whole. */
final class Streams {
    private static final int BYTES_MAX = 268_435_456;
    private static final int PIECE_BYTES = 65_536;
    private static final byte[] PATTERN = pattern();

    /** Whole periods of 251 bytes, so that every block is the same. */
    private static byte[] pattern() {
        var block = new byte[251 * 261];
        for (var at = 0; at < block.length; at++) block[at] = (byte) (at % 251);
        return block;
    }

    void addTo(Router router) {
        router.post("/upload", Streams::upload)
                .get("/download", Streams::download)
                .get("/events", Streams::events);
    }

    private static void upload(Request request) throws IOException, NoSuchAlgorithmException {
        var declared = request.requested("Content-Length");
        if (!declared.isEmpty() && Long.parseLong(declared) > BYTES_MAX) {
            request.skip();
            throw new Problem(413);
        }
        var hash = MessageDigest.getInstance("SHA-256");
        var piece = new byte[PIECE_BYTES];
        var bytes = 0L;
        for (int read; (read = request.body().read(piece)) >= 0;) {
            bytes += read;
            if (bytes > BYTES_MAX) throw new Problem(413);
            hash.update(piece, 0, read);
        }
        request.sendJson(200, Map.of("bytes", bytes, "sha256", HexFormat.of().formatHex(hash.digest())));
    }

    private static void download(Request request) throws IOException {
        var query = Validation.of(request.query());
        int bytes = query.whole("bytes", 1, BYTES_MAX);
        query.done();
        var body = request.stream("application/octet-stream", bytes);
        // A write waits while the client is slower.
        for (var left = bytes; left > 0; left -= PATTERN.length) body.write(PATTERN, 0, Math.min(left, PATTERN.length));
    }

    private static void events(Request request) throws IOException, InterruptedException {
        var query = Validation.of(request.query());
        int count = query.whole("count", 1, 1_000);
        int everyMs = query.whole("every_ms", 0, 1_000);
        query.done();
        var seen = Validation.digits(request.requested("Last-Event-ID"));
        request.header("Cache-Control", "no-store");
        var body = request.stream("text/event-stream", 0);
        var start = System.nanoTime();
        var first = seen == null ? 1 : seen + 1;
        for (var n = first; n <= count; n++) {
            var due = start + TimeUnit.MILLISECONDS.toNanos((long) (n - first) * everyMs);
            TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
            body.write("id: %d\nevent: tick\ndata: {\"n\":%d}\n\n".formatted(n, n).getBytes(StandardCharsets.UTF_8));
            body.flush();
        }
    }
}
