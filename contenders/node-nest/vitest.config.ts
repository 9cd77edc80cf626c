import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.e2e-spec.ts'],
    // Nothing connects: the tests put other providers in the place of those that ask the database.
    env: {
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
      TOKEN_KEY: 'a key of the tests that is long enough',
      ACCESS_LOG: '/dev/null',
    },
  },
});
