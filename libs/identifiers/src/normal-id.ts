/** What was changed on the way to the normal form. `issue-number-dropped`: reissue digits are not part of the person. */
export type IdNotice = 'converted-15' | 'lower-case-x' | 'lower-case' | 'issue-number-dropped';

export interface NormalId {
  /** The one form that is committed to, compared and asked for. */
  normal: string;
  /** As it came in. */
  original: string;
  notices: IdNotice[];
}

export interface IdOptions {
  /** `YYYY-MM-DD`, the day on which an age is judged; libraries have no clock. */
  today: string;
  /** Oldest birth year accepted, instead of the age limit of 120. For tests with impossible births. */
  minYear?: number;
  /** Whether made-up identities (region prefix 99) may be asked about: only in demo mode. */
  synthetic: 'accept' | 'refuse';
  /** JSON Pointer of the input, named in a refusal. */
  field?: string;
}
