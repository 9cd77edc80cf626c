package shop;

/** What serves a route. */
@FunctionalInterface
interface Handler {
    void handle(Request request) throws Exception;
}
