// JSON schemas that several routes use.
export const INTEGER_MAX = 2_147_483_647;

/** Any text that PostgreSQL can store: it has no NUL. */
export const text = { type: 'string', pattern: '^[^\\u0000]*$' };

export const digits = (minimum, maximum) => ({ type: 'string', digits: { minimum, maximum } });

/** An object of which unknown fields are dropped. */
export const object = (properties, required = []) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});
