package shop.items;

import java.util.Optional;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of items. */
@Repository
public class Items {
    private static final String COLUMNS = "id, category, name, price_cents, stock, version";
    private static final RowMapper<Item> ITEM = new DataClassRowMapper<>(Item.class);

    private final JdbcClient jdbc;

    Items(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<Item> find(int id) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM items WHERE id = ?").param(id).query(ITEM).optional();
    }

    /** At most {@code limit} items with an id above {@code after}, of all categories where there is none. */
    public ItemPage list(String category, int after, int limit) {
        // One row more than asked for shows whether another page follows.
        var found = category == null
                ? jdbc.sql("SELECT " + COLUMNS + " FROM items WHERE id > ? ORDER BY id LIMIT ?")
                        .params(after, limit + 1).query(ITEM).list()
                : jdbc.sql("SELECT " + COLUMNS + " FROM items WHERE id > ? AND category = ? ORDER BY id LIMIT ?")
                        .params(after, category, limit + 1).query(ITEM).list();
        if (found.size() <= limit) return new ItemPage(found, null);
        var items = found.subList(0, limit);
        return new ItemPage(items, items.getLast().id());
    }

    Item insert(String category, String name, int priceCents, int stock) {
        return jdbc.sql("INSERT INTO items (category, name, price_cents, stock, version) VALUES (?, ?, ?, ?, 1)"
                        + " RETURNING " + COLUMNS)
                .params(category, name, priceCents, stock)
                .query(ITEM)
                .single();
    }

    /** Writes the item if its version is still the stored one; nothing otherwise. */
    Optional<Item> update(Item item) {
        return jdbc.sql("UPDATE items SET name = ?, price_cents = ?, stock = ?, version = version + 1"
                        + " WHERE id = ? AND version = ? RETURNING " + COLUMNS)
                .params(item.name(), item.priceCents(), item.stock(), item.id(), item.version())
                .query(ITEM)
                .optional();
    }
}
