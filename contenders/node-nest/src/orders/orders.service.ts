import { ConflictException, Injectable } from '@nestjs/common';
import { DatabaseService } from '../database/database.service.js';
import { InvalidFieldsException } from '../http/validation.js';
import type { NewOrder, Order } from './order.js';

const LOCK_ITEM = {
  name: 'lock-item',
  text: 'SELECT price_cents, stock FROM items WHERE id = $1 FOR UPDATE',
};
const INSERT_ORDER = {
  name: 'insert-order',
  text: 'INSERT INTO orders (username, total_cents) VALUES ($1, $2) RETURNING id',
};
const INSERT_LINE = {
  name: 'insert-order-line',
  text: 'INSERT INTO order_lines (order_id, item_id, quantity, price_cents) VALUES ($1, $2, $3, $4)',
};
const TAKE_STOCK = {
  name: 'take-stock',
  text: 'UPDATE items SET stock = stock - $2, version = version + 1 WHERE id = $1',
};

@Injectable()
export class OrdersService {
  constructor(private readonly database: DatabaseService) {}

  /** Places an order in one transaction; the item's row stays locked until its end. */
  place(username: string, { item_id, quantity }: NewOrder): Promise<Order> {
    return this.database.transaction(async (connection) => {
      const item = await this.database.row<{ price_cents: number; stock: number }>(LOCK_ITEM, [item_id], connection);
      if (!item) throw new InvalidFieldsException([{ field: 'item_id', message: 'there is no such item' }]);
      if (item.stock < quantity) throw new ConflictException('the stock is too small');

      const { price_cents } = item;
      const total_cents = price_cents * quantity;
      const [order] = await this.database.rows<{ id: number }>(INSERT_ORDER, [username, total_cents], connection);
      const { id } = order!; // an insert without a row would have thrown
      await this.database.rows(INSERT_LINE, [id, item_id, quantity, price_cents], connection);
      await this.database.rows(TAKE_STOCK, [item_id, quantity], connection);
      return { id, item_id, quantity, price_cents, total_cents };
    });
  }
}
