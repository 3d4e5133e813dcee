export function electronRuntime(): Promise<{ path: string; env: Record<string, string>; fallback: boolean } | undefined>;
