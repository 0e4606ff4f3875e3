// Another implementation of Data Integrity, asked about one folder:
//   node peer.mjs verify FOLDER   reads badge.json, answers {"verified": …} on standard output
//   node peer.mjs sign FOLDER     reads unsigned.json and key.json, writes signed.json
// Offline: documents.json holds every context and DID document by address; nothing else is loaded.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';

const [what, folder] = process.argv.slice(2);
const read = name => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const documents = read('documents.json');

async function documentLoader(url) {
  const [address, fragment] = url.split('#');
  let document = documents[address];
  if (document === undefined) throw new Error(`not one of ours: ${url}`);
  if (fragment !== undefined) {
    const method = document.verificationMethod.find(one => one.id === url);
    if (method === undefined) throw new Error(`no such key: ${url}`);
    document = { '@context': 'https://w3id.org/security/multikey/v1', ...method };
  }
  return { contextUrl: null, documentUrl: url, document, tag: 'static' };
}

if (what === 'verify') {
  const outcome = await vc.verifyCredential({
    credential: read('badge.json'),
    suite: new DataIntegrityProof({ cryptosuite }),
    documentLoader,
    now: '2026-11-22T09:00:00Z',
    // Status lists are credentials like any other: they are asked about by themselves.
    checkStatus: async () => ({ verified: true }),
  });
  const why = outcome.error?.errors?.map(String) ?? (outcome.error ? [String(outcome.error)] : []);
  console.log(JSON.stringify({ verified: outcome.verified === true, why }));
} else if (what === 'sign') {
  const { seed, did } = read('key.json');
  const pair = await Ed25519Multikey.generate({ seed: Uint8Array.from(Buffer.from(seed, 'hex')), controller: did });
  pair.id = `${did}#${pair.publicKeyMultibase}`;
  const suite = new DataIntegrityProof({ signer: pair.signer(), cryptosuite, date: '2026-11-20T14:05:09Z' });
  const signed = await vc.issue({ credential: read('unsigned.json'), suite, documentLoader });
  writeFileSync(join(folder, 'signed.json'), JSON.stringify(signed));
} else {
  throw new Error('verify or sign');
}
