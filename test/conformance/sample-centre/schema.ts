import { type Migration } from '#database';

/**
 * The system of a provident-fund sub-centre whose accounts a bank keeps (受托银行核心系统): not JGJ/T 320 but the bank's
 * own tables, with statuses as letters, months and days as characters and amounts in 分. Names are decoded from GBK already.
 */
export const bankSource: Migration[] = [
  {
    name: 'bank-source-1',
    up: `
create table t_cif (               -- 客户信息：也有只在银行开户、没有公积金的人
  cust_no char(10) primary key,    -- 客户号
  cust_nm varchar(120) not null,   -- 客户姓名
  cert_tp char(1) not null,        -- 证件类型 A 身份证 C 护照 D 外国人永久居留证 E 通行证
  cert_no varchar(32) not null     -- 证件号码：早年开户的为 15 位，没有换过
);
create index t_cif_cert on t_cif (cert_no, cert_tp);
create table t_corp (              -- 对公客户（缴存单位）
  corp_no char(10) primary key,
  corp_nm varchar(200) not null,
  uscc_no char(18)                 -- 统一社会信用代码，老户没有
);
create table t_pfacct (            -- 公积金分户
  acct_no char(12) primary key,
  cust_no char(10) not null,
  corp_no char(10) not null,
  acct_sts char(1) not null,       -- N 正常 S 封存 M 合并 T 转出 W 提取销户 F 冻结
  open_dt char(8) not null,        -- 开户日期 YYYYMMDD
  lst_mth char(6) not null,        -- 缴至年月 YYYYMM
  base_amt bigint not null         -- 缴存基数，分
);
create index t_pfacct_cust on t_pfacct (cust_no);
create table t_pftxn (             -- 分户交易
  acct_no char(12) not null,
  corp_no char(10) not null,
  txn_cd char(1) not null,         -- D 汇缴 R 冲正（负数） W 提取（负数）
  txn_mth char(6) not null,        -- 所属年月 YYYYMM
  txn_amt bigint not null          -- 分
);
create index t_pftxn_acct on t_pftxn (acct_no, txn_mth);
create table t_sysdt (             -- 系统日期：日终批处理后的营业日期
  biz_dt char(8) not null
);
`,
  },
];
