/**
 * Compares two strings by their UTF-8 bytes, the order of DynamoDB. It differs from the order of
 * JavaScript's own `<` only where a surrogate pair (UTF-16 D800 to DFFF, but four bytes in UTF-8)
 * meets a character from U+E000 to U+FFFF.
 */
export function compareUtf8(a: string, b: string): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return surrogatesLast(x) - surrogatesLast(y)
  }
  return a.length - b.length
}

const surrogatesLast = (unit: number): number =>
  unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
