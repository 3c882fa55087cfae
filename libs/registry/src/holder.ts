import { Problem } from '#problem';
import { type NoteVerifier } from '#tlog';
import { openRegistry } from './note.js';
import { type RegistryView } from './view.js';

export type RegistryListener = (view: RegistryView, note: string) => void;

/** The registry in force in this process. It only ever moves to a higher number signed by the pinned key. */
export class RegistryHolder {
  private readonly listeners = new Set<RegistryListener>();
  private view: RegistryView;

  /** @throws Problem as `openRegistry` does: a node without a valid registry does not start */
  constructor(
    note: string,
    private readonly pinned: NoteVerifier,
    atLeast = 0,
  ) {
    this.view = openRegistry(note, { pinned, atLeast });
  }

  get current(): RegistryView {
    return this.view;
  }

  /**
   * Whether a registry may come in force, without doing it; the one in force may again.
   * @throws Problem as `offer`
   */
  check(note: string): RegistryView {
    const offered = openRegistry(note, { pinned: this.pinned, atLeast: this.view.number });
    if (offered.number === this.view.number && offered.hash !== this.view.hash)
      throw new Problem('registry-rollback', { field: '/number', detail: 'same number, other content' });
    return offered;
  }

  /**
   * Takes a registry that arrived. True when it is now in force, false when it is the one already held.
   * @throws Problem `registry-signature`, `registry-invalid`, `registry-rollback` (lower number, or the same number with other content)
   */
  offer(note: string): boolean {
    const offered = this.check(note);
    if (offered.number === this.view.number) return false;
    this.view = offered;
    for (const listener of this.listeners) listener(offered, note);
    return true;
  }

  /** Calls `listener` after each change; the returned function ends that. */
  onChange(listener: RegistryListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
