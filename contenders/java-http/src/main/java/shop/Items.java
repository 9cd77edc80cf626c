package shop;

import java.sql.SQLException;
import java.util.List;

/** The table of items. The driver prepares a statement on a connection when it runs there for the fifth time. */
final class Items {
    /** Items in the order of their ids, and the id to go on from, null on the last page. */
    record Page(List<Item> items, Integer next) {}

    private static final String COLUMNS = "id, category, name, price_cents, stock, version";
    private static final String FIND = "SELECT " + COLUMNS + " FROM items WHERE id = ?";
    private static final String LIST = "SELECT " + COLUMNS + " FROM items WHERE id > ? ORDER BY id LIMIT ?";
    private static final String LIST_CATEGORY =
            "SELECT " + COLUMNS + " FROM items WHERE id > ? AND category = ? ORDER BY id LIMIT ?";
    private static final String INSERT =
            "INSERT INTO items (category, name, price_cents, stock, version) VALUES (?, ?, ?, ?, 1) RETURNING " + COLUMNS;
    private static final String UPDATE = "UPDATE items SET name = ?, price_cents = ?, stock = ?, version = version + 1"
            + " WHERE id = ? AND version = ? RETURNING " + COLUMNS;

    private final Database database;

    Items(Database database) {
        this.database = database;
    }

    /** The item, or null. */
    Item find(int id) throws SQLException {
        return first(database.rows(FIND, Item::of, id));
    }

    /** At most {@code limit} items with an id above {@code after}, of all categories where there is none. */
    Page list(String category, int after, int limit) throws SQLException {
        // One row more than asked for shows whether another page follows.
        var found = category == null
                ? database.rows(LIST, Item::of, after, limit + 1)
                : database.rows(LIST_CATEGORY, Item::of, after, category, limit + 1);
        if (found.size() <= limit) return new Page(found, null);
        var items = found.subList(0, limit);
        return new Page(items, items.getLast().id());
    }

    Item insert(String category, String name, int priceCents, int stock) throws SQLException {
        return first(database.rows(INSERT, Item::of, category, name, priceCents, stock));
    }

    /** Writes the item if its version is still the stored one; null otherwise. */
    Item update(Item item) throws SQLException {
        return first(database.rows(
                UPDATE, Item::of, item.name(), item.priceCents(), item.stock(), item.id(), item.version()));
    }

    private static Item first(List<Item> found) {
        return found.isEmpty() ? null : found.getFirst();
    }
}
