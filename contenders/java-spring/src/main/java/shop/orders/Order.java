package shop.orders;

/** An order with its one line. */
record Order(int id, int itemId, int quantity, int priceCents, int totalCents) {}
