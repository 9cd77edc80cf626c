// The validation of request bodies on a page: the routes' own zod schemas and the server's own check, over JSON as the
// body parser of Express reads it, without a byte order mark. `package.json` leaves out of a page what the routes need besides.
import { Change, NewItem } from './routes/items.js';
import { Credentials } from './routes/login.js';
import { NewOrder } from './routes/orders.js';
import { ComputeBody } from './routes/work.js';
import { check as checkBody } from './validate.js';

const schemas = {
  'create-item': NewItem,
  'update-item': Change,
  'place-order': NewOrder,
  login: Credentials,
  compute: ComputeBody,
};

function parse(body) {
  try {
    return { value: JSON.parse(body.replace(/^\uFEFF/, '')) };
  } catch {
    return {};
  }
}

export function check(scenario, body) {
  const { value } = parse(body);
  if (value === undefined) return { status: 400 };
  try {
    checkBody(schemas[scenario], value);
    return null;
  } catch ({ status, errors }) {
    return { status, errors };
  }
}
