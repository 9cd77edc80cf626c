package shop.items;

/** A row of the table of items. */
public record Item(int id, String category, String name, int priceCents, int stock, int version) {}
