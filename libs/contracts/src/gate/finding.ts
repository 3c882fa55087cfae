/** One change since the last release that somebody has to answer for. */
export interface Finding {
  /** `breaking`: others' programs stop working. `widening`: more leaves than before. */
  kind: 'breaking' | 'widening';
  /** File and JSON Pointer. */
  where: string;
  /** What changed, in Chinese: officials read it. */
  words: string;
  /** The version says so: reported, but the gate opens. */
  declared: boolean;
}

/** A change inside one document, before it is known whether the version declares it. */
export interface Change {
  pointer: string;
  words: string;
}

/** The lines an official reads, undeclared changes first. */
export function describeFindings(findings: readonly Finding[]): string[] {
  const undeclared = findings.filter(({ declared }) => !declared);
  const declared = findings.filter((finding) => finding.declared);
  return [
    ...undeclared.map(({ kind, where, words }) => `未通过 ${where}：${words}。${REMEDY[kind]}`),
    ...declared.map(({ where, words }) => `已由版本号说明 ${where}：${words}。`),
  ];
}

const REMEDY = {
  breaking: '破坏性变更须另立新版本契约（新文件夹，版本号加一），原版本保留',
  widening: '扩大放出范围须提高该共享方案的版本号',
} as const;
