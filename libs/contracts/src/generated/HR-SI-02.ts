/* Generated from /contracts by libs/contracts/src/generate. Change the contract, not this file. */

/**
 * HR-SI-02@1 社保缴费单位一致性核验：请求
 */
export interface HrSi02Request {
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
  fields?: ('payerUscc' | 'payerLegalUscc' | 'region')[];
  /**
   * 愿意等待的毫秒数
   */
  deadlineMs?: number;
  /**
   * 查询参数
   */
  params: {
    /**
     * 核验年月
     */
    month: string;
  };
}

/**
 * 社保缴费单位一致性核验：一条答复记录（释放之前）
 */
export interface HrSi02Record {
  /**
   * 缴费单位统一社会信用代码
   */
  payerUscc?: string;
  /**
   * 缴费单位所属法人单位统一社会信用代码
   */
  payerLegalUscc?: string;
  /**
   * 参保地区划
   */
  region: string;
}
