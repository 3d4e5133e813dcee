import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

const SECOND = 1000;

export default defineConfig({
  test: {
    // A hospital's wall does not stand in the tester's zone; a test that needs one says so.
    env: { TZ: 'UTC' },
    maxWorkers: 2,
    setupFiles: ['tests/setup.ts'],
    projects: [
      {
        extends: true,
        plugins: [vue()],
        test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], testTimeout: 20 * SECOND },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          testTimeout: 120 * SECOND,
          hookTimeout: 60 * SECOND,
        },
      },
      {
        // Displays, ports and windows are real: one file at a time.
        extends: true,
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          testTimeout: 180 * SECOND,
          hookTimeout: 120 * SECOND,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'prove',
          include: ['tests/prove/**/*.test.ts'],
          testTimeout: 7200 * SECOND,
          hookTimeout: 600 * SECOND,
          fileParallelism: false,
        },
      },
    ],
  },
});
