/** Why an exchange does not reconcile, as the monitor names it (docs/guides/auditor.md). */
const FAULTS: Readonly<Record<string, string>> = {
  'wrong-log': '条目未记在本部门日志中',
  duplicate: '同类条目不止一条',
  'intent-missing': '缺提问条目',
  'disclosure-missing': '缺答复条目',
  'outcome-missing': '缺结果条目',
  'terms-differ': '各条目所记的接口、区划、人数或双方不一致',
  'disclosure-parent-differs': '答复条目不是对此提问的',
  'outcome-parent-differs': '结果条目不是对此提问的',
  'disclosure-unacknowledged': '已答复，请求方未记收到',
  'answer-differs': '结果条目指向的不是此答复条目',
  'counts-differ': '各条目所记的答复数不一致',
  'replay-unmatched': '重复的答复找不到原来的条目',
};

const ALARMS: Readonly<Record<string, string>> = {
  silent: '静默',
  behind: '已签名但未提供镜像',
  unproved: '所供内容与签名的树根不符',
  'rolled-back': '回退',
  forked: '分叉',
  unreadable: '条目不合格式',
};

export function faultWords(fault: string): string {
  return `${FAULTS[fault] ?? fault} [${fault}]`;
}

export function alarmWords(kind: string): string {
  return `${ALARMS[kind] ?? kind} [${kind}]`;
}
