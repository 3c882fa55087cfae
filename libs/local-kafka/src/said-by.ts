/** What a program that failed under `execFile` had said, on both of its outputs. */
export function saidBy(error: unknown): string {
  const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
  return `${stdout}\n${stderr}`.trim();
}
