// What goes wrong, as JSON lines on stderr; requests have a log of their own.
import { pino } from 'pino';
import type { FastifyBaseLogger } from 'fastify';

export const log: FastifyBaseLogger = pino({ level: 'error' }, pino.destination(2));
