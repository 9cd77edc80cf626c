// Rules that several routes use, and what happens to a request that breaks one.
import Boom from '@hapi/boom';
import Joi from 'joi';

export const INTEGER_MAX = 2_147_483_647;

/** A whole number that is written in digits, as in a query or a path. Joi's own conversion would also take `1e2`. */
export function digits(low, high) {
  const toNumber = (written, helpers) => {
    const number = Number(written);
    return number < low || number > high ? helpers.error('digits.range', { low, high }) : number;
  };
  return Joi.string()
    .pattern(/^\d+$/)
    .custom(toNumber)
    .messages({ 'digits.range': '{{#label}} must be from {{#low}} to {{#high}}' });
}

/** Text of that many characters, by default as many as fit a body. PostgreSQL cannot store NUL in one. */
export function text(low = 0, high = 65_536) {
  const rule = Joi.string().pattern(new RegExp(`^[^\\0]{${low},${high}}$`, 'u'), `${low} to ${high} characters`);
  return low === 0 ? rule.allow('') : rule;
}

export function integer(low, high) {
  return Joi.number().integer().min(low).max(high);
}

/** How all routes validate: every wrong field is named, "12" is no number, unknown fields are ignored. */
export const options = { abortEarly: false, convert: false, stripUnknown: true };

/** What Joi found wrong, by field; what it says of the whole names none. */
export function fieldErrors({ details }) {
  return details.filter(({ path }) => path.length > 0).map(({ path, message }) => ({ field: path[0], message }));
}

/** The server's `failAction`: 404 for a path, 422 with each wrong field for a query or a payload. */
export function refuse(request, _h, error) {
  const { source } = error.output.payload.validation;
  // An id that is no id is no path of ours.
  if (source === 'params') throw Boom.notFound();
  // hapi takes a payload without content for null.
  if (source === 'payload' && request.headers['content-length'] === '0') throw Boom.badRequest('the body is empty');

  throw Boom.badData(error.message, { errors: fieldErrors(error) });
}
