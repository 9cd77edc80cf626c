package shop;

/** The settings of the environment. */
final class Settings {
    private Settings() {}

    static String text(String name, String fallback) {
        var value = System.getenv(name);
        return value == null || value.isEmpty() ? fallback : value;
    }

    static int number(String name, int fallback) {
        return Integer.parseInt(text(name, Integer.toString(fallback)));
    }

    static String required(String name) {
        var value = text(name, null);
        if (value == null) throw new IllegalStateException("the environment has no " + name);
        return value;
    }
}
