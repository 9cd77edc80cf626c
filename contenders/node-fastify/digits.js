// A keyword for ajv: `{ type: 'string', digits: { minimum, maximum } }` is a whole number written in digits, as in a
// query or a path, and becomes that number. Ajv's own coercion would also take `1e2`.
export function addDigitsKeyword(ajv) {
  ajv.addKeyword({
    keyword: 'digits',
    type: 'string',
    schemaType: 'object',
    modifying: true,
    errors: true,
    compile({ minimum, maximum }) {
      const message = `must be a whole number from ${minimum} to ${maximum}`;
      return function validate(text, { parentData, parentDataProperty }) {
        const number = Number(text);
        if (!/^\d+$/.test(text) || number < minimum || number > maximum) {
          validate.errors = [{ keyword: 'digits', message, params: { minimum, maximum } }];
          return false;
        }
        parentData[parentDataProperty] = number;
        return true;
      };
    },
  });
}
