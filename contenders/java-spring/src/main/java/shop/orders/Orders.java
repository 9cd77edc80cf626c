package shop.orders;

import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.server.ResponseStatusException;
import shop.web.WrongFieldException;

/** Places orders, each in one transaction. */
@Service
class Orders {
    private record Locked(int priceCents, int stock) {}

    private final JdbcClient jdbc;

    Orders(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Transactional
    public Order place(String user, int itemId, int quantity) {
        var item = jdbc.sql("SELECT price_cents, stock FROM items WHERE id = ? FOR UPDATE")
                .param(itemId)
                .query((row, number) -> new Locked(row.getInt("price_cents"), row.getInt("stock")))
                .optional()
                .orElseThrow(() -> new WrongFieldException("item_id", "there is no such item"));
        if (item.stock() < quantity) {
            throw new ResponseStatusException(HttpStatus.CONFLICT, "there is not that much in stock");
        }
        var total = quantity * item.priceCents();
        var id = jdbc.sql("INSERT INTO orders (username, total_cents) VALUES (?, ?) RETURNING id")
                .params(user, total)
                .query(Integer.class)
                .single();
        jdbc.sql("INSERT INTO order_lines (order_id, item_id, quantity, price_cents) VALUES (?, ?, ?, ?)")
                .params(id, itemId, quantity, item.priceCents())
                .update();
        jdbc.sql("UPDATE items SET stock = stock - ?, version = version + 1 WHERE id = ?")
                .params(quantity, itemId)
                .update();
        return new Order(id, itemId, quantity, item.priceCents(), total);
    }
}
