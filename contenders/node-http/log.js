// What goes wrong, as JSON lines on stderr; requests have a log of their own.
import pino from 'pino';

export const log = pino(pino.destination(2));
