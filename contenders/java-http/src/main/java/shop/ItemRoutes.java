package shop;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** The routes of items. */
final class ItemRoutes {
    private static final List<String> CATEGORIES = List.of(
            "books", "garden", "games", "music", "tools", "toys", "sports", "office", "kitchen", "travel");
    private static final int PRICE_MAX = 100_000_000;
    private static final int STOCK_MAX = 1_000_000;

    private final Items items;

    ItemRoutes(Items items) {
        this.items = items;
    }

    void addTo(Router router) {
        router.get("/items", this::list)
                .post("/items", this::create)
                .get("/items/{id}", this::read)
                .add("PATCH", "/items/{id}", new Router.Route(this::update, false));
    }

    private void list(Request request) throws SQLException, IOException {
        var query = Validation.of(request.query());
        var category = query.optionalText("category");
        int limit = query.whole("limit", 1, 100, 20);
        int after = query.whole("after", 0, Validation.INTEGER_MAX, 0);
        query.done();
        request.sendJson(200, items.list(category, after, limit));
    }

    private void read(Request request) throws SQLException, IOException {
        request.sendJson(200, existing(id(request)));
    }

    private void create(Request request) throws SQLException, IOException {
        var body = Validation.of(request.json());
        var category = body.check("category", body.text("category"), CATEGORIES::contains,
                "must be one of " + String.join(", ", CATEGORIES));
        var name = body.text("name", 1, 200);
        int price = body.whole("price_cents", 0, PRICE_MAX);
        int stock = body.whole("stock", 0, STOCK_MAX, 0);
        body.done();
        var item = items.insert(category, name, price, stock);
        request.header("Location", "/items/" + item.id());
        request.sendJson(201, item);
    }

    private void update(Request request) throws SQLException, IOException {
        var id = id(request);
        var body = Validation.of(request.json());
        int version = body.whole("version", 1, Validation.INTEGER_MAX);
        var name = body.text("name", 1, 200, null);
        var price = body.whole("price_cents", 0, PRICE_MAX, null);
        var stock = body.whole("stock", 0, STOCK_MAX, null);
        body.done();
        if (name == null && price == null && stock == null) {
            throw new Problem(422, "nothing to change: give name, price_cents or stock", List.of());
        }
        var item = existing(id);
        var updated = item.version() == version ? items.update(changed(item, name, price, stock)) : null;
        if (updated == null) throw new Problem(409, "the item has changed since that version");
        request.sendJson(200, updated);
    }

    private static Item changed(Item item, String name, Integer price, Integer stock) {
        return new Item(
                item.id(), item.category(), name == null ? item.name() : name,
                price == null ? item.priceCents() : price, stock == null ? item.stock() : stock, item.version());
    }

    private Item existing(int id) throws SQLException {
        var item = items.find(id);
        if (item == null) throw new Problem(404);
        return item;
    }

    /** The id that a path names; a path with any other text is no path of ours. */
    private static int id(Request request) {
        var id = Validation.digits(request.parameters.get("id"));
        if (id == null || id == 0) throw new Problem(404);
        return id;
    }
}
