package shop.streams;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.BindParam;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Routes that stream: each holds one piece in memory at a time, at any size of the whole. */
@RestController
class StreamController implements DisposableBean {
    private static final int BYTES_MAX = 268_435_456;
    private static final int PIECE_BYTES = 65_536;
    private static final byte[] PATTERN = pattern();

    record Uploaded(long bytes, String sha256) {}

    record Download(@NotNull @Min(1) @Max(BYTES_MAX) Integer bytes) {}

    record Events(
            @NotNull @Min(1) @Max(1_000) Integer count,
            @BindParam("every_ms") @NotNull @Min(0) @Max(1_000) Integer everyMs) {}

    record Tick(int n) {}

    private final ExecutorService ticking = Executors.newVirtualThreadPerTaskExecutor();

    /** Whole periods of 251 bytes, so that every block is the same. */
    private static byte[] pattern() {
        var block = new byte[251 * 261];
        for (var at = 0; at < block.length; at++) block[at] = (byte) (at % 251);
        return block;
    }

    @PostMapping("/upload")
    Uploaded upload(HttpServletRequest request) throws IOException, NoSuchAlgorithmException {
        if (request.getContentLengthLong() > BYTES_MAX) throw new ResponseStatusException(HttpStatus.CONTENT_TOO_LARGE);
        var hash = MessageDigest.getInstance("SHA-256");
        var piece = new byte[PIECE_BYTES];
        var bytes = 0L;
        var body = request.getInputStream();
        for (int read; (read = body.read(piece)) >= 0;) {
            bytes += read;
            if (bytes > BYTES_MAX) throw new ResponseStatusException(HttpStatus.CONTENT_TOO_LARGE);
            hash.update(piece, 0, read);
        }
        return new Uploaded(bytes, HexFormat.of().formatHex(hash.digest()));
    }

    @GetMapping("/download")
    void download(@Valid Download query, HttpServletResponse response) throws IOException {
        response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
        response.setContentLength(query.bytes());
        var body = response.getOutputStream();
        // A write waits while the client is slower; the thread that waits is a virtual one.
        for (int left = query.bytes(); left > 0; left -= PATTERN.length) {
            body.write(PATTERN, 0, Math.min(left, PATTERN.length));
        }
    }

    @GetMapping("/events")
    ResponseEntity<SseEmitter> events(
            @Valid Events query, @RequestHeader(name = "Last-Event-ID", defaultValue = "0") int seen) {
        var emitter = new SseEmitter(0L);
        ticking.execute(() -> tick(emitter, seen + 1, query));
        return ResponseEntity.ok()
                .contentType(MediaType.TEXT_EVENT_STREAM)
                .cacheControl(CacheControl.noStore())
                .body(emitter);
    }

    private static void tick(SseEmitter emitter, int first, Events query) {
        var start = System.nanoTime();
        try {
            for (var n = first; n <= query.count(); n++) {
                var due = start + TimeUnit.MILLISECONDS.toNanos((long) (n - first) * query.everyMs());
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                emitter.send(SseEmitter.event().id(Integer.toString(n)).name("tick").data(new Tick(n)));
            }
            emitter.complete();
        } catch (IOException | IllegalStateException left) {
            emitter.completeWithError(left);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            emitter.complete();
        }
    }

    @Override
    public void destroy() {
        ticking.close();
    }
}
