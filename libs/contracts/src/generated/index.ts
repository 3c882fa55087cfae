/* Generated from /contracts by libs/contracts/src/generate. Change the contract, not this file. */

import { type HcRp01Record, type HcRp01Request } from './HC-RP-01.js';
import { type HcRp02Record, type HcRp02Request } from './HC-RP-02.js';
import { type HcRp03Record, type HcRp03Request } from './HC-RP-03.js';
import { type HrAr01Record, type HrAr01Request } from './HR-AR-01.js';
import { type HrEx01Record, type HrEx01Request } from './HR-EX-01.js';
import { type HrLr01Record, type HrLr01Request } from './HR-LR-01.js';
import { type HrSi01Record, type HrSi01Request } from './HR-SI-01.js';
import { type HrSi02Record, type HrSi02Request } from './HR-SI-02.js';
import { type Pf01Record, type Pf01Request } from './PF-01.js';
import { type Pf02Record, type Pf02Request } from './PF-02.js';

export type * from './HC-RP-01.js';
export type * from './HC-RP-02.js';
export type * from './HC-RP-03.js';
export type * from './HR-AR-01.js';
export type * from './HR-EX-01.js';
export type * from './HR-LR-01.js';
export type * from './HR-SI-01.js';
export type * from './HR-SI-02.js';
export type * from './PF-01.js';
export type * from './PF-02.js';

/** Request bodies by query id. */
export interface RequestOf {
  'HC-RP-01@1': HcRp01Request;
  'HC-RP-02@1': HcRp02Request;
  'HC-RP-03@1': HcRp03Request;
  'HR-AR-01@1': HrAr01Request;
  'HR-EX-01@1': HrEx01Request;
  'HR-LR-01@1': HrLr01Request;
  'HR-SI-01@1': HrSi01Request;
  'HR-SI-02@1': HrSi02Request;
  'PF-01@1': Pf01Request;
  'PF-02@1': Pf02Request;
}

/** Plain reply records by query id. */
export interface RecordOf {
  'HC-RP-01@1': HcRp01Record;
  'HC-RP-02@1': HcRp02Record;
  'HC-RP-03@1': HcRp03Record;
  'HR-AR-01@1': HrAr01Record;
  'HR-EX-01@1': HrEx01Record;
  'HR-LR-01@1': HrLr01Record;
  'HR-SI-01@1': HrSi01Record;
  'HR-SI-02@1': HrSi02Record;
  'PF-01@1': Pf01Record;
  'PF-02@1': Pf02Record;
}
