/** Configuration in TypeScript is read by Node itself. */
export const LINT_ARGS = ['--flag', 'unstable_native_nodejs_ts_config', '--max-warnings', '0', '.'];
