import { ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import { DatabaseService } from '../database/database.service.js';
import type { Item, ItemChange, ItemFilter, ItemPage, NewItem } from './item.js';

const COLUMNS = 'id, category, name, price_cents, stock, version';

const FIND = {
  name: 'find-item',
  text: `SELECT ${COLUMNS} FROM items WHERE id = $1`,
};
const LIST = {
  name: 'list-items',
  text: `SELECT ${COLUMNS} FROM items WHERE id > $1 ORDER BY id LIMIT $2`,
};
const LIST_CATEGORY = {
  name: 'list-items-of-category',
  text: `SELECT ${COLUMNS} FROM items WHERE id > $1 AND category = $3 ORDER BY id LIMIT $2`,
};
const INSERT = {
  name: 'insert-item',
  text: `INSERT INTO items (category, name, price_cents, stock, version)
         VALUES ($1, $2, $3, $4, 1) RETURNING ${COLUMNS}`,
};
const UPDATE = {
  name: 'update-item',
  text: `UPDATE items SET name = $3, price_cents = $4, stock = $5, version = version + 1
         WHERE id = $1 AND version = $2 RETURNING ${COLUMNS}`,
};

@Injectable()
export class ItemsService {
  constructor(private readonly database: DatabaseService) {}

  async find(id: number): Promise<Item> {
    const item = await this.database.row<Item>(FIND, [id]);
    if (!item) throw new NotFoundException();
    return item;
  }

  /** At most `limit` items with an id above `after`, and the id to go on from if there are more. */
  async list({ category, after, limit }: ItemFilter): Promise<ItemPage> {
    // One row more than asked for tells whether another page follows.
    const found = await (category === undefined
      ? this.database.rows<Item>(LIST, [after, limit + 1])
      : this.database.rows<Item>(LIST_CATEGORY, [after, limit + 1, category]));
    const items = found.slice(0, limit);
    return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  async create({ category, name, price_cents, stock }: NewItem): Promise<Item> {
    const [item] = await this.database.rows<Item>(INSERT, [category, name, price_cents, stock]);
    return item!; // an insert without a row would have thrown
  }

  /** Writes the change if the version is still the stored one. */
  async change(id: number, { version, ...change }: ItemChange): Promise<Item> {
    const stored = await this.find(id);
    const { name, price_cents, stock } = { ...stored, ...change };
    const updated =
      stored.version === version &&
      (await this.database.row<Item>(UPDATE, [id, version, name, price_cents, stock]));
    if (!updated) throw new ConflictException('the item has changed since that version');
    return updated;
  }
}
