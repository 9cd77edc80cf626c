// The contract's messages, as events of the gateway. `event` and `data` are the names that Nest would have.
import { z } from 'zod';

const messageSchema = z.object({ type: z.enum(['echo', 'broadcast']), data: z.string() });

export function parseMessage(message: unknown): { event: string; data: unknown } {
  if (typeof message !== 'string') return { event: 'binary', data: undefined };
  const { success, data } = messageSchema.safeParse(parseJson(message));
  return success ? { event: data.type, data: data.data } : { event: 'unknown', data: undefined };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
