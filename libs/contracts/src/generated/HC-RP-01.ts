/* Generated from /contracts by libs/contracts/src/generate. Change the contract, not this file. */

/**
 * HC-RP-01@1 人员注册信息查询：请求
 */
export interface HcRp01Request {
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
    | 'category'
    | 'certNo'
    | 'sealNo'
    | 'unitName'
    | 'unitUscc'
    | 'specialties'
    | 'status'
    | 'validFrom'
    | 'validTo'
    | 'banUntil'
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
     * 注册类别
     */
    category?:
      | 'CB1'
      | 'CB2'
      | 'CE1'
      | 'CE2'
      | 'SE'
      | 'AR1'
      | 'AR2'
      | 'S1'
      | 'S2'
      | 'AY'
      | 'DF'
      | 'DG'
      | 'CS'
      | 'CN'
      | 'CD'
      | 'F';
  };
}

/**
 * 人员注册信息查询：一条答复记录（释放之前）
 */
export interface HcRp01Record {
  /**
   * 姓名
   */
  personName: string;
  /**
   * 证件号码
   */
  idNumber: string;
  /**
   * 注册类别
   */
  category:
    | 'CB1'
    | 'CB2'
    | 'CE1'
    | 'CE2'
    | 'SE'
    | 'AR1'
    | 'AR2'
    | 'S1'
    | 'S2'
    | 'AY'
    | 'DF'
    | 'DG'
    | 'CS'
    | 'CN'
    | 'CD'
    | 'F';
  /**
   * 注册（证书）编号
   */
  certNo: string;
  /**
   * 执业印章号
   */
  sealNo?: string;
  /**
   * 注册单位名称
   */
  unitName: string;
  /**
   * 注册单位统一社会信用代码
   */
  unitUscc: string;
  /**
   * 注册专业
   *
   * @maxItems 20
   */
  specialties: string[];
  /**
   * 注册状态
   */
  status: 'valid' | 'expired' | 'cancelled' | 'revoked' | 'suspended';
  /**
   * 有效期起
   */
  validFrom: string;
  /**
   * 有效期止
   */
  validTo: string;
  /**
   * 不予注册截止日期
   */
  banUntil?: string;
  /**
   * 注册地区划
   */
  region: string;
}
