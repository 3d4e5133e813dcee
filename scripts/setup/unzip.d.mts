export function unzip(
  archive: string,
  target: string,
  nameFor: (name: string) => string | undefined,
  onProgress: (doneBytes: number, allBytes: number) => void,
): Promise<void>;
