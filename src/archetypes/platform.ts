/** What archetypes need of Node; a bundle for browsers puts something else in the place of this file. */
export { readFileSync } from "node:fs";
export { crc32, deflateSync } from "node:zlib";
