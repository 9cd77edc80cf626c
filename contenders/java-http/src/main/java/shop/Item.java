package shop;

import java.sql.ResultSet;
import java.sql.SQLException;

/** A row of the table of items. */
record Item(int id, String category, String name, int priceCents, int stock, int version) {
    static Item of(ResultSet row) throws SQLException {
        return new Item(
                row.getInt(1), row.getString(2), row.getString(3), row.getInt(4), row.getInt(5), row.getInt(6));
    }
}
