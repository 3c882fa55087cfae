/* Generated from /contracts by libs/contracts/src/generate. Change the contract, not this file. */

/**
 * HR-SI-01@1 社保缴费记录查询：请求
 */
export interface HrSi01Request {
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
    | 'payerName'
    | 'payerUscc'
    | 'payerType'
    | 'insuranceType'
    | 'participationStatus'
    | 'paymentStatus'
    | 'months'
    | 'monthsPaid'
    | 'arrived'
    | 'region'
  )[];
  /**
   * 愿意等待的毫秒数
   */
  deadlineMs?: number;
  /**
   * 查询参数
   */
  params: {
    /**
     * 月份范围（含首尾，最多 24 个月）
     */
    months: {
      /**
       * 起始年月
       */
      from: string;
      /**
       * 截止年月
       */
      to: string;
    };
    /**
     * 险种（缺省为全部）
     *
     * @minItems 1
     * @maxItems 7
     */
    insurances?: ('110' | '120' | '170' | '210' | '310' | '410' | '510')[];
  };
}

/**
 * 社保缴费记录查询：一条答复记录（释放之前）
 */
export interface HrSi01Record {
  /**
   * 姓名
   */
  personName: string;
  /**
   * 证件号码
   */
  idNumber: string;
  /**
   * 缴费单位名称
   */
  payerName?: string;
  /**
   * 缴费单位统一社会信用代码
   */
  payerUscc?: string;
  /**
   * 缴费单位类型
   */
  payerType: 'enterprise' | 'institution' | 'government' | 'individual' | 'hr-agency' | 'dispatch';
  /**
   * 险种（GB/T 40217 AAE140）
   */
  insuranceType: '110' | '120' | '170' | '210' | '310' | '410' | '510';
  /**
   * 参保状态
   */
  participationStatus: 'none' | 'normal' | 'ended';
  /**
   * 缴费状态
   */
  paymentStatus: 'paying' | 'suspended' | 'ended';
  /**
   * 费款所属期
   *
   * @maxItems 24
   */
  months: string[];
  /**
   * 缴费月数
   */
  monthsPaid: number;
  /**
   * 是否足额到账
   */
  arrived: boolean;
  /**
   * 参保地区划
   */
  region: string;
}
