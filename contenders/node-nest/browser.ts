// The validation of request bodies on a page: the controllers' own zod schemas through the server's own pipe, over JSON
// as the body parser reads it, without a byte order mark. `package.json` leaves out of a page what the controllers need
// besides.
import { credentialsSchema } from './src/accounts/login.controller.js';
import { InvalidFieldsException, validationPipe } from './src/http/validation.js';
import { itemChangeSchema, newItemSchema } from './src/items/item.js';
import { newOrderSchema } from './src/orders/order.js';
import { computationSchema } from './src/work/work.controller.js';

const schemas = {
  'create-item': newItemSchema,
  'update-item': itemChangeSchema,
  'place-order': newOrderSchema,
  login: credentialsSchema,
  compute: computationSchema,
};

function parse(body: string): { value?: unknown } {
  try {
    return { value: JSON.parse(body.replace(/^\uFEFF/, '')) };
  } catch {
    return {};
  }
}

export async function check(scenario: keyof typeof schemas, body: string) {
  const { value } = parse(body);
  if (value === undefined) return { status: 400 };
  try {
    await validationPipe.transform(value, { type: 'body', schema: schemas[scenario] });
    return null;
  } catch (error) {
    if (error instanceof InvalidFieldsException) return { status: 422, errors: error.errors };
    throw error;
  }
}
