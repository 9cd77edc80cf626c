// What an item is, and what clients send for one.
import { z } from 'zod';
import { digits, INTEGER_MAX, text } from '../http/validation.js';

const CATEGORIES = [
  'books', 'garden', 'games', 'music', 'tools', 'toys', 'sports', 'office', 'kitchen', 'travel',
] as const;

const nameSchema = text(1, 200);
const priceCentsSchema = z.int().min(0).max(100_000_000);
const stockSchema = z.int().min(0).max(1_000_000);

export const itemIdSchema = digits(1, INTEGER_MAX);

export const itemFilterSchema = z.object({
  category: text().optional(),
  limit: digits(1, 100).default(20),
  after: digits(0, INTEGER_MAX).default(0),
});

export const newItemSchema = z.object({
  category: z.enum(CATEGORIES),
  name: nameSchema,
  price_cents: priceCentsSchema,
  stock: stockSchema.default(0),
});

export const itemChangeSchema = z
  .object({
    version: z.int().min(1).max(INTEGER_MAX),
    name: nameSchema.optional(),
    price_cents: priceCentsSchema.optional(),
    stock: stockSchema.optional(),
  })
  .refine(({ version: _, ...fields }) => Object.keys(fields).length > 0, 'give name, price_cents or stock');

export type ItemFilter = z.infer<typeof itemFilterSchema>;
export type NewItem = z.infer<typeof newItemSchema>;
export type ItemChange = z.infer<typeof itemChangeSchema>;

export interface Item {
  id: number;
  category: string;
  name: string;
  price_cents: number;
  stock: number;
  version: number;
}

export interface ItemPage {
  items: Item[];
  /** The id to go on from; null on the last page. */
  next: number | null;
}
