// A CRC is linear over GF(2): appending n bytes to a message is multiplying its CRC by x^(8n)
// modulo the polynomial. So the CRC of a multipart object follows from those of its parts without
// reading one byte again.
const POLYNOMIAL = 0xedb88320;

function multiply(a: number, b: number): number {
  let product = 0;
  let factor = b;
  for (let bit = 0x80000000; bit !== 0; bit >>>= 1) {
    if (a & bit) product ^= factor;
    factor = factor & 1 ? (factor >>> 1) ^ POLYNOMIAL : factor >>> 1;
  }
  return product >>> 0;
}

/** The CRC32 of `a` followed by `b`, from both CRCs and the length of `b` in bytes. */
export function combineCrc32(crcA: number, crcB: number, lengthB: number): number {
  let shift = 0x80000000;
  let power = 0x00800000;
  for (let length = lengthB; length > 0; length = Math.floor(length / 2)) {
    if (length % 2 === 1) shift = multiply(shift, power);
    power = multiply(power, power);
  }
  return (multiply(shift, crcA) ^ crcB) >>> 0;
}
