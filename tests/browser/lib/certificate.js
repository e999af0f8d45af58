// A certificate for `localhost` and the names below it, signed by itself: what
// a browser needs to see `https` when it is told to trust anything.

import { generateKeyPairSync, sign } from "node:crypto";

/** One DER value (ITU-T X.690, 8.1): a tag, a length, and what is inside. */
function der(tag, ...inside) {
  const content = Buffer.concat(inside);
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const sequence = (...inside) => der(0x30, ...inside);
const oid = (hex) => der(0x06, Buffer.from(hex, "hex"));
const time = (date) => der(0x17, Buffer.from(`${date.toISOString().replace(/[-:T]/g, "").slice(2, 14)}Z`));

/** Key and certificate in PEM (RFC 5280, 4.1), good for an hour around now. */
export function selfSigned(names) {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const ecdsaWithSha256 = sequence(oid("2a8648ce3d040302"));
  const commonName = sequence(oid("550403"), der(0x0c, Buffer.from(names[0])));
  const name = sequence(der(0x31, commonName));
  const alternatives = sequence(...names.map((it) => der(0x82, Buffer.from(it))));
  const extension = sequence(oid("551d11"), der(0x04, alternatives));
  const hour = 3_600_000;
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, Buffer.from([1])), // serial number
    ecdsaWithSha256,
    name,
    sequence(time(new Date(Date.now() - hour)), time(new Date(Date.now() + hour))),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(extension)),
  );
  const signature = der(0x03, Buffer.from([0]), sign("sha256", toBeSigned, privateKey));
  const certificate = sequence(toBeSigned, ecdsaWithSha256, signature).toString("base64");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }),
    cert: `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----\n`,
  };
}
