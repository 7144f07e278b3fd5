/** The SHA-256 of bytes in hex. Only secure contexts have it. */
export const digestOf = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
