/**
 * The URL with settings for the server's session (`-c name=value …`) behind those that it has already. As text: the URL of a
 * Unix socket has no host, and is none to the WHATWG.
 */
export function withOptions(url: string, options: string): string {
  const start = url.indexOf('?');
  const [address, query] = start < 0 ? [url, ''] : [url.slice(0, start), url.slice(start + 1)];
  const parameters = new URLSearchParams(query);
  parameters.set('options', `${parameters.get('options') ?? ''} ${options}`.trim());
  return `${address}?${parameters.toString()}`;
}
