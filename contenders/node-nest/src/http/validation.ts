// Input is checked by zod schemas through Nest's pipe for them; each wrong field is named in one 422.
import { StandardSchemaValidationPipe, UnprocessableEntityException } from '@nestjs/common';
import { z } from 'zod';

export const INTEGER_MAX = 2_147_483_647;
const TEXT_MAX = 65_536; // no body is longer

export class InvalidFieldsException extends UnprocessableEntityException {
  constructor(readonly errors: { field: string; message: string }[]) {
    super('invalid fields');
  }
}

export const validationPipe = new StandardSchemaValidationPipe({
  exceptionFactory: (issues) =>
    new InvalidFieldsException(
      issues.flatMap(({ path, message }) => {
        const [segment] = path ?? [];
        // What is wrong with the body as a whole names no field.
        if (segment === undefined) return [];
        return { field: String(typeof segment === 'object' ? segment.key : segment), message };
      }),
    ),
});

/** A whole number that is written in digits, as in a query or a path. */
export function digits(low: number, high: number) {
  return z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(low).max(high));
}

/** Text of that many characters. PostgreSQL cannot store NUL in one. */
export function text(low = 0, high = TEXT_MAX) {
  const pattern = new RegExp(`^[^\\0]{${low},${high}}$`, 'u');
  return z.string().regex(pattern, `must be text of ${low} to ${high} characters`);
}
