import { invalid } from './signature-input.js';
import { singleField, type SignedMessage } from './message.js';

/**
 * The bytes under a signature (RFC 9421 §2.5): one line per covered component, then `@signature-params`.
 * @throws Problem `signature-invalid` for a component that is not there, not known, or has bytes outside visible ASCII
 */
export function signatureBase(
  message: SignedMessage,
  components: readonly string[],
  parameters: string,
): Buffer {
  const lines = components.map((name) => `"${name}": ${componentValue(message, name)}`);
  return Buffer.from([...lines, `"@signature-params": ${parameters}`].join('\n'), 'latin1');
}

/** Path and query of the target as received; no `?` means no query. */
export function splitTarget(target: string): { path: string; query?: string } {
  const at = target.indexOf('?');
  return at < 0 ? { path: target } : { path: target.slice(0, at), query: target.slice(at) };
}

function componentValue(message: SignedMessage, name: string): string {
  const value = name.startsWith('@') ? derived(message, name) : singleField(message, name);
  if (value === undefined || !/^[\x20-\x7e\t]*$/.test(value)) throw invalid(name);
  return value;
}

/** Derived components (RFC 9421 §2.2) of a request that may be signed here. */
function derived(message: SignedMessage, name: string): string | undefined {
  switch (name) {
    case '@method':
      return message.method;
    case '@authority':
      return authorityOf(message);
    case '@path':
      return splitTarget(message.target).path;
    case '@query':
      return splitTarget(message.target).query ?? '?';
    default:
      return undefined;
  }
}

/** What the client says it asked (RFC 9421 §2.2.3), lower case; whether it is us is the verifier's business. */
export function authorityOf(message: SignedMessage): string | undefined {
  return (singleField(message, ':authority') ?? singleField(message, 'host'))?.toLowerCase();
}
