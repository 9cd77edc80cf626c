package shop.web;

import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.FieldError;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.exc.StreamReadException;

/** What handlers throw, as problem documents, RFC 9457. */
@RestControllerAdvice
class Problems extends ResponseEntityExceptionHandler {
    /** A field that is wrong. */
    record Wrong(String field, String message) {
        static Wrong of(FieldError error) {
            var message = error.isBindingFailure() ? "has the wrong type" : error.getDefaultMessage();
            return new Wrong(snakeCase(error.getField()), message);
        }

        /** A property as clients call it. */
        private static String snakeCase(String name) {
            return CAPITAL.matcher(name).replaceAll("_$0").toLowerCase(Locale.ROOT);
        }
    }

    private static final Pattern CAPITAL = Pattern.compile("[A-Z]");

    /** Each wrong field of a body or a query, named in one 422. */
    @Override
    protected ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException error, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return wrong(error, error.getFieldErrors().stream().map(Wrong::of), request);
    }

    @ExceptionHandler
    ResponseEntity<Object> handleWrongField(WrongFieldException error, WebRequest request) {
        return wrong(error, Stream.of(new Wrong(error.field(), error.getMessage())), request);
    }

    /** A body that is too large, that is no JSON, or that is JSON and no object. */
    @Override
    protected ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException error, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof ResponseStatusException limit) {
                return handleErrorResponseException(limit, limit.getHeaders(), limit.getStatusCode(), request);
            }
        }
        if (error.getCause() instanceof StreamReadException || error.getCause() == null) {
            return problem(error, HttpStatus.BAD_REQUEST, "the body is not valid JSON", headers, request);
        }
        return wrong(error, Stream.empty(), request);
    }

    /** The id of a path that is no whole number of 32 bits: no path of ours. */
    @Override
    protected ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException error, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        var isOfPath = error instanceof MethodArgumentTypeMismatchException mismatch
                && mismatch.getParameter().hasParameterAnnotation(PathVariable.class);
        return isOfPath
                ? problem(error, HttpStatus.NOT_FOUND, null, headers, request)
                : super.handleTypeMismatch(error, headers, status, request);
    }

    @Override
    protected ResponseEntity<Object> handleExceptionInternal(
            Exception error, Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        var answer = super.handleExceptionInternal(error, body, headers, status, request);
        if (answer != null && answer.getBody() instanceof ProblemDetail problem) ProblemDocument.typed(problem);
        return answer;
    }

    @ExceptionHandler
    ResponseEntity<Object> handleAnyOther(Exception error, WebRequest request) {
        logger.error("unexpected", error);
        return problem(error, HttpStatus.INTERNAL_SERVER_ERROR, null, new HttpHeaders(), request);
    }

    private ResponseEntity<Object> wrong(Exception error, Stream<Wrong> fields, WebRequest request) {
        var detail = ProblemDetail.forStatus(HttpStatus.UNPROCESSABLE_CONTENT);
        detail.setProperty("errors", fields.toList());
        return handleExceptionInternal(error, detail, new HttpHeaders(), HttpStatus.UNPROCESSABLE_CONTENT, request);
    }

    private ResponseEntity<Object> problem(
            Exception error, HttpStatus status, String words, HttpHeaders headers, WebRequest request) {
        var detail = ProblemDetail.forStatus(status);
        detail.setDetail(words);
        return handleExceptionInternal(error, detail, headers, status, request);
    }
}
