import { Injectable, NotFoundException } from '@nestjs/common';
import type { PipeTransform } from '@nestjs/common';
import { itemIdSchema } from './item.js';

/** A path whose id is no id names nothing. */
@Injectable()
export class ItemIdPipe implements PipeTransform<string, number> {
  transform(segment: string): number {
    const id = itemIdSchema.safeParse(segment);
    if (!id.success) throw new NotFoundException();
    return id.data;
  }
}
