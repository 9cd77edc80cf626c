import { Body, Controller, Post } from '@nestjs/common';
import { User } from '../accounts/user.decorator.js';
import { newOrderSchema } from './order.js';
import type { NewOrder, Order } from './order.js';
import { OrdersService } from './orders.service.js';

@Controller('orders')
export class OrdersController {
  constructor(private readonly orders: OrdersService) {}

  @Post()
  place(@User() username: string, @Body({ schema: newOrderSchema }) newOrder: NewOrder): Promise<Order> {
    return this.orders.place(username, newOrder);
  }
}
