/** An id as we give them out, in small letters: nothing of this shape can be a person's number. */
export const UUID_PATTERN = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const UUID = new RegExp(`^${UUID_PATTERN}$`);

/** Whether a parameter is the id of an exchange: of another shape there is none, and the database is not asked. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
