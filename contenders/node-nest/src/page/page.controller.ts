import { Controller, Get, Query, Render } from '@nestjs/common';
import { z } from 'zod';
import { text } from '../http/validation.js';
import { ItemsService } from '../items/items.service.js';

const PAGE_SIZE = 20;

const pageQuerySchema = z.object({ category: text().optional() });
type PageQuery = z.infer<typeof pageQuerySchema>;

@Controller('page')
export class PageController {
  constructor(private readonly items: ItemsService) {}

  @Get()
  @Render('page')
  async show(@Query({ schema: pageQuerySchema }) { category }: PageQuery) {
    const { items } = await this.items.list({ category, after: 0, limit: PAGE_SIZE });
    return {
      title: `Items in ${category ?? 'all categories'}`,
      items: items.map((item) => ({ ...item, price: (item.price_cents / 100).toFixed(2) })),
    };
  }
}
