import canonicalize from 'canonicalize';
import { Problem } from '#problem';
import { NoteError, openNote, signNote, type NoteSigner, type NoteVerifier } from '#tlog';
import { compileRegistry } from './compile.js';
import { type Registry } from './model.js';
import { RegistryView } from './view.js';

/** The registry as a C2SP signed note over its canonical JSON (RFC 8785); the signer is named `<province>/registry`. */
export function signRegistry(registry: Registry, signer: NoteSigner): string {
  return signNote(`${canonicalize(registry)}\n`, signer);
}

export interface OpenRegistryOptions {
  /** The province's key, as this node pinned it. */
  pinned: NoteVerifier;
  /** Highest number this node has ever held; a lower one is refused. */
  atLeast?: number;
}

/**
 * Opens a signed registry.
 * @throws Problem `registry-signature` (not signed by the pinned key), `registry-invalid`, `registry-rollback`
 */
export function openRegistry(note: string, { pinned, atLeast = 0 }: OpenRegistryOptions): RegistryView {
  const text = signedText(note, pinned);
  const registry = parse(text);
  if (registry.number < atLeast) throw new Problem('registry-rollback', { field: '/number' });
  return new RegistryView(registry, text);
}

function signedText(note: string, pinned: NoteVerifier): string {
  try {
    return openNote(note, [pinned]).text;
  } catch (error) {
    if (error instanceof NoteError) throw new Problem('registry-signature', { cause: error });
    throw error;
  }
}

/** Only the bytes that `signRegistry` would write pass: no duplicate key, unknown member or other order. */
function parse(text: string): Registry {
  const parsed = parseJson(text);
  const registry = compileRegistry(parsed);
  if (parsed.v !== 1 || `${canonicalize(registry)}\n` !== text) {
    throw new Problem('registry-invalid', { detail: 'not the canonical form of a version 1 registry' });
  }
  return registry;
}

function parseJson(text: string): Registry {
  try {
    return shaped(JSON.parse(text));
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('registry-invalid', { detail: 'not JSON', cause: error });
  }
}

/** The outer shape only; `compileRegistry` finds every fault within. */
function shaped(value: unknown): Registry {
  const registry = value as Registry | null;
  const listed = (list: unknown) =>
    Array.isArray(list) && list.every((item) => typeof item === 'object' && item !== null);
  if (
    typeof registry !== 'object' ||
    registry === null ||
    !listed(registry.agencies) ||
    !listed(registry.keys)
  ) {
    throw new Problem('registry-invalid', { detail: 'not a registry' });
  }
  return registry;
}
