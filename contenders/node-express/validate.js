// Requests against zod schemas; each wrong field is named in one 422.
import express from 'express';
import createError from 'http-errors';
import { z } from 'zod';

const BODY_LIMIT = 65_536;

export const INTEGER_MAX = 2_147_483_647;

function requireJson(req, _res, next) {
  const type = req.is('json');
  if (type === false) return next(createError(415));
  // express.json takes a request without content for `{}`.
  if (type === null || req.get('Content-Length') === '0') return next(createError(400, 'the body is empty'));
  next();
}

/** Reads a JSON body of any kind into `req.body`. */
export const jsonBody = [requireJson, express.json({ limit: BODY_LIMIT, strict: false })];

/** `input` as `schema` reads it. */
export function check(schema, input) {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const errors = result.error.issues
    .filter(({ path }) => path.length > 0)
    .map(({ path, message }) => ({ field: path[0], message }));
  throw createError(422, errors.length > 0 ? 'invalid fields' : result.error.issues[0].message, { errors });
}

/** A whole number that is written in digits, as in a query or a path. */
export function digits(low, high) {
  return z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(low).max(high));
}

/** Text of that many characters, by default as many as fit a body. PostgreSQL cannot store NUL in one. */
export function text(low = 0, high = BODY_LIMIT) {
  const pattern = new RegExp(`^[^\\0]{${low},${high}}$`, 'u');
  return z.string().regex(pattern, `must be text of ${low} to ${high} characters`);
}
