/** How a request is signed, as a reader of the document needs it. The rules themselves are in libs/identity. */
export const SIGNATURE_TEXT = [
  '每个请求都由部门系统以登记的 Ed25519 密钥按 RFC 9421（HTTP 消息签名）签名：',
  '签名覆盖 @method、@authority、@path，有查询串时加 @query，有请求体时加 content-digest（RFC 9530，sha-256）和 content-type；',
  '参数为 created（与网关时钟相差不超过 60 秒）、nonce（16 至 64 字节，base64）、keyid、alg="ed25519"、tag="exchange-gateway"，可加 expires。',
  '同一签名只能使用一次。命令行 `ask` 和客户端库会代为签名。',
].join('\n');

export const securitySchemes = {
  httpSignature: { type: 'apiKey', in: 'header', name: 'Signature', description: SIGNATURE_TEXT },
} as const;

export const signatureParameters = {
  SignatureInput: {
    name: 'Signature-Input',
    in: 'header',
    required: true,
    description: 'RFC 9421 签名的构成和参数',
    schema: { type: 'string' },
    example:
      'sig=("@method" "@authority" "@path" "content-digest" "content-type");created=1767225600;nonce="AAECAwQFBgcICQoLDA0ODw==";keyid="housing-990100/system-1";alg="ed25519";tag="exchange-gateway"',
  },
  ContentDigest: {
    name: 'Content-Digest',
    in: 'header',
    required: true,
    description: 'RFC 9530 请求体摘要',
    schema: { type: 'string' },
    example: 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:',
  },
} as const;
