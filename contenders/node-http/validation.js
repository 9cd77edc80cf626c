// Rules for what clients send: each says how to read a value, what makes it right, and what to tell when it is wrong.
import { Problem } from './problem.js';

export const INTEGER_MAX = 2_147_483_647;

export function wholeNumber(low, high) {
  return {
    test: (value) => Number.isInteger(value) && value >= low && value <= high,
    message: `must be a whole number from ${low} to ${high}`,
  };
}

/** A whole number that is written in digits, as in a query or a path. */
export function digits(low, high) {
  const read = (value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value);
  return { ...wholeNumber(low, high), read };
}

/** Text of that many characters, by default as many as fit a body. PostgreSQL cannot store NUL in one. */
export function text(low = 0, high = 65_536) {
  const pattern = new RegExp(`^[^\\0]{${low},${high}}$`, 'u');
  return {
    test: (value) => typeof value === 'string' && pattern.test(value),
    message: `must be text of ${low} to ${high} characters`,
  };
}

export function oneOf(choices) {
  return {
    test: (value) => choices.includes(value),
    message: `must be one of ${choices.join(', ')}`,
  };
}

export function optional(rule, fallback) {
  return { ...rule, optional: true, fallback };
}

/** The declared fields of `input`, read; each wrong one is named in one 422. */
function check(rules, input) {
  const values = {};
  const errors = [];
  for (const [field, rule] of Object.entries(rules)) {
    if (!Object.hasOwn(input, field)) {
      if (rule.optional) values[field] = rule.fallback;
      else errors.push({ field, message: 'is required' });
      continue;
    }
    const value = rule.read ? rule.read(input[field]) : input[field];
    if (rule.test(value)) values[field] = value;
    else errors.push({ field, message: rule.message });
  }
  if (errors.length > 0) throw new Problem(422, { errors });
  return values;
}

export function checkBody(rules, body) {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) {
    throw new Problem(422, { detail: 'the body must be a JSON object', errors: [] });
  }
  return check(rules, body);
}

export function checkQuery(rules, params) {
  const input = {};
  for (const name of params.keys()) {
    const values = params.getAll(name);
    // A parameter that is given twice becomes a list, which no rule takes.
    input[name] = values.length === 1 ? values[0] : values;
  }
  return check(rules, input);
}

const ID = digits(1, INTEGER_MAX);

/** The id that a path names; a path with any other text is no path of ours. */
export function checkId(segment) {
  const id = ID.read(segment);
  if (!ID.test(id)) throw new Problem(404);
  return id;
}
