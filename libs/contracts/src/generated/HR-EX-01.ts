/* Generated from /contracts by libs/contracts/src/generate. Change the contract, not this file. */

/**
 * HR-EX-01@1 执业资格考试报名单位查询：请求
 */
export interface HrEx01Request {
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
    claims?: {};
  }[];
  /**
   * 想要的答复字段（缺省为方案授权的全部）
   *
   * @minItems 1
   */
  fields?: (
    'personName' | 'idNumber' | 'examName' | 'examYear' | 'unitAtRegistration' | 'resultStatus' | 'region'
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
     * 考试年度
     */
    year?: number;
    /**
     * 考试名称
     */
    examName?: string;
  };
}

/**
 * 执业资格考试报名单位查询：一条答复记录（释放之前）
 */
export interface HrEx01Record {
  /**
   * 姓名
   */
  personName: string;
  /**
   * 证件号码
   */
  idNumber: string;
  /**
   * 考试名称
   */
  examName: string;
  /**
   * 考试年度
   */
  examYear: number;
  /**
   * 报名时所填单位
   */
  unitAtRegistration: string;
  /**
   * 考试结果状态
   */
  resultStatus: 'passed' | 'failed' | 'absent' | 'pending';
  /**
   * 报考地区划
   */
  region: string;
}
