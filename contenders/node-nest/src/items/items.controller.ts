import { Body, Controller, Get, Param, Patch, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { ItemIdPipe } from './item-id.pipe.js';
import { itemChangeSchema, itemFilterSchema, newItemSchema } from './item.js';
import type { Item, ItemChange, ItemFilter, ItemPage, NewItem } from './item.js';
import { ItemsService } from './items.service.js';

@Controller('items')
export class ItemsController {
  constructor(private readonly items: ItemsService) {}

  @Get()
  list(@Query({ schema: itemFilterSchema }) filter: ItemFilter): Promise<ItemPage> {
    return this.items.list(filter);
  }

  @Get(':id')
  read(@Param('id', ItemIdPipe) id: number): Promise<Item> {
    return this.items.find(id);
  }

  @Post()
  async create(
    @Body({ schema: newItemSchema }) newItem: NewItem,
    @Res({ passthrough: true }) res: Response,
  ): Promise<Item> {
    const item = await this.items.create(newItem);
    res.location(`/items/${item.id}`);
    return item;
  }

  @Patch(':id')
  change(
    @Param('id', ItemIdPipe) id: number,
    @Body({ schema: itemChangeSchema }) change: ItemChange,
  ): Promise<Item> {
    return this.items.change(id, change);
  }
}
