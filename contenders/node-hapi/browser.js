// The validation of request bodies on a page: the routes' own Joi schemas with the server's options, over JSON as hapi's
// own parser reads it. `package.json` leaves out of a page what the routes need of Node.js.
import Bourne from '@hapi/bourne';
import { change, newItem } from './routes/items.js';
import { credentials } from './routes/login.js';
import { newOrder } from './routes/orders.js';
import { computePayload } from './routes/work.js';
import { fieldErrors, options } from './validation.js';

const schemas = {
  'create-item': newItem,
  'update-item': change,
  'place-order': newOrder,
  login: credentials,
  compute: computePayload,
};

function parse(body) {
  try {
    return { value: Bourne.parse(body, { protoAction: 'remove' }) };
  } catch {
    return {};
  }
}

export function check(scenario, body) {
  const { value } = parse(body);
  if (value === undefined) return { status: 400 };
  const { error } = schemas[scenario].validate(value, options);
  return error ? { status: 422, errors: fieldErrors(error) } : null;
}
