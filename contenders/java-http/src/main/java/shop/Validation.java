package shop;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Reads the fields of what clients send, and collects each one that is wrong for one 422. */
final class Validation {
    static final int INTEGER_MAX = Integer.MAX_VALUE;
    private static final int TEXT_MAX = 65_536; // as many characters as fit a body
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,10}");

    private final Function<String, Object> values;
    private final List<Problem.Wrong> errors = new ArrayList<>(0);

    private Validation(Function<String, Object> values) {
        this.values = values;
    }

    /** The fields of a JSON object. */
    static Validation of(JsonNode body) {
        if (!body.isObject()) throw new Problem(422, "the body must be a JSON object", List.of());
        return new Validation(body::get);
    }

    /** The parameters of a query; one that is given twice fits no rule. */
    static Validation of(Map<String, List<String>> query) {
        return new Validation(name -> {
            var given = query.get(name);
            return given != null && given.size() == 1 ? given.getFirst() : given;
        });
    }

    int whole(String field, int low, int high) {
        var read = whole(field, low, high, null);
        if (read == null && values.apply(field) == null) wrong(field, "is required");
        return read == null ? low : read;
    }

    /** A whole number, or {@code fallback} where the field is absent. */
    Integer whole(String field, int low, int high, Integer fallback) {
        var value = values.apply(field);
        if (value == null) return fallback;
        var number = number(value);
        if (number != null && number >= low && number <= high) return number;
        wrong(field, "must be a whole number from %d to %d".formatted(low, high));
        return fallback;
    }

    private static Integer number(Object value) {
        if (value instanceof JsonNode node) {
            return node.isIntegralNumber() && node.canConvertToInt() ? node.intValue() : null;
        }
        return value instanceof String text ? digits(text) : null;
    }

    /** A number from 0 on that is written in digits; null for any other text. */
    static Integer digits(String text) {
        if (!DIGITS.matcher(text).matches()) return null;
        var number = Long.parseLong(text);
        return number <= INTEGER_MAX ? (int) number : null;
    }

    String text(String field, int low, int high) {
        var read = text(field, low, high, null);
        if (read == null && values.apply(field) == null) wrong(field, "is required");
        return read;
    }

    String text(String field) {
        return text(field, 0, TEXT_MAX);
    }

    String optionalText(String field) {
        return text(field, 0, TEXT_MAX, null);
    }

    /** Text of that many characters, or {@code fallback} where the field is absent. */
    String text(String field, int low, int high, String fallback) {
        var value = values.apply(field);
        if (value == null) return fallback;
        var text = value instanceof JsonNode node ? (node.isString() ? node.stringValue() : null) : value;
        if (text instanceof String read && isStorable(read)) {
            var length = read.codePointCount(0, read.length());
            if (length >= low && length <= high) return read;
        }
        wrong(field, "must be text of %d to %d characters".formatted(low, high));
        return fallback;
    }

    /** PostgreSQL stores neither NUL nor half of a pair of surrogates. */
    private static boolean isStorable(String text) {
        return text.codePoints().allMatch(point -> point != 0 && (point < 0xD800 || point > 0xDFFF));
    }

    String check(String field, String text, Predicate<String> rule, String message) {
        if (text != null && !rule.test(text)) wrong(field, message);
        return text;
    }

    private void wrong(String field, String message) {
        errors.add(new Problem.Wrong(field, message));
    }

    /** Throws one 422 that names each field that was wrong. */
    void done() {
        if (!errors.isEmpty()) throw Problem.of(errors);
    }
}
