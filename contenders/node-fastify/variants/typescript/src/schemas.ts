// JSON schemas that several routes use, and the types that they stand for.
import { Type } from 'typebox';
import type { Static, TProperties } from 'typebox';
import type { Range } from './digits.ts';

export const INTEGER_MAX = 2_147_483_647;

const NO_NUL = '^[^\\u0000]*$'; // PostgreSQL can store any text but this

export const text = (options: { minLength?: number; maxLength?: number } = {}) =>
  Type.String({ pattern: NO_NUL, ...options });

/** A number that comes as text of digits, see `digits.ts`. */
export const digits = (minimum: number, maximum: number, options: { default?: string } = {}) =>
  Type.Unsafe<number>({ type: 'string', digits: { minimum, maximum } satisfies Range, ...options });

/** An object of which unknown fields are dropped. */
export const object = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false });

export const CATEGORIES = [
  'books', 'garden', 'games', 'music', 'tools', 'toys', 'sports', 'office', 'kitchen', 'travel',
] as const;

export const name = text({ minLength: 1, maxLength: 200 });
export const priceCents = Type.Integer({ minimum: 0, maximum: 100_000_000 });
export const stock = (options: { default?: number } = {}) =>
  Type.Integer({ minimum: 0, maximum: 1_000_000, ...options });

export const item = object({
  id: Type.Integer(),
  category: Type.String(),
  name: Type.String(),
  price_cents: Type.Integer(),
  stock: Type.Integer(),
  version: Type.Integer(),
});

export const itemFilter = object({
  category: Type.Optional(text()),
  limit: digits(1, 100, { default: '20' }),
  after: digits(0, INTEGER_MAX, { default: '0' }),
});

export const itemPage = object({
  items: Type.Array(item),
  next: Type.Unsafe<number | null>({ type: 'integer', nullable: true }),
});

export const newItem = object({
  category: Type.Unsafe<(typeof CATEGORIES)[number]>({ type: 'string', enum: CATEGORIES }),
  name,
  price_cents: priceCents,
  stock: stock({ default: 0 }),
});

export const order = object({
  id: Type.Integer(),
  item_id: Type.Integer(),
  quantity: Type.Integer(),
  price_cents: Type.Integer(),
  total_cents: Type.Integer(),
});

export type Item = Static<typeof item>;
export type ItemFilter = Static<typeof itemFilter>;
export type ItemPage = Static<typeof itemPage>;
export type NewItem = Static<typeof newItem>;
export type Order = Static<typeof order>;
