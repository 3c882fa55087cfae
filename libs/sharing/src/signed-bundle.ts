import canonicalize from 'canonicalize';
import { type NoteSigner, type NoteVerifier, NoteError, openNote, signNote } from '#tlog';
import { Problem, type ProblemName } from '#problem';
import { checkedBundle } from './compile-bundle.js';
import { type Bundle } from './model.js';

/** Name under which a provider's scheme key signs, in the key and in every note. */
export function schemeKeyName(provider: string): string {
  return `${provider}/scheme`;
}

/**
 * The bundle as a C2SP signed note; its text is the canonical JSON (RFC 8785) of the bundle.
 * @throws Problem `bundle-signer` when the key is another agency's, or not for schemes; `bundle-invalid` when it has
 *   characters that a note must not have.
 */
export function signBundle(bundle: Bundle, signer: NoteSigner): string {
  if (signer.name !== schemeKeyName(bundle.provider)) throw new Problem('bundle-signer');
  return refusing('bundle-invalid', () => signNote(textOf(bundle), signer));
}

export interface Expected {
  /** Agency whose bundle this must be. */
  provider: string;
  /** Scheme keys in force, by the registry. */
  verifiers: readonly NoteVerifier[];
  /** Lowest number still accepted: that of the newest bundle ever seen. */
  atLeast?: number;
}

/**
 * @throws Problem `bundle-signature` (no valid signature by a known key), `bundle-signer` (by another agency, or about
 *   another agency's schemes), `bundle-invalid` (not a bundle), `bundle-rollback` (an older one).
 */
export function openBundle(note: string, { provider, verifiers, atLeast = 1 }: Expected): Bundle {
  const { text, signers } = refusing('bundle-signature', () => openNote(note, verifiers));
  if (!signers.includes(schemeKeyName(provider))) throw new Problem('bundle-signer');
  const bundle = checkedBundle(parsed(text));
  if (bundle.provider !== provider) throw new Problem('bundle-signer', { field: '/provider' });
  if (bundle.schemes.some((scheme) => scheme.provider !== provider))
    throw new Problem('bundle-signer', { field: '/schemes' });
  if (textOf(bundle) !== text) throw new Problem('bundle-invalid', { detail: 'not canonical JSON' });
  if (bundle.number < atLeast)
    throw new Problem('bundle-rollback', { extensions: { number: bundle.number, atLeast } });
  return bundle;
}

function refusing<T>(problem: ProblemName, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof NoteError ? new Problem(problem, { detail: error.detail, cause: error }) : error;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Problem('bundle-invalid', { detail: 'not JSON', cause: error });
  }
}

function textOf(bundle: Bundle): string {
  return `${canonicalize(bundle)}\n`;
}
