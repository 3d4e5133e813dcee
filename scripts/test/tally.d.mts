export function tally(report: string, exitCode: number): { passed: number; failed: number };
