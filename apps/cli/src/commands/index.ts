import { type Group, type MakeCommand } from '../make-command.js';
import { ask } from './ask/ask.js';
import { auditReceipt } from './audit/receipt.js';
import { auditWhoAsked } from './audit/who-asked.js';
import { keysMake } from './keys/make.js';
import { keysRegister } from './keys/register.js';
import { keysRegistration } from './keys/registration.js';
import { keysRevoke } from './keys/revoke.js';
import { keysRotate } from './keys/rotate.js';
import { keysShow } from './keys/show.js';
import { keysSignCurl } from './keys/sign-curl.js';
import { logCheck } from './log/check.js';
import { logClose } from './log/close.js';
import { logErase } from './log/erase.js';
import { logRefill } from './log/refill.js';
import { monitorAlarms } from './monitor/alarms.js';
import { monitorLogs } from './monitor/logs.js';
import { monitorReconciliation } from './monitor/reconciliation.js';
import { monitorVolumes } from './monitor/volumes.js';
import { registryPublish } from './registry/publish.js';
import { registryShow } from './registry/show.js';
import { schemeDiff } from './scheme/diff.js';
import { schemeExplain } from './scheme/explain.js';
import { schemeLint } from './scheme/lint.js';
import { schemePublish } from './scheme/publish.js';
import { schemeResume } from './scheme/resume.js';
import { schemeSuspend } from './scheme/suspend.js';
import { topicsAcls } from './topics/acls.js';
import { topicsCreate } from './topics/create.js';
import { verifyConsistencyCommand } from './verify/consistency.js';
import { verifyFork } from './verify/fork.js';
import { verifyRange } from './verify/range.js';
import { verifyReceiptCommand } from './verify/receipt.js';

/** Every command: a new one is one file and one line here. */
export const commands: readonly (MakeCommand | Group)[] = [
  ask,
  {
    name: 'audit',
    description: 'What a node’s logs tell: who asked about a person, and the entries of an exchange',
    commands: [auditWhoAsked, auditReceipt],
  },
  {
    name: 'keys',
    description: 'An agency’s keys, and the province’s registry of them',
    commands: [keysMake, keysShow, keysRegistration, keysRegister, keysRotate, keysRevoke, keysSignCurl],
  },
  {
    name: 'log',
    description: 'A node’s own logs in its database',
    commands: [logCheck, logRefill, logClose, logErase],
  },
  {
    name: 'monitor',
    description: 'What the province’s monitor counted from all logs',
    commands: [monitorVolumes, monitorReconciliation, monitorAlarms, monitorLogs],
  },
  {
    name: 'registry',
    description: 'The province’s signed registry',
    commands: [registryShow, registryPublish],
  },
  {
    name: 'scheme',
    description: 'A provider’s sharing schemes',
    commands: [schemeLint, schemeDiff, schemeExplain, schemePublish, schemeSuspend, schemeResume],
  },
  {
    name: 'topics',
    description: 'The brokers: the province’s topics, and who may use them',
    commands: [topicsCreate, topicsAcls],
  },
  {
    name: 'verify',
    description: 'Evidence, offline: reports everything that is wrong',
    commands: [verifyReceiptCommand, verifyRange, verifyConsistencyCommand, verifyFork],
  },
];
