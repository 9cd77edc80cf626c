// The validation of request bodies on a page: the server's schemas, through the compiler and the parser that Fastify
// itself uses, and in the words of the server's problem documents.
import AjvCompiler from '@fastify/ajv-compiler';
import secureJson from 'secure-json-parse';
import { ajv, fieldErrors } from './ajv.js';
import { computation, credentials, itemChange, newItem, newOrder } from './bodies.js';

const compile = AjvCompiler()({}, ajv);
const schemas = {
  'create-item': newItem,
  'update-item': itemChange,
  'place-order': newOrder,
  login: credentials,
  compute: computation,
};
const validators = Object.fromEntries(
  Object.entries(schemas).map(([scenario, schema]) => [scenario, compile({ schema })]),
);

function parse(body) {
  try {
    return { value: secureJson.parse(body, { protoAction: 'remove', constructorAction: 'remove' }) };
  } catch {
    return {};
  }
}

export function check(scenario, body) {
  const { value } = parse(body);
  if (value === undefined) return { status: 400 };
  const validate = validators[scenario];
  return validate(value) ? null : { status: 422, errors: fieldErrors(validate.errors) };
}
