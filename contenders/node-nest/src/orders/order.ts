import { z } from 'zod';
import { INTEGER_MAX } from '../http/validation.js';

export const newOrderSchema = z.object({
  item_id: z.int().min(1).max(INTEGER_MAX),
  quantity: z.int().min(1).max(20),
});

export type NewOrder = z.infer<typeof newOrderSchema>;

export interface Order {
  id: number;
  item_id: number;
  quantity: number;
  price_cents: number;
  total_cents: number;
}
