package shop.items;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import shop.web.OptionalText;
import shop.web.Text;

/** The routes of items. */
@RestController
@RequestMapping("/items")
class ItemController {
    /** A path with any other text than a whole number from 1 is no path of ours. */
    private static final String ID = "/{id:[1-9][0-9]{0,9}}";

    private static final String CATEGORIES = "books|garden|games|music|tools|toys|sports|office|kitchen|travel";
    private static final int PRICE_MAX = 100_000_000;
    private static final int STOCK_MAX = 1_000_000;

    record Query(@OptionalText String category, @Min(1) @Max(100) Integer limit, @Min(0) Integer after) {}

    record NewItem(
            @NotNull @Pattern(regexp = CATEGORIES) String category,
            @Text(min = 1, max = 200) String name,
            @NotNull @Min(0) @Max(PRICE_MAX) Integer priceCents,
            @Min(0) @Max(STOCK_MAX) Integer stock) {}

    record Change(
            @NotNull @Min(1) Integer version,
            @OptionalText(min = 1, max = 200) String name,
            @Min(0) @Max(PRICE_MAX) Integer priceCents,
            @Min(0) @Max(STOCK_MAX) Integer stock) {
        boolean isEmpty() {
            return name == null && priceCents == null && stock == null;
        }

        Item of(Item item) {
            return new Item(
                    item.id(), item.category(), or(name, item.name()), or(priceCents, item.priceCents()),
                    or(stock, item.stock()), item.version());
        }
    }

    private final Items items;

    ItemController(Items items) {
        this.items = items;
    }

    @GetMapping
    ItemPage list(@Valid Query query) {
        return items.list(query.category(), or(query.after(), 0), or(query.limit(), 20));
    }

    @GetMapping(ID)
    Item read(@PathVariable int id) {
        return existing(id);
    }

    @PostMapping(consumes = "application/json")
    ResponseEntity<Item> create(@Valid @RequestBody NewItem wanted) {
        var item = items.insert(wanted.category(), wanted.name(), wanted.priceCents(), or(wanted.stock(), 0));
        return ResponseEntity.created(URI.create("/items/" + item.id())).body(item);
    }

    @PatchMapping(path = ID, consumes = "application/json")
    Item update(@PathVariable int id, @Valid @RequestBody Change change) {
        if (change.isEmpty()) {
            throw new ResponseStatusException(
                    HttpStatus.UNPROCESSABLE_CONTENT, "nothing to change: give name, price_cents or stock");
        }
        var item = existing(id);
        var updated = item.version() == change.version() ? items.update(change.of(item)) : Optional.<Item>empty();
        return updated.orElseThrow(
                () -> new ResponseStatusException(HttpStatus.CONFLICT, "the item has changed since that version"));
    }

    private Item existing(int id) {
        return items.find(id).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    private static <T> T or(T value, T fallback) {
        return value == null ? fallback : value;
    }
}
