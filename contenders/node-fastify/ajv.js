// The settings of ajv and the words for what it finds, for the server and for a page.
import { addDigitsKeyword } from './digits.js';

// "12" is no number, and every wrong field is named. The body limit bounds what that can cost.
export const customOptions = { coerceTypes: false, allErrors: true };

export const ajv = { customOptions, onCreate: addDigitsKeyword };

/** What ajv found wrong, by field; what it says of the body as a whole names none. */
export function fieldErrors(validation) {
  return validation
    .map(({ instancePath, params, message }) => ({ field: instancePath.split('/')[1] ?? params.missingProperty, message }))
    .filter(({ field }) => field !== undefined);
}
