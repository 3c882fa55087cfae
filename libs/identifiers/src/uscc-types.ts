/**
 * Registrar (first character) → classes (second character) of GB 32100-2015 with its later registrars:
 * 1 机构编制, 2 外交, 3 司法行政, 4 文化, 5 民政, 6 旅游, 7 宗教, 8 工会, 9 市场监管, A 军队, N 农业, Y 其他.
 * Class 9 is 其他 wherever it stands.
 */
const CLASSES: Readonly<Record<string, string>> = {
  '1': '1239',
  '2': '19',
  '3': '123459',
  '4': '19',
  '5': '1239',
  '6': '129',
  '7': '129',
  '8': '19',
  '9': '123',
  A: '19',
  N: '1239',
  Y: '1',
};

/** Whether a code may start with these two characters. */
export function isUsccType(registrar: string, unitClass: string): boolean {
  return Object.hasOwn(CLASSES, registrar) && CLASSES[registrar]!.includes(unitClass);
}
