package shop;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Routes as a tree of path segments; a segment in braces is a parameter. */
final class Router {
    /** What serves a method of a path; an open one asks for no token. */
    record Route(Handler handler, boolean open) {}

    /** The routes of a path by method, and the values of its parameters. */
    record Found(Map<String, Route> routes, Map<String, String> parameters) {}

    private static final class Segment {
        final Map<String, Segment> literals = new HashMap<>();
        final Map<String, Route> routes = new LinkedHashMap<>();
        Segment parameter; // the segment for every other text
        String name; // of the parameter that this segment is

        Segment child(String text) {
            if (!text.startsWith("{")) return literals.computeIfAbsent(text, any -> new Segment());
            if (parameter == null) parameter = new Segment();
            parameter.name = text.substring(1, text.length() - 1);
            return parameter;
        }

        /** The segment at which the texts end from {@code at} on; {@code values} takes what is met on the way. */
        Segment find(List<String> texts, int at, Map<String, String> values) {
            if (at == texts.size()) return routes.isEmpty() ? null : this;
            var text = texts.get(at);
            var literal = literals.get(text);
            var found = literal == null ? null : literal.find(texts, at + 1, values);
            if (found != null || parameter == null || text.isEmpty()) return found;
            values.put(parameter.name, text);
            return parameter.find(texts, at + 1, values);
        }
    }

    private final Segment root = new Segment();

    Router get(String path, Handler handler) {
        return add("GET", path, new Route(handler, false));
    }

    Router post(String path, Handler handler) {
        return add("POST", path, new Route(handler, false));
    }

    /** Adds a route. HEAD comes with GET, as a request leaves the body of its response out. */
    Router add(String method, String path, Route route) {
        var segment = root;
        for (var text : split(path)) segment = segment.child(text);
        segment.routes.put(method, route);
        if (method.equals("GET")) segment.routes.put("HEAD", route);
        return this;
    }

    /** The routes of a path as it was sent; null where it is no path of ours. */
    Found find(String path) {
        var values = new HashMap<String, String>();
        var texts = split(path);
        if (path.indexOf('%') >= 0) texts = texts.stream().map(Router::decode).toList();
        var segment = root.find(texts, 0, values);
        return segment == null ? null : new Found(segment.routes, values);
    }

    private static List<String> split(String path) {
        return Arrays.asList(path.substring(1).split("/", -1));
    }

    /** A segment is decoded by itself, so that an encoded slash divides none. The server has refused broken escapes. */
    private static String decode(String segment) {
        return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
