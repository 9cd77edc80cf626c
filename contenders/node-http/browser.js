// The validation of request bodies on a page: the server's own rules, over JSON as the server reads it. `package.json`
// leaves out of a page what the handlers beside the rules use.
import { COMPUTE_BODY, LOGIN_BODY } from './bodies.js';
import { CHANGE, NEW_ITEM } from './item-routes.js';
import { NEW_ORDER } from './order-routes.js';
import { Problem } from './problem.js';
import { checkBody } from './validation.js';

const RULES = {
  'create-item': NEW_ITEM,
  'update-item': CHANGE,
  'place-order': NEW_ORDER,
  login: LOGIN_BODY,
  compute: COMPUTE_BODY,
};

function parse(body) {
  try {
    return { value: JSON.parse(body) };
  } catch {
    return {};
  }
}

export function check(scenario, body) {
  const { value } = parse(body);
  if (value === undefined) return { status: 400 };
  try {
    checkBody(RULES[scenario], value);
    return null;
  } catch (error) {
    if (error instanceof Problem) return error.toJSON();
    throw error;
  }
}
