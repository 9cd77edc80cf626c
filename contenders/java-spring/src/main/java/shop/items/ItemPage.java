package shop.items;

import java.util.List;

/** Items in the order of their ids, and the id to go on from, null on the last page. */
public record ItemPage(List<Item> items, Integer next) {}
