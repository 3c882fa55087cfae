/* Generated from /contracts by libs/contracts/src/generate. Change the contract, not this file. */

/**
 * PF-01@1 住房公积金缴存查询：请求
 */
export interface Pf01Request {
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
       * 请求方主张的单位名称
       */
      unitName?: string;
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
    | 'unitName'
    | 'unitUscc'
    | 'accountStatus'
    | 'paidToMonth'
    | 'monthsPaid'
    | 'contributionBase'
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
  };
}

/**
 * 住房公积金缴存查询：一条答复记录（释放之前）
 */
export interface Pf01Record {
  /**
   * 姓名
   */
  personName: string;
  /**
   * 证件号码
   */
  idNumber: string;
  /**
   * 缴存单位名称
   */
  unitName: string;
  /**
   * 缴存单位统一社会信用代码
   */
  unitUscc?: string;
  /**
   * 个人账户状态（JGJ/T 320 GRZHZT）
   */
  accountStatus:
    'normal' | 'sealed' | 'closed-merged' | 'closed-moved' | 'closed-withdrawn' | 'frozen' | 'other';
  /**
   * 缴至年月
   */
  paidToMonth: string;
  /**
   * 缴存月数
   */
  monthsPaid: number;
  /**
   * 缴存基数（元）
   */
  contributionBase: number;
  /**
   * 管理中心区划
   */
  region: string;
}
