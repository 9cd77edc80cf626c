package shop.web;

import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/** Problem documents that name their type, which Spring leaves out where it is the usual one. */
public final class ProblemDocument {
    private static final URI USUAL = URI.create("about:blank");

    private ProblemDocument() {}

    public static ProblemDetail of(HttpStatus status) {
        return typed(ProblemDetail.forStatus(status));
    }

    static ProblemDetail typed(ProblemDetail problem) {
        problem.setType(USUAL);
        return problem;
    }
}
