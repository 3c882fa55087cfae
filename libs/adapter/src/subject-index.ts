import { type AskedSubject } from '#exchange';
import { Problem } from '#problem';
import { type Fault, type Finding, type ReturnedPerson, type SourceRow } from './query-handler.js';

/** How a source names one document: its own code for the kind, and the number as it holds it. */
export interface SourceKey {
  kind: string;
  number: string;
  /** The normal form that was asked for. */
  normal: string;
}

/** One row with the key that it was found under. */
export interface FoundRow {
  /** Place of the key in `keys`. */
  key: number;
  /** Who stands behind the key in the source. More than one for a subject makes it ambiguous; absent: nobody is known. */
  holder?: string;
  /** Absent: the holder is known, and there is nothing to tell. */
  values?: SourceRow;
  /** The person that this row is about, when that is not the subject. */
  person?: ReturnedPerson;
  /** Why nothing of the subject may be told. */
  fault?: Fault;
}

/**
 * Asks a source about many subjects at once and gives each its own finding. A subject may be known under more than one
 * key, and several subjects may be one person.
 */
export class SubjectIndex {
  /** What to ask the source for, each once. */
  readonly keys: SourceKey[] = [];
  /** Positions of the subjects that go by each key. */
  private readonly positions: number[][] = [];

  constructor(
    private readonly subjects: readonly AskedSubject[],
    keysOf: (subject: AskedSubject) => readonly SourceKey[],
  ) {
    const places = new Map<string, number>();
    for (const subject of subjects) {
      for (const key of keysOf(subject)) {
        const name = `${key.kind} ${key.number}`;
        const place = places.get(name) ?? this.keys.push(key) - 1;
        places.set(name, place);
        (this.positions[place] ??= []).push(subject.position);
      }
    }
  }

  /** Sorts rows to the subjects that they are about, in the order in which they come. */
  findings(rows: readonly FoundRow[]): Map<number, Finding> {
    const found = new Map<number, FoundRow[]>(this.subjects.map(({ position }) => [position, []]));
    for (const row of rows) {
      for (const position of this.positions[row.key] ?? []) found.get(position)?.push(row);
    }
    return new Map([...found].map(([position, own]) => [position, findingOf(own)]));
  }
}

/** Contract's kind of document to the source's code for it. */
export type DocumentKinds = Readonly<Record<string, string>>;

/**
 * The key of a subject in a source that holds numbers in their normal form.
 * @throws Problem `bad-identifier` for a kind of document that the source has no code for: that it has no such person
 *   would not be known
 */
export function documentKeys(kinds: DocumentKinds): (subject: AskedSubject) => SourceKey[] {
  return ({ idType, normal, position }) => {
    const kind = Object.hasOwn(kinds, idType) ? kinds[idType] : undefined;
    if (kind === undefined) throw new Problem('bad-identifier', { field: `/subjects/${position}/idType` });
    return [{ kind, number: normal, normal }];
  };
}

/** The same and, for who was born in the 1900s, the 15-digit form that records older than GB 11643-1999 hold (domain §3.1). */
export function documentKeysWithOld(kinds: DocumentKinds): (subject: AskedSubject) => SourceKey[] {
  const keysOf = documentKeys(kinds);
  return (subject) => {
    const { idType, normal } = subject;
    const [key] = keysOf(subject) as [SourceKey];
    if (idType !== 'citizen-id' || normal.slice(6, 8) !== '19') return [key];
    return [key, { ...key, number: `${normal.slice(0, 6)}${normal.slice(8, 17)}` }];
  };
}

function findingOf(rows: readonly FoundRow[]): Finding {
  const fault = rows.find((row) => row.fault !== undefined)?.fault;
  if (fault) return { answer: 'unreadable', fault };
  const holders = new Set(rows.flatMap(({ holder }) => (holder === undefined ? [] : [holder])));
  if (holders.size > 1) return { answer: 'ambiguous' };
  const values = rows.flatMap((row) => (row.values ? [row.values] : []));
  if (values.length === 0) return { answer: 'none' };
  const persons = rows.flatMap(({ person }) => (person ? [person] : []));
  return { answer: 'found', rows: values, ...(persons.length > 0 && { persons }) };
}
