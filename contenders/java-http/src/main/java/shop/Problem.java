package shop;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An error that becomes a problem document, RFC 9457. */
final class Problem extends RuntimeException {
    /** A field that is wrong. */
    record Wrong(String field, String message) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Document(String type, String title, int status, String detail, List<Wrong> errors) {}

    private static final Map<Integer, String> TITLES = Map.of(
            400, "Bad Request",
            401, "Unauthorized",
            404, "Not Found",
            405, "Method Not Allowed",
            409, "Conflict",
            413, "Content Too Large",
            415, "Unsupported Media Type",
            422, "Unprocessable Content",
            500, "Internal Server Error",
            503, "Service Unavailable");

    private final int status;
    private final String detail;
    private final List<Wrong> errors;
    private final Map<String, String> headers = new LinkedHashMap<>();

    Problem(int status) {
        this(status, null, null);
    }

    Problem(int status, String detail) {
        this(status, detail, null);
    }

    Problem(int status, String detail, List<Wrong> errors) {
        super(detail, null, false, false); // an answer, not a fault: nobody reads its stack
        this.status = status;
        this.detail = detail;
        this.errors = errors;
    }

    /** The 422 of these fields. */
    static Problem of(List<Wrong> errors) {
        return new Problem(422, null, errors);
    }

    /** This problem with a header of its response. */
    Problem with(String name, String value) {
        headers.put(name, value);
        return this;
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    Document document() {
        return new Document("about:blank", TITLES.get(status), status, detail, errors);
    }
}
