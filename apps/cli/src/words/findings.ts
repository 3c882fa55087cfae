/** Something that does not hold, by its code; where it is, and what exactly. */
export interface Finding {
  what: string;
  /** File of the log it stands in. */
  path?: string;
  /** Entry. */
  index?: number;
  detail?: string;
}

const WORDS: Readonly<Record<string, string>> = {
  'not-a-receipt': '不是回执',
  'entry-unreadable': '条目不合格式',
  'private-line-unreadable': '私有行不合格式',
  'private-line-differs': '私有行与条目中的摘要不符',
  'proof-unreadable': '证明不合格式',
  'checkpoint-missing': '没有检查点',
  'checkpoint-unreadable': '检查点不合格式',
  'checkpoint-unverified': '检查点没有可信密钥的有效签名',
  'other-log': '条目或检查点属于另一日志',
  'not-included': '条目不在此检查点的树中',
  'receipt-missing': '有答复而没有回执',
  'log-unknown': '没有此日志的可信密钥',
  'other-kind': '条目不是答复条目',
  'other-exchange': '条目属于另一次交换',
  'other-provider': '条目不是此提供方所记',
  'other-requester': '条目是给另一请求方的',
  'other-query': '条目是另一查询的',
  'other-bundle': '条目依据另一号方案包',
  'counts-differ': '条目所记的答复数、行数与答复不符',
  'fields-differ': '条目所记的字段放出方式与答复不符',
  'values-differ': '答复内容与条目所记的摘要不符，或无从核对',
  'call-differs': '整次调用的说法与其中各次交换不符',
  'tile-missing': '缺少哈希瓦片',
  'tile-malformed': '哈希瓦片长度不符',
  'tile-differs': '哈希瓦片与其上层不符',
  'root-differs': '树根与检查点不符',
  'entry-missing': '缺少条目',
  'entry-changed': '条目与哈希瓦片不符',
  'entry-differs': '所列内容与回执中的条目不符',
  'columns-differ': '条目在库中的列与其内容不符',
  'entries-unreadable': '条目文件不合格式',
  'outside-the-log': '所查范围超出日志',
  shrunk: '后一检查点比前一个小',
  'not-proved': '没有证据能证明一致',
  fork: '两个检查点互相矛盾，日志有分叉',
  'no-fork': '两个检查点并不矛盾',
  'same-checkpoint': '是同一个检查点',
};

/** A finding in one line, Chinese first, its code behind. */
export function findingWords({ what, path, index, detail }: Finding): string {
  const place = [path, index === undefined ? undefined : `第 ${index} 条`].filter(
    (part) => part !== undefined,
  );
  const words = WORDS[what] ?? what;
  return `${words} [${what}]${place.length > 0 ? ` ${place.join(' ')}` : ''}${detail ? `：${detail}` : ''}`;
}
