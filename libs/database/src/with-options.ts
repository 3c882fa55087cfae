/** The URL with settings for the server's session (`-c name=value …`) behind those that it has already. */
export function withOptions(url: string, options: string): string {
  const full = new URL(url);
  full.searchParams.set('options', `${full.searchParams.get('options') ?? ''} ${options}`.trim());
  return full.href;
}
