// A keyword for ajv: `{ type: 'string', digits: { minimum, maximum } }` is a whole number written in digits, as in a
// query or a path, and becomes that number. Ajv's own coercion would also take `1e2`.
import type { FuncKeywordDefinition } from 'ajv';

type Validate = ReturnType<NonNullable<FuncKeywordDefinition['compile']>>;

export interface Range {
  minimum: number;
  maximum: number;
}

export function addDigitsKeyword(ajv: { addKeyword(definition: FuncKeywordDefinition): unknown }): void {
  ajv.addKeyword({
    keyword: 'digits',
    type: 'string',
    schemaType: 'object',
    modifying: true,
    errors: true,
    compile({ minimum, maximum }: Range): Validate {
      const message = `must be a whole number from ${minimum} to ${maximum}`;
      const validate: Validate = (text: string, place) => {
        const number = Number(text);
        if (!/^\d+$/.test(text) || number < minimum || number > maximum) {
          validate.errors = [{ keyword: 'digits', message, params: { minimum, maximum } }];
          return false;
        }
        if (place) place.parentData[place.parentDataProperty] = number;
        return true;
      };
      return validate;
    },
  });
}
