// Bodies of requests whose routes no page can import.
import { text, wholeNumber } from './validation.js';

export const COMPUTE_BODY = { n: wholeNumber(1, 100_000) };
export const LOGIN_BODY = { username: text(), password: text() };
