package shop;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/** The page, by a template that escapes. */
final class Pages {
    private static final int PAGE_SIZE = 20;

    /** What the template shows of an item. */
    record Row(int id, String name, String category, String price, int stock) {
        static Row of(Item item) {
            var price = String.format(Locale.ROOT, "%.2f", item.priceCents() / 100.0);
            return new Row(item.id(), item.name(), item.category(), price, item.stock());
        }
    }

    record View(String title, List<Row> items) {}

    private final Items items;
    private final Template template = read("/page.mustache");

    Pages(Items items) {
        this.items = items;
    }

    private static Template read(String name) {
        try (var text = new InputStreamReader(Pages.class.getResourceAsStream(name), StandardCharsets.UTF_8)) {
            return Mustache.compiler().compile(text);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    void addTo(Router router) {
        router.get("/page", this::page);
    }

    private void page(Request request) throws SQLException, IOException {
        var query = Validation.of(request.query());
        var category = query.optionalText("category");
        query.done();
        var rows = items.list(category, 0, PAGE_SIZE).items().stream().map(Row::of).toList();
        request.sendHtml(template.execute(new View("Items in " + (category == null ? "all categories" : category), rows)));
    }
}
