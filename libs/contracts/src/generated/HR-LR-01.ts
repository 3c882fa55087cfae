/* Generated from /contracts by libs/contracts/src/generate. Change the contract, not this file. */

/**
 * HR-LR-01@1 劳动用工备案查询：请求
 */
export interface HrLr01Request {
  /**
   * 请求编号（请求方随机生成，同一编号即同一请求）
   */
  requestId: string;
  /**
   * 经办人编号
   */
  operatorId: string;
  /**
   * campaign 与 case 恰有其一
   */
  purpose: {
    /**
     * 目的代码
     */
    code: string;
    /**
     * 专项行动编号
     */
    campaign?: string;
    /**
     * 案件编号
     */
    case?: string;
  };
  /**
   * 查询区划（GB/T 2260）
   */
  region: string;
  /**
   * 查询对象
   *
   * @minItems 1
   * @maxItems 1000
   *
   * Items: 自然人
   */
  subjects: {
    /**
     * 证件类型
     */
    idType: 'citizen-id' | 'permanent-residence' | 'hk-macau-permit' | 'taiwan-permit' | 'passport';
    /**
     * 证件号码
     */
    idNumber: string;
    /**
     * 每个对象可附的主张，只用于比对
     */
    claims?: {
      /**
       * 请求方主张的统一社会信用代码
       */
      uscc?: string;
    };
  }[];
  /**
   * 想要的答复字段（缺省为方案授权的全部）
   *
   * @minItems 1
   */
  fields?: (
    | 'personName'
    | 'idNumber'
    | 'employerName'
    | 'employerUscc'
    | 'contractType'
    | 'contractStart'
    | 'contractEnd'
    | 'dispatched'
    | 'filingDate'
    | 'region'
  )[];
  /**
   * 愿意等待的毫秒数
   */
  deadlineMs?: number;
  /**
   * 查询参数
   */
  params?: {
    /**
     * 查询日期（缺省为当日）
     */
    date?: string;
  };
}

/**
 * 劳动用工备案查询：一条答复记录（释放之前）
 */
export interface HrLr01Record {
  /**
   * 姓名
   */
  personName: string;
  /**
   * 证件号码
   */
  idNumber: string;
  /**
   * 用人单位名称
   */
  employerName: string;
  /**
   * 用人单位统一社会信用代码
   */
  employerUscc: string;
  /**
   * 劳动合同类型
   */
  contractType: 'fixed' | 'open' | 'task';
  /**
   * 合同起始日期
   */
  contractStart: string;
  /**
   * 合同终止日期
   */
  contractEnd?: string;
  /**
   * 是否劳务派遣
   */
  dispatched: boolean;
  /**
   * 备案日期
   */
  filingDate: string;
  /**
   * 备案地区划
   */
  region: string;
}
