package shop;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The route of orders, and its transaction. */
final class OrderRoutes {
    private static final String LOCK = "SELECT price_cents, stock FROM items WHERE id = ? FOR UPDATE";
    private static final String INSERT = "INSERT INTO orders (username, total_cents) VALUES (?, ?) RETURNING id";
    private static final String INSERT_LINE =
            "INSERT INTO order_lines (order_id, item_id, quantity, price_cents) VALUES (?, ?, ?, ?)";
    private static final String TAKE = "UPDATE items SET stock = stock - ?, version = version + 1 WHERE id = ?";

    private record Locked(int priceCents, int stock) {}

    private record Order(int id, int itemId, int quantity, int priceCents, int totalCents) {}

    private final Database database;

    OrderRoutes(Database database) {
        this.database = database;
    }

    void addTo(Router router) {
        router.post("/orders", this::place);
    }

    private void place(Request request) throws SQLException, IOException {
        var body = Validation.of(request.json());
        int itemId = body.whole("item_id", 1, Validation.INTEGER_MAX);
        int quantity = body.whole("quantity", 1, 20);
        body.done();
        var order = database.transaction(connection -> place(connection, request.user, itemId, quantity));
        request.sendJson(201, order);
    }

    private static Order place(Connection connection, String user, int itemId, int quantity) throws SQLException {
        var locked = Database.rows(connection, LOCK, row -> new Locked(row.getInt(1), row.getInt(2)), itemId);
        if (locked.isEmpty()) throw Problem.of(List.of(new Problem.Wrong("item_id", "there is no such item")));
        var item = locked.getFirst();
        if (item.stock() < quantity) throw new Problem(409, "there is not that much in stock");
        var total = quantity * item.priceCents();
        int id = Database.rows(connection, INSERT, row -> row.getInt(1), user, total).getFirst();
        Database.run(connection, INSERT_LINE, id, itemId, quantity, item.priceCents());
        Database.run(connection, TAKE, quantity, itemId);
        return new Order(id, itemId, quantity, item.priceCents(), total);
    }
}
