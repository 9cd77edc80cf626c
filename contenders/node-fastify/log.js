// What goes wrong, as JSON lines on stderr; requests have a log of their own.
import pino from 'pino';

export const log = pino({ level: 'error' }, pino.destination(2));
