// The environment, checked when the process starts.
import { z } from 'zod';

export const environmentSchema = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().default(3000),
  WORKERS: z.coerce.number().default(1),
  DATABASE_URL: z.string(),
  DATABASE_POOL: z.coerce.number().default(10),
  TOKEN_KEY: z.string().min(32),
  ACCESS_LOG: z.string().default('/dev/stdout'),
  UPSTREAM_URL: z.string().default(''),
});

export type Environment = z.infer<typeof environmentSchema>;
